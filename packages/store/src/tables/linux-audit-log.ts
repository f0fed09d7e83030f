import { table } from '../schema.js'

export const LINUX_AUDIT_LOG = table('LinuxAuditLog_CL', 'Linux audit records, a row each', {
  Computer: 'string',
  RecordType_s: 'string',
  AuditID_s: 'string',
  SerialNumber_s: 'string',
  Timestamp_t: 'datetime',
  AdditionalMessage_s: 'string',
  RawData: 'string',
})
