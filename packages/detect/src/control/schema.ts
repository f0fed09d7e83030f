/**
 * The control state: what the server must remember besides the logs. SQLite keeps it, because it changes row
 * by row; the logs themselves are in the store. Times are ISO 8601 text in UTC, which sorts as it reads.
 */
import type { Generated } from 'kysely'
import type { MigrationList } from './migrate.js'

export interface ControlTables {
  rule_state: RuleStateTable
  rule_setting: RuleSettingTable
  rule_job: RuleJobTable
  rule_run: RuleRunTable
  incident: IncidentTable
  incident_entity: IncidentEntityTable
  incident_comment: IncidentCommentTable
  incident_task: IncidentTaskTable
  incident_activity: IncidentActivityTable
  alert: AlertTable
  alert_rows: AlertRowsTable
  automation_event: AutomationEventTable
  automation_rule: AutomationRuleTable
  playbook: PlaybookTable
  playbook_run: PlaybookRunTable
  watchlist: WatchlistTable
  watchlist_item: WatchlistItemTable
  outbox: OutboxTable
}

export interface RuleStateTable {
  rule_id: string
  /** Event time up to which the schedule has been cut into jobs; null before the first row was seen. */
  through: string | null
  /** JSON: table to the last row id that is in a job. */
  arrived: string
  suppressed_until: string | null
  /** 1 until a rule that came later than the first has been planned: it does not look at all that is there. */
  bounded: Generated<number>
  /** 1 while the rule is off: what happens then is not caught up with. */
  paused: Generated<number>
  /** Failures in a row, and how many of them will not go away by themselves. */
  failures: Generated<number>
  permanent_failures: Generated<number>
  /** Not before this time, by the clock. */
  retry_at: string | null
  last_error: string | null
}

/** What a person, or a row of failures, decided about a rule, where it differs from its file. */
export interface RuleSettingTable {
  rule_id: string
  enabled: number
  /** 1 when failures turned it off. */
  auto_disabled: number
  reason: string | null
  changed_by: string
  changed_time: string
}

/** Windows that are still to be run; see runs/windows.ts. Times and row ids are ticks and numbers as text. */
export interface RuleJobTable {
  id: Generated<number>
  rule_id: string
  kind: 'history' | 'late' | 'schedule' | 'future' | 'nrt' | 'manual'
  /** JSON: origin, step, look, count, stop. */
  slots: string
  /** The first slot that has not been run. */
  next: number
  /** JSON: table to the row id up to which rows are looked at. */
  seen: string
  /** JSON: table to the row id up to which they had been looked at before. */
  before: string
}

export interface RuleRunTable {
  id: Generated<number>
  rule_id: string
  kind: Generated<string>
  window_start: string
  window_end: string
  ran_at: string
  row_count: number
  alert_count: number
  /** Windows in a row that this entry stands for: more than one where nothing was to be looked at. */
  windows: Generated<number>
  /** `ran`, `empty` (nothing to look at), `suppressed`, `failed` */
  outcome: Generated<string>
  duration_ms: Generated<number>
  error: string | null
}

export interface IncidentTable {
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
  /** Grows by one with each change. */
  version: Generated<number>
  modified_by: Generated<string>
  first_modified_time: string | null
  /** When somebody first took it on. */
  acknowledged_time: string | null
  closed_time: string | null
  classification: string | null
  classification_reason: string | null
  classification_comment: string | null
  /** JSON, see {@link Owner} in incidents/incident.ts. */
  owner: string | null
  /** JSON list of {@link Label}. */
  labels: Generated<string>
  alert_count: Generated<number>
  row_count: Generated<number>
  /** JSON lists, over all alerts. */
  tactics: Generated<string>
  techniques: Generated<string>
  rule_ids: Generated<string>
}

export interface IncidentEntityTable {
  incident_number: number
  /** See entityKey. */
  entity_key: string
  type: string
  name: string
  /** JSON, see {@link Entity}. */
  body: string
  seq: number
}

export interface IncidentCommentTable {
  id: string
  incident_number: number
  author: string
  message: string
  created_time: string
  last_modified_time: string
}

