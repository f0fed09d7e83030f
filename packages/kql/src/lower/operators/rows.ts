/** Operators that choose rows: where, take, sample, count, sort, top, distinct. */
import { child, type Node, nodes, optional, token } from '../../front/tree.js'
import { call, reference } from '../../plan/build.js'
import { filtered } from '../../plan/filtered.js'
import type { Column, OrderKey, Scalar } from '../../plan/plan.js'
import { constantScope, type RowsInWork, rowScope } from '../context.js'
import { convert } from '../convert.js'
import { ascending, columnFor, type Relation } from '../relation.js'
import { lowerScalar } from '../scalar.js'
import { atMost } from '../settings.js'
import { inputOf, type OperatorTable, type OperatorWork } from './operator.js'

function where(work: OperatorWork): Relation {
  const rows: RowsInWork = { relation: inputOf(work) }
  const scope = rowScope(work.context, work.environment, rows)
  const predicate = convert(lowerScalar(child(work.node, 'Condition'), scope), 'bool')
  return { ...rows.relation, plan: filtered(rows.relation.plan, predicate) }
}

function count(work: OperatorWork): Relation {
  const input = inputOf(work)
  const column = work.context.column('Count', 'long')
  const call = { name: 'count', arguments: [], type: 'long', filter: null, orderBy: [] } as const
  return {
    plan: { kind: 'aggregate', input: input.plan, keys: [], aggregates: [{ column, call }] },
    columns: [column],
    order: [],
    sorted: 0,
  }
}

function rowCount(work: OperatorWork): Scalar {
  return convert(
    lowerScalar(child(work.node, 'Expression'), constantScope(work.context, work.environment)),
    'long',
  )
}

function take(work: OperatorWork): Relation {
  const input = inputOf(work)
  const keys = input.order.slice(0, input.sorted)
  const count = atMost(rowCount(work), work.context.settings.takeMaxRecords)
  return { ...input, plan: { kind: 'limit', input: input.plan, count, keys } }
}

function sample(work: OperatorWork): Relation {
  const input = inputOf(work)
  const random = work.context.column('random', 'real')
  const plan = {
    kind: 'compute',
    input: input.plan,
    definitions: [{ column: random, value: call('rand', [], 'real') }],
  } as const
  return {
    ...input,
    plan: { kind: 'limit', input: plan, count: rowCount(work), keys: [ascending(random)] },
    sorted: 0,
  }
}

/** The keys of a `by` clause; desc unless said, nulls last when descending unless said. */
export function orderKeys(expressions: readonly Node[], rows: RowsInWork, work: OperatorWork): OrderKey[] {
  return expressions.map((expression) => {
    const ordered = expression.kind === 'OrderedExpression'
    const value = ordered ? child(expression, 'Expression') : expression
    const scope = rowScope(work.context, work.environment, rows)
    const held = columnFor(work.context, rows.relation, lowerScalar(value, scope), 'key')
    rows.relation = held.relation
    const ordering = ordered ? optional(expression, 'Ordering') : null
    const descending = (ordering ? token(ordering, 'AscOrDescKeyword') : '') !== 'asc'
    const clause = ordering ? optional(ordering, 'NullsClause') : null
    const nulls = clause ? token(clause, 'FirstOrLastKeyword') : descending ? 'last' : 'first'
    return { id: held.column.id, descending, nullsFirst: nulls === 'first' }
  })
}

function sort(work: OperatorWork): Relation {
  const rows: RowsInWork = { relation: inputOf(work) }
  const keys = orderKeys(nodes(work.node, 'Expressions'), rows, work)
  return { ...rows.relation, order: [...keys, ...rows.relation.order], sorted: keys.length }
}

function top(work: OperatorWork): Relation {
  const rows: RowsInWork = { relation: inputOf(work) }
  const keys = orderKeys([child(work.node, 'ByExpression')], rows, work)
  const { relation } = rows
  return {
    ...relation,
    plan: { kind: 'limit', input: relation.plan, count: rowCount(work), keys },
    order: [...keys, ...relation.order],
    sorted: keys.length,
  }
}

function distinct(work: OperatorWork): Relation {
  const rows: RowsInWork = { relation: inputOf(work) }
  const values = distinctValues(work, rows)
  const keys = values.map((value) => ({ column: columnLike(work, rows.relation, value), value }))
  return {
    plan: { kind: 'aggregate', input: rows.relation.plan, keys, aggregates: [] },
    columns: keys.map((key) => key.column),
    order: [],
    sorted: 0,
  }
}

function distinctValues(work: OperatorWork, rows: RowsInWork): Scalar[] {
  const expressions = nodes(work.node, 'Expressions')
  if (expressions.some((e) => e.kind === 'StarExpression')) return rows.relation.columns.map(reference)
  const scope = rowScope(work.context, work.environment, rows)
  return expressions.map((expression) => lowerScalar(expression, scope))
}

function columnLike(work: OperatorWork, relation: Relation, value: Scalar): Column {
  const source =
    value.kind === 'column' ? relation.columns.find((column) => column.id === value.id) : undefined
  return work.context.column(source?.name ?? 'Column1', value.type)
}

function sampleDistinct(work: OperatorWork): Relation {
  const rows: RowsInWork = { relation: inputOf(work) }
  const value = lowerScalar(child(work.node, 'OfExpression'), rowScope(work.context, work.environment, rows))
  const column = columnLike(work, rows.relation, value)
  return {
    plan: {
      kind: 'limit',
      input: { kind: 'aggregate', input: rows.relation.plan, keys: [{ column, value }], aggregates: [] },
      count: rowCount(work),
      keys: [],
    },
    columns: [column],
    order: [],
    sorted: 0,
  }
}

export const rowOperators: OperatorTable = {
  FilterOperator: where,
  CountOperator: count,
  TakeOperator: take,
  SampleOperator: sample,
  SampleDistinctOperator: sampleDistinct,
  SortOperator: sort,
  TopOperator: top,
  DistinctOperator: distinct,
}
