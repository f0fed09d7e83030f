/** Operators at the head of a pipe that make rows: print, range. */
import { child, nodes } from '../../front/tree.js'
import type { Plan } from '../../plan/plan.js'
import { constantScope, type RowsInWork } from '../context.js'
import { convert } from '../convert.js'
import { ascending, compute, type Relation } from '../relation.js'
import { lowerScalar } from '../scalar.js'
import { boundColumns, knownType } from '../types.js'
import { holdIn, lowerNamed } from './columns.js'
import type { OperatorTable, OperatorWork } from './operator.js'

function print(work: OperatorWork): Relation {
  const scope = constantScope(work.context, work.environment)
  const rows: RowsInWork = { relation: { plan: { kind: 'unit' }, columns: [], order: [], sorted: 0 } }
  const hold = holdIn(work.context, rows)
  const named = nodes(work.node, 'Expressions').flatMap((e) =>
    lowerNamed(e, (node) => lowerScalar(node, scope), hold),
  )
  const definitions = named.map(({ name, value }, i) => ({
    column: work.context.column(name ?? `print_${i}`, value.type),
    value,
  }))
  return {
    ...compute(rows.relation, definitions),
    columns: definitions.map((definition) => definition.column),
  }
}

function range(work: OperatorWork): Relation {
  const { context, environment, node } = work
  const scope = constantScope(context, environment)
  const [from, to, step] = ['From', 'To', 'Step'].map((field) => lowerScalar(child(node, field), scope))
  const bound = boundColumns(node)?.[0]
  const type = bound && bound.type !== 'unknown' ? knownType(bound.type) : from!.type
  const column = context.column(child(node, 'Name').name ?? 'x', type)
  const stepType = type === 'datetime' ? 'timespan' : type
  const plan: Plan = {
    kind: 'range',
    column,
    from: convert(from!, type),
    to: convert(to!, type),
    step: convert(step!, stepType),
  }
  return { plan, columns: [column], order: [ascending(column)], sorted: 0 }
}

export const sourceOperators: OperatorTable = { PrintOperator: print, RangeOperator: range }