export interface IncidentTaskTable {
  id: string
  incident_number: number
  title: string
  description: string
  status: string
  created_by: string
  created_time: string
  last_modified_by: string
  last_modified_time: string
}

export interface IncidentActivityTable {
  id: Generated<number>
  incident_number: number
  time: string
  actor_kind: string
  actor_name: string
  /** JSON, see {@link Change} in incidents/change.ts. */
  change: string
}

export interface AlertTable {
  id: string
  rule_id: string
  incident_number: number | null
  generated_time: string
  /** JSON, see {@link Alert}. */
  body: string
}

export interface AlertRowsTable {
  alert_id: string
  /** JSON, see {@link AlertRows}. */
  columns: string
  rows: string
}

/** What automation has not looked at yet. */
export interface AutomationEventTable {
  id: Generated<number>
  /** `IncidentCreated`, `IncidentUpdated`, `AlertCreated` */
  event: string
  incident_number: number | null
  alert_id: string | null
  /** JSON list of {@link Change}. */
  changes: string
  actor_kind: string
  actor_name: string
  /** How many automations led to this one. */
  depth: number
}

export interface AutomationRuleTable {
  id: string
  rule_order: number
  display_name: string
  /** JSON, see automation/rule.ts. */
  body: string
  created_by: string
  created_time: string
  modified_by: string
  modified_time: string
  ran: Generated<number>
  last_ran_time: string | null
  last_error: string | null
}

export interface PlaybookTable {
  id: string
  name: string
  /** JSON, see playbooks/playbook.ts; holds secrets. */
  body: string
  created_by: string
  created_time: string
}

/** A run waits here until it is done, and is its own log afterwards. */
export interface PlaybookRunTable {
  id: string
  playbook_id: string
  playbook_name: string
  incident_number: number | null
  alert_id: string | null
  is_update: number
  requested_by: string
  /** `queued`, `succeeded`, `failed` */
  state: string
  created_time: string
  ended_time: string | null
  next_time: string | null
  /** JSON list of {time, ok, message}. */
  attempts: string
  file: string | null
}

export interface WatchlistTable {
  /** What queries name it by. */
  alias: string
  id: string
  name: string
  description: string
  provider: string
  /** The column whose value is an item's SearchKey. */
  search_key: string
  /** JSON list, in the order of the file. */
  columns: string
  created_by: string
  created_time: string
  updated_by: string
  updated_time: string
  /** Ticks as text: the newest change that Watchlist was told of. */
  last_change: string
}

export interface WatchlistItemTable {
  id: string
  alias: string
  search_key: string
  /** JSON: column to text. */
  body: string
  created_by: string
  created_time: string
  updated_by: string
  updated_time: string
  seq: Generated<number>
}

