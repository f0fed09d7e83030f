/**
 * Rules as Azure Resource Manager has them: the template that Sentinel's portal exports and imports, and the
 * answers of its REST API. What ARM has no place for (connectors, tags, sub-techniques in their order, …) goes
 * into the template's `metadata`, where Azure leaves it alone, so that the way back loses nothing.
 */
import { isoDuration } from './duration.js'
import { parseRule } from './read.js'
import type { AnalyticsRule } from './rule.js'
import { plainRule } from './write.js'

type Json = Record<string, unknown>

const API_VERSION = '2023-12-01-preview'
const SCHEMA = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#'
const RULE_TYPES = /(^|\/)alertRules$/i
const OPERATORS = { gt: 'GreaterThan', lt: 'LessThan', eq: 'Equal', ne: 'NotEqual' } as const

/** A rule's properties as the REST API answers them. */
export function armProperties(rule: AnalyticsRule): Json {
  const scheduled = rule.kind === 'Scheduled'
  const { grouping } = rule
  const plain = plainRule(rule)
  const techniques = rule.techniques.map((id) => id.split('.')[0]!)
  return {
    displayName: rule.name,
    description: rule.description,
    severity: rule.severity,
    enabled: rule.enabled,
    query: rule.query,
    ...(scheduled
      ? {
          queryFrequency: isoDuration(rule.frequency),
          queryPeriod: isoDuration(rule.period),
          triggerOperator: OPERATORS[rule.triggerOperator],
          triggerThreshold: rule.triggerThreshold,
        }
      : {}),
    suppressionDuration: isoDuration(rule.suppression),
    suppressionEnabled: rule.suppressionEnabled,
    startTimeUtc: rule.startTime ?? null,
    tactics: rule.tactics,
    techniques: [...new Set(techniques)],
    subTechniques: rule.techniques.filter((id) => id.includes('.')),
    alertRuleTemplateName: null,
    templateVersion: rule.version,
    incidentConfiguration: {
      createIncident: rule.createIncident,
      groupingConfiguration: {
        ...grouping,
        lookback: undefined,
        lookbackDuration: isoDuration(grouping.lookback),
      },
    },
    eventGroupingSettings: { aggregationKind: rule.aggregation },
    alertDetailsOverride: plain.alertDetailsOverride ?? null,
    customDetails: rule.customDetails,
    entityMappings: rule.entityMappings.length === 0 ? null : rule.entityMappings,
    sentinelEntitiesMappings:
      rule.entityColumns.length === 0 ? null : rule.entityColumns.map((columnName) => ({ columnName })),
  }
}

/** What the properties can not say. */
function beside(rule: AnalyticsRule): Json {
  return {
    ...(rule.requiredDataConnectors.length === 0
      ? {}
      : { requiredDataConnectors: rule.requiredDataConnectors }),
    ...(rule.techniques.some((id) => id.includes('.')) ? { relevantTechniques: rule.techniques } : {}),
    ...(Object.keys(rule.extra).length === 0 ? {} : { extra: rule.extra }),
  }
}

/** ARM takes a text in brackets for an expression; one that is none begins with two. */
function escaped(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith('[') && value.endsWith(']') ? `[${value}` : value
  if (Array.isArray(value)) return value.map(escaped)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, escaped(part)]))
}

/** A deployment template with these rules, as the portal exports it. */
export function toArm(rules: readonly AnalyticsRule[]): Json {
  const more = Object.fromEntries(rules.map((rule) => [rule.id, beside(rule)]))
  return {
    $schema: SCHEMA,
    contentVersion: '1.0.0.0',
    metadata: { auspex: more },
    parameters: { workspace: { type: 'String' } },
    resources: rules.map((rule) => ({
      id: `[concat(resourceId('Microsoft.OperationalInsights/workspaces/providers', parameters('workspace'), 'Microsoft.SecurityInsights'),'/alertRules/${rule.id}')]`,
      name: `[concat(parameters('workspace'),'/Microsoft.SecurityInsights/${rule.id}')]`,
      type: 'Microsoft.OperationalInsights/workspaces/providers/alertRules',
      kind: rule.kind,
      apiVersion: API_VERSION,
      properties: escaped(armProperties(rule)),
    })),
  }
}

export interface ArmRules {
  readonly rules: readonly AnalyticsRule[]
  /** One line each: what was left out, and why. */
  readonly problems: readonly string[]
}

