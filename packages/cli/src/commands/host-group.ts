/** `auspex host …` and `auspex rules lint`: the commands and their options. */
import { createInterface } from 'node:readline/promises'
import { type Command, Option } from 'commander'
import { auditRulesFolder } from '../content.js'
import type { Effects, ExitCode } from '../effects.js'
import { hostCheck, hostSetup, hostUndo } from './host.js'
import { rulesLint } from './rules-lint.js'

/** Asks on the terminal; without one the answer is no. */
async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim())
  } finally {
    terminal.close()
  }
}

interface SetupOptions {
  readonly root?: string
  readonly yes: boolean
  readonly dryRun: boolean
  readonly passwords: boolean
  readonly pam: 'optional' | 'required'
}

/** Adds the commands, that of audit rules to `rules`; `done` is told the exit code. */
export function addHostCommands(
  program: Command,
  rules: Command,
  effects: Effects,
  done: (code: ExitCode) => void,
): void {
  const host = program.command('host').description('is this host audited, make it so, and back')
  host
    .command('check')
    .description('what of auditing is in order and what is not; exits 1 on an error')
    .option('--root <folder>', 'folder that holds the files of a host (default: this host)')
    .addOption(
      new Option('--format <format>', 'table (on a terminal) or json (else)').choices(['table', 'json']),
    )
    .action(async ({ root, format }: { root?: string; format?: 'table' | 'json' }) =>
      done(await hostCheck({ root, format }, effects)),
    )
  host
    .command('setup')
    .description('install auditd, rules and PAM lines; shows what it would change, and asks')
    .option('--root <folder>', 'work on the files in this folder (default: this host)')
    .option('--yes', 'do not ask', false)
    .option('--dry-run', 'show what would be done, and do nothing', false)
    .option('--passwords', 'record what is typed without echo, too', false)
    .addOption(
      new Option('--pam <control>', 'required: nobody logs in whose keys can not be recorded')
        .choices(['optional', 'required'])
        .default('optional'),
    )
    .action(async ({ root, yes, dryRun, passwords, pam }: SetupOptions) => {
      const rulesFolder = auditRulesFolder()
      const args = { root, rulesFolder, yes, dryRun, passwords, pamControl: pam, plugin: undefined }
      done(await hostSetup(args, effects, { confirm }))
    })
  host
    .command('undo')
    .description('put back byte for byte what setup changed')
    .option('--root <folder>', 'work on the files in this folder (default: this host)')
    .action(async ({ root }: { root?: string }) => done(await hostUndo({ root }, effects)))

  rules
    .command('lint')
    .description('say what is wrong with audit.rules files; exits 1 on an error')
    .argument('<file...>')
    .option('--on-this-host', 'also what this kernel and these files would make of them', false)
    .addOption(
      new Option('--severity <least>', 'leave out less than this').choices(['info', 'warning', 'error']),
    )
    .addOption(new Option('--format <format>').choices(['text', 'json']))
    .action(
      async (
        files: string[],
        options: {
          onThisHost: boolean
          severity?: 'info' | 'warning' | 'error'
          format?: 'text' | 'json'
        },
      ) => {
        const { onThisHost, severity, format } = options
        done(await rulesLint({ files, format, onThisHost, severity }, effects))
      },
    )
}
