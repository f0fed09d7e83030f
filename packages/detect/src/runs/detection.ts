/**
 * Runs the analytics rules. A pass plans each rule (plan.ts), runs the jobs that are waiting (run.ts), and moves
 * what there is to tell into the log tables. Everything that a pass does is in the control state at once with
 * how far it has got, so that a crash at any point repeats nothing and leaves nothing out.
 */
import { ticksToIso } from '@auspex/kql'
import type { Store } from '@auspex/store'
import type { ControlDatabase } from '../control/database.js'
import { flushOutbox } from '../control/outbox.js'
import type { IncidentSummary } from '../incidents/incident.js'
import { readIncident } from '../incidents/read.js'
import { DEFAULT_SLA, type SlaTargets } from '../incidents/sla.js'
import type { AnalyticsRule } from '../rules/rule.js'
import { Asker, type AskingParts } from './ask.js'
import { FAILURES_ALLOWED, isPermanent, mustWait, reasonOf, waitAfter } from './failures.js'
import { recordDisabled, recordRuns } from './history.js'
import { lastRows, planRule } from './plan.js'
import { JobRun } from './run.js'
import { type Job, nextJob, pauseOthers, type RuleState, readState, register, saveFailure } from './state.js'
import { Slots, TICKS_PER_MINUTE } from './windows.js'
import { isCorrection } from './worth.js'

export interface DetectionParts extends AskingParts {
  readonly store: Pick<Store, 'schema' | 'query' | 'ingest' | 'position' | 'lastRow'>
  readonly control: ControlDatabase
  /** The rules that are on. */
  readonly rules: () => readonly AnalyticsRule[]
  /** Turns a rule off that fails again and again. */
  readonly disable: (rule: AnalyticsRule, reason: string) => Promise<void>
  /** The time now, in ticks. */
  readonly now: () => bigint
  /** Milliseconds of a clock that only goes forward. */
  readonly elapsed?: () => number
  readonly newId: () => string
  /** Minutes that a slot waits for late rows; Sentinel waits 5. */
  readonly delay?: number
  /** Rules that are run at the same time. */
  readonly concurrency?: number
  readonly sla?: SlaTargets
}

/** A rule whose planning or run failed; it is tried again later. */
export interface RunFailure {
  readonly rule: AnalyticsRule
  readonly error: Error
  /** It was turned off. */
  readonly isDisabled: boolean
}

export interface PassReport {
  /** Incidents that are new or got an alert. */
  readonly incidents: readonly IncidentSummary[]
  readonly runs: number
  readonly failures: readonly RunFailure[]
}

const CONCURRENCY = 2
const DELAY_MINUTES = 5

interface RuleReport {
  readonly incidents: readonly number[]
  readonly runs: number
  readonly failure?: RunFailure
}

export class Detection {
  readonly #parts: DetectionParts
  readonly #asker: Asker
  #flushing: Promise<void> = Promise.resolve()

  constructor(parts: DetectionParts) {
    this.#parts = parts
    this.#asker = new Asker(parts)
  }

  /** Runs each rule over the rows that arrived since its last pass and over the slots that are due. */
  async pass(signal?: AbortSignal): Promise<PassReport> {
    const { control, rules, now } = this.#parts
    const active = rules().filter(
      ({ startTime }) => startTime === undefined || Date.parse(startTime) <= Date.parse(ticksToIso(now())),
    )
    const ids = active.map(({ id }) => id)
    await control.transaction().execute(async (db) => {
      await register(db, ids)
      await pauseOthers(db, ids)
    })
    const reports = await this.#all(active, signal)
    await this.flush()
    return {
      incidents: await this.#summaries(reports.flatMap((report) => report.incidents)),
      runs: reports.reduce((sum, { runs }) => sum + runs, 0),
      failures: reports.flatMap(({ failure }) => failure ?? []),
    }
  }

