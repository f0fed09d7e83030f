/** The command line: names, options and help. What a command does is in commands/. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { addAccessCommands } from './commands/access/index.js'
import { addAgentCommands } from './commands/agent.js'
import { addAutomationCommands } from './commands/automation.js'
import { addExploreCommand } from './commands/explore.js'
import { addHostCommands } from './commands/host-group.js'
import { addHostsCommand } from './commands/hosts.js'
import { importFiles } from './commands/import.js'
import { addIncidentCommands } from './commands/incidents/index.js'
import { interpret } from './commands/interpret.js'
import { query } from './commands/query.js'
import { addReportCommands } from './commands/report/index.js'
import { addRuleCommands } from './commands/rules/index.js'
import { addSessionCommands } from './commands/sessions-group.js'
import { addStoreCommands } from './commands/store.js'
import { up } from './commands/up.js'
import { addWatchlistCommands } from './commands/watchlists.js'
import { dataFolder } from './data-folder.js'
import { openDesk } from './desk.js'
import type { Effects, ExitCode } from './effects.js'
import { FORMATS } from './output/answer.js'
import { sessionsOfDesk } from './session-source.js'

const DEFAULT_PORT = 7441

function port(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new InvalidArgumentError('expected a port number from 0 to 65535 (0 takes a free one)')
  }
  return value
}

export interface Program {
  /** Runs the command of these arguments. Throws CliError for what a person did wrong or can mend. */
  run(args: readonly string[]): Promise<ExitCode>
}

export function createProgram(effects: Effects): Program {
  let exit: ExitCode = 0
  const program = new Command('auspex')
    .description('Linux audit logs, answered: who was at the keyboard, what they typed, what really ran')
    .option('--data <dir>', 'the data folder (default: AUSPEX_DATA, or the XDG data folder)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => effects.out.write(text),
      writeErr: (text) => effects.err.write(text),
    })
    .showHelpAfterError('(--help shows how)')
    .showSuggestionAfterError()

  const directory = () => dataFolder(program.opts<{ data?: string }>().data, effects)

  program
    .command('up')
    .description('take the audit log, run the rules, show the incidents, listen and follow until Ctrl-C')
    .option('--log <file>', 'the log to take (default: /var/log/audit/audit.log, else the sample)')
    .option('--computer <name>', 'host of the records that name none')
    .option('--port <number>', 'port to listen on', port, DEFAULT_PORT)
    .option('--listen <address>', 'address to listen on (default: 127.0.0.1); others than loopback speak TLS')
    .option('--tls-cert <file>', 'certificate in PEM (default, beyond loopback: one of its own)')
    .option('--tls-key <file>', 'its key')
    .option('--once', 'stop after the first pass', false)
    .action(
      async (options: {
        log?: string
        computer?: string
        port: number
        listen?: string
        tlsCert?: string
        tlsKey?: string
        once: boolean
      }) => {
        const { log, computer, port, listen, tlsCert, tlsKey, once } = options
        if ((tlsCert === undefined) !== (tlsKey === undefined)) {
          program.error('error: --tls-cert and --tls-key belong together')
        }
        const tls = tlsCert === undefined ? undefined : { cert: tlsCert, key: tlsKey! }
        exit = await up({ directory: directory(), log, computer, port, listen, tls, once }, effects)
      },
    )

  program
    .command('import')
    .description('store audit logs and run the rules over them')
    .argument('<file...>', 'audit logs, RAW or ENRICHED')
    .option('--computer <name>', 'host of the records that name none')
    .action(async (files: string[], { computer }: { computer?: string }) => {
      exit = await importFiles({ files, directory: directory(), computer }, effects)
    })

  program
    .command('query')
    .description('answer a KQL query')
    .argument('[kql]', 'the query, as LinuxAuditLog_CL | take 5')
    .option('--file <file>', 'read the query from a file')
    .addOption(new Option('--format <format>', 'table (on a terminal), json (else) or csv').choices(FORMATS))
    .addOption(
      new Option('--explain <what>', 'show the plan or the SQL instead of the rows').choices(['plan', 'sql']),
    )
    .action(
      async (
        text: string | undefined,
        options: { file?: string; explain?: 'plan' | 'sql'; format?: (typeof FORMATS)[number] },
      ) => {
        if ((text === undefined) === (options.file === undefined)) {
          program.error('error: give a query, or --file with one')
        }
        const { file, format, explain } = options
        exit = await query({ text: text ?? '', directory: directory(), format, explain, file }, effects)
      },
    )

  program
    .command('interpret')
    .description('print an audit log in words, as ausearch -i does')
    .argument('<file>', 'the log; - reads standard input')
    .action(async (file: string) => {
      exit = await interpret(file, effects)
    })

  const done = (code: ExitCode) => {
    exit = code
  }
  addSessionCommands(
    program,
    effects,
    async (reveal) => sessionsOfDesk(await openDesk(directory(), effects, false), reveal),
    done,
  )
  addReportCommands(program, effects, directory, done)
  addStoreCommands(program, effects, directory, done)
  addAccessCommands(program, effects, directory, done)
  addIncidentCommands(program, effects, directory, done)
  addAgentCommands(program, effects, directory, done)
  addAutomationCommands(program, effects, directory, done)
  addExploreCommand(program, effects, directory, done)
  const rules = program.command('rules').description('analytics rules; and lint, for audit rules')
  addRuleCommands(rules, effects, directory, done)
  addWatchlistCommands(program, effects, directory, done)
  addHostsCommand(program, effects, directory, done)
  addHostCommands(program, rules, effects, done)

  return {
    async run(args) {
      try {
        await program.parseAsync(args, { from: 'user' })
      } catch (error) {
        if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
        throw error
      }
      return exit
    },
  }
}
