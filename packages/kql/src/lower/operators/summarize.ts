/** summarize: keys, aggregates, and expressions over aggregates. */
import { child, type Node, nodes, optional } from '../../front/tree.js'
import { aggregateNamed } from '../../functions/tables.js'
import { reference } from '../../plan/build.js'
import type { AggregateDefinition, Column, Definition, Scalar } from '../../plan/plan.js'
import { type RowsInWork, rowScope, type Scope } from '../context.js'
import { ascending, compute, type Relation } from '../relation.js'
import { lowerScalar } from '../scalar.js'
import { lowerNamed } from './columns.js'
import { inputOf, type OperatorTable, type OperatorWork } from './operator.js'

interface Output {
  readonly name: string | null
  readonly value: Scalar
}

function summarize(work: OperatorWork): Relation {
  const { context, environment, node } = work
  const rows: RowsInWork = { relation: inputOf(work) }
  const scope = rowScope(context, environment, rows)
  const byClause = optional(node, 'ByClause')
  const keys: Definition[] = (byClause ? nodes(byClause, 'Expressions') : []).flatMap((expression) =>
    lowerNamed(expression, (value) => lowerScalar(value, scope)).map(({ name, value }) => ({
      column: context.column(name ?? 'Column1', value.type),
      value,
    })),
  )
  const aggregates: AggregateDefinition[] = []
  const aggregateScope: Scope = { ...scope, aggregates }
  const outputs = nodes(node, 'Aggregates').flatMap((expression) =>
    lowerAggregated(expression, aggregateScope, work, keys),
  )
  // The order in which groups are met, for those who need an order later; it is dropped if nobody does.
  const first = rows.relation.order[0]
  const met = context.column('met', 'long')
  const meeting: AggregateDefinition[] =
    first && keys.length > 0
      ? [
          {
            column: met,
            call: {
              name: first.descending ? '$last' : '$first',
              arguments: [{ kind: 'column', id: first.id, type: 'long' }],
              type: 'long',
              filter: null,
              orderBy: [],
            },
          },
        ]
      : []
  const grouped: Relation = {
    plan: { kind: 'aggregate', input: rows.relation.plan, keys, aggregates: [...aggregates, ...meeting] },
    columns: [],
    order:
      first && keys.length > 0
        ? [{ ...ascending(met), descending: first.descending, nullsFirst: first.nullsFirst }]
        : [],
    sorted: 0,
  }
  const definitions: Definition[] = []
  const columns = outputs.map(({ name, value }): Column => {
    if (value.kind === 'column') return { id: value.id, name: name ?? 'Column1', type: value.type }
    const column = context.column(name ?? 'Column1', value.type)
    definitions.push({ column, value })
    return column
  })
  return { ...compute(grouped, definitions), columns: [...keys.map((key) => key.column), ...columns] }
}

function lowerAggregated(
  expression: Node,
  scope: Scope,
  work: OperatorWork,
  keys: readonly Definition[],
): Output[] {
  const named = expression.kind === 'SimpleNamedExpression' || expression.kind === 'CompoundNamedExpression'
  const inner = named ? child(expression, 'Expression') : expression
  const several = severalResults(inner, scope, work, keys)
  if (several) {
    const names =
      expression.kind === 'CompoundNamedExpression'
        ? nodes(child(expression, 'Names'), 'Names').map((name) => name.name)
        : named
          ? [child(expression, 'Name').name]
          : []
    return several.map((output, i) => ({ name: names[i] ?? output.name, value: output.value }))
  }
  return lowerNamed(expression, (value) => lowerScalar(value, scope))
}

/** arg_max, arg_min, take_any and percentiles can give several columns. */
function severalResults(
  node: Node,
  scope: Scope,
  work: OperatorWork,
  keys: readonly Definition[],
): Output[] | null {
  if (node.kind !== 'FunctionCallExpression') return null
  const written = child(node, 'Name').name ?? ''
  const name = aggregateNamed(written)?.name ?? written
  const args = nodes(child(node, 'ArgumentList'), 'Expressions')
  const { aggregates: _, ...row } = scope
  const relation = scope.rows!.relation
  const add = (aggregate: string, values: readonly Scalar[], column: Column): Scalar => {
    scope.aggregates!.push({
      column,
      call: { name: aggregate, arguments: values, type: column.type, filter: null, orderBy: relation.order },
    })
    return reference(column)
  }
  const starOf = (excluded: readonly string[]) =>
    relation.columns.filter(
      (column) =>
        !excluded.includes(column.name) &&
        !keys.some(
          (key) =>
            key.value.kind === 'column' && key.value.id === column.id && key.column.name === column.name,
        ),
    )
  if (name === 'arg_max' || name === 'arg_min') {
    const by = lowerScalar(args[0]!, row)
    const byName = lowerNamed(args[0]!, () => by)[0]!.name
    const best = add(name, [by, by], work.context.column(byName ?? 'Column1', by.type))
    const rest = args.slice(1).flatMap((argument) => {
      if (argument.kind === 'StarExpression') {
        return starOf(by.kind === 'column' ? [byName ?? ''] : []).map((column) => ({
          name: column.name,
          value: add(name, [by, reference(column)], work.context.again(column)),
        }))
      }
      return lowerNamed(argument, (value) => lowerScalar(value, row)).map((output) => ({
        name: output.name,
        value: add(
          name,
          [by, output.value],
          work.context.column(output.name ?? 'Column1', output.value.type),
        ),
      }))
    })
    return [{ name: byName, value: best }, ...rest]
  }
  if (name === 'take_any' && (args.length !== 1 || args[0]!.kind === 'StarExpression')) {
    const columns = args.flatMap((argument) =>
      argument.kind === 'StarExpression'
        ? starOf([]).map((column): Output => ({ name: column.name, value: reference(column) }))
        : lowerNamed(argument, (value) => lowerScalar(value, row)),
    )
    // One record for all of them.
    return columns.map(({ name: columnName, value }) => ({
      name: columnName,
      value: add('$any-record', [value], work.context.column(columnName ?? 'Column1', value.type)),
    }))
  }
  if (name === 'percentiles' || name === 'percentilesw') {
    const weighted = name === 'percentilesw'
    const values = args.slice(0, weighted ? 2 : 1).map((argument) => lowerScalar(argument, row))
    const ranks = args.slice(weighted ? 2 : 1).map((argument) => lowerScalar(argument, row))
    return ranks.map((rank) => ({
      name: null,
      value: add(
        weighted ? 'percentilew' : 'percentile',
        [...values, rank],
        work.context.column('percentile', values[0]!.type),
      ),
    }))
  }
  return null
}

/** Aggregates of several percentiles: each gives a column. */
export const severalAggregates = {
  percentiles: { doc: 'percentiles-aggregation-function' },
  percentilesw: { doc: 'percentiles-aggregation-function' },
} as const

export const summarizeOperators: OperatorTable = { SummarizeOperator: summarize }
