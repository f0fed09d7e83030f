/**
 * The rows of an answer, and an order over them: what the grid shows after sorting and filtering. It lives in a
 * worker, so that neither reading an answer of 100,000 rows nor sorting it ever holds up the page.
 */
import type { KqlType, Render } from '@auspex/kql'
import type { Cell, Column, QueryAnswer, Statistics } from '../../kql/answer'

export interface ColumnSummary extends Column {
  /** Rows in which it holds something. */
  readonly filled: number
  /** Letters of its longest text, up to a bound: for the first width. */
  readonly widest: number
}

export interface Summary {
  readonly columns: readonly ColumnSummary[]
  readonly rowCount: number
  readonly truncated: boolean
  readonly render?: Render
  readonly statistics: Statistics
}

export interface View {
  readonly sort?: { readonly column: number; readonly descending: boolean }
  /** By column: a text that the value contains; `=x`, `!x`, `>5`, `<=5` compare. */
  readonly filters: Readonly<Record<number, string>>
  /** A text that any value contains. */
  readonly search: string
}

export interface Facet {
  readonly value: Cell
  readonly count: number
}

const isEmpty = (cell: Cell | undefined): boolean => cell === null || cell === undefined || cell === ''
const NUMERIC = new Set<KqlType>(['int', 'long', 'real', 'decimal'])
const WIDEST = 80

const textOf = (cell: Cell | undefined): string => (cell === null || cell === undefined ? '' : String(cell))

const TICKS = { d: 864e9, h: 36e9, m: 6e8, s: 1e7 }

