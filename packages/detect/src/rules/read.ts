/**
 * Reads a rule file of Azure-Sentinel's form. Every complaint carries the line and column of the value that it
 * is about, and all of them come at once. What the format does not know, or knows and we do not use, is kept.
 */
import { isMap, type YAMLMap } from 'yaml'
import { ENTITY_TYPES, entityTypeInfo } from '../entities/types.js'
import { type FileProblem, type Position, wordOf, YamlReader } from '../yaml/reader.js'
import type {
  AlertDetails,
  AnalyticsRule,
  DataConnector,
  EntityMapping,
  FieldMapping,
  Grouping,
} from './rule.js'
import {
  AGGREGATION_KINDS,
  ALERT_DETAILS,
  ALERT_PROPERTIES,
  KINDS,
  MATCHING_METHODS,
  SEVERITIES,
  TACTICS,
  TRIGGER_OPERATORS,
} from './vocabulary.js'

/** Thrown by {@link readRule}; the message holds every problem as `file:line:column: message`. */
export class RuleFileError extends Error {
  readonly code = 'RULE_FILE'
  readonly file: string
  readonly problems: readonly FileProblem[]

  constructor(file: string, problems: readonly FileProblem[]) {
    super(problems.map((p) => `${file}:${p.line}:${p.column}: ${p.message}`).join('\n'))
    this.name = 'RuleFileError'
    this.file = file
    this.problems = problems
  }
}

const DAY = 1440

/** Keys of the format, and whether every rule must have them. */
const KEYS: Readonly<Record<string, boolean>> = {
  id: true,
  name: true,
  description: true,
  severity: true,
  query: true,
  enabled: false,
  startTimeUtc: false,
  requiredDataConnectors: false,
  queryFrequency: false,
  queryPeriod: false,
  triggerOperator: false,
  triggerThreshold: false,
  tactics: false,
  relevantTechniques: false,
  entityMappings: false,
  sentinelEntitiesMappings: false,
  customDetails: false,
  alertDetailsOverride: false,
  eventGroupingSettings: false,
  suppressionDuration: false,
  suppressionEnabled: false,
  incidentConfiguration: false,
  version: false,
  kind: false,
  status: false,
  tags: false,
  metadata: false,
}

const HUNTING_KEYS: Readonly<Record<string, boolean>> = { ...KEYS, description: false, severity: false }

/** Keys that are kept as they are. */
const KEPT = new Set(['status', 'tags', 'metadata'])

/** Limits of the format (detectionTemplateSchemaValidation of Azure-Sentinel). */
const MAX_MAPPINGS = 10
const MAX_FIELDS = 3
const MAX_DETAILS = 20
const MAX_PLACEHOLDERS = 3
export const PLACEHOLDER = /{{([^{}]*)}}/g
const COLUMN = /^[a-zA-Z_]+\w*$/
const DETAIL_KEY = /^[a-zA-Z]+\w*$/

const alone = (type: string) =>
  entityTypeInfo(type)
    ?.required.map((set) => set.join(' and '))
    .join(', ') ?? ''

function readColumn(reader: YamlReader, map: YAMLMap, key: string): string | undefined {
  const column = reader.text(map, key, 500)
  if (column !== undefined && !COLUMN.test(column)) {
    reader.complain(reader.node(map, key), `${key}: "${column}" can not be the name of a column`)
  }
  return column
}

function readFields(reader: YamlReader, item: YAMLMap, entityType: string): FieldMapping[] {
  const info = entityTypeInfo(entityType)
  const fields: FieldMapping[] = []
  for (const field of reader.list(item, 'fieldMappings')) {
    if (!isMap(field)) {
      reader.complain(field, 'fieldMappings: expected identifier and columnName')
      continue
    }
    const node = reader.node(field, 'identifier')
    const written = reader.asText(node, 'identifier', 64)
    const columnName = readColumn(reader, field, 'columnName')
    if (written === undefined || columnName === undefined) {
      if (node === undefined) reader.complain(field, 'identifier is missing')
      if (!field.has('columnName')) reader.complain(field, 'columnName is missing')
      continue
    }
    const identifier = info === undefined ? written : wordOf(written, info.identifiers)
    if (identifier === undefined) {
      const message = `${entityType} has no identifier "${written}"; it has ${info!.identifiers.join(', ')}`
      reader.complain(node, message, 'warning')
    } else if (fields.some((other) => other.identifier === identifier)) {
      reader.complain(node, `${entityType}: ${identifier} is mapped twice`)
    }
    fields.push({ identifier: identifier ?? written, columnName })
  }
  return fields
}

