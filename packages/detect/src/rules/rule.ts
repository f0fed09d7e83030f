import type {
  AggregationKind,
  EntityType,
  MatchingMethod,
  RuleKind,
  Severity,
  Tactic,
  TriggerOperator,
} from './vocabulary.js'

export interface FieldMapping {
  readonly identifier: string
  readonly columnName: string
}

export interface EntityMapping {
  readonly entityType: EntityType
  readonly fieldMappings: readonly FieldMapping[]
}

export interface Grouping {
  readonly enabled: boolean
  readonly reopenClosedIncident: boolean
  /** Minutes. */
  readonly lookback: number
  readonly matchingMethod: MatchingMethod
  readonly groupByEntities: readonly EntityType[]
}

/** An analytics rule in Sentinel's model; durations in minutes. */
export interface AnalyticsRule {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly kind: RuleKind
  readonly version: string
  readonly severity: Severity
  readonly tactics: readonly Tactic[]
  readonly techniques: readonly string[]
  readonly query: string
  readonly frequency: number
  readonly period: number
  readonly triggerOperator: TriggerOperator
  readonly triggerThreshold: number
  readonly entityMappings: readonly EntityMapping[]
  readonly customDetails: Readonly<Record<string, string>>
  readonly displayNameFormat?: string
  readonly descriptionFormat?: string
  readonly aggregation: AggregationKind
  readonly suppressionEnabled: boolean
  readonly suppression: number
  readonly createIncident: boolean
  readonly grouping: Grouping
}
