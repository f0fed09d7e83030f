/** An alert: what a run of a rule found. Times are ISO 8601 in UTC with seven digits, as Kusto prints them. */
import type { Entity } from '../entities/entity.js'
import type { AggregationKind, AlertProperty, Severity } from '../rules/vocabulary.js'

export interface Alert {
  readonly id: string
  readonly ruleId: string
  readonly ruleName: string
  readonly displayName: string
  readonly description: string
  readonly severity: Severity
  readonly tactics: readonly string[]
  readonly techniques: readonly string[]
  readonly startTime: string
  readonly endTime: string
  readonly generatedTime: string
  readonly entities: readonly Entity[]
  readonly customDetails: Readonly<Record<string, readonly string[]>>
  /** What the rule takes out of a row beside name, description, severity and tactics. */
  readonly properties: Readonly<Partial<Record<AlertProperty, string>>>
  readonly query: string
  readonly queryStart: string
  readonly queryEnd: string
  /** Rows that made the alert; the first {@link ROWS_KEPT} of them are kept. */
  readonly rowCount: number
  readonly aggregation: AggregationKind
  /** True for the last alert of a run that found more rows than there are alerts a run: it stands for the rest. */
  readonly isSummary: boolean
}

/** The result rows behind an alert, as text. Kept beside it, because few who read an alert read them. */
export interface AlertRows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export const ROWS_KEPT = 1000