function readEntityMappings(reader: YamlReader, root: YAMLMap): EntityMapping[] {
  const mappings: EntityMapping[] = []
  const items = reader.list(root, 'entityMappings')
  if (items.length > MAX_MAPPINGS) {
    reader.complain(
      items[MAX_MAPPINGS],
      `entityMappings: ${items.length}, at most ${MAX_MAPPINGS} are allowed`,
    )
  }
  for (const item of items) {
    if (!isMap(item)) {
      reader.complain(item, 'entityMappings: expected entityType and fieldMappings')
      continue
    }
    const node = reader.node(item, 'entityType')
    const written = reader.asText(node, 'entityType', 64)
    if (written === undefined) {
      reader.complain(item, 'entityType is missing')
      continue
    }
    const entityType = reader.word(node, 'entityType', ENTITY_TYPES, 'warning') ?? written
    const fieldMappings = readFields(reader, item, entityType)
    if (fieldMappings.length === 0) {
      reader.complain(item, `${entityType}: fieldMappings is missing or empty`)
      continue
    }
    if (fieldMappings.length > MAX_FIELDS) {
      reader.complain(
        item,
        `${entityType}: ${fieldMappings.length} fields, at most ${MAX_FIELDS} are allowed`,
      )
    }
    const mapped = new Set(fieldMappings.map(({ identifier }) => identifier))
    const required = entityTypeInfo(entityType)?.required ?? []
    if (required.length > 0 && !required.some((set) => set.every((identifier) => mapped.has(identifier)))) {
      reader.complain(item, `${entityType} is told by ${alone(entityType)}: map one of them`, 'warning')
    }
    mappings.push({ entityType, fieldMappings })
  }
  return mappings
}

function readEntityColumns(reader: YamlReader, root: YAMLMap): string[] {
  return reader.list(root, 'sentinelEntitiesMappings').flatMap((item) => {
    if (isMap(item)) return readColumn(reader, item, 'columnName') ?? []
    reader.complain(item, 'sentinelEntitiesMappings: expected columnName')
    return []
  })
}

function readGrouping(reader: YamlReader, incident: YAMLMap | undefined): Grouping {
  const map = reader.map(incident, 'groupingConfiguration')
  const node = reader.node(map, 'matchingMethod')
  // Older exports say None where nothing is grouped.
  const none = reader.asText(node, 'matchingMethod', 32)?.toLowerCase() === 'none'
  const grouping: Grouping = {
    enabled: reader.bool(map, 'enabled', false),
    reopenClosedIncident: reader.bool(map, 'reopenClosedIncident', false),
    lookback: reader.minutes(map, 'lookbackDuration', 5, 7 * DAY) ?? 300,
    matchingMethod:
      (none ? undefined : reader.word(node, 'matchingMethod', MATCHING_METHODS)) ?? 'AllEntities',
    groupByEntities: reader
      .list(map, 'groupByEntities')
      .flatMap((item) => reader.word(item, 'groupByEntities', ENTITY_TYPES) ?? []),
    groupByAlertDetails: reader
      .list(map, 'groupByAlertDetails')
      .flatMap((item) => reader.word(item, 'groupByAlertDetails', ALERT_DETAILS) ?? []),
    groupByCustomDetails: reader.texts(map, 'groupByCustomDetails', 64),
  }
  const { groupByEntities, groupByAlertDetails, groupByCustomDetails } = grouping
  const selected = groupByEntities.length + groupByAlertDetails.length + groupByCustomDetails.length
  if (grouping.enabled && grouping.matchingMethod === 'Selected' && selected === 0) {
    reader.complain(node, 'matchingMethod: Selected needs an entity, an alert detail or a custom detail')
  }
  return grouping
}

function readCustomDetails(reader: YamlReader, root: YAMLMap): Record<string, string> {
  const map = reader.map(root, 'customDetails')
  const details: Record<string, string> = {}
  const items = map?.items ?? []
  if (items.length > MAX_DETAILS) {
    reader.complain(map, `customDetails: ${items.length}, at most ${MAX_DETAILS} are allowed`)
  }
  for (const item of items) {
    const key = String((item.key as { value?: unknown } | null)?.value ?? item.key)
    if (!DETAIL_KEY.test(key) || key.length > 20) {
      reader.complain(item.key, `customDetails: "${key}" must be a word of letters and digits, at most 20`)
    }
    const value = readColumn(reader, map!, key)
    if (value !== undefined) details[key] = value
  }
  return details
}

