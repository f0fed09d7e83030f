/**
 * Writes a rule as a file of Azure-Sentinel's form: keys in that repository's order, the query and the
 * description as block literals. What was read is written without loss; a file that is there keeps the comments
 * and the spelling of everything that did not change.
 */
import { isDeepStrictEqual } from 'node:util'
import {
  type Document,
  isMap,
  isScalar,
  type Node,
  parseDocument,
  type Scalar,
  Document as YamlDocument,
} from 'yaml'
import { shortDuration } from './duration.js'
import { parseRule, RuleFileError } from './read.js'
import type { AnalyticsRule } from './rule.js'

type Plain = Record<string, unknown>

const LINE_WIDTH = 0

const filled = (plain: Plain): Plain | undefined => {
  const entries = Object.entries(plain).filter(([, value]) => value !== undefined)
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

const listed = <T>(list: readonly T[]): readonly T[] | undefined => (list.length === 0 ? undefined : list)

function alertDetails({ alertDetails: details }: AnalyticsRule): Plain | undefined {
  return filled({
    alertDisplayNameFormat: details.displayNameFormat,
    alertDescriptionFormat: details.descriptionFormat,
    alertTacticsColumnName: details.tacticsColumn,
    alertSeverityColumnName: details.severityColumn,
    alertDynamicProperties: listed(
      details.dynamicProperties.map(({ property, column }) => ({ alertProperty: property, value: column })),
    ),
  })
}

function incidentConfiguration({ createIncident, grouping }: AnalyticsRule): Plain {
  return {
    createIncident,
    groupingConfiguration: {
      enabled: grouping.enabled,
      reopenClosedIncident: grouping.reopenClosedIncident,
      lookbackDuration: shortDuration(grouping.lookback),
      matchingMethod: grouping.matchingMethod,
      groupByEntities: grouping.groupByEntities,
      groupByAlertDetails: grouping.groupByAlertDetails,
      groupByCustomDetails: grouping.groupByCustomDetails,
    },
  }
}

/** The rule as the plain value that its file holds, keys in the order of Azure-Sentinel. */
export function plainRule(rule: AnalyticsRule): Plain {
  const scheduled = rule.kind === 'Scheduled'
  const { status, tags, metadata, ...rest } = rule.extra
  const all: Plain = {
    id: rule.id,
    name: rule.name,
    // A text that begins and ends with a quote would lose them when it is read: see read.ts.
    description:
      rule.description.includes('\n') || /^'.*'$/s.test(rule.description)
        ? `'${rule.description}'`
        : rule.description,
    severity: rule.severity,
    status,
    enabled: rule.enabled ? undefined : false,
    startTimeUtc: rule.startTime,
    requiredDataConnectors: rule.requiredDataConnectors,
    queryFrequency: scheduled ? shortDuration(rule.frequency) : undefined,
    queryPeriod: scheduled ? shortDuration(rule.period) : undefined,
    triggerOperator: scheduled ? rule.triggerOperator : undefined,
    triggerThreshold: scheduled ? rule.triggerThreshold : undefined,
    tactics: rule.tactics,
    relevantTechniques: rule.techniques,
    tags,
    query: rule.query,
    entityMappings: listed(rule.entityMappings),
    sentinelEntitiesMappings: listed(rule.entityColumns.map((columnName) => ({ columnName }))),
    customDetails: filled(rule.customDetails),
    alertDetailsOverride: alertDetails(rule),
    eventGroupingSettings: { aggregationKind: rule.aggregation },
    suppressionDuration: shortDuration(rule.suppression),
    suppressionEnabled: rule.suppressionEnabled,
    incidentConfiguration: incidentConfiguration(rule),
    ...rest,
    version: rule.version,
    kind: rule.kind,
    metadata,
  }
  return filled(all)!
}

const BLOCKS = new Set(['query', 'description'])

/** A value as a node; long texts as block literals. */
function nodeOf(document: Document, key: string, value: unknown): Node {
  const node = document.createNode(value, { aliasDuplicateObjects: false }) as Node
  if (BLOCKS.has(key) && isScalar(node) && String(value).includes('\n'))
    (node as Scalar).type = 'BLOCK_LITERAL'
  return node
}

/** As the text is laid out that the document came from: lists indented or not, brackets padded or not. */
const asText = (document: Document, like = '') =>
  document.toString({
    lineWidth: LINE_WIDTH,
    flowCollectionPadding: /[[{] \S/.test(like),
    indentSeq: !/^\w+:[ \t]*(#.*)?\n- /m.test(like),
  })

/** The whole file of a rule. */
export function writeRule(rule: AnalyticsRule): string {
  const document = new YamlDocument({})
  for (const [key, value] of Object.entries(plainRule(rule))) document.set(key, nodeOf(document, key, value))
  return asText(document)
}

/** Changes what differs between the two values in the node at `path`, and nothing else. */
function change(document: Document, path: string[], before: Plain, after: Plain): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[key], after[key]]
    if (isDeepStrictEqual(old, now)) continue
    const here = [...path, key]
    if (now === undefined) document.deleteIn(here)
    else if (isPlain(old) && isPlain(now) && isMap(document.getIn(here))) change(document, here, old, now)
    else document.setIn(here, withCommentsOf(document.getIn(here, true), nodeOf(document, key, now)))
  }
}

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A new value in an old one's place; a comment at the end of a line stays there. */
function withCommentsOf(old: unknown, node: Node): Node {
  const { comment, commentBefore, spaceBefore } = (old ?? {}) as Partial<Node>
  if (comment != null && !(isScalar(node) && node.type === 'BLOCK_LITERAL')) node.comment = comment
  if (commentBefore != null) node.commentBefore = commentBefore
  if (spaceBefore != null) node.spaceBefore = spaceBefore
  return node
}

/**
 * The file `text` with this rule in it. Keys whose meaning is the same stay as they are written, with their
 * comments and their place; a duration keeps its spelling.
 */
export function rewriteRule(text: string, rule: AnalyticsRule): string {
  const { rule: before, problems } = parseRule(text)
  if (before === undefined) throw new RuleFileError(rule.name, problems)
  if (isDeepStrictEqual(plainRule(before), plainRule(rule))) return text
  const document = parseDocument(text)
  change(document, [], plainRule(before), plainRule(rule))
  return asText(document, text)
}
