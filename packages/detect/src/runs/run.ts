/** Runs the windows of a job, and commits what they find together with how far the job has got. */
import { ticksToIso } from '@auspex/kql'
import { alertsOf, type FoundAlert, isTriggered } from '../alerts/make.js'
import type { ControlDatabase } from '../control/database.js'
import type { Row } from '../entities/extract.js'
import type { Actor } from '../incidents/change.js'
import { commitAlerts } from '../incidents/commit.js'
import type { SlaTargets } from '../incidents/sla.js'
import type { AnalyticsRule } from '../rules/rule.js'
import { type Asked, type Asker, FROM_THE_FUTURE, IN_TIME } from './ask.js'
import { type RunRecord, recordRuns } from './history.js'
import { advanceJob, type Job, saveFailure, saveSuppression } from './state.js'
import { TICKS_PER_MINUTE, type Window } from './windows.js'
import { between, isCorrection, upTo, worthRunning } from './worth.js'

export interface RunningParts {
  readonly control: ControlDatabase
  readonly asker: Asker
  /** Ticks. */
  readonly now: () => bigint
  /** Milliseconds of a clock that only goes forward. */
  readonly elapsed: () => number
  readonly newId: () => string
  readonly sla: SlaTargets
}

export interface JobReport {
  /** Incidents that are new or got an alert. */
  readonly incidents: readonly number[]
  readonly runs: number
}

/** What is committed at once: so many windows, alerts or milliseconds. */
const CHUNK = { windows: 100, alerts: 150, ms: 2000 }

/** The rows of the second result that are not in the first; a row that is there twice counts twice. */
function newRows(before: Asked, after: Asked): Row[] {
  const key = (row: Row) => JSON.stringify([...row.values()])
  const known = new Map<string, number>()
  for (const row of before.rows) known.set(key(row), (known.get(key(row)) ?? 0) + 1)
  return after.rows.filter((row) => {
    const count = known.get(key(row)) ?? 0
    if (count > 0) known.set(key(row), count - 1)
    return count === 0
  })
}

/**
 * The result of a window. For rows that came late, it is what they change: the window is asked with them and
 * without, so that what was found before is not found again, and a late row finds its partners among the
 * rows that were there.
 */
async function resultOf(
  rule: AnalyticsRule,
  { kind, seen, before }: Job,
  window: Window,
  asker: Asker,
  signal: AbortSignal | undefined,
): Promise<Asked> {
  if (kind === 'nrt') return asker.ask(rule.query, { end: window.end, rows: between(before, seen) }, signal)
  const view = { ...window, ahead: kind === 'future' ? FROM_THE_FUTURE : IN_TIME }
  const result = await asker.ask(rule.query, { ...view, rows: upTo(seen) }, signal)
  if (!isCorrection(kind) || !isTriggered(rule, result.rowCount)) return result
  const old = await asker.ask(rule.query, { ...view, rows: upTo({ ...zero(seen), ...before }) }, signal)
  if (!isTriggered(rule, old.rowCount)) return result
  const rows = newRows(old, result)
  return { ...result, rows, rowCount: rows.length }
}

const zero = (marks: Job['seen']) => Object.fromEntries(Object.keys(marks).map((table) => [table, 0n]))

/** Runs that are no part of the schedule neither suppress it nor are suppressed. */
const isAside = (kind: Job['kind']) => isCorrection(kind) || kind === 'manual'

/** Collects windows until they are worth a commit. */
class Chunk {
  readonly found: FoundAlert[] = []
  readonly runs: RunRecord[] = []
  readonly #started: number

  constructor(started: number) {
    this.#started = started
  }

  isFull(now: number): boolean {
    return (
      this.runs.length >= CHUNK.windows ||
      this.found.length >= CHUNK.alerts ||
      now - this.#started >= CHUNK.ms
    )
  }
}

export class JobRun {
  readonly #rule: AnalyticsRule
  readonly #job: Job
  readonly #parts: RunningParts
  readonly #signal: AbortSignal | undefined
  readonly #incidents = new Set<number>()
  #suppressedUntil: bigint | undefined
  #chunk: Chunk
  #runs = 0

