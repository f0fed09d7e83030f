/**
 * The control state: what the server must remember besides the logs. SQLite keeps it, because it changes row
 * by row; the logs themselves are in the store. Times are ISO 8601 text in UTC, which sorts as it reads.
 */
import type { Generated } from 'kysely'
import type { MigrationList } from './migrate.js'

export interface ControlTables {
  rule_state: {
    rule_id: string
    /** Event time up to which the schedule has run; null before the first row was seen. */
    through: string | null
    /** JSON: table to the last row id that a run has seen. */
    arrived: string
    suppressed_until: string | null
  }
  rule_run: {
    id: Generated<number>
    rule_id: string
    window_start: string
    window_end: string
    ran_at: string
    row_count: number
    alert_count: number
    /** Null when the run went well. */
    error: string | null
  }
  incident: {
    number: Generated<number>
    id: string
    title: string
    description: string
    severity: string
    status: string
    rule_id: string
    created_time: string
    last_modified_time: string
    first_activity_time: string
    last_activity_time: string
  }
  alert: {
    id: string
    rule_id: string
    incident_number: number | null
    generated_time: string
    /** The alert as JSON. */
    body: string
  }
  /** Rows for the log tables that are not in the store yet, in the order in which they happened. */
  outbox: {
    seq: Generated<number>
    log_table: string
    row: string
  }
}

export const DETECT_MIGRATIONS: MigrationList = {
  owner: 'detect',
  migrations: [
    [
      `CREATE TABLE rule_state (
       rule_id TEXT PRIMARY KEY, through TEXT, arrived TEXT NOT NULL, suppressed_until TEXT) STRICT`,
      `CREATE TABLE rule_run (
       id INTEGER PRIMARY KEY AUTOINCREMENT, rule_id TEXT NOT NULL, window_start TEXT NOT NULL,
       window_end TEXT NOT NULL, ran_at TEXT NOT NULL, row_count INTEGER NOT NULL,
       alert_count INTEGER NOT NULL, error TEXT) STRICT`,
      'CREATE INDEX rule_run_by_rule ON rule_run (rule_id, id)',
      `CREATE TABLE incident (
       number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
       description TEXT NOT NULL, severity TEXT NOT NULL, status TEXT NOT NULL, rule_id TEXT NOT NULL,
       created_time TEXT NOT NULL, last_modified_time TEXT NOT NULL, first_activity_time TEXT NOT NULL,
       last_activity_time TEXT NOT NULL) STRICT`,
      'CREATE INDEX incident_by_rule ON incident (rule_id, last_activity_time)',
      `CREATE TABLE alert (
       id TEXT PRIMARY KEY, rule_id TEXT NOT NULL, incident_number INTEGER REFERENCES incident (number),
       generated_time TEXT NOT NULL, body TEXT NOT NULL) STRICT`,
      'CREATE INDEX alert_by_incident ON alert (incident_number)',
      `CREATE TABLE outbox (
       seq INTEGER PRIMARY KEY AUTOINCREMENT, log_table TEXT NOT NULL, row TEXT NOT NULL) STRICT`,
    ],
  ],
}