function readFormat(
  reader: YamlReader,
  map: YAMLMap | undefined,
  key: string,
  limit: number,
): string | undefined {
  const format = reader.text(map, key, limit)
  const count = [...(format ?? '').matchAll(PLACEHOLDER)].length
  if (count > MAX_PLACEHOLDERS) {
    reader.complain(
      reader.node(map, key),
      `${key}: ${count} placeholders, at most ${MAX_PLACEHOLDERS} are allowed`,
    )
  }
  return format
}

function readAlertDetails(reader: YamlReader, root: YAMLMap): AlertDetails {
  const map = reader.map(root, 'alertDetailsOverride')
  const displayNameFormat = readFormat(reader, map, 'alertDisplayNameFormat', 256)
  const descriptionFormat = readFormat(reader, map, 'alertDescriptionFormat', 5000)
  const tacticsColumn = map && readColumn(reader, map, 'alertTacticsColumnName')
  const severityColumn = map && readColumn(reader, map, 'alertSeverityColumnName')
  const dynamicProperties = reader.list(map, 'alertDynamicProperties').flatMap((item) => {
    if (!isMap(item)) {
      reader.complain(item, 'alertDynamicProperties: expected alertProperty and value')
      return []
    }
    const property = reader.word(reader.node(item, 'alertProperty'), 'alertProperty', ALERT_PROPERTIES)
    const column = readColumn(reader, item, 'value')
    return property === undefined || column === undefined ? [] : [{ property, column }]
  })
  return {
    ...(displayNameFormat === undefined ? {} : { displayNameFormat }),
    ...(descriptionFormat === undefined ? {} : { descriptionFormat }),
    ...(tacticsColumn === undefined ? {} : { tacticsColumn }),
    ...(severityColumn === undefined ? {} : { severityColumn }),
    dynamicProperties,
  }
}

function readConnectors(reader: YamlReader, root: YAMLMap): DataConnector[] {
  return reader.list(root, 'requiredDataConnectors').flatMap((item) => {
    const connectorId = isMap(item) ? reader.text(item, 'connectorId', 256) : undefined
    if (connectorId !== undefined) {
      return { connectorId, dataTypes: reader.texts(item as YAMLMap, 'dataTypes', 256) }
    }
    reader.complain(item, 'requiredDataConnectors: expected connectorId and dataTypes')
    return []
  })
}

function readTactics(reader: YamlReader, root: YAMLMap): string[] {
  return reader.list(root, 'tactics').flatMap((node) => {
    const word = reader.word(node, 'tactics', TACTICS, 'warning')
    return word ?? reader.asText(node, 'tactics', 64) ?? []
  })
}

function readTechniques(reader: YamlReader, root: YAMLMap): string[] {
  return reader.list(root, 'relevantTechniques').flatMap((node) => {
    const id = reader.asText(node, 'relevantTechniques', 64)
    if (id !== undefined && !/^T\d{4}(\.\d{3})?$/.test(id)) {
      reader.complain(
        node,
        `relevantTechniques: "${id}" is no technique; write T1059 or T1059.004`,
        'warning',
      )
    }
    return id ?? []
  })
}

function readSchedule(reader: YamlReader, root: YAMLMap, isScheduled: boolean) {
  const frequency = reader.minutes(root, 'queryFrequency', 5, 14 * DAY) ?? 5
  const period = reader.minutes(root, 'queryPeriod', 5, 14 * DAY) ?? frequency
  if (isScheduled) {
    for (const key of ['queryFrequency', 'queryPeriod', 'triggerOperator', 'triggerThreshold']) {
      if (!root.has(key)) reader.complain(root, `${key} is missing`)
    }
    if (period < frequency) {
      reader.complain(
        reader.node(root, 'queryPeriod'),
        'queryPeriod is shorter than queryFrequency: rows in between would never be looked at',
      )
    }
    if (period >= 2 * DAY && frequency < 60) {
      reader.complain(
        reader.node(root, 'queryFrequency'),
        'queryFrequency must be 1h or more when queryPeriod is 2d or more',
      )
    }
  }
  const operators = Object.keys(TRIGGER_OPERATORS) as (keyof typeof TRIGGER_OPERATORS)[]
  const operator = reader.word(reader.node(root, 'triggerOperator'), 'triggerOperator', operators) ?? 'gt'
  return {
    frequency,
    period,
    triggerOperator: TRIGGER_OPERATORS[operator],
    triggerThreshold: reader.int(root, 'triggerThreshold', 0, 10_000) ?? 0,
  }
}

function readExtra(root: YAMLMap, reader: YamlReader): Record<string, unknown> {
  const all = (reader.document.toJS({ maxAliasCount: 100 }) ?? {}) as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(all).filter(([key]) => root.has(key) && (KEPT.has(key) || !Object.hasOwn(KEYS, key))),
  )
}

