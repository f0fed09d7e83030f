/**
 * Cuts what has come up into jobs: the slots that are due, and slots of their own for rows that came with a time
 * that the schedule has passed. A job and how far the rule has got by it are written in one transaction, so
 * that nothing is planned twice and nothing is forgotten.
 */
import type { CompileOptions } from '@auspex/kql'
import { STATE_TABLES, type Store } from '@auspex/store'
import type { ControlDatabase } from '../control/database.js'
import type { AnalyticsRule } from '../rules/rule.js'
import { type Asker, FROM_THE_FUTURE, IN_TIME, type RowRanges } from './ask.js'
import { addJob, type Job, type RowMarks, type RuleState, saveProgress } from './state.js'
import { Slots, TICKS_PER_MINUTE } from './windows.js'
import { between } from './worth.js'

export interface PlanningParts {
  readonly store: Pick<Store, 'lastRow'>
  readonly control: ControlDatabase
  readonly asker: Asker
  /** Minutes that a slot waits for late rows. */
  readonly delay: number
}

/** How far a rule that comes later looks back at first, in minutes: Sentinel's longest period. */
const LOOK_BACK = 14n * 1440n

type NewJob = Omit<Job, 'id' | 'next'>

/** The last row of every table that the query reads. */
export async function lastRows(
  query: string,
  now: bigint,
  { store, asker }: Pick<PlanningParts, 'store' | 'asker'>,
): Promise<RowMarks> {
  const { tables } = await asker.compile(query, { now })
  const marks: Record<string, bigint> = {}
  for (const table of tables) if (!STATE_TABLES.includes(table)) marks[table] = await store.lastRow(table)
  return marks
}

/** First and last event time of the rows of the time range. */
async function extent(
  rows: RowRanges,
  range: Pick<CompileOptions, 'timeRange' | 'ahead'>,
  now: bigint,
  asker: Asker,
) {
  let found: { first: bigint; last: bigint } | undefined
  for (const [table, { after = 0n, upTo }] of Object.entries(rows)) {
    if (after >= upTo) continue
    const query = (what: 'min' | 'max') =>
      asker
        .compile(`['${table}'] | summarize Time = ${what}(TimeGenerated)`, {
          now,
          ...range,
          rows: { [table]: { after, upTo } },
        })
        .then((compiled) => asker.values(compiled)) as Promise<(bigint | null)[]>
    const [first] = await query('min')
    const [last] = await query('max')
    if (first == null || last == null) continue
    found = {
      first: found === undefined || first < found.first ? first : found.first,
      last: found === undefined || last > found.last ? last : found.last,
    }
  }
  return found
}

interface Plan {
  readonly jobs: readonly NewJob[]
  readonly through: bigint | undefined
}

function planNrt(state: RuleState, seen: RowMarks, now: bigint): Plan {
  const isNews = Object.entries(seen).some(([table, row]) => row > (state.arrived[table] ?? 0n))
  if (!isNews) return { jobs: [], through: state.through }
  const start = state.through === undefined || state.through >= now ? now - TICKS_PER_MINUTE : state.through
  const before = state.arrived
  return { jobs: [{ kind: 'nrt', slots: Slots.one(start, now), seen, before }], through: now }
}

async function planScheduled(
  rule: AnalyticsRule,
  state: RuleState,
  seen: RowMarks,
  now: bigint,
  { asker, delay }: PlanningParts,
): Promise<Plan> {
  const jobs: NewJob[] = []
  let { through } = state
  const before = state.arrived
  const fresh = between(before, seen)
  const { frequency, period } = rule
  // What lies before the schedule would never be seen by it; what has a time to come waits for it.
  const old = await extent(fresh, { timeRange: { to: through ?? now }, ahead: IN_TIME }, now, asker)
  if (old !== undefined) {
    const oldest = old.last - LOOK_BACK * TICKS_PER_MINUTE
    const first = state.isBounded && old.first < oldest ? oldest : old.first
    if (through === undefined) {
      const slots = Slots.ofHistory(first, old.last, frequency, period)
      jobs.push({ kind: 'history', slots, seen, before })
      through = slots.end
    } else {
      jobs.push({
        kind: 'late',
        slots: Slots.ofLate(first, old.last, through, frequency, period),
        seen,
        before,
      })
    }
  }
  // A host whose clock is set far ahead must not be out of sight until then.
  const future = await extent(fresh, { ahead: FROM_THE_FUTURE }, now, asker)
  if (future !== undefined) {
    const slots = Slots.ofHistory(future.first, future.last, frequency, period)
    jobs.push({ kind: 'future', slots, seen, before })
  }
  // Rows that all have a time to come begin the schedule too. A rule that came later has begun by now in any case:
  // what comes from here on is not old to it.
  if (state.isBounded || Object.values(fresh).some(({ upTo }) => upTo > 0n)) through ??= now
  if (through !== undefined) {
    const slots = Slots.due(through, now, rule.frequency, rule.period, delay)
    if (slots.count > 0n) jobs.push({ kind: 'schedule', slots, seen, before })
    through = slots.end
  }
  return { jobs, through }
}

/** What the rule did not do while it was off is not caught up with: it goes on from here. */
async function resume(
  rule: AnalyticsRule,
  seen: RowMarks,
  now: bigint,
  control: ControlDatabase,
): Promise<void> {
  const through = now - BigInt(Math.round(rule.frequency * 60)) * (TICKS_PER_MINUTE / 60n)
  await control.transaction().execute(async (db) => {
    await db.deleteFrom('rule_job').where('rule_id', '=', rule.id).execute()
    await saveProgress(db, rule.id, { through, arrived: seen })
  })
}

/** Plans a rule. Throws what compiling its query throws. */
export async function planRule(
  rule: AnalyticsRule,
  state: RuleState,
  now: bigint,
  parts: PlanningParts,
): Promise<void> {
  const seen = await lastRows(rule.query, now, parts)
  // Tables that an earlier form of the query read are remembered: it may read them again.
  const arrived = { ...state.arrived, ...seen }
  if (state.isPaused) return resume(rule, arrived, now, parts.control)
  const { jobs, through } =
    rule.kind === 'NRT' ? planNrt(state, seen, now) : await planScheduled(rule, state, seen, now, parts)
  await parts.control.transaction().execute(async (db) => {
    for (const job of jobs) await addJob(db, rule.id, job)
    await saveProgress(db, rule.id, { through, arrived })
  })
}
