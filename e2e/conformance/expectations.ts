/**
 * What a case demands, as tables to compare with. A case of the docs can be met in more than one way: by the
 * text of the page or of its link, and with the page's columns in the page's order or the binder's.
 */

import { areaOf, type DocsCase, type LocoCase } from './cases.js'
import { EXACT_ENOUGH, GEOGRAPHIC } from './cells.js'
import type { Column, CompareRules, ExpectedTable, RowOrder } from './compare.js'

export interface Attempt {
  readonly query: string
  /** Any of them will do. */
  readonly tables: readonly ExpectedTable[]
  readonly rules: CompareRules
}

export function docsAttempts(example: DocsCase): Attempt[] {
  const official: Column[] = (example.official_columns ?? []).map(([name, type]) => ({ name, type }))
  const typeOf = (name: string, index: number): string =>
    official.find((column) => column.name === name)?.type ?? official[index]?.type ?? 'unknown'
  const shown: Column[] = example.columns.map((name, index) => ({ name, type: typeOf(name, index) }))
  const order = orderOf(example)
  const table = (columns: readonly Column[], rows: DocsCase['rows']): ExpectedTable => ({
    columns,
    rows: rows.map((row) => row.map((cell, index) => readEmpty(cell, columns[index]?.type ?? 'unknown'))),
    order,
  })

  // The binder's names over the page's columns, place by place; the page's own names where the binder has none.
  const positional = official.length === shown.length ? official : shown
  const tables = [table(positional, example.rows)]
  const places = official.map((column) => example.columns.indexOf(column.name))
  const permuted = places.length === shown.length && places.every((place) => place >= 0)
  if (permuted && places.some((place, index) => place !== index)) {
    tables.push(
      table(
        official,
        example.rows.map((row) => places.map((place) => row[place] as string)),
      ),
    )
  }

  const attempts: Attempt[] = [{ query: example.query, tables, rules: rulesOf(example, example.query) }]
  if (example.link_query !== undefined && example.link_query !== example.query) {
    const own = { query: example.link_query, rules: rulesOf(example, example.link_query) }
    // The binder read the page's text; the link's text may name its columns as the page's header does.
    attempts.push({ ...own, tables: [table(shown, example.rows), ...tables] })
  }
  return attempts
}

/** An empty cell is "" in a string column, and null in any other. */
function readEmpty(cell: string, type: string): string | null {
  return cell === '' && type !== 'string' ? null : cell
}

export function locoTable(test: LocoCase): ExpectedTable {
  const types = test.types ?? []
  return {
    columns: (test.columns ?? []).map((name, index) => ({ name, type: types[index] ?? 'unknown' })),
    rows: (test.rows ?? []).map((row) =>
      restoreLastCells(row).map((cell) => (cell === NULL_CELL ? null : cell)),
    ),
    order: orderOf(test),
  }
}

const NULL_CELL = '(null)'

/** The text was split at "; " after its last blank was trimmed: `…; x; ` came out as the cells `x;` and ``. */
function restoreLastCells(row: readonly string[]): readonly string[] {
  const last = row.length - 1
  if (last < 1 || row[last] !== '' || !row[last - 1]?.endsWith(';')) return row
  return row.with(last - 1, (row[last - 1] as string).slice(0, -1))
}

function orderOf(candidate: DocsCase | LocoCase): RowOrder {
  if (!candidate.ordered) return { by: 'none' }
  const columns = columnNames(candidate)
  const keys = (candidate.sort_keys ?? []).filter((key) => columns.includes(key))
  return keys.length > 0 ? { by: 'keys', keys } : { by: 'rows' }
}

function columnNames(candidate: DocsCase | LocoCase): readonly string[] {
  const official = candidate.source === 'docs' ? (candidate.official_columns ?? []).map(([name]) => name) : []
  return [...(candidate.columns ?? []), ...official]
}

export function rulesOf(candidate: DocsCase | LocoCase, query: string): CompareRules {
  const names = columnNames(candidate)
  return {
    tolerance: areaOf(candidate) === 'geo' ? GEOGRAPHIC : EXACT_ENOUGH,
    sets: columnsMadeBy(query, names, 'make_?set(?:_?if)?|geo_\\w+_to_(?:h3|s2)cells', 'set'),
    opaque: columnsMadeBy(query, names, 'hll(?:_if|_merge)?|tdigest(?:_merge)?|merge_tdigest', 'hll|tdigest'),
  }
}

/** Columns that a call of `functions` (a pattern) fills, by their given name or by the default `prefix_x`. */
export function columnsMadeBy(
  query: string,
  names: readonly string[],
  functions: string,
  prefix: string,
): ReadonlySet<string> {
  if (!new RegExp(`\\b(?:${functions})\\s*\\(`).test(query)) return new Set()
  const byDefault = new RegExp(`^(?:${prefix}|${functions})_`)
  return new Set(
    names.filter(
      (name) =>
        byDefault.test(name) ||
        new RegExp(`(?<![\\w.])${escapeRegExp(name)}['"\\]]*\\s*=\\s*(?:${functions})\\s*\\(`).test(query),
    ),
  )
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
