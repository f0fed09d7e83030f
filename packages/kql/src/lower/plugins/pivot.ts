/** pivot: a column for each value of a column, with an aggregate of the rows that have the value. */
import { child, nodes } from '../../front/tree.js'
import { aggregateNamed } from '../../functions/tables.js'
import { call, reference, string } from '../../plan/build.js'
import type { AggregateCall, AggregateDefinition, Column, Definition, Plan } from '../../plan/plan.js'
import { type RowsInWork, rowScope } from '../context.js'
import { convert } from '../convert.js'
import { compute, type Relation } from '../relation.js'
import { lowerAggregateCall } from '../scalar.js'
import { knownType } from '../types.js'
import { columnOf, fail, inputOf, type PluginTable, type PluginWork } from './plugin.js'

const AGGREGATES = new Set([
  'avg',
  'count',
  'dcount',
  'make_bag',
  'make_list',
  'make_set',
  'max',
  'min',
  'stdev',
  'sum',
  'take_any',
  'variance',
])

const COUNT: AggregateCall = { name: 'count', arguments: [], type: 'long', filter: null, orderBy: [] }

function pivot(work: PluginWork): Relation {
  const { context, positional } = work
  const rows: RowsInWork = { relation: inputOf(work) }
  const pivoted = columnOf(work, positional[0]!, rows, 'pivoted')
  const [aggregate, aggregated] = aggregateOf(work, rows)
  const named = positional.slice(2).map((node) => columnOf(work, node, rows, 'key'))
  const keyColumns =
    named.length > 0
      ? named
      : rows.relation.columns.filter(
          (column) => column.name !== positional[0]!.name && !aggregated.has(column.name),
        )
  const { relation } = rows
  const keys = keyColumns.map((column) => ({ column: context.again(column), value: reference(column) }))
  const label = convert(reference(pivoted), 'string')
  const cells: AggregateDefinition[] = []
  const cell = (name: string): Column => {
    const column = context.column(name, aggregate.type)
    const filter = call('==', [label, string(name)], 'bool')
    cells.push({ column, call: { ...aggregate, filter } })
    return column
  }
  const grouped = (): Plan => ({ kind: 'aggregate', input: relation.plan, keys, aggregates: cells })
  if (work.schema) {
    const definitions: Definition[] = []
    const columns = work.schema.map(({ name, type }) => {
      const key = keys.find(({ column }) => column.name === name)
      if (key) return key.column
      const value = cell(name)
      if (value.type === knownType(type)) return value
      const column = context.column(name, knownType(type))
      definitions.push({ column, value: convert(reference(value), column.type) })
      return column
    })
    const result: Relation = { plan: grouped(), columns, order: [], sorted: 0 }
    return { ...compute(result, definitions), columns }
  }
  const columns = [...keys.map(({ column }) => column)]
  for (const value of discoverValues(work, relation, label)) {
    if (value === '') {
      fail(work, 'an empty value can not name a column. Leave it out, say by `where isnotempty(…)` before.')
    }
    if (keys.some(({ column }) => column.name === value)) {
      fail(work, `the value '${value}' would name a second column '${value}'.`)
    }
    columns.push(cell(value))
  }
  return { plan: grouped(), columns, order: [], sorted: 0 }
}

/** The aggregate, and the columns it reads. */
function aggregateOf(work: PluginWork, rows: RowsInWork): [AggregateCall, ReadonlySet<string>] {
  const node = work.positional[1]
  if (!node) return [COUNT, new Set()]
  if (node.kind !== 'FunctionCallExpression') {
    return fail(work, 'the second argument must be an aggregate, such as count().')
  }
  const name = child(node, 'Name').name ?? ''
  const scope = rowScope(work.context, work.environment, rows)
  const aggregate = lowerAggregateCall(node, { ...scope, aggregates: [] })
  if (!aggregate || !AGGREGATES.has(aggregateNamed(name)?.name ?? '')) {
    return fail(work, `it aggregates by ${[...AGGREGATES].join(', ')}, not by ${name}.`)
  }
  const first = nodes(child(node, 'ArgumentList'), 'Expressions')[0]
  const column =
    first?.kind === 'NameReference' ? rows.relation.columns.find((c) => c.name === first.name) : undefined
  return [aggregate, new Set(column ? [column.name] : [])]
}

/** The values of the pivoted column, in the order of their text. */
function discoverValues(work: PluginWork, relation: Relation, label: Definition['value']): string[] {
  const answer = work.context.column('answer', 'string')
  const plan: Plan = {
    kind: 'aggregate',
    input: relation.plan,
    keys: [{ column: answer, value: label }],
    aggregates: [],
  }
  const hint = 'evaluate pivot(…) : (Key:type, Value1:type, …)'
  return work.context
    .discover(work.node, 'pivot', hint, { plan, column: answer })
    .map((value) => value ?? '')
    .sort()
}

export const pivotPlugins: PluginTable = { pivot }
