import type { Kysely, Selectable } from 'kysely'
import type { Alert } from '../alerts/alert.js'
import type { ControlTables } from '../control/schema.js'
import type { Severity } from '../rules/vocabulary.js'
import type { Incident, IncidentStatus } from './incident.js'

type Db = Kysely<ControlTables>

const GROUPING_CANDIDATES = 50

async function withAlerts(db: Db, row: Selectable<ControlTables['incident']>): Promise<Incident> {
  const alerts = await db
    .selectFrom('alert')
    .select('body')
    .where('incident_number', '=', row.number)
    .orderBy('generated_time')
    .execute()
  return {
    number: row.number,
    id: row.id,
    title: row.title,
    description: row.description,
    severity: row.severity as Severity,
    status: row.status as IncidentStatus,
    ruleId: row.rule_id,
    createdTime: row.created_time,
    lastModifiedTime: row.last_modified_time,
    firstActivityTime: row.first_activity_time,
    lastActivityTime: row.last_activity_time,
    alerts: alerts.map(({ body }) => JSON.parse(body) as Alert),
  }
}

export async function readIncident(db: Db, number: number): Promise<Incident | undefined> {
  const row = await db.selectFrom('incident').selectAll().where('number', '=', number).executeTakeFirst()
  return row === undefined ? undefined : withAlerts(db, row)
}

/** Incidents, newest first. */
export async function readIncidents(db: Db, limit: number): Promise<Incident[]> {
  const rows = await db.selectFrom('incident').selectAll().orderBy('number', 'desc').limit(limit).execute()
  return Promise.all(rows.map((row) => withAlerts(db, row)))
}

export async function readIncidentsOfRule(db: Db, ruleId: string): Promise<Incident[]> {
  const rows = await db
    .selectFrom('incident')
    .selectAll()
    .where('rule_id', '=', ruleId)
    .orderBy('last_activity_time', 'desc')
    .limit(GROUPING_CANDIDATES)
    .execute()
  return Promise.all(rows.map((row) => withAlerts(db, row)))
}
