/** Whole results: the documented table against the engine's, row order and header apart from the values. */
import {
  type CellRules,
  cellMatches,
  EXACT_ENOUGH,
  isPermutation,
  type Tolerance,
  type Value,
} from './cells.js'
import { formatDatetime, formatTimespan } from './ticks.js'

export interface Column {
  readonly name: string
  /** A KQL type; `unknown` where the source does not say: the engine's own type then reads the cell. */
  readonly type: string
}

export interface Result {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Value[])[]
}

export interface ExpectedTable {
  readonly columns: readonly Column[]
  /** As the source shows them; null where it shows a null. */
  readonly rows: readonly (readonly (string | null)[])[]
  readonly order: RowOrder
}

/** `keys`: those columns row by row, ties free; `rows`: every row in its place; `none`: a multiset. */
export type RowOrder =
  | { readonly by: 'rows' | 'none' }
  | { readonly by: 'keys'; readonly keys: readonly string[] }

export interface CompareRules {
  readonly tolerance?: Tolerance
  /** Columns whose arrays are sets. */
  readonly sets?: ReadonlySet<string>
  /** Columns whose values no two engines share (sketches): only their presence counts. */
  readonly opaque?: ReadonlySet<string>
}

export interface Comparison {
  readonly values: boolean
  readonly header: boolean
  /** The first difference, for a person. */
  readonly difference?: string
}

export function compareTables(expected: ExpectedTable, actual: Result, rules: CompareRules = {}): Comparison {
  const names = actual.columns.map((column) => column.name)
  const wanted = expected.columns.map((column) => column.name)
  if (names.length !== wanted.length) {
    return { values: false, header: false, difference: `columns ${list(names)}, documented ${list(wanted)}` }
  }
  const values = valueDifference(expected, actual, rules)
  if (values !== undefined) return { values: false, header: true, difference: values }
  const header = expected.columns.every(
    ({ name, type }, index) =>
      name === names[index] && (type === 'unknown' || type === actual.columns[index]?.type),
  )
  if (header) return { values: true, header }
  const typed = ({ name, type }: Column): string => `${name}:${type}`
  const difference = `header ${list(actual.columns.map(typed))}, documented ${list(expected.columns.map(typed))}`
  return { values: true, header, difference }
}

function valueDifference(expected: ExpectedTable, actual: Result, rules: CompareRules): string | undefined {
  if (expected.rows.length !== actual.rows.length) {
    return `${count(actual.rows.length, 'row')}, documented ${expected.rows.length}`
  }
  const cellRules: readonly (CellRules & { type: string; opaque: boolean })[] = expected.columns.map(
    (column, index) => ({
      type: column.type === 'unknown' ? (actual.columns[index]?.type ?? 'string') : column.type,
      tolerance: rules.tolerance ?? EXACT_ENOUGH,
      set: rules.sets?.has(column.name) ?? false,
      opaque: rules.opaque?.has(column.name) ?? false,
    }),
  )
  const cellFits = (column: number, documented: string | null, value: Value): boolean => {
    const rule = cellRules[column] as (typeof cellRules)[number]
    return rule.opaque || cellMatches(rule.type, documented, value, rule)
  }
  const rowFits = (documented: readonly (string | null)[], row: readonly Value[]): boolean =>
    documented.every((cell, column) => cellFits(column, cell, row[column] ?? null))

  const inPlace = (columns: readonly number[]): string | undefined => {
    for (const [rowIndex, documented] of expected.rows.entries()) {
      for (const column of columns) {
        const cell = documented[column] ?? null
        const value = actual.rows[rowIndex]?.[column] ?? null
        if (cellFits(column, cell, value)) continue
        const name = expected.columns[column]?.name
        const got = showValue(value, actual.columns[column]?.type ?? 'string')
        return `row ${rowIndex + 1}, column ${name}: ${got}, documented ${showText(cell)}`
      }
    }
    return undefined
  }

  const all = expected.columns.map((_, index) => index)
  if (expected.order.by === 'rows') return inPlace(all)
  if (expected.order.by === 'keys') {
    const { keys } = expected.order
    const wrongKey = inPlace(all.filter((index) => keys.includes(expected.columns[index]?.name ?? '')))
    if (wrongKey) return `order: ${wrongKey}`
  }
  if (isPermutation(expected.rows, actual.rows, rowFits)) return undefined
  const missing = expected.rows.find((row) => !actual.rows.some((candidate) => rowFits(row, candidate)))
  const first = inPlace(all) ?? 'rows differ'
  return missing && expected.rows.length > 1
    ? `no row (${missing.map(showText).join(', ')}); ${first}`
    : first
}

function showText(cell: string | null): string {
  return cell === null ? 'null' : JSON.stringify(cell)
}

/** As a person reads it: datetimes and timespans not as ticks. */
export function showValue(value: Value, type: string): string {
  if (value === null) return 'null'
  if (typeof value === 'bigint' && type === 'datetime') return formatDatetime(value)
  if (typeof value === 'bigint' && type === 'timespan') return formatTimespan(value)
  return typeof value === 'string' && type !== 'dynamic' ? JSON.stringify(value) : String(value)
}

function list(names: readonly string[]): string {
  return `(${names.join(', ')})`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
