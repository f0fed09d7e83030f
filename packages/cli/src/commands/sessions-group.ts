/** `auspex sessions …`: the commands and their options. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { CliError, type Effects, type ExitCode } from '../effects.js'
import { type SessionSource, sessionsOfFiles } from '../session-source.js'
import { sinceOption } from '../since.js'
import { listSessions, replaySession, SESSION_FORMATS, type SessionFormat, showSession } from './sessions.js'

interface SourceOptions {
  readonly file?: string[]
  readonly computer?: string
  readonly reveal?: boolean
}

interface ListOptions {
  readonly user?: string
  readonly host?: string
  readonly since?: number
  readonly root?: boolean
  readonly format?: 'table' | 'json'
  readonly limit: number
}

function count(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 1000) {
    throw new InvalidArgumentError('expected a number from 1 to 1000')
  }
  return value
}

function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new InvalidArgumentError('expected a number above 0')
  return value
}

export function addSessionCommands(
  program: Command,
  effects: Effects,
  open: (reveal: boolean) => Promise<SessionSource>,
  done: (code: ExitCode) => void,
): void {
  const withSource = (command: Command) =>
    command
      .option(
        '--file <log>',
        'read this audit log instead of the data folder; several times for rotated ones, oldest first; - is standard input',
        (file: string, before: string[] | undefined) => [...(before ?? []), file],
      )
      .option('--computer <name>', 'host of the records in the file that name none')

  const sessions = withSource(
    program
      .command('sessions')
      .description('who was at the keyboard: the logins, and what became of each')
      .enablePositionalOptions(),
  )
    .option('--user <name>', 'only logins of this user')
    .option('--host <name>', 'only logins on this host')
    .option(
      '--since <time>',
      'only sessions that were not over by then: 2026-11-27, 2026-11-27T08:00Z, 2h, 7d',
      sinceOption(effects),
    )
    .option('--limit <number>', 'at most so many, the youngest', count, 200)
    .option('--root', 'only those that became root')
    .addOption(
      new Option('--format <format>', 'table (on a terminal) or json (else)').choices(['table', 'json']),
    )
    .action(async (options: SourceOptions & ListOptions) => {
      const { user, host, since, root, format, limit } = options
      const filter = {
        ...(user === undefined ? {} : { user }),
        ...(host === undefined ? {} : { computer: host }),
        ...(since === undefined ? {} : { since }),
        ...(root === undefined ? {} : { root }),
      }
      const chosen = format ?? (effects.out.columns === undefined ? 'json' : 'table')
      await withOpen(options, (source) => listSessions(source, filter, { format: chosen, limit }, effects))
    })

  withSource(
    sessions.command('show').description('one session as a story: typed lines and what they started'),
  )
    .argument('<id>', 'its id, or the beginning of it')
    .option('--all', 'every command and file, also those of the login and of scripts', false)
    .option('--reveal', 'show secrets; that is recorded', false)
    .addOption(new Option('--format <format>', 'text, json or html').choices(SESSION_FORMATS).default('text'))
    .action(
      async (
        id: string,
        options: SourceOptions & { all: boolean; format: SessionFormat },
        command: Command,
      ) => {
        const { all, format } = options
        await withOpen({ ...command.optsWithGlobals(), ...options }, (source) =>
          showSession(source, { prefix: id, all, format }, effects),
        )
      },
    )

  withSource(sessions.command('replay').description('each typed line when the command that it started ran'))
    .argument('<id>', 'its id, or the beginning of it')
    .option('--speed <factor>', 'how much faster than it was', positive, 4)
    .option('--max-pause <seconds>', 'longest pause between two lines', positive, 3)
    .option('--reveal', 'show secrets; that is recorded', false)
    .action(
      async (id: string, options: SourceOptions & { speed: number; maxPause: number }, command: Command) => {
        const args = { prefix: id, speed: options.speed, maxPause: options.maxPause * 1000 }
        await withOpen({ ...command.optsWithGlobals(), ...options }, (source) =>
          replaySession(source, args, effects, pauseFor),
        )
      },
    )

  async function withOpen(
    options: SourceOptions,
    work: (source: SessionSource) => Promise<ExitCode>,
  ): Promise<void> {
    const { file, computer, reveal = false } = options
    if (file === undefined && computer !== undefined) {
      throw new CliError('--computer names the host of a --file; --host chooses among those in the store', 2)
    }
    const source =
      file === undefined
        ? await open(reveal)
        : await sessionsOfFiles({ files: file, computer, reveal }, effects)
    try {
      done(await work(source))
    } finally {
      await source.close()
    }
  }
}

function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done, { once: true })
  })
}
