import { LINUX_AUDIT_LOG_COLUMNS, LINUX_AUDIT_LOG_TABLE } from '@auspex/auditd'
import { table } from '../schema.js'

export const LINUX_AUDIT_LOG = table(
  LINUX_AUDIT_LOG_TABLE,
  'Linux audit records, a row each',
  LINUX_AUDIT_LOG_COLUMNS,
)