/** `1.02:03:04.5`, as the wire has timespans, in ticks. */
function timespanTicks(text: string): number {
  const match = /^(-?)(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(text)
  if (!match) return Number.NaN
  const [, sign, days, hours, minutes, seconds] = match
  const ticks =
    Number(days ?? 0) * TICKS.d +
    Number(hours) * TICKS.h +
    Number(minutes) * TICKS.m +
    Number(seconds) * TICKS.s
  return sign === '-' ? -ticks : ticks
}

type Test = (cell: Cell | undefined) => boolean

/** What a filter's text means for a column of this type. */
export function testOf(filter: string, type: KqlType): Test {
  const match = /^\s*(==?|!=?|<=|>=|<|>)?\s*(.*?)\s*$/s.exec(filter)!
  const [, operator, value = ''] = match
  const number = NUMERIC.has(type) && value !== '' ? Number(value) : Number.NaN
  if (operator === '<' || operator === '>' || operator === '<=' || operator === '>=') {
    const numeric = !Number.isNaN(number)
    return (cell) => {
      if (isEmpty(cell)) return false
      const [a, b] = numeric ? [Number(cell), number] : [textOf(cell), value]
      return operator === '<' ? a < b : operator === '>' ? a > b : operator === '<=' ? a <= b : a >= b
    }
  }
  const lower = value.toLowerCase()
  if (operator === '=' || operator === '==') return (cell) => textOf(cell).toLowerCase() === lower
  if (operator === '!' || operator === '!=') return (cell) => textOf(cell).toLowerCase() !== lower
  return (cell) => textOf(cell).toLowerCase().includes(lower)
}

export class ResultSet {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  readonly #answer: QueryAnswer
  #order: Uint32Array

  constructor(answer: QueryAnswer) {
    this.#answer = answer
    this.columns = answer.columns
    this.rows = answer.rows
    this.#order = Uint32Array.from({ length: answer.rows.length }, (_, i) => i)
  }

  summary(): Summary {
    const { truncated, render, statistics } = this.#answer
    const columns = this.columns.map((column, i): ColumnSummary => {
      let filled = 0
      let widest = 0
      for (const row of this.rows) {
        const cell = row[i]
        if (isEmpty(cell)) continue
        filled++
        if (widest < WIDEST) widest = Math.max(widest, textOf(cell).length)
      }
      return { ...column, filled, widest: Math.min(WIDEST, widest) }
    })
    return { columns, rowCount: this.rows.length, truncated, ...(render && { render }), statistics }
  }

  /** Puts the rows in order; gives how many are left. */
  arrange({ sort, filters, search }: View): number {
    const tests = Object.entries(filters).flatMap(([column, filter]): [number, Test][] =>
      filter.trim() === '' ? [] : [[Number(column), testOf(filter, this.columns[Number(column)]!.type)]],
    )
    const wanted = search.trim().toLowerCase()
    const kept = new Uint32Array(this.rows.length)
    let count = 0
    for (let i = 0; i < this.rows.length; i++) {
      const row = this.rows[i]!
      if (!tests.every(([column, test]) => test(row[column]))) continue
      if (wanted !== '' && !row.some((cell) => textOf(cell).toLowerCase().includes(wanted))) continue
      kept[count++] = i
    }
    this.#order = kept.slice(0, count)
    if (sort !== undefined) this.#sort(sort.column, sort.descending)
    return count
  }

  #sort(column: number, descending: boolean): void {
    const { type } = this.columns[column]!
    const direction = descending ? -1 : 1
    const cells = this.rows.map((row) => row[column] ?? null)
    if (NUMERIC.has(type) || type === 'timespan') {
      const keys = Float64Array.from(cells, (cell) =>
        isEmpty(cell) ? Number.NaN : type === 'timespan' ? timespanTicks(String(cell)) : Number(cell),
      )
      this.#order.sort((a, b) => {
        const [x, y] = [keys[a]!, keys[b]!]
        if (x === y) return exact(cells[a]!, cells[b]!, type) * direction || a - b
        if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) ? (Number.isNaN(y) ? a - b : 1) : -1
        return (x - y) * direction
      })
      return
    }
    // Empty ones go last in both directions: nobody sorts to see them.
    const keys = cells.map((cell) => textOf(cell).toLowerCase())
    this.#order.sort((a, b) => {
      const [x, y] = [keys[a]!, keys[b]!]
      if (x === y) return a - b
      if (x === '' || y === '') return x === '' ? 1 : -1
      return (x < y ? -1 : 1) * direction
    })
  }

  /** Rows of the order, from one place to before another. */
  slice(from: number, to: number): (readonly Cell[])[] {
    return Array.from(this.#order.subarray(from, to), (row) => this.rows[row]!)
  }

  /** The values of a column that most rows of the order have, and how many other values there are. */
  facets(column: number, limit: number): { readonly top: readonly Facet[]; readonly others: number } {
    const counts = new Map<Cell, number>()
    for (const row of this.#order) {
      const cell = this.rows[row]![column] ?? null
      counts.set(cell, (counts.get(cell) ?? 0) + 1)
    }
    const sorted = [...counts].sort((a, b) => b[1] - a[1])
    return {
      top: sorted.slice(0, limit).map(([value, count]) => ({ value, count })),
      others: Math.max(0, sorted.length - limit),
    }
  }

  /** The rows of the order as a file, with the columns that are asked for. */
  export(format: ExportFormat, columns: readonly number[]): string[] {
    const names = columns.map((column) => this.columns[column]!.name)
    if (format === 'json') return this.#json(names, columns)
    const write = format === 'csv' ? csvField : tsvField
    const separator = format === 'csv' ? ',' : '\t'
    const end = format === 'csv' ? '\r\n' : '\n'
    const lines = [names.map(write).join(separator) + end]
    for (const row of this.#order) {
      lines.push(columns.map((column) => write(textOf(this.rows[row]![column]))).join(separator) + end)
    }
    return lines
  }

  #json(names: readonly string[], columns: readonly number[]): string[] {
    const parts = ['[']
    this.#order.forEach((index, i) => {
      const row = this.rows[index]!
      const fields = columns.map(
        (column, j) => `${JSON.stringify(names[j])}:${this.jsonValue(row[column], column)}`,
      )
      parts.push(`${i === 0 ? '' : ','}\n{${fields.join(',')}}`)
    })
    parts.push('\n]\n')
    return parts
  }

  /** A dynamic is the JSON that it is; a long stays a number, with all its digits. */
  jsonValue(cell: Cell | undefined, column: number): string {
    return jsonCell(cell ?? null, this.columns[column]!.type)
  }
}

export type ExportFormat = 'csv' | 'tsv' | 'json'

export function jsonCell(cell: Cell, type: KqlType): string {
  if (cell === null) return 'null'
  const isNumber = (type === 'long' || type === 'decimal') && /^-?\d+(\.\d+)?$/.test(String(cell))
  return type === 'dynamic' || isNumber ? String(cell) : JSON.stringify(cell)
}

/** Order of two values that are the same as doubles. */
function exact(a: Cell, b: Cell, type: KqlType): number {
  if (type !== 'long' || a === null || b === null) return 0
  const [x, y] = [BigInt(a), BigInt(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

/** Spreadsheets run a field that begins like a formula, and these texts are written by attackers. */
const FORMULA = /^[=+\-@\t\r]/

function csvField(text: string): string {
  const safe = FORMULA.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const tsvField = (text: string): string => text.replace(/[\t\r\n]+/g, ' ')
