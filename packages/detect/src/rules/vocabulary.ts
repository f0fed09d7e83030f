/** Sentinel's own words for rules: severities, tactics, operators, ways of grouping. Entities: entities/types.ts. */

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

/** Parts of an alert that alerts can be grouped into incidents by. */
export const ALERT_DETAILS = ['DisplayName', 'Severity'] as const
export type AlertDetail = (typeof ALERT_DETAILS)[number]

/** Properties of an alert that a column can set, beside its name, description, severity and tactics. */
export const ALERT_PROPERTIES = [
  'AlertLink',
  'ConfidenceLevel',
  'ConfidenceScore',
  'ExtendedLinks',
  'ProductComponentName',
  'ProductName',
  'ProviderName',
  'RemediationSteps',
  'Techniques',
  'SubTechniques',
] as const
export type AlertProperty = (typeof ALERT_PROPERTIES)[number]
