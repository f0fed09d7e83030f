/**
 * make-series: arrays over an even grid.
 *
 * Aggregates per group and cell of the grid first, then puts the cells of each group into arrays of the grid's length.
 */
import { child, type Node, nodes, optional } from '../../front/tree.js'
import { call, literal, long, reference } from '../../plan/build.js'
import type { AggregateDefinition, Column, Definition, Plan, Scalar } from '../../plan/plan.js'
import { columnsOf, replaceColumns } from '../../plan/references.js'
import { arithmetic, comparison } from '../arithmetic.js'
import { constantScope, type RowsInWork, rowScope, type Scope } from '../context.js'
import { convert } from '../convert.js'
import { parameterText } from '../parameters.js'
import { compute, type Relation } from '../relation.js'
import { lowerScalar } from '../scalar.js'
import { addWindow } from '../window.js'
import { lowerNamed } from './columns.js'
import { inputOf, type OperatorTable, type OperatorWork } from './operator.js'

interface Grid {
  readonly axis: Scalar
  readonly from: Scalar
  /** Exclusive. */
  readonly to: Scalar
  readonly step: Scalar
}

function clause(range: Node, name: string): Node | null {
  const part = optional(range, name)
  return part ? child(part, 'Expression') : null
}

function makeSeries(work: OperatorWork): Relation {
  const { context, environment, node } = work
  const input = inputOf(work)
  const rows: RowsInWork = { relation: input }
  const scope = rowScope(context, environment, rows)
  const constants = constantScope(context, environment)
  const axisNode = child(child(node, 'OnClause'), 'Expression')
  const axisNamed = lowerNamed(axisNode, (value) => lowerScalar(value, scope))[0]!
  const byClause = optional(node, 'ByClause')
  const by = (byClause ? nodes(byClause, 'Expressions') : []).flatMap((expression) =>
    lowerNamed(expression, (value) => lowerScalar(value, scope)),
  )
  const grid = gridOf(work, axisNamed.value, rows, constants)
  const inside = [comparison('>=', grid.axis, grid.from), comparison('<', grid.axis, grid.to)].reduce(
    (a, b) => call('and', [a, b], 'bool'),
  )

  // One row per group and cell. Bounds that come from the data are the same in every row, so they may be keys.
  const bounds = [...columnsOf([grid.from, grid.to])].map((id): Definition => {
    const value: Scalar = { kind: 'column', id, type: grid.axis.type }
    return { column: context.column('bound', value.type), value }
  })
  const keys: Definition[] = by.map(({ name, value }) => ({
    column: context.column(name ?? 'Column1', value.type),
    value,
  }))
  const cell = context.column('cell', 'long')
  const distance = arithmetic('-', grid.axis, grid.from, undefined)
  const cellKey: Definition = { column: cell, value: call('$cell', [distance, grid.step], 'long') }
  const aggregates: AggregateDefinition[] = []
  const aggregateScope: Scope = { ...scope, aggregates }
  const outputs = nodes(node, 'Aggregates').map((expression) => {
    const [named] = lowerNamed(child(expression, 'Expression'), (value) => lowerScalar(value, aggregateScope))
    const fallback = optional(expression, 'DefaultExpression')
    const value = named!.value
    const absent = fallback
      ? convert(lowerScalar(child(fallback, 'Expression'), constants), value.type)
      : convert(
          value.type === 'real' ? literal('real', 0) : long(0),
          value.type === 'string' ? 'long' : value.type,
        )
    return { name: named!.name, column: context.column(named!.name ?? 'Column1', value.type), value, absent }
  })
  const { relation } = rows
  const cells: Plan = {
    kind: 'compute',
    input: {
      kind: 'aggregate',
      input: { kind: 'filter', input: relation.plan, predicate: inside },
      keys: [...keys, ...bounds, cellKey],
      aggregates,
    },
    definitions: outputs.map(({ column, value }) => ({ column, value })),
  }

  // One row per group, with arrays.
  const again = new Map<number, Column>()
  const groupBounds = bounds.map(({ column, value }): Definition => {
    const copy = context.again(column)
    if (value.kind === 'column') again.set(value.id, copy)
    return { column: copy, value: reference(column) }
  })
  const from = replaceColumns(grid.from, again)
  const length = call(
    '$cells',
    [arithmetic('-', replaceColumns(grid.to, again), from, undefined), grid.step],
    'long',
  )
  const groupKeys: Definition[] = keys.map(({ column }) => ({
    column: context.again(column),
    value: reference(column),
  }))
  const cellsOf = outputs.map(
    ({ column }): AggregateDefinition => ({
      column: context.column('cells', 'dynamic'),
      call: {
        name: '$series-cells',
        arguments: [reference(cell), reference(column)],
        type: 'dynamic',
        filter: null,
        orderBy: [],
      },
    }),
  )
  const nonEmpty = parameterText(node, 'kind') === 'nonempty'
  // Of no input there is no series, unless kind=nonempty: a constant key makes no group of no rows.
  const constantKey: Definition[] =
    groupKeys.length + bounds.length === 0 && !nonEmpty
      ? [{ column: context.column('all', 'long'), value: long(1) }]
      : []
  const arrays = outputs.map(
    ({ name, absent }, i): Definition => ({
      column: context.column(name ?? 'Column1', 'dynamic'),
      value: call('$series', [reference(cellsOf[i]!.column), length, absent], 'dynamic'),
    }),
  )
  const axis: Column = context.column(axisNamed.name ?? 'Column1', 'dynamic')
  const grouped: Relation = {
    plan: {
      kind: 'aggregate',
      input: cells,
      keys: [...groupKeys, ...groupBounds, ...constantKey],
      aggregates: cellsOf,
    },
    columns: [...groupKeys.map(({ column }) => column), ...arrays.map(({ column }) => column), axis],
    order: [],
    sorted: 0,
  }
  return compute(grouped, [
    ...arrays,
    { column: axis, value: call('$axis', [from, grid.step, length], 'dynamic') },
  ])
}

/** Where the grid begins and ends: as given, else by the least and greatest value of the axis. */
function gridOf(work: OperatorWork, axis: Scalar, rows: RowsInWork, constants: Scope): Grid {
  const { context, node } = work
  const range = child(node, 'RangeClause')
  if (range.kind === 'MakeSeriesInRangeClause') {
    const args = nodes(child(range, 'Arguments'), 'Expressions')
    const [from, to, step] = args.map((argument) => lowerScalar(argument, constants))
    // in range() includes its end.
    return {
      axis,
      from: convert(from!, axis.type),
      to: arithmetic('+', convert(to!, axis.type), step!, axis.type),
      step: step!,
    }
  }
  const stepType = axis.type === 'datetime' ? 'timespan' : axis.type
  const step = convert(lowerScalar(clause(range, 'MakeSeriesStepClause')!, constants), stepType)
  const given = (name: string) => {
    const part = clause(range, name)
    return part ? convert(lowerScalar(part, constants), axis.type) : null
  }
  const extreme = (name: 'min' | 'max'): Scalar => {
    const least = addWindow({ context, rows }, name, [axis], axis.type, { orderBy: [] })
    const column = context.column(name, axis.type)
    rows.relation = compute(rows.relation, [{ column, value: call('bin', [least, step], axis.type) }])
    return reference(column)
  }
  const from = given('MakeSeriesFromClause') ?? extreme('min')
  const to = given('MakeSeriesToClause') ?? arithmetic('+', extreme('max'), step, axis.type)
  return { axis, from, to, step }
}

export const seriesOperators: OperatorTable = { MakeSeriesOperator: makeSeries }
