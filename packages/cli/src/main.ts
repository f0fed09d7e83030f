import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { homedir, hostname, userInfo } from 'node:os'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { CliError, type Effects, type Output } from './effects.js'
import { createProgram } from './program.js'

const { version } = createRequire(import.meta.url)('../package.json') as { version: string }

const output = (stream: NodeJS.WriteStream): Output => ({
  write: (text) => void stream.write(text),
  writeBytes: (bytes) =>
    new Promise((resolve) => {
      if (stream.write(bytes)) resolve()
      else stream.once('drain', resolve)
    }),
  columns: stream.isTTY ? stream.columns || 80 : undefined,
})

// The data folder holds keystrokes: what is written is its owner's.
process.umask(0o077)

const stop = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    stop.abort()
    process.stdin.destroy()
  })
}
// A reader that went away (`auspex query … | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1)
})

async function askSecret(question: string): Promise<string> {
  const hidden = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: hidden, terminal: true })
  try {
    process.stderr.write(`${question}: `)
    return await terminal.question('')
  } finally {
    terminal.close()
    process.stderr.write('\n')
  }
}

/** Behind sudo it is the person who called it. */
function nameOfUser(): string {
  const { SUDO_USER, USER } = process.env
  try {
    return SUDO_USER || userInfo().username
  } catch {
    // A user id without an entry in the user database, as in a container.
    return USER || `uid ${process.getuid?.() ?? '?'}`
  }
}

const effects: Effects = {
  input: process.stdin,
  out: output(process.stdout),
  err: output(process.stderr),
  env: process.env,
  homeDirectory: homedir(),
  hostName: hostname(),
  userName: nameOfUser(),
  isRoot: process.getuid?.() === 0,
  now: () => new Date(),
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  ...(process.stdin.isTTY ? { askSecret } : {}),
  newId: () => crypto.randomUUID(),
  randomBytes,
  version,
  signal: stop.signal,
}

try {
  process.exitCode = await createProgram(effects).run(process.argv.slice(2))
} catch (error) {
  if (stop.signal.aborted) {
    process.exitCode = 130
  } else if (error instanceof CliError) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = error.exitCode
  } else {
    const { message, stack, code } = error as NodeJS.ErrnoException
    const known = typeof code === 'string' && process.env.AUSPEX_DEBUG === undefined
    process.stderr.write(`${known ? message : stack}\n`)
    process.exitCode = 1
  }
}
