/** Where rows come from: stored tables and shared relations. */
import type { Node } from '../front/tree.js'
import { call, datetime, long, reference, timespan } from '../plan/build.js'
import type { Column, ColumnId, Plan } from '../plan/plan.js'
import type { Context } from './context.js'
import { ascending, type Relation } from './relation.js'

/** A stored table, within the time range and the rows that the caller of the query set. */
export function scanTable(name: string, node: Node, context: Context): Relation {
  const table = context.options.schema.tables.find((t) => t.name === name)
  if (!table)
    context.fail(
      node,
      'KS204',
      `The name '${name}' does not refer to any known table, tabular variable or function.`,
    )
  context.tables.add(table.name)
  const columns = table.columns.map((column) => context.column(column.name, column.type))
  const rowId = context.column(context.options.rowId, 'long')
  let plan: Plan = { kind: 'scan', table: table.name, columns: [...columns, rowId] }
  const isTimed = !context.options.untimed.includes(table.name)
  const time = columns.find(({ name, type }) => isTimed && name === 'TimeGenerated' && type === 'datetime')
  const within = (column: Column | undefined, operator: string, ticks: bigint | undefined): void => {
    if (!column || ticks === undefined) return
    const predicate = call(operator, [reference(column), datetime(ticks)], 'bool')
    plan = { kind: 'filter', input: plan, predicate }
  }
  within(time, '>=', context.options.timeRange.from)
  within(time, '<', context.options.timeRange.to)
  const { scopeColumn = 'TimeGenerated', scopeFrom, scopeTo } = context.settings
  const scoped = columns.find(({ name, type }) => name === scopeColumn && type === 'datetime')
  within(scoped, '>=', scopeFrom)
  within(scoped, '<=', scopeTo)
  const { ahead } = context.options
  const received = columns.find(({ name, type }) => name === '_TimeReceived' && type === 'datetime')
  if (time && received && ahead !== undefined) {
    const lead = call('-', [reference(time), reference(received)], 'timespan')
    const predicate =
      'atMost' in ahead
        ? call('<=', [lead, timespan(ahead.atMost)], 'bool')
        : call('>', [lead, timespan(ahead.moreThan)], 'bool')
    plan = { kind: 'filter', input: plan, predicate }
  }
  const rows = context.options.rows[table.name]
  if (rows?.after !== undefined) {
    plan = { kind: 'filter', input: plan, predicate: call('>', [reference(rowId), long(rows.after)], 'bool') }
  }
  if (rows !== undefined) {
    plan = { kind: 'filter', input: plan, predicate: call('<=', [reference(rowId), long(rows.upTo)], 'bool') }
  }
  return { plan, columns, order: [ascending(rowId)], sorted: 0 }
}

/** Computes the relation once; each call of the result is one use of it. */
export function share(relation: Relation, name: string, context: Context): () => Relation {
  const hidden = relation.order
    .filter((key) => !relation.columns.some((column) => column.id === key.id))
    .map((key): Column => ({ id: key.id, name: 'order', type: 'long' }))
  // Two visible columns may be one column under two names.
  const sources = [...relation.columns, ...hidden]
  const distinct = sources.filter(({ id }, i) => sources.findIndex((other) => other.id === id) === i)
  // No name of a stored table: inside the query it would mean the shared relation. DuckDB's names have no case.
  const taken = [...context.shared, ...context.options.schema.tables].map((known) => known.name.toLowerCase())
  let unique = name
  for (let i = 1; taken.includes(unique.toLowerCase()); i++) unique = `${name}_${i}`
  context.shared.push({ name: unique, plan: relation.plan, columns: distinct })
  return () => {
    const uses = sources.map((source) => ({ column: context.again(source), source: source.id }))
    const use = (id: ColumnId) => uses.find(({ source }) => source === id)!.column
    return {
      plan: { kind: 'reference', name: unique, columns: uses },
      columns: uses.slice(0, relation.columns.length).map(({ column }) => column),
      order: relation.order.map((key) => ({ ...key, id: use(key.id).id })),
      sorted: relation.sorted,
    }
  }
}

/** The relation itself for its first use, and computed once more for all further uses. */
export function reusable(relation: Relation, name: string, context: Context): () => Relation {
  let used = false
  let further: (() => Relation) | undefined
  return () => {
    if (!used) {
      used = true
      return relation
    }
    further ??= share(relation, name, context)
    return further()
  }
}
