import { table } from '../schema.js'

export const SENTINEL_HEALTH = table(
  'SentinelHealth',
  'What became of each run of a rule, a connector or a playbook',
  {
    CorrelationId: 'string',
    Description: 'string',
    ExtendedProperties: 'dynamic',
    OperationName: 'string',
    Reason: 'string',
    RecordId: 'string',
    SentinelResourceId: 'string',
    SentinelResourceKind: 'string',
    SentinelResourceName: 'string',
    SentinelResourceType: 'string',
    SourceSystem: 'string',
    Status: 'string',
    TenantId: 'string',
    WorkspaceId: 'string',
  },
)
