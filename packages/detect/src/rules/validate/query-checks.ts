/** Checks that need the query's result: it binds against the tables, and the columns that the rule names are in it. */
import { type CompiledQuery, KqlError } from '@auspex/kql'
import { PLACEHOLDER, type RuleFile } from '../read.js'
import type { AnalyticsRule } from '../rule.js'
import type { Finding } from './finding.js'

type Place = readonly (string | number)[]

/** Every column that the rule takes from the result, with its place in the file. */
export function* columnsOf(rule: AnalyticsRule): Generator<{ at: Place; column: string }> {
  for (const [i, { fieldMappings }] of rule.entityMappings.entries()) {
    for (const [j, { columnName }] of fieldMappings.entries()) {
      yield { at: ['entityMappings', i, 'fieldMappings', j, 'columnName'], column: columnName }
    }
  }
  for (const [i, column] of rule.entityColumns.entries())
    yield { at: ['sentinelEntitiesMappings', i], column }
  for (const [key, column] of Object.entries(rule.customDetails)) yield { at: ['customDetails', key], column }
  const { alertDetails: details } = rule
  const formats = {
    alertDisplayNameFormat: details.displayNameFormat,
    alertDescriptionFormat: details.descriptionFormat,
  }
  for (const [key, format] of Object.entries(formats)) {
    for (const [, column] of (format ?? '').matchAll(PLACEHOLDER)) {
      yield { at: ['alertDetailsOverride', key], column: column!.trim() }
    }
  }
  const override = {
    alertTacticsColumnName: details.tacticsColumn,
    alertSeverityColumnName: details.severityColumn,
  }
  for (const [key, column] of Object.entries(override)) {
    if (column !== undefined) yield { at: ['alertDetailsOverride', key], column }
  }
  for (const [i, { column }] of details.dynamicProperties.entries()) {
    yield { at: ['alertDetailsOverride', 'alertDynamicProperties', i, 'value'], column }
  }
}

export function checkColumns(
  file: string,
  source: RuleFile,
  rule: AnalyticsRule,
  compiled: CompiledQuery,
): Finding[] {
  const names = compiled.columns.map(({ name }) => name)
  const findings: Finding[] = []
  for (const { at, column } of columnsOf(rule)) {
    if (names.includes(column)) continue
    const twin = names.find((name) => name.toLowerCase() === column.toLowerCase())
    const hint = twin === undefined ? `it has ${names.slice(0, 20).join(', ')}` : `did you mean ${twin}?`
    const message = `the query's result has no column ${column}; ${hint}`
    findings.push({ file, ...source.at(at), severity: 'error', check: 'columns', message })
  }
  return findings
}

/** What the compiler says, at its places in the file. */
export function kqlFindings(file: string, source: RuleFile, error: unknown): Finding[] {
  if (!(error instanceof KqlError)) throw error
  return error.diagnostics.map(({ line, column, severity, message, code, suggestion }) => ({
    file,
    ...source.inQuery(line, column),
    severity: severity === 'error' ? 'error' : 'warning',
    check: 'kql',
    message: `${message} (${code})${suggestion === undefined ? '' : ` Did you mean ${suggestion}?`}`,
  }))
}
