/**
 * Sentinel's entity types: which identifiers a mapping may name, which of them it must have, and which tell an
 * entity from all others. Sources: EntityMappingIdentifiers of Azure-Sentinel's validation; the entities
 * reference of the Sentinel documentation.
 *
 * Linux adds one thing: a user name is unique on its host only, so that an account by name is strong together
 * with the host that it was seen on.
 */
export interface EntityTypeInfo {
  readonly identifiers: readonly string[]
  /** One of these lists has to be mapped whole. */
  readonly required: readonly (readonly string[])[]
  /** Each of these lists alone tells the entity from all others. */
  readonly strong: readonly (readonly string[])[]
  /** Strong identifiers only together with a host of the same row. */
  readonly strongOnHost?: readonly (readonly string[])[]
}

const anyOf = (...identifiers: string[]) => identifiers.map((identifier) => [identifier])

export const ENTITY_TYPE_INFO = {
  Account: {
    identifiers: [
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
    required: anyOf('FullName', 'Sid', 'Name', 'AadUserId', 'PUID', 'ObjectGuid'),
    strong: [
      ['Name', 'UPNSuffix'],
      ['Name', 'NTDomain'],
      ['Name', 'DnsDomain'],
      ['AadUserId'],
      ['Sid'],
      ['PUID'],
      ['ObjectGuid'],
    ],
    strongOnHost: [['Name'], ['FullName']],
  },
  Host: {
    identifiers: [
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
    required: anyOf('FullName', 'HostName', 'NetBiosName', 'AzureID', 'OMSAgentID'),
    strong: [
      ['HostName', 'NTDomain'],
      ['HostName', 'DnsDomain'],
      ['NetBiosName', 'NTDomain'],
      ['NetBiosName', 'DnsDomain'],
      ['AzureID'],
      ['OMSAgentID'],
      // The store has one name for a host: Computer.
      ['FullName'],
    ],
  },
  IP: { identifiers: ['Address', 'AddressScope'], required: anyOf('Address'), strong: anyOf('Address') },
  URL: { identifiers: ['Url'], required: anyOf('Url'), strong: anyOf('Url') },
  Process: {
    identifiers: ['ProcessId', 'CommandLine', 'ElevationToken', 'CreationTimeUtc'],
    required: anyOf('CommandLine', 'ProcessId'),
    strong: [],
    strongOnHost: [['ProcessId', 'CreationTimeUtc']],
  },
  File: {
    identifiers: ['Directory', 'Name'],
    required: anyOf('Name'),
    strong: [],
    strongOnHost: [['Directory', 'Name']],
  },
  FileHash: {
    identifiers: ['Algorithm', 'Value'],
    required: [['Algorithm', 'Value']],
    strong: [['Algorithm', 'Value']],
  },
  DNS: { identifiers: ['DomainName'], required: anyOf('DomainName'), strong: [] },
  Malware: { identifiers: ['Name', 'Category'], required: anyOf('Name'), strong: [] },
  CloudApplication: {
    identifiers: ['AppId', 'Name', 'InstanceName'],
    required: anyOf('AppId', 'Name'),
    strong: anyOf('AppId'),
  },
  AzureResource: {
    identifiers: ['ResourceId'],
    required: anyOf('ResourceId'),
    strong: anyOf('ResourceId'),
  },
  RegistryKey: { identifiers: ['Hive', 'Key'], required: [['Hive', 'Key']], strong: [['Hive', 'Key']] },
  RegistryValue: { identifiers: ['Name', 'Value', 'ValueType'], required: anyOf('Name'), strong: [] },
  SecurityGroup: {
    identifiers: ['DistinguishedName', 'SID', 'ObjectGuid'],
    required: anyOf('DistinguishedName', 'SID', 'ObjectGuid'),
    strong: anyOf('DistinguishedName', 'SID', 'ObjectGuid'),
  },
  Mailbox: {
    identifiers: ['MailboxPrimaryAddress', 'DisplayName', 'Upn', 'ExternalDirectoryObjectId', 'RiskLevel'],
    required: anyOf('MailboxPrimaryAddress'),
    strong: anyOf('MailboxPrimaryAddress'),
  },
  MailCluster: {
    identifiers: [
      'NetworkMessageIds',
      'CountByDeliveryStatus',
      'CountByThreatType',
      'CountByProtectionStatus',
      'Threats',
      'Query',
      'QueryTime',
      'MailCount',
      'IsVolumeAnomaly',
      'Source',
      'ClusterSourceIdentifier',
      'ClusterSourceType',
      'ClusterQueryStartTime',
      'ClusterQueryEndTime',
      'ClusterGroup',
    ],
    required: [['Query', 'Source']],
    strong: [['Query', 'Source']],
  },
  MailMessage: {
    identifiers: [
      'Recipient',
      'Urls',
      'Threats',
      'Sender',
      'P1Sender',
      'P1SenderDisplayName',
      'P1SenderDomain',
      'SenderIP',
      'P2Sender',
      'P2SenderDisplayName',
      'P2SenderDomain',
      'ReceivedDate',
      'NetworkMessageId',
      'InternetMessageId',
      'Subject',
      'BodyFingerprintBin1',
      'BodyFingerprintBin2',
      'BodyFingerprintBin3',
      'BodyFingerprintBin4',
      'BodyFingerprintBin5',
      'AntispamDirection',
      'DeliveryAction',
      'DeliveryLocation',
      'Language',
      'ThreatDetectionMethods',
    ],
    required: [['NetworkMessageId', 'Recipient']],
    strong: [['NetworkMessageId', 'Recipient']],
  },
  SubmissionMail: {
    identifiers: [
      'SubmissionId',
      'SubmissionDate',
      'Submitter',
      'NetworkMessageId',
      'Timestamp',
      'Recipient',
      'Sender',
      'SenderIp',
      'Subject',
      'ReportType',
    ],
    required: [['SubmissionId', 'NetworkMessageId', 'Recipient', 'Submitter']],
    strong: [['SubmissionId', 'NetworkMessageId', 'Recipient', 'Submitter']],
  },
  IoTDevice: {
    identifiers: ['IoTHub', 'DeviceId', 'DeviceName', 'IpAddress', 'MacAddress', 'OperatingSystem', 'Source'],
    required: anyOf('IoTHub', 'DeviceId'),
    strong: [['IoTHub', 'DeviceId']],
  },
} as const satisfies Record<string, EntityTypeInfo>

export type EntityType = keyof typeof ENTITY_TYPE_INFO
export const ENTITY_TYPES = Object.keys(ENTITY_TYPE_INFO) as EntityType[]

/** Undefined for a type that is none of Sentinel's. */
export const entityTypeInfo = (type: string): EntityTypeInfo | undefined =>
  Object.hasOwn(ENTITY_TYPE_INFO, type) ? ENTITY_TYPE_INFO[type as EntityType] : undefined

/**
 * Columns that old rules map entities with; they count only where a rule has no `entityMappings`
 * (Sentinel documentation, "map data fields to entities").
 */
export const CUSTOM_ENTITY_COLUMNS: readonly {
  readonly column: string
  readonly entityType: EntityType
  readonly identifier: string
}[] = [
  { column: 'AccountCustomEntity', entityType: 'Account', identifier: 'FullName' },
  { column: 'HostCustomEntity', entityType: 'Host', identifier: 'FullName' },
  { column: 'IPCustomEntity', entityType: 'IP', identifier: 'Address' },
  { column: 'URLCustomEntity', entityType: 'URL', identifier: 'Url' },
  { column: 'FileHashCustomEntity', entityType: 'FileHash', identifier: 'Value' },
  { column: 'ProcessCustomEntity', entityType: 'Process', identifier: 'CommandLine' },
  { column: 'DNSCustomEntity', entityType: 'DNS', identifier: 'DomainName' },
]
