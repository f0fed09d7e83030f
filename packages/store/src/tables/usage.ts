import { table } from '../schema.js'

export const USAGE = table('Usage', 'What came in, an hour and table a row', {
  Computer: 'string',
  BatchesWithinSla: 'long',
  DataType: 'string',
  EndTime: 'datetime',
  IsBillable: 'bool',
  MeterId: 'string',
  Quantity: 'real',
  QuantityUnit: 'string',
  ResourceUri: 'string',
  Solution: 'string',
  SourceSystem: 'string',
  StartTime: 'datetime',
  TenantId: 'string',
})
