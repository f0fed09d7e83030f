import type { PastRun } from '@auspex/detect'
import type { Desk } from '../../desk.js'
import type { RuleLine } from '../../desk-rules.js'
import type { Effects, ExitCode } from '../../effects.js'
import { printable, renderTable } from '../../output/table.js'

const time = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 19)}`

const state = ({ enabled, autoDisabled, lastError }: RuleLine): string => {
  if (autoDisabled) return 'failed'
  if (!enabled) return 'off'
  return lastError === null ? 'on' : 'failing'
}

const lastRun = (run: PastRun | null): string =>
  run === null ? '' : `${time(run.ranAt)} ${run.outcome === 'ran' ? `${run.rowCount} rows` : run.outcome}`

const isJson = (format: 'table' | 'json' | undefined, { out }: Effects) =>
  (format ?? (out.columns === undefined ? 'json' : 'table')) === 'json'

export async function listRules(
  desk: Desk,
  format: 'table' | 'json' | undefined,
  effects: Effects,
): Promise<ExitCode> {
  const { rules, broken } = await desk.rules.list()
  if (isJson(format, effects)) {
    effects.out.write(`${JSON.stringify({ rules, broken }, undefined, 2)}\n`)
  } else {
    const rows = rules.map((rule) => [
      state(rule),
      rule.severity,
      rule.displayName,
      rule.source,
      rule.techniques.join(' '),
      lastRun(rule.lastRun),
      rule.reason ?? rule.lastError ?? '',
    ])
    const header = ['State', 'Severity', 'Rule', 'Source', 'Techniques', 'Last run (UTC)', 'Why']
    effects.out.write(renderTable(header, rows, { columns: effects.out.columns }))
  }
  for (const { file, problems } of broken) {
    for (const { line, column, message } of problems) {
      effects.err.write(`${file}:${line}:${column}: ${printable(message)} (not run)\n`)
    }
  }
  return broken.length > 0 ? 1 : 0
}

export async function showRuns(
  desk: Desk,
  rule: string,
  format: 'table' | 'json' | undefined,
  effects: Effects,
): Promise<ExitCode> {
  const runs = await desk.rules.runs(rule)
  if (isJson(format, effects)) {
    effects.out.write(`${JSON.stringify(runs, undefined, 2)}\n`)
    return 0
  }
  const rows = runs.map((run) => [
    time(run.ranAt),
    run.kind,
    time(run.start),
    time(run.end),
    String(run.windows),
    run.outcome,
    String(run.rowCount),
    String(run.alertCount),
    String(run.durationMs),
    run.error ?? '',
  ])
  const header = ['Ran at (UTC)', 'Why', 'From', 'To', 'Windows', 'Outcome', 'Rows', 'Alerts', 'ms', 'Error']
  effects.out.write(renderTable(header, rows, { columns: effects.out.columns, right: new Set([4, 6, 7, 8]) }))
  return 0
}
