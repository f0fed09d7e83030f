/** Operators that work group by group: partition, top-nested, top-hitters. */
import { child, type Node, nodes, optional, token, walk } from '../../front/tree.js'
import { windowNamed } from '../../functions/tables.js'
import { call, reference } from '../../plan/build.js'
import type { AggregateDefinition, Column, OrderKey, Plan, Scalar } from '../../plan/plan.js'
import { comparison } from '../arithmetic.js'
import { constantScope, Environment, type RowsInWork, rowScope } from '../context.js'
import { convert } from '../convert.js'
import { ascending, compute, findColumn, type Relation } from '../relation.js'
import { lowerScalar } from '../scalar.js'
import { share } from '../source.js'
import { addWindow } from '../window.js'
import { lowerNamed } from './columns.js'
import { lowerOver } from './expand.js'
import { inputOf, type OperatorTable, type OperatorWork } from './operator.js'

/** The subquery runs once for each value of the key, on the rows that have it. */
function partition(work: OperatorWork): Relation {
  const { context, environment, node } = work
  const rows: RowsInWork = { relation: inputOf(work) }
  const operand = child(node, 'Operand')
  const value = lowerScalar(child(node, 'ByExpression'), rowScope(context, environment, rows))
  const column = context.column('$key', value.type)
  const keyed = compute(rows.relation, [{ column, value }])
  if (operand.kind === 'PartitionQuery') return partitionByQuery(operand, keyed, column, work)
  const subquery = child(operand, 'Subquery')
  if ([...walk(subquery)].some(({ kind }) => kind === 'ScanOperator')) {
    return partitionWithScan(subquery, keyed, column, work)
  }
  const use = share({ ...keyed, columns: [...keyed.columns, column] }, 'partitioned', context)
  const all = use()
  const keyOfAll = findColumn(all, '$key')!
  const key = context.column('partition', column.type)
  const keys: Plan = {
    kind: 'aggregate',
    input: all.plan,
    keys: [{ column: key, value: reference(keyOfAll) }],
    aggregates: [],
  }
  const part = use()
  const keyOfPart = findColumn(part, '$key')!
  const same = call('not', [call('$distinct', [reference(keyOfPart), reference(key)], 'bool')], 'bool')
  const head: Relation = {
    ...part,
    plan: { kind: 'filter', input: part.plan, predicate: same },
    columns: part.columns.filter((c) => c !== keyOfPart),
  }
  context.correlated++
  const body = lowerOver(subquery, head, work)
  context.correlated--
  return {
    plan: { kind: 'apply', input: keys, body: body.plan, outer: false },
    columns: body.columns,
    order: [ascending(key), ...body.order],
    sorted: 0,
  }
}

/** A query with a source of its own, which knows the key only, as `toscalar(Key)`. */
function partitionByQuery(operand: Node, keyed: Relation, column: Column, work: OperatorWork): Relation {
  const { context, node } = work
  const key = context.column('partition', column.type)
  const keys: Plan = {
    kind: 'aggregate',
    input: keyed.plan,
    keys: [{ column: key, value: reference(column) }],
    aggregates: [],
  }
  const environment = new Environment(work.environment)
  const name = child(node, 'ByExpression').name ?? ''
  environment.set(name, { kind: 'scalar', value: reference(key) })
  const { partitionKey } = context
  context.partitionKey = { name, value: reference(key) }
  context.correlated++
  const body = context.lower.tabular(child(operand, 'Query'), context, environment)
  context.correlated--
  context.partitionKey = partitionKey
  return {
    plan: { kind: 'apply', input: keys, body: body.plan, outer: false },
    columns: body.columns,
    order: [ascending(key), ...body.order],
    sorted: 0,
  }
}

/** Operators that treat each row by itself, or only order rows. */
const ROW_BY_ROW = new Set([
  'ExtendOperator',
  'FilterOperator',
  'ProjectAwayOperator',
  'ProjectKeepOperator',
  'ProjectOperator',
  'ProjectRenameOperator',
  'ProjectReorderOperator',
  'ScanOperator',
  'SerializeOperator',
  'SortOperator',
])

/** A scan walks all partitions side by side, so the subquery is not run for one after the other. */
function partitionWithScan(subquery: Node, keyed: Relation, key: Column, work: OperatorWork): Relation {
  const { context } = work
  for (const node of walk(subquery)) {
    const isOther = node.kind.endsWith('Operator') && !ROW_BY_ROW.has(node.kind)
    const isWindow = node.kind === 'FunctionCallExpression' && windowNamed(child(node, 'Name').name ?? '')
    if (isOther || isWindow || node.kind === 'ToScalarExpression') {
      context.unsupported(node, 'this beside scan in a partition', 'partition-operator')
    }
  }
  const { partitionBy } = context
  context.partitionBy = [...partitionBy, key]
  const body = lowerOver(subquery, keyed, work)
  context.partitionBy = partitionBy
  return { ...body, sorted: 0 }
}

function constant(node: Node, work: OperatorWork): Scalar {
  return lowerScalar(node, constantScope(work.context, work.environment))
}

