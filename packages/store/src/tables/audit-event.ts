import { AUDIT_EVENT_COLUMNS, AUDIT_EVENT_TABLE } from '@auspex/auditd'
import { table } from '../schema.js'

export const AUDIT_EVENT = table(
  AUDIT_EVENT_TABLE,
  'Linux audit events: all records of one serial, a row each',
  AUDIT_EVENT_COLUMNS,
)