/** The last name in a resource's name or id, also out of an expression. */
function ruleId(resource: Json): string {
  const text = String(resource.name ?? resource.id ?? '')
  const guid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi
  const found = text.match(guid) ?? String(resource.id ?? '').match(guid)
  return (
    found?.at(-1) ??
    text
      .replace(/['")\]]+$/, '')
      .split(/[/']/)
      .at(-1) ??
    ''
  )
}

/** Resolves `[parameters('x')]` and `[variables('x')]` where the template says what they are. */
function resolver(template: Json): (value: unknown) => unknown {
  const parameters = (template.parameters ?? {}) as Record<string, { defaultValue?: unknown } | undefined>
  const variables = (template.variables ?? {}) as Json
  const resolve = (value: unknown, depth = 0): unknown => {
    if (typeof value === 'string' && /^\[.*\]$/s.test(value)) {
      if (value.startsWith('[[')) return value.slice(1)
      const reference = /^\[(parameters|variables)\('([^']+)'\)\]$/.exec(value)
      if (reference === null || depth > 10) return value
      const [, kind, name = ''] = reference
      const found = kind === 'parameters' ? parameters[name]?.defaultValue : variables[name]
      return found === undefined ? value : resolve(found, depth + 1)
    }
    if (Array.isArray(value)) return value.map((part) => resolve(part, depth))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolve(part, depth)]))
  }
  return (value) => resolve(value)
}

/** The file that a rule's ARM form stands for; keys that are null or empty there are left out. */
function plainOf(resource: Json, properties: Json, more: Json): Json {
  const { displayName, name, techniques, subTechniques, templateVersion, ...rest } = properties
  const sub = (subTechniques as string[] | null | undefined) ?? []
  const base = ((techniques ?? properties.relevantTechniques) as string[] | null | undefined) ?? []
  // The base of a sub-technique stands in both lists.
  const implied = new Set(sub.map((id) => id.split('.')[0]))
  const incident = (rest.incidentConfiguration ?? undefined) as Json | undefined
  const drop = new Set(['alertRuleTemplateName', 'lastModifiedUtc', 'relevantTechniques'])
  const description = String(properties.description ?? '')
  const kept = Object.entries(rest).filter(([key, value]) => value !== null && !drop.has(key))
  return {
    id: ruleId(resource),
    name: displayName ?? name,
    kind: resource.kind,
    ...Object.fromEntries(kept),
    // One pair of quotes around the whole is taken off when a file is read.
    description: /^'.*'$/s.test(description) ? `'${description}'` : description,
    ...(incident === undefined ? {} : { incidentConfiguration: incident }),
    relevantTechniques: more.relevantTechniques ?? [...base.filter((id) => !implied.has(id)), ...sub],
    ...(typeof templateVersion === 'string' ? { version: templateVersion } : {}),
    ...(more.requiredDataConnectors === undefined
      ? {}
      : { requiredDataConnectors: more.requiredDataConnectors }),
    ...((more.extra as Json | undefined) ?? {}),
  }
}

/**
 * The rules in an ARM template, in one resource, or in an answer of the REST API (`{value: […]}`). Reading goes
 * through the same checks as a file does.
 */
export function fromArm(text: string): ArmRules {
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    return { rules: [], problems: [`no JSON: ${(error as Error).message}`] }
  }
  const template = (Array.isArray(json) ? { value: json } : json) as Json
  const list = (template?.resources ?? template?.value ?? [template]) as Json[]
  const resources = list.filter((resource) => RULE_TYPES.test(String(resource?.type ?? '')))
  if (resources.length === 0) {
    return { rules: [], problems: ['no resource of the type alertRules is in it'] }
  }
  const resolve = resolver(template)
  const beside = ((template.metadata as Json | undefined)?.auspex ?? {}) as Record<string, Json>
  const rules: AnalyticsRule[] = []
  const problems: string[] = []
  for (const resource of resources) {
    const resolved = resolve({ ...resource, id: undefined, name: undefined }) as Json
    const names = { id: resource.id, name: resource.name }
    const properties = (resolved.properties ?? {}) as Json
    const id = ruleId(names)
    const label = String(properties.displayName ?? id)
    if (!/^(Scheduled|NRT)$/i.test(String(resolved.kind))) {
      problems.push(`${label}: a rule of the kind ${String(resolved.kind)} can not be run here`)
      continue
    }
    const plain = plainOf({ ...resolved, ...names }, properties, beside[id] ?? {})
    const { rule, problems: found } = parseRule(JSON.stringify(plain))
    if (rule === undefined) {
      problems.push(
        ...found.filter((p) => p.severity === 'error').map(({ message }) => `${label}: ${message}`),
      )
    } else rules.push(rule)
  }
  return { rules, problems }
}
