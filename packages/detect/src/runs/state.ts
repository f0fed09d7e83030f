/** How far each rule has got, and what it still has to do: see control/schema.ts for what is kept. */
import { parseDatetime, ticksToIso } from '@auspex/kql'
import type { Kysely, Selectable } from 'kysely'
import type { ControlTables, RuleJobTable } from '../control/schema.js'
import { Slots } from './windows.js'

type Db = Kysely<ControlTables>

/** Table to a row id. */
export type RowMarks = Readonly<Record<string, bigint>>

export interface RuleState {
  /** Event time up to which the schedule has been cut into jobs, in ticks. */
  readonly through: bigint | undefined
  /** The last row of each table that is in a job. */
  readonly arrived: RowMarks
  readonly suppressedUntil: bigint | undefined
  /** Came to a workspace that was at work already: it looks back only so far. */
  readonly isBounded: boolean
  readonly isPaused: boolean
  readonly failures: number
  readonly permanentFailures: number
  readonly retryAt: bigint | undefined
}

export interface Job {
  readonly id: number
  readonly kind: RuleJobTable['kind']
  readonly slots: Slots
  /** Index of the first slot that has not been run. */
  readonly next: bigint
  /** Rows up to here are looked at. */
  readonly seen: RowMarks
  /** Rows up to here had been looked at before. */
  readonly before: RowMarks
}

export const marksToText = (marks: RowMarks): string =>
  JSON.stringify(Object.fromEntries(Object.entries(marks).map(([table, row]) => [table, String(row)])))

export const marksFromText = (text: string): RowMarks =>
  Object.fromEntries(
    Object.entries(JSON.parse(text) as Record<string, string>).map(([table, row]) => [table, BigInt(row)]),
  )

const ticks = (iso: string | null): bigint | undefined =>
  iso === null ? undefined : (parseDatetime(iso) ?? undefined)

export async function readState(db: Db, ruleId: string): Promise<RuleState | undefined> {
  const row = await db.selectFrom('rule_state').selectAll().where('rule_id', '=', ruleId).executeTakeFirst()
  return (
    row && {
      through: ticks(row.through),
      arrived: marksFromText(row.arrived),
      suppressedUntil: ticks(row.suppressed_until),
      isBounded: row.bounded === 1,
      isPaused: row.paused === 1,
      failures: row.failures,
      permanentFailures: row.permanent_failures,
      retryAt: ticks(row.retry_at),
    }
  )
}

/** Makes a state for each rule that has none. The first rules of a workspace look at all that is there. */
export async function register(db: Db, ruleIds: readonly string[]): Promise<void> {
  const known = new Set(
    (await db.selectFrom('rule_state').select('rule_id').execute()).map((row) => row.rule_id),
  )
  const bounded = known.size === 0 ? 0 : 1
  for (const rule_id of ruleIds) {
    if (known.has(rule_id)) continue
    await db.insertInto('rule_state').values({ rule_id, through: null, arrived: '{}', bounded }).execute()
  }
}

/** Rules that are off from now on are paused, and those that are on again are told by `isPaused`. */
export async function pauseOthers(db: Db, active: readonly string[]): Promise<void> {
  await db
    .updateTable('rule_state')
    .set({ paused: 1 })
    .where('paused', '=', 0)
    .$if(active.length > 0, (query) => query.where('rule_id', 'not in', active))
    .execute()
}

export async function addJob(db: Db, ruleId: string, job: Omit<Job, 'id' | 'next'>): Promise<void> {
  await db
    .insertInto('rule_job')
    .values({
      rule_id: ruleId,
      kind: job.kind,
      slots: job.slots.toText(),
      next: 0,
      seen: marksToText(job.seen),
      before: marksToText(job.before),
    })
    .execute()
}

const jobOf = (row: Selectable<RuleJobTable>): Job => ({
  id: row.id,
  kind: row.kind,
  slots: Slots.fromText(row.slots),
  next: BigInt(row.next),
  seen: marksFromText(row.seen),
  before: marksFromText(row.before),
})

export async function nextJob(db: Db, ruleId: string): Promise<Job | undefined> {
  const row = await db
    .selectFrom('rule_job')
    .selectAll()
    .where('rule_id', '=', ruleId)
    .orderBy('id')
    .executeTakeFirst()
  return row && jobOf(row)
}

/** The job has been run up to, not including, slot `next`. */
export async function advanceJob(db: Db, job: Job, next: bigint): Promise<void> {
  if (next >= job.slots.count) await db.deleteFrom('rule_job').where('id', '=', job.id).execute()
  else
    await db
      .updateTable('rule_job')
      .set({ next: Number(next) })
      .where('id', '=', job.id)
      .execute()
}

export async function saveProgress(
  db: Db,
  ruleId: string,
  { through, arrived }: Pick<RuleState, 'through' | 'arrived'>,
): Promise<void> {
  await db
    .updateTable('rule_state')
    .set({
      through: through === undefined ? null : ticksToIso(through),
      arrived: marksToText(arrived),
      bounded: 0,
      paused: 0,
    })
    .where('rule_id', '=', ruleId)
    .execute()
}

export async function saveSuppression(db: Db, ruleId: string, until: bigint): Promise<void> {
  await db
    .updateTable('rule_state')
    .set({ suppressed_until: ticksToIso(until) })
    .where('rule_id', '=', ruleId)
    .execute()
}

/** After a success `error` is null, and everything is forgiven. */
export async function saveFailure(
  db: Db,
  ruleId: string,
  failure: { failures: number; permanent: number; retryAt: bigint; error: string } | null,
): Promise<void> {
  await db
    .updateTable('rule_state')
    .set({
      failures: failure?.failures ?? 0,
      permanent_failures: failure?.permanent ?? 0,
      retry_at: failure === null ? null : ticksToIso(failure.retryAt),
      last_error: failure?.error ?? null,
    })
    .where('rule_id', '=', ruleId)
    .execute()
}
