/** Tables that stand where a value is wanted. */
import type { Node } from '../front/tree.js'
import { long, reference } from '../plan/build.js'
import type { Column, Plan, Scalar } from '../plan/plan.js'
import type { Context, Scope } from './context.js'
import type { Relation } from './relation.js'
import { isTabular } from './types.js'

/** `toscalar`: the first column of the first row. */
export function lowerToScalar(node: Node, scope: Scope): Scalar {
  const { context } = scope
  if (context.partitionKey && node.name === context.partitionKey.name) return context.partitionKey.value
  if (!isTabular(node) && scope.environment.get(node.name ?? '')?.kind !== 'table')
    return context.lower.scalar(node, scope)
  const relation = context.lower.tabular(node, context, scope.environment)
  const column = relation.columns[0]
  if (!column)
    return context.fail(node, 'AUX110', 'toscalar() of a table without columns.', 'toscalar-function')
  const plan: Plan = {
    kind: 'limit',
    input: relation.plan,
    count: long(1),
    keys: relation.order.slice(0, relation.sorted),
  }
  return { kind: 'scalar-subquery', plan, column, type: column.type }
}

/** All values of a column as one array. */
export function arrayOf(context: Context, relation: Relation, column: Column): Scalar {
  const list = context.column('list', 'dynamic')
  const plan: Plan = {
    kind: 'aggregate',
    input: relation.plan,
    keys: [],
    aggregates: [
      {
        column: list,
        call: {
          name: 'make_list',
          arguments: [reference(column)],
          type: 'dynamic',
          filter: null,
          orderBy: [],
        },
      },
    ],
  }
  return { kind: 'scalar-subquery', plan, column: list, type: 'dynamic' }
}
