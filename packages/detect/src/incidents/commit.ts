/** What one pass of one rule found, into the control state: in one transaction. */
import { ticksToIso } from '@auspex/kql'
import type { Transaction } from 'kysely'
import type { Alert } from '../alerts/alert.js'
import type { ControlDatabase } from '../control/database.js'
import type { ControlTables } from '../control/schema.js'
import type { AnalyticsRule } from '../rules/rule.js'
import { incidentFor } from './grouping.js'
import type { Incident } from './incident.js'
import { securityAlertRow, securityIncidentRow } from './log-rows.js'
import { readIncident, readIncidentsOfRule } from './read.js'

export interface RuleState {
  /** Event time up to which the schedule has run, in ticks. */
  readonly through?: bigint
  /** Table to the last row id that a run has seen. */
  readonly arrived: Readonly<Record<string, bigint>>
  readonly suppressedUntil?: bigint
}

export interface RunRecord {
  readonly start: string
  readonly end: string
  readonly rows: number
  readonly alerts: number
}

export interface Findings {
  readonly rule: AnalyticsRule
  readonly alerts: readonly Alert[]
  readonly runs: readonly RunRecord[]
  readonly state: RuleState
  readonly ranAt: string
  readonly newId: () => string
}

type Db = Transaction<ControlTables>

const RUNS_KEPT = 1000

async function forgetOldRuns(db: Db, ruleId: string): Promise<void> {
  const kept = db
    .selectFrom('rule_run')
    .select('id')
    .where('rule_id', '=', ruleId)
    .orderBy('id', 'desc')
    .limit(RUNS_KEPT)
  await db.deleteFrom('rule_run').where('rule_id', '=', ruleId).where('id', 'not in', kept).execute()
}

async function saveState(db: Db, { rule, state, runs, ranAt }: Findings): Promise<void> {
  const row = {
    rule_id: rule.id,
    through: state.through === undefined ? null : ticksToIso(state.through),
    arrived: JSON.stringify(
      Object.fromEntries(Object.entries(state.arrived).map(([table, id]) => [table, String(id)])),
    ),
    suppressed_until: state.suppressedUntil === undefined ? null : ticksToIso(state.suppressedUntil),
  }
  await db
    .insertInto('rule_state')
    .values(row)
    .onConflict((conflict) => conflict.column('rule_id').doUpdateSet(row))
    .execute()
  if (runs.length > 0) await forgetOldRuns(db, rule.id)
  for (const run of runs.slice(-RUNS_KEPT)) {
    await db
      .insertInto('rule_run')
      .values({
        rule_id: rule.id,
        window_start: run.start,
        window_end: run.end,
        ran_at: ranAt,
        row_count: run.rows,
        alert_count: run.alerts,
        error: null,
      })
      .execute()
  }
}

async function openIncident(db: Db, findings: Findings, alert: Alert): Promise<number> {
  const { rule, ranAt, newId } = findings
  const { number } = await db
    .insertInto('incident')
    .values({
      id: newId(),
      title: alert.displayName,
      description: alert.description,
      severity: alert.severity,
      status: 'New',
      rule_id: rule.id,
      created_time: ranAt,
      last_modified_time: ranAt,
      first_activity_time: alert.startTime,
      last_activity_time: alert.endTime,
    })
    .returning('number')
    .executeTakeFirstOrThrow()
  return number
}

async function addToIncident(db: Db, findings: Findings, alert: Alert, incident: Incident): Promise<void> {
  const { ranAt } = findings
  await db
    .updateTable('incident')
    .set({
      last_modified_time: ranAt,
      status: incident.status === 'Closed' ? 'Active' : incident.status,
      first_activity_time:
        alert.startTime < incident.firstActivityTime ? alert.startTime : incident.firstActivityTime,
      last_activity_time:
        alert.endTime > incident.lastActivityTime ? alert.endTime : incident.lastActivityTime,
    })
    .where('number', '=', incident.number)
    .execute()
}

/** Returns the incidents that are new or got an alert, as they stand afterwards. */
export async function commitFindings(control: ControlDatabase, findings: Findings): Promise<Incident[]> {
  const { rule, alerts } = findings
  return control.transaction().execute(async (db) => {
    const outbox = (log_table: string, row: Record<string, unknown>) =>
      db
        .insertInto('outbox')
        .values({ log_table, row: JSON.stringify(row) })
        .execute()

    await saveState(db, findings)
    const touched = new Set<number>()
    for (const alert of alerts) {
      let number: number | null = null
      if (rule.createIncident) {
        const candidates = rule.grouping.enabled ? await readIncidentsOfRule(db, rule.id) : []
        const incident = incidentFor(rule.grouping, alert, candidates)
        if (incident === undefined) number = await openIncident(db, findings, alert)
        else {
          await addToIncident(db, findings, alert, incident)
          number = incident.number
        }
        touched.add(number)
      }
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
      await outbox('SecurityAlert', securityAlertRow(rule, alert))
    }
    const incidents: Incident[] = []
    for (const number of touched) {
      const incident = await readIncident(db, number)
      if (incident === undefined) continue
      await outbox('SecurityIncident', securityIncidentRow(incident, `rule ${rule.name}`))
      incidents.push(incident)
    }
    return incidents
  })
}
