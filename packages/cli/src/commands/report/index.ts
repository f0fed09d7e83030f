/** `auspex report …`: the reports of aureport over what is stored. */
import { type Command, Option } from 'commander'
import { reportsFolder } from '../../content.js'
import { CliError, type Effects, type ExitCode } from '../../effects.js'
import { FORMATS, type Format } from '../../output/answer.js'
import { renderTable } from '../../output/table.js'
import { query } from '../query.js'
import { readReports, reportQuery } from './reports.js'
import { reportTty } from './tty.js'

interface Options {
  readonly totals?: boolean
  readonly failed?: boolean
  readonly success?: boolean
  readonly computer?: string
  readonly kql?: boolean
  readonly format?: Format
}

async function runReport(
  name: string | undefined,
  options: Options,
  directory: () => string,
  effects: Effects,
): Promise<ExitCode> {
  const { totals, failed, success, computer, kql, format } = options
  const reports = await readReports(reportsFolder())
  if (name === undefined) {
    const rows = [
      ...reports.map((report) => [report.name, report.about]),
      ['tty', 'What was typed (aureport --tty).'],
    ]
    effects.out.write(renderTable(['Report', 'Shows'], rows, { columns: effects.out.columns }))
    return 0
  }
  if (failed && success) throw new CliError('--failed and --success leave nothing: give one of them', 2)
  const report = reports.find((each) => each.name === name)
  if (report === undefined) throw new CliError(`no report ${name}; auspex report lists them`, 2)
  const text = reportQuery(report, {
    ...(computer === undefined ? {} : { computer }),
    ...(failed || success ? { success: success === true } : {}),
    ...(totals === undefined ? {} : { totals }),
  })
  if (kql) {
    effects.out.write(text)
    return 0
  }
  return query({ text, directory: directory(), format, explain: undefined, file: undefined }, effects)
}

export function addReportCommands(
  program: Command,
  effects: Effects,
  directory: () => string,
  done: (code: ExitCode) => void,
): void {
  const report = program
    .command('report')
    .description('the reports of aureport, with its figures, and the KQL that makes each')
    .argument('[name]', 'summary, auth, login, users, executables, files, keys, …; nothing lists them')
    .option('--totals', 'how often each occurs, as aureport --summary')
    .option('--failed', 'only what failed')
    .option('--success', 'only what went well')
    .option('--computer <name>', 'only this host')
    .option('--kql', 'print the query instead of its rows')
    .addOption(new Option('--format <format>', 'table (on a terminal), json (else) or csv').choices(FORMATS))
    .action(async (name: string | undefined, options: Options) => {
      done(await runReport(name, options, directory, effects))
    })
  report
    .command('tty')
    .description('what was typed, as aureport --tty prints it')
    .option('--computer <name>', 'only this host')
    .action(async ({ computer }: { computer?: string }) => {
      done(
        await reportTty(
          { directory: directory(), computer: computer ?? report.opts<Options>().computer },
          effects,
        ),
      )
    })
}
