/** One SELECT while it is being put together, and its text. */
import type { Column, ColumnId } from '../../plan/plan.js'
import { Fragment } from './fragment.js'
import type { OrderItem } from './scalar.js'
import { identifier } from './text.js'

/** Clauses fill up in the order SQL evaluates them; what comes too late needs a new SELECT around this one. */
export interface Select {
  /** Text after FROM; null for a SELECT of constants. */
  readonly from: string | null
  /** All columns that can be shown or used, by id. */
  readonly columns: ReadonlyMap<ColumnId, Available>
  readonly where: readonly Fragment[]
  /** Null: not grouped. Empty: one group. */
  readonly groupBy: readonly Fragment[] | null
  readonly having: readonly string[]
  /** Columns hold window functions or make rows. */
  readonly windowed: boolean
  readonly distinctOn: readonly Fragment[] | null
  readonly orderBy: readonly OrderItem[] | null
  readonly limit: string | null
}

export interface Available {
  readonly column: Column
  readonly fragment: Fragment
}

export interface Shown {
  readonly id: ColumnId
  readonly name: string
}

export function select(from: string | null, columns: ReadonlyMap<ColumnId, Available>): Select {
  return {
    from,
    columns,
    where: [],
    groupBy: null,
    having: [],
    windowed: false,
    distinctOn: null,
    orderBy: null,
    limit: null,
  }
}

/** Further in by two blanks; what stands in quotes is left alone, line ends included. */
export function indent(text: string): string {
  return `  ${text.replace(/'[^']*'|"[^"]*"|\n(?=.)/g, (match) => (match === '\n' ? '\n  ' : match))}`
}

/** The names, made unique as DuckDB compares them (without case). */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let unique = name
    for (let i = 2; taken.has(unique.toLowerCase()); i++) unique = `${name}_${i}`
    taken.add(unique.toLowerCase())
    return unique
  })
}

/** Unique names for columns, by id. */
export function outputNames(columns: readonly Column[]): Map<ColumnId, string> {
  const names = uniqueNames(columns.map(({ name }) => name))
  return new Map(columns.map(({ id }, i) => [id, names[i]!]))
}

function orderText(items: readonly OrderItem[]): string {
  return items.map(({ sql, direction }) => `${sql} ${direction}`).join(', ')
}

/**
 * In ORDER BY a name means the column of the select list that is called so, not that of the input. An order by an
 * input column whose name something else has taken in the list is therefore computed in a SELECT of its own.
 */
function isMisread(
  { sql }: OrderItem,
  list: readonly { readonly sql: string; readonly alias: string }[],
): boolean {
  const written = sql.toLowerCase()
  return list.some(
    (item) => item.sql !== item.alias && item.sql !== sql && written.includes(item.alias.toLowerCase()),
  )
}

/** The text of a SELECT that shows the given columns under the given names. */
export function selectText(query: Select, shown: readonly Shown[]): string {
  const items = listOf(query, shown)
  if (query.orderBy?.some((key) => isMisread(key, items))) return orderedOutside(query, shown, query.orderBy)
  return clauses(query, items)
}

interface Item {
  readonly sql: string
  readonly alias: string
}

function listOf(query: Select, shown: readonly Shown[]): Item[] {
  return shown.map(({ id, name }) => {
    const available = query.columns.get(id)
    if (!available) throw new Error(`column ${name} (${id}) is not available here`)
    return { sql: available.fragment.sql, alias: identifier(name) }
  })
}

function clauses(query: Select, items: readonly Item[]): string {
  const list = items.map(({ sql, alias }) => {
    const named = sql === alias || (sql.endsWith(`.${alias}`) && /^t\d+\."[^"]*"$/.test(sql))
    return named ? sql : `${sql} AS ${alias}`
  })
  const distinctOn = query.distinctOn
    ? ` DISTINCT ON (${query.distinctOn.map((fragment) => fragment.sql).join(', ')})`
    : ''
  const lines: string[] = []
  const oneLine = list.join(', ')
  if (list.length === 0) lines.push(`SELECT${distinctOn} 1 AS "unit"`)
  else if (oneLine.length <= 100) lines.push(`SELECT${distinctOn} ${oneLine}`)
  else lines.push(`SELECT${distinctOn}\n${indent(list.join(',\n'))}`)
  if (query.from !== null) lines.push(`FROM ${query.from}`)
  if (query.where.length > 0) {
    lines.push(
      `WHERE ${query.where.map((f) => (query.where.length > 1 ? f.within(2) : f.sql)).join('\n  AND ')}`,
    )
  }
  if (query.groupBy && query.groupBy.length > 0)
    lines.push(`GROUP BY ${query.groupBy.map((f) => f.sql).join(', ')}`)
  if (query.having.length > 0) lines.push(`HAVING ${query.having.join('\n  AND ')}`)
  if (query.orderBy) lines.push(`ORDER BY ${orderText(query.orderBy)}`)
  if (query.limit !== null) lines.push(`LIMIT ${query.limit}`)
  return lines.join('\n')
}

/** The SELECT with its order as columns `order_1`, …, and around it one that shows the rest in that order. */
function orderedOutside(query: Select, shown: readonly Shown[], orderBy: readonly OrderItem[]): string {
  const columns = new Map(query.columns)
  const keys = orderBy.map(({ sql, direction }, i) => {
    const column: Column = { id: -1 - i, name: `order_${i + 1}`, type: 'long' }
    columns.set(column.id, { column, fragment: new Fragment(sql, 'long') })
    return { id: column.id, name: column.name, item: { sql: identifier(column.name), direction } }
  })
  const names = uniqueNames([...keys.map(({ name }) => name), ...shown.map(({ name }) => name)]).slice(
    keys.length,
  )
  const inner = [...shown.map(({ id }, i) => ({ id, name: names[i]! })), ...keys]
  // A limit takes the first rows of the order, so the order is needed inside as well, by names nobody else has.
  const ordered = { ...query, columns, orderBy: query.limit === null ? null : keys.map(({ item }) => item) }
  const text = clauses(ordered, listOf(ordered, inner))
  const list = shown.map(({ name }, i) => {
    const [own, alias] = [identifier(names[i]!), identifier(name)]
    return own === alias ? own : `${own} AS ${alias}`
  })
  return `SELECT ${list.join(', ')}\nFROM (\n${indent(text)}\n) AS ordered\nORDER BY ${orderText(keys.map(({ item }) => item))}`
}
