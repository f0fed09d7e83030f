/** From the rows of one run of a rule to its alerts. */
import type { AnalyticsRule } from '../rules/rule.js'
import { type Severity, TRIGGERS } from '../rules/vocabulary.js'
import { type Entity, effectiveMappings, entitiesOf, type Row } from './entities.js'

/** Times are ISO 8601 in UTC with seven digits, as Kusto prints them. */
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
  readonly query: string
  readonly queryStart: string
  readonly queryEnd: string
  /** Rows that made the alert; the first {@link ROWS_KEPT} of them are kept. */
  readonly rowCount: number
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** What a run found. `rows` may be fewer than `rowCount` when the result was cut. */
export interface RunResult {
  readonly columns: readonly string[]
  readonly rows: readonly Row[]
  readonly rowCount: number
  /** The window that was looked at, ISO. */
  readonly start: string
  readonly end: string
}

export const ROWS_KEPT = 1000
const ALERTS_PER_RUN = 150
const DETAIL_VALUES = 20

function fillIn(format: string | undefined, fallback: string, row: Row | undefined, limit: number): string {
  if (format === undefined || row === undefined) return fallback
  const text = format.replace(/{{([^{}]*)}}/g, (_, column: string) => row.get(column.trim()) ?? '')
  return text.slice(0, limit)
}

function makeAlert(
  rule: AnalyticsRule,
  result: RunResult,
  rows: readonly Row[],
  rowCount: number,
  now: string,
  newId: () => string,
): Alert {
  const times = rows
    .flatMap((row) => {
      const time = row.get('TimeGenerated')
      return time ? [time] : []
    })
    .sort()
  const customDetails: Record<string, string[]> = {}
  for (const [key, column] of Object.entries(rule.customDetails)) {
    const values = new Set(rows.map((row) => row.get(column) ?? '').filter((value) => value !== ''))
    customDetails[key] = [...values].slice(0, DETAIL_VALUES)
  }
  return {
    id: newId(),
    ruleId: rule.id,
    ruleName: rule.name,
    displayName: fillIn(rule.alertDetails.displayNameFormat, rule.name, rows[0], 256),
    description: fillIn(rule.alertDetails.descriptionFormat, rule.description, rows[0], 5000),
    severity: rule.severity,
    tactics: rule.tactics,
    techniques: rule.techniques,
    startTime: times[0] ?? result.start,
    endTime: times.at(-1) ?? result.end,
    generatedTime: now,
    entities: entitiesOf(effectiveMappings(rule.entityMappings, result.columns), rows),
    customDetails,
    query: rule.query,
    queryStart: result.start,
    queryEnd: result.end,
    rowCount,
    columns: result.columns,
    rows: rows.slice(0, ROWS_KEPT).map((row) => result.columns.map((column) => row.get(column) ?? '')),
  }
}

/**
 * None when the row count does not pass the threshold; one of all rows (SingleAlert); or one a row
 * (AlertPerResult), where alert number 150 stands for all the rows that are left.
 */
export function alertsOf(rule: AnalyticsRule, result: RunResult, now: string, newId: () => string): Alert[] {
  if (!TRIGGERS[rule.triggerOperator](result.rowCount, rule.triggerThreshold)) return []
  const make = (rows: readonly Row[], rowCount: number) => makeAlert(rule, result, rows, rowCount, now, newId)
  if (rule.aggregation === 'SingleAlert' || result.rowCount === 0) return [make(result.rows, result.rowCount)]
  if (result.rowCount <= ALERTS_PER_RUN) return result.rows.map((row) => make([row], 1))
  const single = result.rows.slice(0, ALERTS_PER_RUN - 1)
  const rest = result.rows.slice(ALERTS_PER_RUN - 1)
  return [...single.map((row) => make([row], 1)), make(rest, result.rowCount - single.length)]
}
