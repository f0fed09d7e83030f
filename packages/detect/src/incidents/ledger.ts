/**
 * The one way in which an incident changes. Each change is one transaction: the incident with its new version,
 * an entry in its activity log for everything that changed and who did it, a row for SecurityIncident, and the
 * news for automation.
 */
import type { Insertable, Kysely, Updateable } from 'kysely'
import { toOutbox } from '../control/outbox.js'
import type { ControlTables, IncidentTable } from '../control/schema.js'
import { type Entity, entityKey, entityName } from '../entities/entity.js'
import { type Actor, actorText, type Change } from './change.js'
import { securityIncidentRow } from './log-row.js'
import { alertsOfIncident, commentsOf, type Reading, rowOf, summariesOf, tasksOf } from './read.js'

type Db = Kysely<ControlTables>

export interface Writing extends Reading {
  readonly actor: Actor
  /** How many automations led to this change. */
  readonly depth: number
}

async function log(db: Db, number: number, changes: readonly Change[], writing: Writing): Promise<void> {
  const { actor, now } = writing
  for (const change of changes) {
    await db
      .insertInto('incident_activity')
      .values({
        incident_number: number,
        time: now,
        actor_kind: actor.kind,
        actor_name: actor.name,
        change: JSON.stringify(change),
      })
      .execute()
  }
}

async function announce(db: Db, number: number, writing: Writing): Promise<void> {
  const row = (await rowOf(db, number))!
  const [incident] = await summariesOf(db, [row], writing)
  const alerts = await alertsOfIncident(db, number)
  await toOutbox(
    db,
    'SecurityIncident',
    securityIncidentRow({
      incident: incident!,
      alertIds: alerts.map(({ id }) => id),
      comments: await commentsOf(db, number),
      tasks: await tasksOf(db, number),
      firstModifiedTime: row.first_modified_time,
    }),
  )
}

async function trigger(
  db: Db,
  event: 'IncidentCreated' | 'IncidentUpdated',
  number: number,
  changes: readonly Change[],
  { actor, depth }: Writing,
): Promise<void> {
  await db
    .insertInto('automation_event')
    .values({
      event,
      incident_number: number,
      alert_id: null,
      changes: JSON.stringify(changes),
      actor_kind: actor.kind,
      actor_name: actor.name,
      depth,
    })
    .execute()
}

/** Adds the incident and gives its number. It is announced with {@link announceIncident}, when its alerts are in it. */
export async function insertIncident(
  db: Db,
  values: Omit<Insertable<IncidentTable>, 'created_time' | 'last_modified_time' | 'modified_by'>,
  writing: Writing,
): Promise<number> {
  const { now, actor } = writing
  const { number } = await db
    .insertInto('incident')
    .values({ ...values, created_time: now, last_modified_time: now, modified_by: actorText(actor) })
    .returning('number')
    .executeTakeFirstOrThrow()
  return number
}

export async function announceIncident(
  db: Db,
  number: number,
  changes: readonly Change[],
  writing: Writing,
): Promise<void> {
  await log(db, number, changes, writing)
  await announce(db, number, writing)
  await trigger(db, 'IncidentCreated', number, changes, writing)
}

/** Sets these columns. Without a change nothing happens. */
export async function changeIncident(
  db: Db,
  number: number,
  set: Updateable<IncidentTable>,
  changes: readonly Change[],
  writing: Writing,
): Promise<void> {
  if (changes.length === 0) return
  const { now, actor } = writing
  await db
    .updateTable('incident')
    .set(({ fn, eb, ref, val }) => ({
      ...set,
      version: eb('version', '+', 1),
      last_modified_time: now,
      first_modified_time: fn.coalesce(ref('first_modified_time'), val(now)),
      modified_by: actorText(actor),
    }))
    .where('number', '=', number)
    .execute()
  await log(db, number, changes, writing)
  await announce(db, number, writing)
  await trigger(db, 'IncidentUpdated', number, changes, writing)
}

/** Entities that the incident did not have yet; one that it has learns the columns it was seen in. */
export async function addEntities(db: Db, number: number, entities: readonly Entity[]): Promise<void> {
  const known = await db
    .selectFrom('incident_entity')
    .select(['entity_key', 'body', 'seq'])
    .where('incident_number', '=', number)
    .execute()
  const bodies = new Map(known.map(({ entity_key, body }) => [entity_key, JSON.parse(body) as Entity]))
  let seq = known.reduce((last, row) => Math.max(last, row.seq), 0)
  for (const entity of entities) {
    const key = entityKey(entity)
    const before = bodies.get(key)
    const columns = [...new Set([...(before?.columns ?? []), ...(entity.columns ?? [])])]
    const body: Entity = { ...(before ?? entity), ...(columns.length === 0 ? {} : { columns }) }
    if (before !== undefined && (before.columns?.length ?? 0) === columns.length) continue
    bodies.set(key, body)
    await db
      .insertInto('incident_entity')
      .values({
        incident_number: number,
        entity_key: key,
        type: entity.type,
        name: entityName(entity),
        body: JSON.stringify(body),
        seq: ++seq,
      })
      .onConflict((conflict) =>
        conflict.columns(['incident_number', 'entity_key']).doUpdateSet({ body: JSON.stringify(body) }),
      )
      .execute()
  }
}