  constructor(
    rule: AnalyticsRule,
    job: Job,
    suppressedUntil: bigint | undefined,
    parts: RunningParts,
    signal: AbortSignal | undefined,
  ) {
    this.#rule = rule
    this.#job = job
    this.#parts = parts
    this.#signal = signal
    // Rows that come late lie before the alerts that suppress what comes after them.
    this.#suppressedUntil = isAside(job.kind) ? undefined : suppressedUntil
    this.#chunk = new Chunk(parts.elapsed())
  }

  get report(): JobReport {
    return { incidents: [...this.#incidents], runs: this.#runs }
  }

  get suppressedUntil(): bigint | undefined {
    return this.#suppressedUntil
  }

  /** Throws what a window's run throws, or the signal's reason; what was run before is committed. */
  async run(): Promise<void> {
    const { slots } = this.#job
    let next = this.#job.next
    try {
      for (const index of await worthRunning(this.#rule, this.#job, this.#parts.asker)) {
        this.#signal?.throwIfAborted()
        if (index > next) this.#note('empty', next, index)
        await this.#window(index)
        next = index + 1n
        if (this.#chunk.isFull(this.#parts.elapsed())) await this.#commit(next)
      }
      if (next < slots.count) this.#note('empty', next, slots.count)
      next = slots.count
    } finally {
      await this.#commit(next)
    }
  }

  /** An entry for slots that nothing was asked for. */
  #note(outcome: 'empty' | 'suppressed', from: bigint, to: bigint): void {
    const { slots, kind } = this.#job
    this.#chunk.runs.push({
      kind,
      start: slots.window(from).start,
      end: slots.window(to - 1n).end,
      windows: Number(to - from),
      outcome,
      rowCount: 0,
      alertCount: 0,
      entityCount: 0,
      droppedEntities: 0,
      durationMs: 0,
      issues: [],
    })
  }

  async #window(index: bigint): Promise<void> {
    const rule = this.#rule
    const window = this.#job.slots.window(index)
    if (this.#suppressedUntil !== undefined && window.end <= this.#suppressedUntil) {
      return this.#note('suppressed', index, index + 1n)
    }
    const { asker, elapsed, now, newId } = this.#parts
    const started = elapsed()
    const result = await resultOf(rule, this.#job, window, asker, this.#signal)
    const found = this.#isNothingNew(result) ? [] : alertsOf(rule, result, ticksToIso(now()), newId)
    this.#runs++
    this.#chunk.found.push(...found)
    const droppedEntities = found.reduce((sum, one) => sum + one.droppedEntities, 0)
    this.#chunk.runs.push({
      kind: this.#job.kind,
      ...window,
      windows: 1,
      outcome: 'ran',
      rowCount: result.rowCount,
      alertCount: found.length,
      entityCount: found.reduce((sum, { alert }) => sum + alert.entities.length, 0),
      droppedEntities,
      durationMs: elapsed() - started,
      issues: result.isTruncated ? [`The result was cut after ${result.rowCount} rows`] : [],
    })
    if (found.length > 0 && rule.suppressionEnabled) {
      this.#suppressedUntil = window.end + BigInt(Math.round(rule.suppression)) * TICKS_PER_MINUTE
    }
  }

  /** Late rows that change nothing raise no alert again, whatever the threshold says of no rows. */
  #isNothingNew({ rowCount }: Asked): boolean {
    return isCorrection(this.#job.kind) && rowCount === 0
  }

  async #commit(next: bigint): Promise<void> {
    const { control, now, newId, elapsed, sla } = this.#parts
    const { found, runs } = this.#chunk
    this.#chunk = new Chunk(elapsed())
    if (runs.length === 0) return
    const rule = this.#rule
    const time = ticksToIso(now())
    const actor: Actor = { kind: 'rule', name: rule.name }
    const touched = await control.transaction().execute(async (db) => {
      const incidents = await commitAlerts(db, rule, found, { actor, depth: 0, now: time, sla }, newId)
      await recordRuns(db, rule, runs, time, newId)
      await advanceJob(db, this.#job, next)
      if (!isAside(this.#job.kind) && this.#suppressedUntil !== undefined) {
        await saveSuppression(db, rule.id, this.#suppressedUntil)
      }
      if (runs.some(({ outcome }) => outcome === 'ran')) await saveFailure(db, rule.id, null)
      return incidents
    })
    for (const number of touched) this.#incidents.add(number)
  }
}
