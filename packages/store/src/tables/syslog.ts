import { table } from '../schema.js'

export const SYSLOG = table('Syslog', 'Messages of the system logger', {
  Computer: 'string',
  EventTime: 'datetime',
  Facility: 'string',
  HostIP: 'string',
  HostName: 'string',
  ProcessID: 'long',
  ProcessName: 'string',
  SeverityLevel: 'string',
  SyslogMessage: 'string',
  CollectorHostName: 'string',
  SourceSystem: 'string',
  TenantId: 'string',
})