  /**
   * Runs a rule once over the period that ends at `end` (ticks), whether it is on or not, outside of its
   * schedule. Throws what the run throws.
   */
  async runOnce(rule: AnalyticsRule, end: bigint, signal?: AbortSignal): Promise<PassReport> {
    const { control, store, now, newId, sla = DEFAULT_SLA } = this.#parts
    const seen = await lastRows(rule.query, end, { store, asker: this.#asker })
    const start = end - BigInt(Math.round(rule.period * 60)) * (TICKS_PER_MINUTE / 60n)
    const job: Job = { id: 0, kind: 'manual', slots: Slots.one(start, end), next: 0n, seen, before: {} }
    const elapsed = this.#parts.elapsed ?? (() => performance.now())
    const run = new JobRun(
      rule,
      job,
      undefined,
      { control, asker: this.#asker, now, elapsed, newId, sla },
      signal,
    )
    await run.run()
    await this.flush()
    return { incidents: await this.#summaries(run.report.incidents), runs: run.report.runs, failures: [] }
  }

  async #summaries(numbers: Iterable<number>): Promise<IncidentSummary[]> {
    const { control, now, sla = DEFAULT_SLA } = this.#parts
    const reading = { now: ticksToIso(now()), sla }
    const incidents: IncidentSummary[] = []
    for (const number of new Set(numbers)) {
      const incident = await readIncident(control, number, reading)
      if (incident !== undefined) incidents.push(incident)
    }
    return incidents.sort((a, b) => a.number - b.number)
  }

  /** Moves what people did to incidents into the log tables; a pass does so too. One at a time. */
  flush(): Promise<void> {
    const done = this.#flushing.then(() => flushOutbox(this.#parts.control, this.#parts.store))
    this.#flushing = done.catch(() => {})
    return done
  }

  /** A few rules at a time, in their order. */
  async #all(rules: readonly AnalyticsRule[], signal: AbortSignal | undefined): Promise<RuleReport[]> {
    const reports: RuleReport[] = []
    const queue = rules.values()
    const worker = async () => {
      for (const rule of queue) {
        if (signal?.aborted) return
        reports.push(await this.#rule(rule, signal))
      }
    }
    const { concurrency = CONCURRENCY } = this.#parts
    await Promise.all(Array.from({ length: concurrency }, worker))
    return reports
  }

  async #rule(rule: AnalyticsRule, signal: AbortSignal | undefined): Promise<RuleReport> {
    const { control, store, now, newId, delay = DELAY_MINUTES, sla = DEFAULT_SLA } = this.#parts
    const elapsed = this.#parts.elapsed ?? (() => performance.now())
    const incidents: number[] = []
    let runs = 0
    const state = await readState(control, rule.id)
    if (state === undefined || mustWait(state.retryAt, now())) return { incidents, runs }
    try {
      const { suppressedUntil } = state
      await planRule(rule, state, now(), { store, control, asker: this.#asker, delay })
      let suppressed = suppressedUntil
      for (let job = await nextJob(control, rule.id); job; job = await nextJob(control, rule.id)) {
        const parts = { control, asker: this.#asker, now, elapsed, newId, sla }
        const run = new JobRun(rule, job, suppressed, parts, signal)
        try {
          await run.run()
        } finally {
          incidents.push(...run.report.incidents)
          runs += run.report.runs
        }
        if (!isCorrection(job.kind)) suppressed = run.suppressedUntil
      }
      if (state.failures > 0) await saveFailure(control, rule.id, null)
      return { incidents, runs }
    } catch (error) {
      if (signal?.aborted) return { incidents, runs }
      return { incidents, runs, failure: await this.#failed(rule, state, error as Error) }
    }
  }

  async #failed(rule: AnalyticsRule, before: RuleState, error: Error): Promise<RunFailure> {
    const { control, now, newId, disable } = this.#parts
    // A run that went well in this pass has forgiven what was before it.
    const state = (await readState(control, rule.id)) ?? before
    const failures = state.failures + 1
    const permanent = isPermanent(error) ? state.permanentFailures + 1 : 0
    const isDisabled = permanent >= FAILURES_ALLOWED
    const time = now()
    const reason = reasonOf(error)
    const job = await nextJob(control, rule.id)
    const window = job?.slots.window(job.next) ?? { start: time, end: time }
    await control.transaction().execute(async (db) => {
      await saveFailure(db, rule.id, {
        failures,
        permanent,
        retryAt: time + waitAfter(failures),
        error: reason,
      })
      const run = {
        kind: job?.kind ?? (rule.kind === 'NRT' ? ('nrt' as const) : ('schedule' as const)),
        ...window,
        windows: 1,
        outcome: 'failed' as const,
        rowCount: 0,
        alertCount: 0,
        entityCount: 0,
        droppedEntities: 0,
        durationMs: 0,
        issues: [],
        error: reason,
      }
      await recordRuns(db, rule, [run], ticksToIso(time), newId)
      if (isDisabled) await recordDisabled(db, rule, reason, ticksToIso(time), newId)
    })
    if (isDisabled) await disable(rule, reason)
    return { rule, error, isDisabled }
  }
}
