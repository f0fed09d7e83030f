/**
 * Reads a rule file of Azure-Sentinel's form. Every complaint carries the line and column of the value that it
 * is about, and all of them come at once.
 */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml'
import { parseDuration } from './duration.js'
import type { AnalyticsRule, EntityMapping, FieldMapping, Grouping } from './rule.js'
import {
  AGGREGATION_KINDS,
  ENTITY_IDENTIFIERS,
  ENTITY_TYPES,
  KINDS,
  MATCHING_METHODS,
  SEVERITIES,
  TACTICS,
  TRIGGER_OPERATORS,
} from './vocabulary.js'

export interface RuleProblem {
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly line: number
  readonly column: number
}

/** Thrown by {@link readRule}; the message holds every problem as `file:line:column: message`. */
export class RuleFileError extends Error {
  readonly code = 'RULE_FILE'
  readonly file: string
  readonly problems: readonly RuleProblem[]

  constructor(file: string, problems: readonly RuleProblem[]) {
    super(problems.map((p) => `${file}:${p.line}:${p.column}: ${p.message}`).join('\n'))
    this.name = 'RuleFileError'
    this.file = file
    this.problems = problems
  }
}

const MAX_BYTES = 256 * 1024
const DAY = 1440

/** Keys of the format, and whether a rule must have them. */
const KEYS: Readonly<Record<string, boolean>> = {
  id: true,
  name: true,
  description: true,
  severity: true,
  query: true,
  requiredDataConnectors: false,
  queryFrequency: false,
  queryPeriod: false,
  triggerOperator: false,
  triggerThreshold: false,
  tactics: false,
  relevantTechniques: false,
  entityMappings: false,
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

class Reader {
  readonly problems: RuleProblem[] = []
  readonly #lines: LineCounter

  constructor(lines: LineCounter) {
    this.#lines = lines
  }

  complain(at: unknown, message: string, severity: RuleProblem['severity'] = 'error'): void {
    const offset = (at as Node | undefined)?.range?.[0] ?? 0
    const { line, col } = this.#lines.linePos(offset)
    this.problems.push({ severity, message, line, column: col })
  }

  node(map: YAMLMap | undefined, key: string): Node | undefined {
    return (map?.get(key, true) as Node | undefined) ?? undefined
  }

  map(map: YAMLMap | undefined, key: string): YAMLMap | undefined {
    const node = this.node(map, key)
    if (node === undefined || (isScalar(node) && node.value === null)) return undefined
    if (isMap(node)) return node
    this.complain(node, `${key}: expected a mapping`)
    return undefined
  }

  text(map: YAMLMap | undefined, key: string, maxLength: number): string | undefined {
    const node = this.node(map, key)
    if (node === undefined) return undefined
    const value = isScalar(node) ? node.value : undefined
    if (typeof value !== 'string' && typeof value !== 'number') {
      this.complain(node, `${key}: expected text`)
      return undefined
    }
    const text = String(value)
    if (text.length > maxLength) {
      this.complain(node, `${key}: ${text.length} characters, at most ${maxLength} are allowed`)
    }
    return text
  }

  bool(map: YAMLMap | undefined, key: string, fallback: boolean): boolean {
    const node = this.node(map, key)
    if (node === undefined) return fallback
    if (isScalar(node) && typeof node.value === 'boolean') return node.value
    this.complain(node, `${key}: expected true or false`)
    return fallback
  }

  int(map: YAMLMap | undefined, key: string, min: number, max: number): number | undefined {
    const node = this.node(map, key)
    if (node === undefined) return undefined
    const value = isScalar(node) ? Number(node.value) : Number.NaN
    if (Number.isInteger(value) && value >= min && value <= max) return value
    this.complain(node, `${key}: expected a whole number from ${min} to ${max}`)
    return undefined
  }

  minutes(map: YAMLMap | undefined, key: string, min: number, max: number): number | undefined {
    const text = this.text(map, key, 32)
    if (text === undefined) return undefined
    const minutes = parseDuration(text)
    if (minutes === undefined) {
      this.complain(this.node(map, key), `${key}: "${text}" is no duration; write 30m, 1h, 14d or PT30M`)
    } else if (minutes < min || minutes > max) {
      this.complain(this.node(map, key), `${key}: "${text}" is outside of ${min}m to ${max / DAY}d`)
    }
    return minutes
  }

  /** A word of a list, in any case (published rules hold "high" and "CommandandControl"). */
  word<T extends string>(
    node: Node | undefined,
    key: string,
    words: readonly T[],
    severity: RuleProblem['severity'] = 'error',
  ): T | undefined {
    if (node === undefined) return undefined
    const value = isScalar(node) ? String(node.value) : ''
    const found = words.find((word) => word.toLowerCase() === value.replaceAll(' ', '').toLowerCase())
    if (found === undefined) {
      this.complain(node, `${key}: "${value}" is not one of ${words.join(', ')}`, severity)
    }
    return found
  }

  list(map: YAMLMap | undefined, key: string): readonly Node[] {
    const node = this.node(map, key)
    if (node === undefined || (isScalar(node) && node.value === null)) return []
    if (isSeq(node)) return node.items as Node[]
    this.complain(node, `${key}: expected a list`)
    return []
  }
}

function readEntityMappings(reader: Reader, root: YAMLMap): EntityMapping[] {
  const mappings: EntityMapping[] = []
  for (const item of reader.list(root, 'entityMappings')) {
    if (!isMap(item)) {
      reader.complain(item, 'entityMappings: expected entityType and fieldMappings')
      continue
    }
    const entityType = reader.word(reader.node(item, 'entityType'), 'entityType', ENTITY_TYPES, 'warning')
    if (entityType === undefined) continue
    const fieldMappings: FieldMapping[] = []
    for (const field of reader.list(item, 'fieldMappings')) {
      if (!isMap(field)) {
        reader.complain(field, 'fieldMappings: expected identifier and columnName')
        continue
      }
      const identifier = reader.word(
        reader.node(field, 'identifier'),
        `${entityType} identifier`,
        ENTITY_IDENTIFIERS[entityType],
        'warning',
      )
      const columnName = reader.text(field, 'columnName', 500)
      if (identifier !== undefined && columnName !== undefined) fieldMappings.push({ identifier, columnName })
    }
    if (fieldMappings.length > 0) mappings.push({ entityType, fieldMappings })
  }
  return mappings
}

function readGrouping(reader: Reader, incident: YAMLMap | undefined): Grouping {
  const map = reader.map(incident, 'groupingConfiguration')
  return {
    enabled: reader.bool(map, 'enabled', false),
    reopenClosedIncident: reader.bool(map, 'reopenClosedIncident', false),
    lookback: reader.minutes(map, 'lookbackDuration', 5, 7 * DAY) ?? 300,
    matchingMethod:
      reader.word(reader.node(map, 'matchingMethod'), 'matchingMethod', MATCHING_METHODS) ?? 'AllEntities',
    groupByEntities: reader
      .list(map, 'groupByEntities')
      .flatMap((node) => reader.word(node, 'groupByEntities', ENTITY_TYPES) ?? []),
  }
}

function readCustomDetails(reader: Reader, root: YAMLMap): Record<string, string> {
  const map = reader.map(root, 'customDetails')
  const details: Record<string, string> = {}
  for (const item of map?.items ?? []) {
    const key = String(isScalar(item.key) ? item.key.value : item.key)
    const value = reader.text(map, key, 500)
    if (value !== undefined) details[key] = value
  }
  return details
}

/** Reads one rule. Warnings are handed to `onWarning`. Throws {@link RuleFileError} when there is any error. */
export function readRule(
  text: string,
  file: string,
  onWarning: (problem: RuleProblem) => void = () => {},
): AnalyticsRule {
  const lines = new LineCounter()
  if (text.length > MAX_BYTES) {
    const message = `the file has ${text.length} characters, at most ${MAX_BYTES} are read`
    throw new RuleFileError(file, [{ severity: 'error', message, line: 1, column: 1 }])
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const reader = new Reader(lines)
  for (const error of document.errors) {
    const { line, col } = lines.linePos(error.pos[0])
    reader.problems.push({ severity: 'error', message: error.message, line, column: col })
  }
  const root = document.contents
  if (!isMap(root)) {
    reader.complain(root, 'expected a rule: a mapping with id, name, query, …')
    throw new RuleFileError(file, reader.problems)
  }

  for (const item of root.items) {
    const key = String(isScalar(item.key) ? item.key.value : item.key)
    if (!(key in KEYS)) reader.complain(item.key, `unknown key "${key}"`, 'warning')
  }
  for (const [key, required] of Object.entries(KEYS)) {
    if (required && !root.has(key)) reader.complain(root, `${key} is missing`)
  }

  const kind = reader.word(reader.node(root, 'kind'), 'kind', KINDS) ?? 'Scheduled'
  const scheduled = kind === 'Scheduled'
  const required = (key: string) => {
    if (scheduled && !root.has(key)) reader.complain(root, `${key} is missing`)
  }
  for (const key of ['queryFrequency', 'queryPeriod', 'triggerOperator', 'triggerThreshold']) required(key)

  const frequency = reader.minutes(root, 'queryFrequency', 5, 14 * DAY) ?? 5
  const period = reader.minutes(root, 'queryPeriod', 5, 14 * DAY) ?? frequency
  if (scheduled && period < frequency) {
    reader.complain(
      reader.node(root, 'queryPeriod'),
      'queryPeriod is shorter than queryFrequency: rows in between would never be looked at',
    )
  }
  if (scheduled && period >= 2 * DAY && frequency < 60) {
    reader.complain(
      reader.node(root, 'queryFrequency'),
      'queryFrequency must be 1h or more when queryPeriod is 2d or more',
    )
  }

  const operators = Object.keys(TRIGGER_OPERATORS) as (keyof typeof TRIGGER_OPERATORS)[]
  const operator = reader.word(reader.node(root, 'triggerOperator'), 'triggerOperator', operators) ?? 'gt'
  const override = reader.map(root, 'alertDetailsOverride')
  const displayNameFormat = reader.text(override, 'alertDisplayNameFormat', 256)
  const descriptionFormat = reader.text(override, 'alertDescriptionFormat', 5000)
  const incident = reader.map(root, 'incidentConfiguration')
  const severity = reader.word(reader.node(root, 'severity'), 'severity', SEVERITIES)

  const rule: AnalyticsRule = {
    id: reader.text(root, 'id', 64) ?? '',
    name: reader.text(root, 'name', 256) ?? '',
    // Published files wrap the text in '…' inside of a block scalar.
    description: (reader.text(root, 'description', 5000) ?? '').trim().replace(/^'([\s\S]*)'$/, '$1'),
    kind,
    version: reader.text(root, 'version', 20) ?? '1.0.0',
    severity: severity ?? 'Medium',
    tactics: reader
      .list(root, 'tactics')
      .flatMap((node) => reader.word(node, 'tactics', TACTICS, 'warning') ?? []),
    techniques: reader
      .list(root, 'relevantTechniques')
      .flatMap((node) => (isScalar(node) ? [String(node.value)] : [])),
    query: reader.text(root, 'query', 10_000) ?? '',
    frequency,
    period,
    triggerOperator: TRIGGER_OPERATORS[operator],
    triggerThreshold: reader.int(root, 'triggerThreshold', 0, 10_000) ?? 0,
    entityMappings: readEntityMappings(reader, root),
    customDetails: readCustomDetails(reader, root),
    ...(displayNameFormat === undefined ? {} : { displayNameFormat }),
    ...(descriptionFormat === undefined ? {} : { descriptionFormat }),
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
  }

  for (const problem of reader.problems) if (problem.severity === 'warning') onWarning(problem)
  const errors = reader.problems.filter((problem) => problem.severity === 'error')
  if (errors.length > 0) throw new RuleFileError(file, errors)
  return rule
}
