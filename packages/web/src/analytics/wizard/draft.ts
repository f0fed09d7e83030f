/**
 * A rule that is being written: the keys of Azure-Sentinel's YAML, and the file that they stand in. A file that was
 * read keeps its comments and the spelling of what did not change.
 */
import { type Document, isScalar, parseDocument, type Scalar, Document as YamlDocument } from 'yaml'
import { newId } from '../../design/new-id'

export interface FieldMapping {
  readonly identifier: string
  readonly columnName: string
}

export interface EntityMapping {
  readonly entityType: string
  readonly fieldMappings: readonly FieldMapping[]
}

export interface Grouping {
  readonly enabled: boolean
  readonly reopenClosedIncident: boolean
  readonly lookbackDuration: string
  readonly matchingMethod: 'AllEntities' | 'AnyAlert' | 'Selected'
  readonly groupByEntities: readonly string[]
  readonly groupByAlertDetails?: readonly string[]
  readonly groupByCustomDetails?: readonly string[]
}

export interface Draft {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly severity: string
  readonly enabled: boolean
  readonly kind: 'Scheduled' | 'NRT'
  readonly queryFrequency: string
  readonly queryPeriod: string
  readonly triggerOperator: string
  readonly triggerThreshold: number
  readonly tactics: readonly string[]
  readonly relevantTechniques: readonly string[]
  readonly query: string
  readonly entityMappings: readonly EntityMapping[]
  readonly customDetails: Readonly<Record<string, string>>
  readonly alertDetailsOverride: Readonly<Record<string, unknown>>
  readonly eventGroupingSettings: { readonly aggregationKind: 'SingleAlert' | 'AlertPerResult' }
  readonly suppressionEnabled: boolean
  readonly suppressionDuration: string
  readonly incidentConfiguration: {
    readonly createIncident: boolean
    readonly groupingConfiguration: Grouping
  }
  readonly version: string
}

const GROUPING: Grouping = {
  enabled: false,
  reopenClosedIncident: false,
  lookbackDuration: '5h',
  matchingMethod: 'AllEntities',
  groupByEntities: [],
}

/** The defaults of Sentinel's own wizard. */
export function emptyDraft(query = ''): Draft {
  return {
    id: newId(),
    name: '',
    description: '',
    severity: 'Medium',
    enabled: true,
    kind: 'Scheduled',
    queryFrequency: '5h',
    queryPeriod: '5h',
    triggerOperator: 'gt',
    triggerThreshold: 0,
    tactics: [],
    relevantTechniques: [],
    query,
    entityMappings: [],
    customDetails: {},
    alertDetailsOverride: {},
    eventGroupingSettings: { aggregationKind: 'SingleAlert' },
    suppressionEnabled: false,
    suppressionDuration: '5h',
    incidentConfiguration: { createIncident: true, groupingConfiguration: GROUPING },
    version: '1.0.0',
  }
}

type Plain = Readonly<Record<string, unknown>>

/** Texts of files are quoted within by habit. */
const unquoted = (text: string): string => {
  const trimmed = text.trim()
  return /^'.*'$/s.test(trimmed) ? trimmed.slice(1, -1) : trimmed
}

/** A draft of what a file holds; what is missing or of another kind takes its default. */
export function draftOf(plain: Plain): Draft {
  const base = emptyDraft()
  const text = (key: string, otherwise: string): string =>
    typeof plain[key] === 'string' || typeof plain[key] === 'number' ? String(plain[key]) : otherwise
  const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
  const object = (value: unknown): Plain =>
    value && typeof value === 'object' && !Array.isArray(value) ? (value as Plain) : {}
  const incident = object(plain.incidentConfiguration)
  const grouping = object(incident.groupingConfiguration)
  return {
    id: text('id', base.id),
    name: text('name', ''),
    description: unquoted(text('description', '')),
    severity: text('severity', base.severity),
    enabled: plain.enabled !== false,
    kind: plain.kind === 'NRT' ? 'NRT' : 'Scheduled',
    queryFrequency: text('queryFrequency', base.queryFrequency),
    queryPeriod: text('queryPeriod', base.queryPeriod),
    triggerOperator: text('triggerOperator', base.triggerOperator),
    triggerThreshold: Number(plain.triggerThreshold ?? 0) || 0,
    tactics: list(plain.tactics),
    relevantTechniques: list(plain.relevantTechniques),
    query: text('query', '').trimEnd(),
    entityMappings: (Array.isArray(plain.entityMappings) ? plain.entityMappings : []).map(
      (mapping: Plain) => ({
        entityType: String(mapping.entityType ?? ''),
        fieldMappings: (Array.isArray(mapping.fieldMappings) ? mapping.fieldMappings : []).map(
          (field: Plain) => ({
            identifier: String(field.identifier ?? ''),
            columnName: String(field.columnName ?? ''),
          }),
        ),
      }),
    ),
    customDetails: Object.fromEntries(
      Object.entries(object(plain.customDetails)).map(([key, value]) => [key, String(value)]),
    ),
    alertDetailsOverride: object(plain.alertDetailsOverride),
    eventGroupingSettings: {
      aggregationKind:
        object(plain.eventGroupingSettings).aggregationKind === 'AlertPerResult'
          ? 'AlertPerResult'
          : 'SingleAlert',
    },
    suppressionEnabled: plain.suppressionEnabled === true,
    suppressionDuration: text('suppressionDuration', base.suppressionDuration),
    incidentConfiguration: {
      createIncident: incident.createIncident !== false,
      groupingConfiguration: {
        enabled: grouping.enabled === true,
        reopenClosedIncident: grouping.reopenClosedIncident === true,
        lookbackDuration:
          typeof grouping.lookbackDuration === 'string'
            ? grouping.lookbackDuration
            : GROUPING.lookbackDuration,
        matchingMethod:
          grouping.matchingMethod === 'AnyAlert' || grouping.matchingMethod === 'Selected'
            ? grouping.matchingMethod
            : 'AllEntities',
        groupByEntities: list(grouping.groupByEntities),
        ...(grouping.groupByAlertDetails !== undefined && {
          groupByAlertDetails: list(grouping.groupByAlertDetails),
        }),
        ...(grouping.groupByCustomDetails !== undefined && {
          groupByCustomDetails: list(grouping.groupByCustomDetails),
        }),
      },
    },
    version: text('version', base.version),
  }
}

