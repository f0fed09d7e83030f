/** `auspex rules …` for analytics rules: the commands and their options. `rules lint`, of audit rules, is in host-group. */
import { SIMULATED_RUNS } from '@auspex/detect'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Desk, openDesk } from '../../desk.js'
import type { Effects, ExitCode } from '../../effects.js'
import { renderIncidents } from '../../output/incidents.js'
import { exportRules, importRules } from './exchange.js'
import { listRules, showRuns } from './list.js'
import { type SimulateOptions, simulateRule } from './simulate.js'
import { testRules } from './test.js'
import { validateFiles } from './validate.js'

function wholeNumber(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0 && value <= 500) return value
  throw new InvalidArgumentError('expected a number from 1 to 500')
}

function isoTime(text: string): Date {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('expected a time, as 2026-03-01T12:00:00Z')
  return time
}

export function addRuleCommands(
  rules: Command,
  effects: Effects,
  directory: () => string,
  done: (code: ExitCode) => void,
): void {
  const withDesk = async (create: boolean, work: (desk: Desk) => Promise<ExitCode>) => {
    const desk = await openDesk(directory(), effects, create)
    try {
      done(await work(desk))
    } finally {
      await desk.close()
    }
  }
  const FORMAT = () =>
    new Option('--format <format>', 'table (on a terminal) or json (else)').choices(['table', 'json'])

  rules
    .command('list')
    .description('the analytics rules: which are on, and how their last run went')
    .addOption(FORMAT())
    .action(({ format }: { format?: 'table' | 'json' }) =>
      withDesk(true, (desk) => listRules(desk, format, effects)),
    )

  rules
    .command('show')
    .description('the file of a rule')
    .argument('<rule>', 'its id, its name or the name of its file')
    .action((rule: string) =>
      withDesk(true, async (desk) => {
        effects.out.write(await desk.rules.text(rule))
        return 0
      }),
    )

  rules
    .command('runs')
    .description('the last runs of a rule')
    .argument('<rule>', 'its id, its name or the name of its file')
    .addOption(FORMAT())
    .action((rule: string, { format }: { format?: 'table' | 'json' }) =>
      withDesk(true, (desk) => showRuns(desk, rule, format, effects)),
    )

  for (const enabled of [true, false]) {
    rules
      .command(enabled ? 'enable' : 'disable')
      .description(enabled ? 'turn a rule on' : 'turn a rule off')
      .argument('<rule>', 'its id, its name or the name of its file')
      .option('--reason <text>', 'why, for those who come after')
      .action((rule: string, { reason }: { reason?: string }) =>
        withDesk(true, async (desk) => {
          const { displayName } = await desk.rules.setEnabled(rule, enabled, reason)
          effects.out.write(`${displayName}: ${enabled ? 'on' : 'off'}\n`)
          return 0
        }),
      )
  }

  rules
    .command('remove')
    .description("delete a rule of this workspace's own")
    .argument('<rule>', 'its id, its name or the name of its file')
    .action((rule: string) =>
      withDesk(true, async (desk) => {
        await desk.rules.remove(rule)
        effects.out.write('Deleted.\n')
        return 0
      }),
    )

  rules
    .command('validate')
    .description(
      'check rule files as Azure-Sentinel does, bind their queries, run them over nothing; exits 1 on an error',
    )
    .argument('<path...>', 'files, or folders of them')
    .addOption(new Option('--format <format>', 'text or json').choices(['text', 'json']).default('text'))
    .option('--no-tables', "bind against this workspace's tables only, not Sentinel's standard ones too")
    .action((paths: string[], options: { format: 'text' | 'json'; tables: boolean }) =>
      withDesk(true, (desk) => validateFiles(desk, paths, options, effects)),
    )

  rules
    .command('simulate')
    .description('what a rule would have found in its last runs; nothing is kept')
    .argument('<rule>', 'a file, or the id, name or file name of a rule here')
    .option('--runs <n>', 'how many', (text) => wholeNumber(text), SIMULATED_RUNS)
    .option('--until <time>', "the last run's end, ISO (default: now, or the end of the log)", isoTime)
    .addOption(FORMAT())
    .action((rule: string, options: SimulateOptions) =>
      withDesk(true, (desk) => simulateRule(desk, rule, options, effects)),
    )

  rules
    .command('run')
    .description('run a rule once, now, over its last period, and raise what it finds')
    .argument('<rule>', 'its id, its name or the name of its file')
    .action((rule: string) =>
      withDesk(true, async (desk) => {
        const { incidents } = await desk.rules.run(rule)
        if (incidents.length > 0) effects.out.write(renderIncidents(incidents, effects.out.columns))
        else effects.out.write('It found nothing.\n')
        return 0
      }),
    )

  rules
    .command('test')
    .description('run the tests beside rule files (NAME.test.yaml) over their logs; exits 1 when one fails')
    .argument('[path...]', 'rule files, or folders of them (default: what is shipped)')
    .option('--verbose', 'the tests that pass too', false)
    .action(async (paths: string[], { verbose }: { verbose: boolean }) =>
      done(await testRules(paths, verbose, effects)),
    )

  rules
    .command('import')
    .description("take rules into this workspace: Azure-Sentinel's YAML, or ARM JSON as Sentinel exports it")
    .argument('<file...>')
    .action((files: string[]) => withDesk(true, (desk) => importRules(desk, files, effects)))

  rules
    .command('export')
    .description('write rules as YAML, or as an ARM template that Sentinel imports')
    .argument('[rule...]', 'ids or names (default: all that are on)')
    .addOption(new Option('--as <form>').choices(['yaml', 'arm']).default('yaml'))
    .option('--to <path>', 'a file (arm) or a folder (yaml); default: standard output')
    .action((names: string[], options: { as: 'yaml' | 'arm'; to?: string }) =>
      withDesk(true, (desk) => exportRules(desk, names, options, effects)),
    )
}