function topHitters(work: OperatorWork): Relation {
  const { context, environment, node } = work
  const rows: RowsInWork = { relation: inputOf(work) }
  const scope = rowScope(context, environment, rows)
  const [of] = lowerNamed(child(node, 'OfExpression'), (n) => lowerScalar(n, scope))
  const by = optional(node, 'ByClause')
  const weight = by ? lowerScalar(child(by, 'Expression'), scope) : null
  const key = context.column(of!.name ?? 'Column1', of!.value.type)
  const total = context.column(weight ? 'approximate_sum' : 'approximate_count', weight?.type ?? 'long')
  const aggregate: AggregateDefinition = {
    column: total,
    call: {
      name: weight ? 'sum' : 'count',
      arguments: weight ? [weight] : [],
      type: total.type,
      filter: null,
      orderBy: [],
    },
  }
  const order: OrderKey = { id: total.id, descending: true, nullsFirst: false }
  return {
    plan: {
      kind: 'limit',
      input: {
        kind: 'aggregate',
        input: rows.relation.plan,
        keys: [{ column: key, value: of!.value }],
        aggregates: [aggregate],
      },
      count: convert(constant(child(node, 'Expression'), work), 'long'),
      keys: [order],
    },
    columns: [key, total],
    order: [order],
    sorted: 1,
  }
}

interface Level {
  readonly relation: Relation
  readonly keys: readonly Column[]
  readonly total: Column
  readonly order: OrderKey
}

/**
 * Each level groups the rows by its own key within the keys of the levels above and keeps the best groups of each
 * parent; the levels are then joined on their keys.
 */
function topNested(work: OperatorWork): Relation {
  const { context, environment, node } = work
  const rows: RowsInWork = { relation: inputOf(work) }
  const clauses = nodes(node, 'Clauses')
  const scope = rowScope(context, environment, rows)
  const keyed = clauses.map((clause) => {
    const [named] = lowerNamed(child(clause, 'OfExpression'), (n) => lowerScalar(n, scope))
    return {
      name: named!.name ?? 'Column1',
      column: context.column(`$level`, named!.value.type),
      value: named!.value,
    }
  })
  const relation = compute(
    rows.relation,
    keyed.map(({ column, value }) => ({ column, value })),
  )
  const marked = keyed.map(({ column }, i): Column => ({ ...column, name: `$level${i}` }))
  const use = share({ ...relation, columns: [...relation.columns, ...marked] }, 'nested', context)
  const levels = clauses.map((clause, i) =>
    levelOf(
      clause,
      i,
      use(),
      keyed.map(({ name }) => name),
      work,
    ),
  )
  let plan = levels[0]!.relation.plan
  for (let i = 1; i < levels.length; i++) {
    const parent = levels[i - 1]!
    const { keys, relation: right } = levels[i]!
    const on = parent.keys.map((left, k) => ({
      left: joinable(reference(left)),
      right: joinable(reference(keys[k]!)),
    }))
    plan = { kind: 'join', flavor: 'inner', left: plan, right: right.plan, on }
  }
  const order = levels.flatMap(({ order: key, keys }) => [key, ascending(keys.at(-1)!)])
  return {
    plan,
    columns: levels.flatMap(({ keys, total }) => [keys.at(-1)!, total]),
    order,
    sorted: order.length,
  }
}

/** Nulls are a group of their own here, and a join on equality would lose it: texts never are null. */
function joinable(key: Scalar): Scalar {
  return convert(key, 'string')
}

function levelOf(
  clause: Node,
  depth: number,
  input: Relation,
  names: readonly string[],
  work: OperatorWork,
): Level {
  const { context, environment } = work
  const others = optional(clause, 'WithOthersClause')
  if (others) return context.unsupported(others, "top-nested 'with others'", 'top-nested-operator')
  const keys = Array.from({ length: depth + 1 }, (_, i) => {
    const source = findColumn(input, `$level${i}`)!
    return { column: context.column(names[i]!, source.type), value: reference(source) }
  })
  const by = child(clause, 'ByExpression')
  const ordered = by.kind === 'OrderedExpression'
  const aggregates: AggregateDefinition[] = []
  const rows: RowsInWork = { relation: input }
  const scope = { ...rowScope(context, environment, rows), aggregates }
  const [named] = lowerNamed(ordered ? child(by, 'Expression') : by, (n) => lowerScalar(n, scope))
  const total = context.column(named!.name ?? `aggregated_${names[depth]}`, named!.value.type)
  const grouped = compute(
    {
      plan: { kind: 'aggregate', input: rows.relation.plan, keys, aggregates },
      columns: keys.map(({ column }) => column),
      order: [],
      sorted: 0,
    },
    [{ column: total, value: named!.value }],
  )
  const ordering = ordered ? optional(by, 'Ordering') : null
  const descending = (ordering ? token(ordering, 'AscOrDescKeyword') : '') !== 'asc'
  const order: OrderKey = { id: total.id, descending, nullsFirst: !descending }
  const limit = optional(clause, 'Expression')
  const ranked: RowsInWork = { relation: grouped }
  if (limit) {
    const rank = addWindow({ context, rows: ranked }, 'row_number', [], 'long', {
      partitionBy: keys.slice(0, -1).map(({ column }) => reference(column)),
      orderBy: [order, ascending(keys.at(-1)!.column)],
    })
    const predicate = comparison('<=', rank, convert(constant(limit, work), 'long'))
    ranked.relation = { ...ranked.relation, plan: { kind: 'filter', input: ranked.relation.plan, predicate } }
  }
  return { relation: ranked.relation, keys: keys.map(({ column }) => column), total, order }
}

export const groupOperators: OperatorTable = {
  PartitionOperator: partition,
  TopHittersOperator: topHitters,
  TopNestedOperator: topNested,
}