/** Rows for the log tables that are not in the store yet, in the order in which they happened. */
export interface OutboxTable {
  seq: Generated<number>
  log_table: string
  row: string
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
    [
      'ALTER TABLE rule_state ADD COLUMN bounded INTEGER NOT NULL DEFAULT 0',
      'ALTER TABLE rule_state ADD COLUMN paused INTEGER NOT NULL DEFAULT 0',
      'ALTER TABLE rule_state ADD COLUMN failures INTEGER NOT NULL DEFAULT 0',
      'ALTER TABLE rule_state ADD COLUMN permanent_failures INTEGER NOT NULL DEFAULT 0',
      'ALTER TABLE rule_state ADD COLUMN retry_at TEXT',
      'ALTER TABLE rule_state ADD COLUMN last_error TEXT',
      `CREATE TABLE rule_setting (
         rule_id TEXT PRIMARY KEY, enabled INTEGER NOT NULL, auto_disabled INTEGER NOT NULL, reason TEXT,
         changed_by TEXT NOT NULL, changed_time TEXT NOT NULL) STRICT`,
      `CREATE TABLE rule_job (
         id INTEGER PRIMARY KEY AUTOINCREMENT, rule_id TEXT NOT NULL, kind TEXT NOT NULL, slots TEXT NOT NULL,
         next INTEGER NOT NULL, seen TEXT NOT NULL, before TEXT NOT NULL) STRICT`,
      'CREATE INDEX rule_job_by_rule ON rule_job (rule_id, id)',
      "ALTER TABLE rule_run ADD COLUMN kind TEXT NOT NULL DEFAULT 'schedule'",
      'ALTER TABLE rule_run ADD COLUMN windows INTEGER NOT NULL DEFAULT 1',
      "ALTER TABLE rule_run ADD COLUMN outcome TEXT NOT NULL DEFAULT 'ran'",
      'ALTER TABLE rule_run ADD COLUMN duration_ms INTEGER NOT NULL DEFAULT 0',

      'ALTER TABLE incident ADD COLUMN version INTEGER NOT NULL DEFAULT 1',
      "ALTER TABLE incident ADD COLUMN modified_by TEXT NOT NULL DEFAULT ''",
      'ALTER TABLE incident ADD COLUMN first_modified_time TEXT',
      'ALTER TABLE incident ADD COLUMN acknowledged_time TEXT',
      'ALTER TABLE incident ADD COLUMN closed_time TEXT',
      'ALTER TABLE incident ADD COLUMN classification TEXT',
      'ALTER TABLE incident ADD COLUMN classification_reason TEXT',
      'ALTER TABLE incident ADD COLUMN classification_comment TEXT',
      'ALTER TABLE incident ADD COLUMN owner TEXT',
      "ALTER TABLE incident ADD COLUMN labels TEXT NOT NULL DEFAULT '[]'",
      'ALTER TABLE incident ADD COLUMN alert_count INTEGER NOT NULL DEFAULT 0',
      'ALTER TABLE incident ADD COLUMN row_count INTEGER NOT NULL DEFAULT 0',
      "ALTER TABLE incident ADD COLUMN tactics TEXT NOT NULL DEFAULT '[]'",
      "ALTER TABLE incident ADD COLUMN techniques TEXT NOT NULL DEFAULT '[]'",
      "ALTER TABLE incident ADD COLUMN rule_ids TEXT NOT NULL DEFAULT '[]'",
      'CREATE INDEX incident_by_modified ON incident (last_modified_time, number)',
      `CREATE TABLE incident_entity (
         incident_number INTEGER NOT NULL REFERENCES incident (number), entity_key TEXT NOT NULL,
         type TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, seq INTEGER NOT NULL,
         PRIMARY KEY (incident_number, entity_key)) STRICT`,
      'CREATE INDEX incident_entity_by_name ON incident_entity (name, type)',
      `CREATE TABLE incident_comment (
         id TEXT PRIMARY KEY, incident_number INTEGER NOT NULL REFERENCES incident (number),
         author TEXT NOT NULL, message TEXT NOT NULL, created_time TEXT NOT NULL,
         last_modified_time TEXT NOT NULL) STRICT`,
      'CREATE INDEX incident_comment_by_incident ON incident_comment (incident_number, created_time)',
      `CREATE TABLE incident_task (
         id TEXT PRIMARY KEY, incident_number INTEGER NOT NULL REFERENCES incident (number),
         title TEXT NOT NULL, description TEXT NOT NULL, status TEXT NOT NULL, created_by TEXT NOT NULL,
         created_time TEXT NOT NULL, last_modified_by TEXT NOT NULL, last_modified_time TEXT NOT NULL) STRICT`,
      'CREATE INDEX incident_task_by_incident ON incident_task (incident_number, created_time)',
      `CREATE TABLE incident_activity (
         id INTEGER PRIMARY KEY AUTOINCREMENT, incident_number INTEGER NOT NULL REFERENCES incident (number),
         time TEXT NOT NULL, actor_kind TEXT NOT NULL, actor_name TEXT NOT NULL, change TEXT NOT NULL) STRICT`,
      'CREATE INDEX incident_activity_by_incident ON incident_activity (incident_number, id)',
      `CREATE TABLE automation_event (
         id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, incident_number INTEGER, alert_id TEXT,
         changes TEXT NOT NULL, actor_kind TEXT NOT NULL, actor_name TEXT NOT NULL,
         depth INTEGER NOT NULL) STRICT`,

      // The rows behind an alert leave its body; what an incident's alerts say together goes to the incident.
      `CREATE TABLE alert_rows (
         alert_id TEXT PRIMARY KEY REFERENCES alert (id), columns TEXT NOT NULL, rows TEXT NOT NULL) STRICT`,
      `INSERT INTO alert_rows (alert_id, columns, rows)
         SELECT id, json_extract(body, '$.columns'), json_extract(body, '$.rows') FROM alert`,
      `UPDATE alert SET body = json_set(json_remove(body, '$.columns', '$.rows'),
         '$.properties', json('{}'), '$.aggregation', 'SingleAlert', '$.isSummary', json('false'))`,
      `UPDATE incident SET
         alert_count = (SELECT count(*) FROM alert WHERE incident_number = number),
         row_count = (SELECT coalesce(sum(json_extract(body, '$.rowCount')), 0) FROM alert
           WHERE incident_number = number),
         tactics = (SELECT coalesce(json_group_array(DISTINCT value), '[]')
           FROM alert, json_each(body, '$.tactics') WHERE incident_number = number),
         techniques = (SELECT coalesce(json_group_array(DISTINCT value), '[]')
           FROM alert, json_each(body, '$.techniques') WHERE incident_number = number),
         rule_ids = json_array(rule_id)`,
      `INSERT OR IGNORE INTO incident_entity (incident_number, entity_key, type, name, body, seq)
         SELECT incident_number, value, json_extract(value, '$.type'),
           (SELECT value FROM json_each(entity.value, '$.identifiers') LIMIT 1), value, entity.id
         FROM alert, json_each(body, '$.entities') AS entity WHERE incident_number IS NOT NULL`,
    ],
    [
      `CREATE TABLE watchlist (
         alias TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, description TEXT NOT NULL,
         provider TEXT NOT NULL, search_key TEXT NOT NULL, columns TEXT NOT NULL, created_by TEXT NOT NULL,
         created_time TEXT NOT NULL, updated_by TEXT NOT NULL, updated_time TEXT NOT NULL,
         last_change TEXT NOT NULL) STRICT`,
      `CREATE TABLE watchlist_item (
         seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, alias TEXT NOT NULL
           REFERENCES watchlist (alias), search_key TEXT NOT NULL, body TEXT NOT NULL,
         created_by TEXT NOT NULL, created_time TEXT NOT NULL, updated_by TEXT NOT NULL,
         updated_time TEXT NOT NULL) STRICT`,
      'CREATE INDEX watchlist_item_by_key ON watchlist_item (alias, search_key)',
    ],
    [
      `CREATE TABLE automation_rule (
         id TEXT PRIMARY KEY, rule_order INTEGER NOT NULL, display_name TEXT NOT NULL, body TEXT NOT NULL,
         created_by TEXT NOT NULL, created_time TEXT NOT NULL, modified_by TEXT NOT NULL,
         modified_time TEXT NOT NULL, ran INTEGER NOT NULL DEFAULT 0, last_ran_time TEXT,
         last_error TEXT) STRICT`,
      `CREATE TABLE playbook (
         id TEXT PRIMARY KEY, name TEXT NOT NULL, body TEXT NOT NULL, created_by TEXT NOT NULL,
         created_time TEXT NOT NULL) STRICT`,
      `CREATE TABLE playbook_run (
         id TEXT PRIMARY KEY, playbook_id TEXT NOT NULL, playbook_name TEXT NOT NULL, incident_number INTEGER,
         alert_id TEXT, is_update INTEGER NOT NULL, requested_by TEXT NOT NULL, state TEXT NOT NULL,
         created_time TEXT NOT NULL, ended_time TEXT, next_time TEXT, attempts TEXT NOT NULL,
         file TEXT) STRICT`,
      'CREATE INDEX playbook_run_by_state ON playbook_run (state, next_time)',
      'CREATE INDEX playbook_run_by_incident ON playbook_run (incident_number, created_time)',
      // What happened before there were automation rules does not meet them.
      'DELETE FROM automation_event',
    ],
  ],
}
