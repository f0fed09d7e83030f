import type { TableSchema } from '../schema.js'
import { AUDIT_COMMAND } from './audit-command.js'
import { AUDIT_EVENT } from './audit-event.js'
import { AUDIT_KEYSTROKE } from './audit-keystroke.js'
import { AUDIT_SESSION } from './audit-session.js'
import { HEARTBEAT } from './heartbeat.js'
import { LINUX_AUDIT_LOG } from './linux-audit-log.js'
import { QUERY_LOG } from './query-log.js'
import { SECURITY_ALERT } from './security-alert.js'
import { SECURITY_INCIDENT } from './security-incident.js'
import { SENTINEL_HEALTH } from './sentinel-health.js'
import { SYSLOG } from './syslog.js'
import { USAGE } from './usage.js'
import { WATCHLIST } from './watchlist.js'

/** The tables that every store has. To add one: a file beside this, and a line here. */
export const TABLES: readonly TableSchema[] = [
  LINUX_AUDIT_LOG,
  AUDIT_EVENT,
  AUDIT_SESSION,
  AUDIT_COMMAND,
  AUDIT_KEYSTROKE,
  SYSLOG,
  HEARTBEAT,
  SECURITY_ALERT,
  SECURITY_INCIDENT,
  SENTINEL_HEALTH,
  USAGE,
  QUERY_LOG,
  WATCHLIST,
]

/** Tables that hold what is so, not what happened: their rows grow old without becoming untrue. */
export const STATE_TABLES: readonly string[] = [WATCHLIST.name]
