/**
 * What a rule would have done: its last runs over the data that is there, on its schedule, before it is saved.
 * Sentinel's "results simulation" runs 50 of them. Nothing is kept, no alert is raised.
 */
import { ticksToIso } from '@auspex/kql'
import { alertsOf } from '../alerts/make.js'
import type { AnalyticsRule } from '../rules/rule.js'
import { type Asker, IN_TIME } from '../runs/ask.js'
import { Slots, TICKS_PER_MINUTE } from '../runs/windows.js'

export const SIMULATED_RUNS = 50

export interface SimulatedRun {
  /** The window, ISO. */
  readonly start: string
  readonly end: string
  readonly rows: number
  readonly alerts: number
  /** An earlier alert would have kept it from running. */
  readonly suppressed: boolean
}

export interface Simulation {
  /** Oldest first. */
  readonly runs: readonly SimulatedRun[]
  readonly alerts: number
  /** As an average over the runs. */
  readonly alertsPerDay: number
}

export interface SimulateOptions {
  /** Ticks: when the last run ends. */
  readonly end: bigint
  /** Default {@link SIMULATED_RUNS}. */
  readonly runs?: number
  readonly signal?: AbortSignal
  /** Told of each run as it is known. */
  readonly onRun?: (run: SimulatedRun) => void
}

/** Minutes between two runs: a near-real-time rule looks each minute. */
const frequencyOf = (rule: AnalyticsRule) => (rule.kind === 'NRT' ? 1 : rule.frequency)
const periodOf = (rule: AnalyticsRule) => (rule.kind === 'NRT' ? 1 : rule.period)

/** Throws what a run throws: a KqlError, a time-out. */
export async function simulate(
  rule: AnalyticsRule,
  asker: Asker,
  { end, runs: count = SIMULATED_RUNS, signal, onRun }: SimulateOptions,
): Promise<Simulation> {
  const frequency = frequencyOf(rule)
  const step = BigInt(Math.round(frequency * 60)) * (TICKS_PER_MINUTE / 60n)
  const slots = Slots.due(end - BigInt(count) * step, end, frequency, periodOf(rule), 0)
  const runs: SimulatedRun[] = []
  let suppressedUntil: bigint | undefined
  for (let index = 0n; index < slots.count; index++) {
    signal?.throwIfAborted()
    const window = slots.window(index)
    const suppressed = suppressedUntil !== undefined && window.end <= suppressedUntil
    let [rows, alerts] = [0, 0]
    if (!suppressed) {
      const result = await asker.ask(rule.query, { ...window, rows: {}, ahead: IN_TIME }, signal)
      rows = result.rowCount
      alerts = alertsOf(rule, result, ticksToIso(end), () => '').length
      if (alerts > 0 && rule.suppressionEnabled) {
        suppressedUntil = window.end + BigInt(Math.round(rule.suppression)) * TICKS_PER_MINUTE
      }
    }
    const run = { start: ticksToIso(window.start), end: ticksToIso(window.end), rows, alerts, suppressed }
    runs.push(run)
    onRun?.(run)
  }
  const alerts = runs.reduce((sum, run) => sum + run.alerts, 0)
  return { runs, alerts, alertsPerDay: (alerts * 1440) / (frequency * Math.max(1, runs.length)) }
}
