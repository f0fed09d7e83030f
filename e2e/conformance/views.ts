/** The ways in which a test of kusto-loco looks at a result, and its checks on what it sees. */

import type { Check, LocoCase } from './cases.js'
import { cellMatches, EXACT_ENOUGH, isPermutation, type Value } from './cells.js'
import type { Result } from './compare.js'
import { formatTimespan, universalDatetime } from './ticks.js'

/** A cell as .NET prints the value, with `<null>` for null. */
export function cellText(value: Value, type: string): string {
  if (value === null) return '<null>'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'bigint' && type === 'datetime') return universalDatetime(value)
  if (typeof value === 'bigint' && type === 'timespan') return formatTimespan(value)
  if (typeof value === 'string' && type === 'dynamic') return dynamicText(value)
  return String(value)
}

/** Indented JSON; a string at the top without quotes. */
function dynamicText(json: string): string {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return json
  }
  if (value === null) return '<null>'
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

export function rowText(result: Result, index: number): string | undefined {
  return result.rows[index]
    ?.map((value, column) => cellText(value, result.columns[column]?.type ?? 'string'))
    .join(',')
}

const squash = (text: string): string => text.replace(/\s/g, '')

/** The first check of the test that does not hold, in words; undefined when all hold. `table` is compared elsewhere. */
export function failedCheck(test: LocoCase, result: Result): string | undefined {
  for (const check of test.checks) {
    const seen = look(test, result)
    if (!holds(check, seen) && !holdsByValue(check, test, result)) {
      return `${test.view} is ${JSON.stringify(seen) ?? 'absent'}, documented ${check.op} ${JSON.stringify(check.value)}`
    }
  }
  return undefined
}

function look(test: LocoCase, result: Result): string | undefined {
  const last = rowText(result, result.rows.length - 1)
  const rows = result.rows.map((_, index) => rowText(result, index) as string)
  switch (test.view) {
    case 'last_row':
      return last
    case 'last_row_squashed':
      return last === undefined ? undefined : squash(last)
    case 'rows':
      return rows.join(test.sep)
    case 'rows_squashed':
      return squash(rows.join(test.sep))
    case 'row_count':
      return String(result.rows.length)
    case 'column_count':
      return String(result.columns.length)
    case 'error':
      return ''
    case 'table':
      throw new Error(`${test.id} shows a table, which is compared cell by cell.`)
  }
}

function holds(check: Check, seen: string | undefined): boolean {
  if (seen === undefined) return false
  const value = String(check.value)
  switch (check.op) {
    case 'equals':
      return seen === value
    case 'not_equals':
      return seen !== value
    case 'contains':
      return seen.includes(value)
    case 'not_contains':
      return !seen.includes(value)
    case 'starts_with':
      return seen.startsWith(value)
    case 'contains_any':
      return Array.isArray(check.value) && check.value.some((option) => seen.includes(String(option)))
    case 'between': {
      const [low, high] = Array.isArray(check.value) ? check.value.map(Number) : []
      const number = Number(seen)
      return low !== undefined && high !== undefined && number >= low && number <= high
    }
    case 'not_null':
      return true
  }
}

/** Equality where the text differs only in its print: key order, digits of a real, rows of no order. */
function holdsByValue(check: Check, test: LocoCase, result: Result): boolean {
  if (check.op !== 'equals' || check.value === null) return false
  const documented = String(check.value)
  const rules = { tolerance: EXACT_ENOUGH }
  const rowFits = (text: string, row: readonly Value[]): boolean => {
    const cells = row.length === 1 ? [text] : text.split(',')
    return (
      cells.length === row.length &&
      cells.every((cell, index) =>
        cellMatches(
          result.columns[index]?.type ?? 'string',
          cell === '<null>' ? null : cell,
          row[index] ?? null,
          rules,
        ),
      )
    )
  }
  const last = result.rows.at(-1)
  if (test.view === 'last_row' || test.view === 'last_row_squashed') {
    return last !== undefined && rowFits(documented, last)
  }
  if ((test.view === 'rows' || test.view === 'rows_squashed') && test.sep) {
    const documentedRows = documented.split(test.sep)
    if (!test.ordered) return isPermutation(documentedRows, result.rows, rowFits)
    return (
      documentedRows.length === result.rows.length &&
      documentedRows.every((text, index) => rowFits(text, result.rows[index] ?? []))
    )
  }
  return false
}
