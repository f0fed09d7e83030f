import { basename, dirname, resolve } from 'node:path'
import type { FileProblem, IngestReport } from '@auspex/collect'
import { openDesk } from '../desk.js'
import { CliError, type Effects, type ExitCode } from '../effects.js'
import { renderIncidents } from '../output/incidents.js'
import { progressLine } from '../output/progress.js'

export interface ImportArguments {
  readonly files: readonly string[]
  readonly directory: string
  readonly computer: string | undefined
}

const AUDIT_FOLDER = '/var/log/audit'

/** A log of this host, whatever it is called from where. */
export const isHostLog = (file: string): boolean => dirname(resolve(file)) === AUDIT_FOLDER

/**
 * The host that a log's records belong to when they do not say it: this host for its own log, else the file's
 * name, because calling a foreign log by this host's name would be a lie.
 */
export function computerOf(file: string, hostName: string): string {
  if (isHostLog(file)) return hostName
  return basename(file).replace(/(\.log)?(\.[0-9]+)?$/, '') || basename(file)
}

const PROBLEMS: Readonly<Record<FileProblem['reason'], string>> = {
  'not-an-audit-record': 'not an audit record',
  'line-too-long': 'longer than 1 MiB: its first 1 MiB is kept as an UNPARSED row',
  'no-newline-at-end': 'the last line has no newline, but reads as a whole record',
  'torn-at-end': 'the last line breaks off inside of a record',
  'late-record': 'a record came long after the others of its event',
}

export function describeReport(report: IngestReport): string {
  const file = report.path
  const lines: string[] = []
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`
  if (report.source === undefined) lines.push(`${file}: no records: the file is empty`)
  else if (report.bytes === 0) lines.push(`${file}: nothing new: all of it is in the store already`)
  else {
    const old = report.alreadyStored > 0 ? `, after ${report.alreadyStored} bytes that were there` : ''
    lines.push(`${file}: ${count(report.rows, 'record')} from ${count(report.lines, 'line')}${old}`)
  }
  if (report.missing > 0) {
    lines.push(
      `  ${count(report.missing, 'serial number')} missing: those events were lost, filtered out or are in another file`,
    )
  }
  if (report.unparsed > 0) {
    lines.push(
      `  ${count(report.unparsed, 'line')} could not be read; kept as rows with RecordType_s == "UNPARSED"`,
    )
  }
  for (const { line, byte, reason } of report.problems) {
    lines.push(`  ${line === undefined ? '' : `line ${line}, `}byte ${byte}: ${PROBLEMS[reason]}`)
  }
  return `${lines.join('\n')}\n`
}

export async function importFiles(args: ImportArguments, effects: Effects): Promise<ExitCode> {
  const desk = await openDesk(args.directory, effects, true)
  let exit: ExitCode = 0
  try {
    for (const file of args.files) {
      effects.signal.throwIfAborted()
      const computer = args.computer ?? computerOf(file, effects.hostName)
      const progress = progressLine(effects.err, file)
      try {
        const answer = await desk.import(file, {
          computer,
          ofThisHost: isHostLog(file),
          onProgress: progress.show,
        })
        progress.clear()
        effects.signal.throwIfAborted()
        effects.out.write(describeReport(answer.report))
        if (answer.report.rows > 0 && args.computer === undefined) {
          effects.out.write(
            `  Computer of records without a node: ${computer} (--computer NAME sets another)\n`,
          )
        }
        for (const failure of answer.failures) {
          effects.err.write(`rule failed: ${failure}\n`)
          exit = 1
        }
        if (answer.incidents.length > 0) {
          effects.out.write(`\n${renderIncidents(answer.incidents, effects.out.columns)}`)
        }
      } catch (error) {
        progress.clear()
        const { code, message } = error as NodeJS.ErrnoException
        if (code !== 'ENOENT' && code !== 'EACCES' && code !== 'EISDIR' && !(error instanceof CliError))
          throw error
        effects.err.write(`${file}: ${message}\n`)
        exit = 1
      }
    }
    return exit
  } finally {
    await desk.close()
  }
}
