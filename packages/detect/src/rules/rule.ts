/**
 * An analytics rule in Sentinel's model. Everything that its YAML or ARM form can say is in here, so that
 * either can be written from it again; what only one of the two knows is in `extra`.
 */
import type { EntityType } from '../entities/types.js'
import type {
  AggregationKind,
  AlertDetail,
  AlertProperty,
  MatchingMethod,
  RuleKind,
  Severity,
  TriggerOperator,
} from './vocabulary.js'

export interface FieldMapping {
  /** One of the type's identifiers, or (published files hold such) something else, which names nothing. */
  readonly identifier: string
  readonly columnName: string
}

export interface EntityMapping {
  /** One of {@link EntityType}, or something else, which makes no entity. */
  readonly entityType: EntityType | (string & {})
  readonly fieldMappings: readonly FieldMapping[]
}

export interface Grouping {
  readonly enabled: boolean
  readonly reopenClosedIncident: boolean
  /** Minutes. */
  readonly lookback: number
  readonly matchingMethod: MatchingMethod
  readonly groupByEntities: readonly EntityType[]
  readonly groupByAlertDetails: readonly AlertDetail[]
  /** Keys of the rule's custom details. */
  readonly groupByCustomDetails: readonly string[]
}

/** What of an alert comes out of the row instead of the rule. Columns are names in the query's result. */
export interface AlertDetails {
  readonly displayNameFormat?: string
  readonly descriptionFormat?: string
  readonly tacticsColumn?: string
  readonly severityColumn?: string
  readonly dynamicProperties: readonly { readonly property: AlertProperty; readonly column: string }[]
}

export interface DataConnector {
  readonly connectorId: string
  readonly dataTypes: readonly string[]
}

/** Durations in minutes; a near-real-time rule has neither schedule nor threshold, and theirs here mean nothing. */
export interface AnalyticsRule {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly kind: RuleKind
  readonly version: string
  readonly severity: Severity
  /** Whether it runs where nobody has said otherwise. */
  readonly enabled: boolean
  /** ISO time before which it does not run. */
  readonly startTime?: string
  readonly requiredDataConnectors: readonly DataConnector[]
  readonly tactics: readonly string[]
  readonly techniques: readonly string[]
  readonly query: string
  readonly frequency: number
  readonly period: number
  readonly triggerOperator: TriggerOperator
  readonly triggerThreshold: number
  readonly entityMappings: readonly EntityMapping[]
  /** Columns that hold entities in Sentinel's own JSON. */
  readonly entityColumns: readonly string[]
  /** Key to column. */
  readonly customDetails: Readonly<Record<string, string>>
  readonly alertDetails: AlertDetails
  readonly aggregation: AggregationKind
  readonly suppressionEnabled: boolean
  readonly suppression: number
  readonly createIncident: boolean
  readonly grouping: Grouping
  /** Keys that no run looks at, as they were: tags, metadata, status, … */
  readonly extra: Readonly<Record<string, unknown>>
}
