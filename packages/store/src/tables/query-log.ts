import { table } from '../schema.js'

export const QUERY_LOG = table('QueryLog', 'Who ran which KQL, when, and what it cost', {
  Computer: 'string',
  UserName: 'string',
  Client: 'string',
  QueryText: 'string',
  QueryTimeRangeStart: 'datetime',
  QueryTimeRangeEnd: 'datetime',
  Result: 'string',
  ErrorCode: 'string',
  RowCount: 'long',
  Truncated: 'bool',
  DurationMs: 'real',
  CorrelationId: 'string',
})
