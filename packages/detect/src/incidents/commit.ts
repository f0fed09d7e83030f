/** The alerts of a run, into the control state: each alone, or in an incident that is new or takes it. */
import type { Kysely } from 'kysely'
import type { Alert } from '../alerts/alert.js'
import { securityAlertRow } from '../alerts/log-row.js'
import type { FoundAlert } from '../alerts/make.js'
import { toOutbox } from '../control/outbox.js'
import type { ControlTables } from '../control/schema.js'
import type { AnalyticsRule } from '../rules/rule.js'
import type { Change } from './change.js'
import { ALERTS_PER_INCIDENT, incidentFor } from './grouping.js'
import type { IncidentStatus } from './incident.js'
import { addEntities, announceIncident, changeIncident, insertIncident, type Writing } from './ledger.js'
import { alertsOfIncident, rowOf } from './read.js'

type Db = Kysely<ControlTables>

/** An incident as it grows during a commit; it is written and announced once, at the end. */
interface Open {
  readonly number: number
  readonly isNew: boolean
  status: IncidentStatus
  lastActivityTime: string
  readonly alerts: Alert[]
  readonly added: Alert[]
}

const CANDIDATES = 50

/** The rule's incidents that could still take an alert, newest first. */
async function candidates(db: Db, rule: AnalyticsRule, alerts: readonly FoundAlert[]): Promise<Open[]> {
  if (!rule.grouping.enabled || alerts.length === 0) return []
  const first = alerts.reduce((least, { alert }) => (alert.endTime < least ? alert.endTime : least), '9')
  const oldest = new Date(Date.parse(first) - rule.grouping.lookback * 60_000).toISOString().slice(0, 19)
  const rows = await db
    .selectFrom('incident')
    .select(['number', 'status', 'last_activity_time'])
    .where('rule_id', '=', rule.id)
    .where('last_activity_time', '>=', oldest)
    .where('alert_count', '<', ALERTS_PER_INCIDENT)
    .orderBy('last_activity_time', 'desc')
    .orderBy('number', 'desc')
    .limit(CANDIDATES)
    .execute()
  const open: Open[] = []
  for (const { number, status, last_activity_time } of rows) {
    const alertsBefore = await alertsOfIncident(db, number)
    open.push({
      number,
      isNew: false,
      status: status as IncidentStatus,
      lastActivityTime: last_activity_time,
      alerts: alertsBefore,
      added: [],
    })
  }
  return open
}

async function openFor(db: Db, rule: AnalyticsRule, alert: Alert, writing: Writing, newId: () => string) {
  const number = await insertIncident(
    db,
    {
      id: newId(),
      title: alert.displayName,
      description: alert.description,
      severity: alert.severity,
      status: 'New',
      rule_id: rule.id,
      first_activity_time: alert.startTime,
      last_activity_time: alert.endTime,
    },
    writing,
  )
  const open: Open = {
    number,
    isNew: true,
    status: 'New',
    lastActivityTime: alert.endTime,
    alerts: [],
    added: [],
  }
  return open
}

async function insertAlert(
  db: Db,
  rule: AnalyticsRule,
  found: FoundAlert,
  number: number | null,
  writing: Writing,
) {
  const { alert, rows } = found
  await db
    .insertInto('alert')
    .values({
      id: alert.id,
      rule_id: rule.id,
      incident_number: number,
      generated_time: alert.generatedTime,
      body: JSON.stringify(alert),
    })
    .execute()
  await db
    .insertInto('alert_rows')
    .values({ alert_id: alert.id, columns: JSON.stringify(rows.columns), rows: JSON.stringify(rows.rows) })
    .execute()
  await toOutbox(db, 'SecurityAlert', securityAlertRow(alert, rule))
  await db
    .insertInto('automation_event')
    .values({
      event: 'AlertCreated',
      incident_number: number,
      alert_id: alert.id,
      changes: '[]',
      actor_kind: writing.actor.kind,
      actor_name: writing.actor.name,
      depth: 0,
    })
    .execute()
}

const least = (texts: readonly string[]) => texts.reduce((a, b) => (a < b ? a : b))
const greatest = (texts: readonly string[]) => texts.reduce((a, b) => (a > b ? a : b))
const joined = (json: string, lists: readonly (readonly string[])[]) => [
  ...new Set([...(JSON.parse(json) as string[]), ...lists.flat()]),
]

/** Writes what the alerts that an incident took say together. */
async function finish(db: Db, rule: AnalyticsRule, open: Open, writing: Writing): Promise<void> {
  const row = (await rowOf(db, open.number))!
  const { added } = open
  const before = new Set(JSON.parse(row.tactics) as string[])
  const tactics = joined(
    row.tactics,
    added.map((alert) => alert.tactics),
  )
  const reopened = row.status === 'Closed'
  const set = {
    first_activity_time: least([row.first_activity_time, ...added.map(({ startTime }) => startTime)]),
    last_activity_time: greatest([row.last_activity_time, ...added.map(({ endTime }) => endTime)]),
    alert_count: row.alert_count + added.length,
    row_count: row.row_count + added.reduce((sum, { rowCount }) => sum + rowCount, 0),
    tactics: JSON.stringify(tactics),
    techniques: JSON.stringify(
      joined(
        row.techniques,
        added.map((alert) => alert.techniques),
      ),
    ),
    rule_ids: JSON.stringify(joined(row.rule_ids, [[rule.id]])),
    ...(reopened
      ? {
          status: 'Active',
          closed_time: null,
          classification: null,
          classification_reason: null,
          classification_comment: null,
        }
      : {}),
  }
  await addEntities(
    db,
    open.number,
    added.flatMap(({ entities }) => entities),
  )
  const alerts = added.map(
    ({ id, displayName }): Change => ({ kind: 'added', what: 'alert', value: id, title: displayName }),
  )
  if (open.isNew) {
    await db.updateTable('incident').set(set).where('number', '=', open.number).execute()
    await announceIncident(db, open.number, [{ kind: 'created' }, ...alerts], writing)
    return
  }
  const changes: Change[] = [
    ...alerts,
    ...tactics
      .filter((t) => !before.has(t))
      .map((value): Change => ({ kind: 'added', what: 'tactic', value })),
    ...(reopened ? [{ kind: 'changed', property: 'status', from: 'Closed', to: 'Active' } as const] : []),
  ]
  await changeIncident(db, open.number, set, changes, writing)
}

/** Returns the numbers of the incidents that are new or got an alert. Part of the caller's transaction. */
export async function commitAlerts(
  db: Db,
  rule: AnalyticsRule,
  found: readonly FoundAlert[],
  writing: Writing,
  newId: () => string,
): Promise<number[]> {
  const incidents = rule.createIncident ? await candidates(db, rule, found) : []
  const touched = new Set<Open>()
  for (const one of found) {
    let open: Open | undefined
    if (rule.createIncident) {
      open = incidentFor(rule.grouping, one.alert, incidents)
      if (open === undefined) {
        open = await openFor(db, rule, one.alert, writing, newId)
        incidents.unshift(open)
      }
      open.alerts.push(one.alert)
      open.added.push(one.alert)
      if (one.alert.endTime > open.lastActivityTime) open.lastActivityTime = one.alert.endTime
      if (open.status === 'Closed') open.status = 'Active'
      touched.add(open)
    }
    await insertAlert(db, rule, one, open?.number ?? null, writing)
  }
  for (const open of touched) await finish(db, rule, open, writing)
  return [...touched].map(({ number }) => number)
}
