/**
 * What a very long session costs: to take in, to keep up to date, and to look at a page at a time.
 *
 *     node bench/sessions/measure.mjs [COMMANDS = 100000]
 *
 * The session is one ssh login of a shell that ran so many commands, each an exec in a child of its own; every
 * fiftieth command's line was typed, the others come from loops. Prints a Markdown table. The time of taking the
 * records in (reading and storing them) is the measure that all others stand beside.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from '@auspex/kql'
import { Workspace } from '@auspex/server'

const commands = Number(process.argv[2] ?? 100_000)
const folder = mkdtempSync(join(tmpdir(), 'auspex-bench-'))
const log = join(folder, 'audit.log')

/** Two commands a second from the morning on. */
function write() {
  const file = openSync(log, 'w')
  let serial = 1
  let time = 1_795_766_400_000
  let lines = []
  const put = (type, id, text) => lines.push(`type=${type} msg=audit(${id}): ${text}`)
  const next = (ms) => {
    time += ms
    return `${Math.floor(time / 1000)}.${String(time % 1000).padStart(3, '0')}:${serial++}`
  }
  const hex = (text) => Buffer.from(text).toString('hex').toUpperCase()
  const user = (type, op, terminal) =>
    put(
      type,
      next(5),
      `pid=900 uid=0 auid=1000 ses=3 msg='${op} acct="alice" exe="/usr/sbin/sshd" hostname=10.0.0.7 addr=10.0.0.7 terminal=${terminal} res=success'`,
    )
  put(
    'LOGIN',
    next(5),
    'pid=900 uid=0 old-auid=4294967295 auid=1000 tty=(none) old-ses=4294967295 ses=3 res=1',
  )
  user('USER_START', 'op=PAM:session_open grantors=pam_unix', 'ssh')
  user('USER_LOGIN', 'op=login id=1000', '/dev/pts/0')
  const exec = (pid, ppid, exe, args) => {
    const id = next(500)
    const name = exe.slice(exe.lastIndexOf('/') + 1)
    put(
      'SYSCALL',
      id,
      `arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=8 items=2 ppid=${ppid} pid=${pid} auid=1000 uid=1000 gid=1000 euid=1000 suid=1000 fsuid=1000 egid=1000 sgid=1000 fsgid=1000 tty=pts0 ses=3 comm="${name}" exe="${exe}" key="exec"`,
    )
    put('EXECVE', id, `argc=${args.length} ${args.map((text, i) => `a${i}="${text}"`).join(' ')}`)
    put('CWD', id, 'cwd="/home/alice"')
    put(
      'PATH',
      id,
      `item=0 name="${exe}" inode=1311 dev=fe:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL`,
    )
    put('PROCTITLE', id, `proctitle=${hex(args.join('\0'))}`)
  }
  exec(1000, 901, '/usr/bin/bash', ['-bash'])
  let typed = ''
  for (let i = 0; i < commands; i++) {
    const args = ['grep', '-c', `word${i % 500}`, `part-${i}`]
    exec(2000 + (i % 30_000), 1000, '/usr/bin/grep', args)
    if (i % 50 === 0) typed += `${args.join(' ')}\r`
    if (typed.length > 2000) {
      put(
        'TTY',
        next(1),
        `tty pid=1000 uid=1000 auid=1000 ses=3 major=136 minor=0 comm="bash" data=${hex(typed)}`,
      )
      typed = ''
    }
    if (lines.length > 20_000) {
      writeSync(file, `${lines.join('\n')}\n`)
      lines = []
    }
  }
  user('USER_END', 'op=PAM:session_close grantors=pam_unix', 'ssh')
  writeSync(file, `${lines.join('\n')}\n`)
  closeSync(file)
  return serial - 1
}

const rows = []
async function measure(what, work, more = () => '') {
  const start = performance.now()
  const result = await work()
  const ms = performance.now() - start
  rows.push([what, ms, more(result)])
  return result
}

const events = write()
const content = (path) => fileURLToPath(new URL(`../../content/${path}`, import.meta.url))
const workspace = await Workspace.open({
  directory: join(folder, 'data'),
  content: {
    rules: content('samples'),
    functions: content('functions'),
    exploration: content('exploration'),
    tables: content('tables/sentinel.json'),
  },
  compile: async (text, options) => compile(text, options),
  tell: async () => undefined,
  now: () => new Date(),
  newId: randomUUID,
  randomBytes,
  hostName: 'bench',
})
const { sessions } = workspace
await measure('take the records in', () => workspace.import(log, { computer: 'web-1' }))
await measure('take them into the sessions', () => workspace.pass())
await measure('a pass with nothing new', () => workspace.pass())
const list = await measure(
  'the list of sessions',
  () => sessions.list(),
  ({ items }) => `${items[0].commands} commands, ${items[0].typedLines} lines`,
)
const { uid } = list.items[0]
await measure('the session, first look', () => sessions.view(uid))
await measure('the session, again', () => sessions.view(uid))
const view = await sessions.view(uid)
await measure(
  'its typed lines',
  async () => view.lines(),
  (lines) => `${lines.filter(({ outcome }) => outcome === 'ran').length} of ${lines.length} ran`,
)
await measure('its commands', async () => view.commands().length)
await measure('its commands, again', async () => view.commands().length)
await workspace.close()
rmSync(folder, { recursive: true })

const [, whole] = rows[0]
console.log(
  `${events} events, ${commands} commands in one session; ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB resident\n`,
)
console.log('| what | ms | of taking the records in | |\n|---|---|---|---|')
for (const [what, ms, more] of rows) {
  console.log(`| ${what} | ${ms.toFixed(ms < 10 ? 1 : 0)} | ${(ms / whole).toFixed(3)} | ${more} |`)
}