/** What a file is read as: a rule, or a hunting query, which has neither schedule nor severity. */
export type FileForm = 'rule' | 'hunting'

function readModel(reader: YamlReader, root: YAMLMap, form: FileForm): AnalyticsRule {
  reader.keys(root, form === 'rule' ? KEYS : HUNTING_KEYS)
  const kind = reader.word(reader.node(root, 'kind'), 'kind', KINDS) ?? 'Scheduled'
  const incident = reader.map(root, 'incidentConfiguration')
  const startTime = reader.text(root, 'startTimeUtc', 64)
  if (startTime !== undefined && Number.isNaN(Date.parse(startTime))) {
    reader.complain(reader.node(root, 'startTimeUtc'), `startTimeUtc: "${startTime}" is no time`)
  }
  const version = reader.text(root, 'version', 20)
  if (version !== undefined && !/^\d+\.\d+\.\d+$/.test(version)) {
    reader.complain(reader.node(root, 'version'), `version: "${version}" is not of the form 1.0.0`, 'warning')
  }
  const rule: AnalyticsRule = {
    id: reader.text(root, 'id', 64) ?? '',
    name: (reader.text(root, 'name', 256) ?? '').trim(),
    // Published files wrap the text in '…' inside of a block scalar.
    description: (reader.text(root, 'description', 5000) ?? '').trim().replace(/^'([\s\S]*)'$/, '$1'),
    kind,
    version: version ?? '1.0.0',
    severity: reader.word(reader.node(root, 'severity'), 'severity', SEVERITIES) ?? 'Medium',
    enabled: reader.bool(root, 'enabled', true),
    ...(startTime === undefined ? {} : { startTime }),
    requiredDataConnectors: readConnectors(reader, root),
    tactics: readTactics(reader, root),
    techniques: readTechniques(reader, root),
    query: reader.text(root, 'query', 10_000) ?? '',
    ...readSchedule(reader, root, form === 'rule' && kind === 'Scheduled'),
    entityMappings: readEntityMappings(reader, root),
    entityColumns: readEntityColumns(reader, root),
    customDetails: readCustomDetails(reader, root),
    alertDetails: readAlertDetails(reader, root),
    aggregation:
      reader.word(
        reader.node(reader.map(root, 'eventGroupingSettings'), 'aggregationKind'),
        'aggregationKind',
        AGGREGATION_KINDS,
      ) ?? 'SingleAlert',
    suppressionEnabled: reader.bool(root, 'suppressionEnabled', false),
    suppression: reader.minutes(root, 'suppressionDuration', 5, DAY) ?? 300,
    createIncident: reader.bool(incident, 'createIncident', true),
    grouping: readGrouping(reader, incident),
    extra: readExtra(root, reader),
  }
  for (const key of ['id', 'name', 'query'] as const) {
    if (root.has(key) && rule[key].trim() === '') reader.complain(reader.node(root, key), `${key} is empty`)
  }
  return rule
}

/** A rule file as it was read: the rule where it has no errors, and where in the file its parts are. */
export interface RuleFile {
  readonly rule?: AnalyticsRule
  readonly problems: readonly FileProblem[]
  /** The place of a value, as `['entityMappings', 0, 'entityType']`. */
  at(path: readonly (string | number)[]): Position
  /** The place in the file of a line and column of the query. */
  inQuery(line: number, column: number): Position
}

/** Reads one rule and never throws. */
export function parseRule(text: string, form: FileForm = 'rule'): RuleFile {
  const reader = new YamlReader(text)
  const root = reader.hasErrors ? undefined : reader.root('a mapping with id, name, query, …')
  const rule = root && readModel(reader, root, form)
  return {
    ...(rule === undefined || reader.hasErrors ? {} : { rule }),
    problems: reader.problems.toSorted((a, b) => a.line - b.line || a.column - b.column),
    at: (path) => reader.at(path),
    inQuery: (line, column) => reader.inText(['query'], line, column),
  }
}

/** Reads one rule. Warnings are handed to `onWarning`. Throws {@link RuleFileError} when there is any error. */
export function readRule(
  text: string,
  file: string,
  onWarning: (problem: FileProblem) => void = () => {},
): AnalyticsRule {
  const { rule, problems } = parseRule(text)
  for (const problem of problems) if (problem.severity === 'warning') onWarning(problem)
  if (rule !== undefined) return rule
  throw new RuleFileError(
    file,
    problems.filter(({ severity }) => severity === 'error'),
  )
}
