import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Simulation } from '@auspex/detect'
import type { Desk } from '../../desk.js'
import type { Effects, ExitCode } from '../../effects.js'
import { renderTable } from '../../output/table.js'

export interface SimulateOptions {
  readonly runs: number
  readonly until?: Date
  readonly format?: 'table' | 'json'
}

const BAR = 30

const time = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 19)}`

function asTable({ runs, alerts, alertsPerDay }: Simulation, width: number | undefined): string {
  const most = Math.max(1, ...runs.map(({ rows }) => rows))
  const lines = runs.map((run) => [
    time(run.start),
    time(run.end),
    String(run.rows),
    run.suppressed ? 'held back' : String(run.alerts),
    '█'.repeat(Math.ceil((run.rows / most) * BAR)),
  ])
  const table = renderTable(['From (UTC)', 'To', 'Rows', 'Alerts', ''], lines, {
    columns: width,
    right: new Set([2, 3]),
  })
  return `${table}\n${runs.length} runs, ${alerts} alert${alerts === 1 ? '' : 's'}: ${alertsPerDay.toFixed(1)} a day.\n`
}

export async function simulateRule(
  desk: Desk,
  rule: string,
  { runs, until, format }: SimulateOptions,
  effects: Effects,
): Promise<ExitCode> {
  const yaml = existsSync(rule) ? await readFile(rule, 'utf8') : await desk.rules.text(rule)
  const simulation = await desk.rules.simulate(yaml, runs, until)
  const asJson = (format ?? (effects.out.columns === undefined ? 'json' : 'table')) === 'json'
  effects.out.write(
    asJson ? `${JSON.stringify(simulation, undefined, 2)}\n` : asTable(simulation, effects.out.columns),
  )
  return 0
}
