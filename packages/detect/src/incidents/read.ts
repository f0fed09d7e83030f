/** Incidents out of the control state. */
import type { Kysely, Selectable } from 'kysely'
import type { Alert, AlertRows } from '../alerts/alert.js'
import type { ControlTables, IncidentTable } from '../control/schema.js'
import type { Entity } from '../entities/entity.js'
import type { Severity } from '../rules/vocabulary.js'
import type { Activity, Actor, Change } from './change.js'
import type {
  Classification,
  ClassificationReason,
  Comment,
  Incident,
  IncidentStatus,
  IncidentSummary,
  Label,
  Owner,
  Task,
  TaskStatus,
} from './incident.js'
import { type SlaTargets, slaTimes } from './sla.js'

type Db = Kysely<ControlTables>
export type IncidentRow = Selectable<IncidentTable>

/** What a reading needs beside the database. */
export interface Reading {
  /** ISO; service levels are judged by it. */
  readonly now: string
  readonly sla: SlaTargets
}

export const etagOf = (row: { readonly version: number }): string => `"${row.version}"`

export const labelsOf = (row: Pick<IncidentRow, 'labels'>): Label[] => JSON.parse(row.labels) as Label[]
export const ownerOf = (row: Pick<IncidentRow, 'owner'>): Owner | null =>
  row.owner === null ? null : (JSON.parse(row.owner) as Owner)

async function counts(db: Db, numbers: readonly number[]) {
  const comments = await db
    .selectFrom('incident_comment')
    .select(({ fn }) => ['incident_number', fn.countAll<number>().as('n')])
    .where('incident_number', 'in', numbers)
    .groupBy('incident_number')
    .execute()
  const tasks = await db
    .selectFrom('incident_task')
    .select(({ fn }) => ['incident_number', fn.countAll<number>().as('n')])
    .where('incident_number', 'in', numbers)
    .where('status', '!=', 'Completed')
    .groupBy('incident_number')
    .execute()
  const byNumber = (rows: readonly { incident_number: number; n: number }[]) =>
    new Map(rows.map(({ incident_number, n }) => [incident_number, Number(n)]))
  return { comments: byNumber(comments), tasks: byNumber(tasks) }
}

async function entities(db: Db, numbers: readonly number[]): Promise<Map<number, Entity[]>> {
  const rows = await db
    .selectFrom('incident_entity')
    .select(['incident_number', 'body'])
    .where('incident_number', 'in', numbers)
    .orderBy('seq')
    .execute()
  const found = new Map<number, Entity[]>()
  for (const { incident_number, body } of rows) {
    const list = found.get(incident_number) ?? []
    list.push(JSON.parse(body) as Entity)
    found.set(incident_number, list)
  }
  return found
}

export async function summariesOf(
  db: Db,
  rows: readonly IncidentRow[],
  { now, sla }: Reading,
): Promise<IncidentSummary[]> {
  if (rows.length === 0) return []
  const numbers = rows.map(({ number }) => number)
  const [{ comments, tasks }, entitiesOf] = [await counts(db, numbers), await entities(db, numbers)]
  return rows.map((row): IncidentSummary => {
    const severity = row.severity as Severity
    const { created_time: createdTime, acknowledged_time: acknowledgedTime, closed_time: closedTime } = row
    return {
      number: row.number,
      id: row.id,
      title: row.title,
      description: row.description,
      severity,
      status: row.status as IncidentStatus,
      classification: row.classification as Classification | null,
      classificationReason: row.classification_reason as ClassificationReason | null,
      classificationComment: row.classification_comment,
      owner: ownerOf(row),
      labels: labelsOf(row),
      ruleId: row.rule_id,
      ruleIds: JSON.parse(row.rule_ids) as string[],
      createdTime,
      lastModifiedTime: row.last_modified_time,
      modifiedBy: row.modified_by,
      firstActivityTime: row.first_activity_time,
      lastActivityTime: row.last_activity_time,
      closedTime,
      sla: slaTimes({ severity, createdTime, acknowledgedTime, closedTime }, sla, now),
      etag: etagOf(row),
      alertCount: row.alert_count,
      rowCount: row.row_count,
      commentCount: comments.get(row.number) ?? 0,
      openTaskCount: tasks.get(row.number) ?? 0,
      tactics: JSON.parse(row.tactics) as string[],
      techniques: JSON.parse(row.techniques) as string[],
      entities: entitiesOf.get(row.number) ?? [],
    }
  })
}

export async function alertsOfIncident(db: Db, number: number): Promise<Alert[]> {
  const rows = await db
    .selectFrom('alert')
    .select('body')
    .where('incident_number', '=', number)
    .orderBy('generated_time')
    .orderBy('id')
    .execute()
  return rows.map(({ body }) => JSON.parse(body) as Alert)
}

export async function commentsOf(db: Db, number: number): Promise<Comment[]> {
  const rows = await db
    .selectFrom('incident_comment')
    .selectAll()
    .where('incident_number', '=', number)
    .orderBy('created_time')
    .orderBy('id')
    .execute()
  return rows.map(({ id, author, message, created_time, last_modified_time }) => ({
    id,
    author,
    message,
    createdTime: created_time,
    lastModifiedTime: last_modified_time,
  }))
}

export async function tasksOf(db: Db, number: number): Promise<Task[]> {
  const rows = await db
    .selectFrom('incident_task')
    .selectAll()
    .where('incident_number', '=', number)
    .orderBy('created_time')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    description: row.description,
    status: row.status as TaskStatus,
    createdBy: row.created_by,
    createdTime: row.created_time,
    lastModifiedBy: row.last_modified_by,
    lastModifiedTime: row.last_modified_time,
  }))
}

export async function rowOf(db: Db, number: number): Promise<IncidentRow | undefined> {
  return db.selectFrom('incident').selectAll().where('number', '=', number).executeTakeFirst()
}

export async function readIncident(db: Db, number: number, reading: Reading): Promise<Incident | undefined> {
  const row = await rowOf(db, number)
  if (row === undefined) return undefined
  const [summary] = await summariesOf(db, [row], reading)
  return {
    ...summary!,
    alerts: await alertsOfIncident(db, number),
    comments: await commentsOf(db, number),
    tasks: await tasksOf(db, number),
  }
}

export async function readAlertRows(db: Db, alertId: string): Promise<AlertRows | undefined> {
  const row = await db
    .selectFrom('alert_rows')
    .select(['columns', 'rows'])
    .where('alert_id', '=', alertId)
    .executeTakeFirst()
  return row && { columns: JSON.parse(row.columns) as string[], rows: JSON.parse(row.rows) as string[][] }
}

export async function readActivities(
  db: Db,
  number: number,
  after: number,
  limit: number,
): Promise<Activity[]> {
  const rows = await db
    .selectFrom('incident_activity')
    .selectAll()
    .where('incident_number', '=', number)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(({ id, time, actor_kind, actor_name, change }) => ({
    id,
    time,
    actor: { kind: actor_kind as Actor['kind'], name: actor_name },
    change: JSON.parse(change) as Change,
  }))
}
