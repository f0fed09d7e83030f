/** Sentinel's own words for rules: severities, tactics, operators, entity types and their identifiers. */

export const SEVERITIES = ['Informational', 'Low', 'Medium', 'High'] as const
export type Severity = (typeof SEVERITIES)[number]

export const KINDS = ['Scheduled', 'NRT'] as const
export type RuleKind = (typeof KINDS)[number]

export const TACTICS = [
  'Reconnaissance',
  'ResourceDevelopment',
  'InitialAccess',
  'Execution',
  'Persistence',
  'PrivilegeEscalation',
  'DefenseEvasion',
  'CredentialAccess',
  'Discovery',
  'LateralMovement',
  'Collection',
  'Exfiltration',
  'CommandAndControl',
  'Impact',
  'PreAttack',
  'ImpairProcessControl',
  'InhibitResponseFunction',
] as const
export type Tactic = (typeof TACTICS)[number]

/** Operators by both of their spellings; the value is the comparison that they stand for. */
export const TRIGGER_OPERATORS = {
  gt: 'gt',
  lt: 'lt',
  eq: 'eq',
  ne: 'ne',
  GreaterThan: 'gt',
  LessThan: 'lt',
  Equal: 'eq',
  NotEqual: 'ne',
} as const
export type TriggerOperator = 'gt' | 'lt' | 'eq' | 'ne'

export const TRIGGERS: Readonly<Record<TriggerOperator, (count: number, threshold: number) => boolean>> = {
  gt: (count, threshold) => count > threshold,
  lt: (count, threshold) => count < threshold,
  eq: (count, threshold) => count === threshold,
  ne: (count, threshold) => count !== threshold,
}

export const AGGREGATION_KINDS = ['SingleAlert', 'AlertPerResult'] as const
export type AggregationKind = (typeof AGGREGATION_KINDS)[number]

export const MATCHING_METHODS = ['AllEntities', 'AnyAlert', 'Selected'] as const
export type MatchingMethod = (typeof MATCHING_METHODS)[number]

/** Entity types with the identifiers that a field mapping may name. */
export const ENTITY_IDENTIFIERS = {
  Account: [
    'Name',
    'FullName',
    'NTDomain',
    'DnsDomain',
    'UPNSuffix',
    'Sid',
    'AadTenantId',
    'AadUserId',
    'PUID',
    'IsDomainJoined',
    'DisplayName',
    'ObjectGuid',
  ],
  Host: [
    'DnsDomain',
    'NTDomain',
    'HostName',
    'FullName',
    'NetBiosName',
    'AzureID',
    'OMSAgentID',
    'OSFamily',
    'OSVersion',
    'IsDomainJoined',
  ],
  IP: ['Address', 'AddressScope'],
  URL: ['Url'],
  Process: ['ProcessId', 'CommandLine', 'ElevationToken', 'CreationTimeUtc'],
  File: ['Directory', 'Name'],
  FileHash: ['Algorithm', 'Value'],
  DNS: ['DomainName'],
  Malware: ['Name', 'Category'],
  CloudApplication: ['AppId', 'Name', 'InstanceName'],
  AzureResource: ['ResourceId'],
  RegistryKey: ['Hive', 'Key'],
  RegistryValue: ['Name', 'Value', 'ValueType'],
  SecurityGroup: ['DistinguishedName', 'SID', 'ObjectGuid'],
  Mailbox: ['MailboxPrimaryAddress', 'DisplayName', 'Upn', 'ExternalDirectoryObjectId', 'RiskLevel'],
  MailCluster: ['NetworkMessageIds', 'Query', 'QueryTime', 'MailCount', 'Source'],
  MailMessage: ['Recipient', 'Urls', 'Sender', 'SenderIP', 'Subject', 'NetworkMessageId'],
  SubmissionMail: ['SubmissionId', 'Submitter', 'Sender', 'SenderIp', 'Subject', 'NetworkMessageId'],
} as const satisfies Record<string, readonly string[]>
export type EntityType = keyof typeof ENTITY_IDENTIFIERS
export const ENTITY_TYPES = Object.keys(ENTITY_IDENTIFIERS) as EntityType[]

/**
 * Columns that old rules map entities with; they count only where a rule has no `entityMappings`
 * (Sentinel documentation, "map data fields to entities").
 */
export const CUSTOM_ENTITY_COLUMNS: readonly {
  column: string
  entityType: EntityType
  identifier: string
}[] = [
  { column: 'AccountCustomEntity', entityType: 'Account', identifier: 'FullName' },
  { column: 'HostCustomEntity', entityType: 'Host', identifier: 'FullName' },
  { column: 'IPCustomEntity', entityType: 'IP', identifier: 'Address' },
  { column: 'URLCustomEntity', entityType: 'URL', identifier: 'Url' },
  { column: 'FileHashCustomEntity', entityType: 'FileHash', identifier: 'Value' },
  { column: 'ProcessCustomEntity', entityType: 'Process', identifier: 'CommandLine' },
  { column: 'DNSCustomEntity', entityType: 'DNS', identifier: 'DomainName' },
]
