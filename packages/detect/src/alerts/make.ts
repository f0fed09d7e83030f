/** From the rows of one run of a rule to its alerts. */
import { extractEntities, type Row } from '../entities/extract.js'
import { PLACEHOLDER } from '../rules/read.js'
import type { AnalyticsRule } from '../rules/rule.js'
import { type AlertProperty, SEVERITIES, TACTICS, TRIGGERS } from '../rules/vocabulary.js'
import { wordOf } from '../yaml/reader.js'
import { type Alert, type AlertRows, ROWS_KEPT } from './alert.js'

/** What a run found. `rows` may be fewer than `rowCount` when the result was cut. */
export interface RunResult {
  readonly columns: readonly string[]
  readonly rows: readonly Row[]
  readonly rowCount: number
  /** The window that was looked at, ISO. */
  readonly start: string
  readonly end: string
}

export interface FoundAlert {
  readonly alert: Alert
  readonly rows: AlertRows
  /** Mapped places that gave no entity. */
  readonly droppedEntities: number
}

/** Sentinel's limits: alerts a run, of which the last stands for all rows that are left. */
const ALERTS_PER_RUN = { Scheduled: 150, NRT: 30 } as const
const DETAIL_VALUES = 20
/** Of all custom details of an alert together. */
const DETAILS_LENGTH = 64 * 1024

function fillIn(format: string | undefined, fallback: string, row: Row | undefined, limit: number): string {
  if (format === undefined || row === undefined) return fallback
  const text = format.replace(PLACEHOLDER, (_, column: string) => row.get(column.trim()) ?? '')
  return text.trim() === '' ? fallback : text.slice(0, limit)
}

/** A cell that holds a list: JSON, or words with commas. */
function listOf(cell: string): string[] {
  if (cell.trim().startsWith('[')) {
    try {
      const value: unknown = JSON.parse(cell)
      if (Array.isArray(value)) return value.map(String)
    } catch {
      // A text that only begins like a list is split like any other.
    }
  }
  return cell
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** Distinct values of each detail, in the order of the rows, within the limits. */
function customDetails(rule: AnalyticsRule, rows: readonly Row[]): Record<string, string[]> {
  const details: Record<string, string[]> = {}
  let room = DETAILS_LENGTH
  for (const [key, column] of Object.entries(rule.customDetails)) {
    const values = new Set<string>()
    for (const row of rows) {
      const value = row.get(column) ?? ''
      if (value === '' || values.has(value)) continue
      if (values.size === DETAIL_VALUES || value.length > room) break
      values.add(value)
      room -= value.length
    }
    details[key] = [...values]
  }
  return details
}

function overrides(rule: AnalyticsRule, row: Row | undefined) {
  const { tacticsColumn, severityColumn, dynamicProperties, displayNameFormat, descriptionFormat } =
    rule.alertDetails
  const cell = (column: string | undefined) => (column === undefined ? '' : (row?.get(column) ?? ''))
  const tactics = listOf(cell(tacticsColumn)).flatMap((tactic) => wordOf(tactic, TACTICS) ?? [])
  const properties: Partial<Record<AlertProperty, string>> = {}
  for (const { property, column } of dynamicProperties) {
    const value = cell(column)
    if (value !== '') properties[property] = value
  }
  const techniques = [...listOf(properties.Techniques ?? ''), ...listOf(properties.SubTechniques ?? '')]
  return {
    displayName: fillIn(displayNameFormat, rule.name, row, 256),
    description: fillIn(descriptionFormat, rule.description, row, 5000),
    severity: wordOf(cell(severityColumn), SEVERITIES) ?? rule.severity,
    tactics: tactics.length > 0 ? tactics : rule.tactics,
    techniques: techniques.length > 0 ? techniques : rule.techniques,
    properties,
  }
}

/** First and last event time of the rows; the run's own window where they have none. */
function extent(rows: readonly Row[], result: RunResult): { startTime: string; endTime: string } {
  let startTime: string | undefined
  let endTime: string | undefined
  for (const row of rows) {
    // `timestamp` is what the old style of rules calls it.
    const time = row.get('TimeGenerated') || row.get('timestamp')
    if (!time || !/^\d{4}-\d\d-\d\dT/.test(time)) continue
    if (startTime === undefined || time < startTime) startTime = time
    if (endTime === undefined || time > endTime) endTime = time
  }
  return { startTime: startTime ?? result.start, endTime: endTime ?? result.end }
}

interface Making {
  readonly rule: AnalyticsRule
  readonly result: RunResult
  readonly now: string
  readonly newId: () => string
}

function make(
  { rule, result, now, newId }: Making,
  rows: readonly Row[],
  rowCount: number,
  isSummary: boolean,
): FoundAlert {
  const { entities, dropped } = extractEntities(rule, result.columns, rows)
  const alert: Alert = {
    id: newId(),
    ruleId: rule.id,
    ruleName: rule.name,
    ...overrides(rule, rows[0]),
    ...extent(rows, result),
    generatedTime: now,
    entities,
    customDetails: customDetails(rule, rows),
    query: rule.query,
    queryStart: result.start,
    queryEnd: result.end,
    rowCount,
    aggregation: rule.aggregation,
    isSummary,
  }
  const kept = rows.slice(0, ROWS_KEPT).map((row) => result.columns.map((column) => row.get(column) ?? ''))
  return { alert, rows: { columns: result.columns, rows: kept }, droppedEntities: dropped }
}

/** Whether the rows of a run are enough for an alert. A near-real-time rule has no threshold: any row is. */
export const isTriggered = (rule: AnalyticsRule, rowCount: number): boolean =>
  rule.kind === 'NRT' ? rowCount > 0 : TRIGGERS[rule.triggerOperator](rowCount, rule.triggerThreshold)

/**
 * None when the row count does not pass the threshold; one of all rows (SingleAlert); or one a row
 * (AlertPerResult), where the last alert of a run stands for all the rows that are left.
 */
export function alertsOf(
  rule: AnalyticsRule,
  result: RunResult,
  now: string,
  newId: () => string,
): FoundAlert[] {
  if (!isTriggered(rule, result.rowCount)) return []
  const making = { rule, result, now, newId }
  const { rows, rowCount } = result
  const limit = ALERTS_PER_RUN[rule.kind]
  if (rule.aggregation === 'SingleAlert' || rowCount === 0) return [make(making, rows, rowCount, false)]
  if (rowCount <= limit) return rows.map((row) => make(making, [row], 1, false))
  const alone = rows.slice(0, limit - 1)
  const rest = make(making, rows.slice(limit - 1), rowCount - alone.length, true)
  return [...alone.map((row) => make(making, [row], 1, false)), rest]
}