/** Keys in the order of Azure-Sentinel's files. */
const ORDER = [
  'id',
  'name',
  'description',
  'severity',
  'enabled',
  'requiredDataConnectors',
  'queryFrequency',
  'queryPeriod',
  'triggerOperator',
  'triggerThreshold',
  'tactics',
  'relevantTechniques',
  'query',
  'entityMappings',
  'customDetails',
  'alertDetailsOverride',
  'eventGroupingSettings',
  'suppressionDuration',
  'suppressionEnabled',
  'incidentConfiguration',
  'version',
  'kind',
] as const

/** What a rule of its kind says; undefined keys are left out. */
function plainOf(draft: Draft): Record<string, unknown> {
  const scheduled = draft.kind === 'Scheduled'
  const filled = (value: object) => (Object.keys(value).length === 0 ? undefined : value)
  return {
    ...draft,
    enabled: draft.enabled ? undefined : false,
    requiredDataConnectors: [],
    queryFrequency: scheduled ? draft.queryFrequency : undefined,
    queryPeriod: scheduled ? draft.queryPeriod : undefined,
    triggerOperator: scheduled ? draft.triggerOperator : undefined,
    triggerThreshold: scheduled ? draft.triggerThreshold : undefined,
    query: `${draft.query.trimEnd()}\n`,
    entityMappings: draft.entityMappings.length === 0 ? undefined : draft.entityMappings,
    customDetails: filled(draft.customDetails),
    alertDetailsOverride: filled(draft.alertDetailsOverride),
  }
}

function setIn(document: Document, key: string, value: unknown): void {
  if (value === undefined) {
    document.delete(key)
    return
  }
  const node = document.createNode(value)
  if ((key === 'query' || key === 'description') && isScalar(node) && String(value).includes('\n')) {
    ;(node as Scalar).type = 'BLOCK_LITERAL'
  }
  document.set(key, node)
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The draft as a file. In the file that it came from, only what differs from it is written anew. */
export function yamlOf(draft: Draft, original?: string): string {
  const plain = plainOf(draft)
  if (original === undefined) {
    const document = new YamlDocument({})
    for (const key of ORDER) if (plain[key] !== undefined) setIn(document, key, plain[key])
    return document.toString({ lineWidth: 0 })
  }
  const document = parseDocument(original)
  const before = plainOf(draftOf((document.toJS() ?? {}) as Plain))
  for (const key of ORDER) {
    if (key !== 'requiredDataConnectors' && !same(before[key], plain[key])) setIn(document, key, plain[key])
  }
  return document.toString({ lineWidth: 0 })
}

/** A file as a draft, or the first thing that is wrong with it. */
export function readYaml(text: string): Draft | { readonly line: number; readonly message: string } {
  const document = parseDocument(text)
  const [error] = document.errors
  if (error) return { line: error.linePos?.[0].line ?? 1, message: error.message.split('\n')[0]! }
  const plain: unknown = document.toJS()
  if (!plain || typeof plain !== 'object' || Array.isArray(plain))
    return { line: 1, message: 'a rule is a mapping of keys' }
  return draftOf(plain as Plain)
}

/** Which key of the file a line stands in. */
export function keyAt(text: string, line: number): string | undefined {
  const lines = text.split('\n')
  for (let i = Math.min(line, lines.length) - 1; i >= 0; i--) {
    const key = /^([A-Za-z]\w*):/.exec(lines[i]!)?.[1]
    if (key !== undefined) return key
  }
  return undefined
}
