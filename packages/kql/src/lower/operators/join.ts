/** join and lookup. */
import { child, type Node, nodes, token } from '../../front/tree.js'
import { call, reference } from '../../plan/build.js'
import type { Column, JoinFlavor, Plan, Scalar } from '../../plan/plan.js'
import type { Scope } from '../context.js'
import { commonType, convert, isNumeric } from '../convert.js'
import { parameterText } from '../parameters.js'
import type { Relation } from '../relation.js'
import { lowerScalar } from '../scalar.js'
import { inputOf, type OperatorTable, type OperatorWork } from './operator.js'

interface Key {
  readonly left: Scalar
  readonly right: Scalar
}

const FLAVORS: Readonly<Record<string, JoinFlavor>> = {
  innerunique: 'inner',
  inner: 'inner',
  leftouter: 'left',
  rightouter: 'right',
  fullouter: 'full',
  leftsemi: 'semi',
  rightsemi: 'semi',
  leftanti: 'anti',
  leftantisemi: 'anti',
  anti: 'anti',
  rightanti: 'anti',
  rightantisemi: 'anti',
}

function join(work: OperatorWork): Relation {
  const { context, environment, node } = work
  const left = inputOf(work)
  const right = context.lower.tabular(child(node, 'Expression'), context, environment)
  const kind = parameterText(node, 'kind') ?? 'innerunique'
  const flavor = FLAVORS[kind]
  if (!flavor) return context.unsupported(node, `join kind=${kind}`, 'join-operator')
  const on = keysOf(child(node, 'ConditionClause'), left, right, work)
  if (kind.startsWith('right') && kind !== 'rightouter')
    return joined(right, left, flavor, on.map(swap), false)
  const unique: Relation =
    kind === 'innerunique'
      ? {
          ...left,
          plan: { kind: 'first-of-each', input: left.plan, by: on.map((key) => key.left), keys: left.order },
        }
      : left
  return joined(unique, right, flavor, on, flavor !== 'semi' && flavor !== 'anti')
}

function swap(key: Key): Key {
  return { left: key.right, right: key.left }
}

function joined(
  left: Relation,
  right: Relation,
  flavor: JoinFlavor,
  on: readonly Key[],
  both: boolean,
): Relation {
  const plan: Plan = { kind: 'join', flavor, left: left.plan, right: right.plan, on }
  if (!both) return { plan, columns: left.columns, order: left.order, sorted: 0 }
  return {
    plan,
    columns: [...left.columns, ...right.columns],
    order: [...left.order, ...right.order],
    sorted: 0,
  }
}

function lookup(work: OperatorWork): Relation {
  const { context, environment, node } = work
  const left = inputOf(work)
  const right = context.lower.tabular(child(node, 'Expression'), context, environment)
  const kind = parameterText(node, 'kind') ?? 'leftouter'
  const on = keysOf(child(node, 'LookupClause'), left, right, work)
  const result = joined(left, right, kind === 'inner' ? 'inner' : 'left', on, true)
  // The right side's keys say nothing new.
  const keyIds = new Set(on.map((key) => (key.right.kind === 'column' ? key.right.id : -1)))
  return {
    ...result,
    columns: [...left.columns, ...right.columns.filter((column) => !keyIds.has(column.id))],
  }
}

function keysOf(clause: Node, left: Relation, right: Relation, work: OperatorWork): Key[] {
  if (clause.kind === 'JoinWhereClause')
    return work.context.unsupported(clause, 'join … where', 'join-operator')
  return nodes(clause, 'Expressions').flatMap((expression) => keyOf(expression, left, right, work))
}

function keyOf(expression: Node, left: Relation, right: Relation, work: OperatorWork): Key[] {
  const { context, environment } = work
  if (expression.kind === 'ParenthesizedExpression')
    return keyOf(child(expression, 'Expression'), left, right, work)
  if (expression.kind === 'AndExpression') {
    return [
      ...keyOf(child(expression, 'Left'), left, right, work),
      ...keyOf(child(expression, 'Right'), left, right, work),
    ]
  }
  if (expression.kind === 'NameReference') {
    const find = (relation: Relation): Column =>
      relation.columns.find((column) => column.name === expression.name) ??
      context.fail(
        expression,
        'KS145',
        `The column '${expression.name}' must exist on both sides of the join.`,
      )
    return [matched(reference(find(left)), reference(find(right)))]
  }
  if (expression.kind !== 'EqualExpression' || token(expression, 'Operator') !== '==') {
    return context.unsupported(expression, 'a join condition other than equality', 'join-operator')
  }
  const scope: Scope = {
    context,
    environment,
    column: () => undefined,
    sides: { $left: left, $right: right },
  }
  const first = lowerScalar(child(expression, 'Left'), scope)
  const second = lowerScalar(child(expression, 'Right'), scope)
  const isOfRight = (value: Scalar) => value.kind === 'column' && right.columns.some((c) => c.id === value.id)
  return [isOfRight(first) ? matched(second, first) : matched(first, second)]
}

/** Both sides of a key as one type. */
function matched(left: Scalar, right: Scalar): Key {
  if (left.type === right.type) {
    // A dynamic matches by its text.
    return left.type === 'dynamic'
      ? { left: call('tostring', [left], 'string'), right: call('tostring', [right], 'string') }
      : { left, right }
  }
  if (isNumeric(left.type) && isNumeric(right.type)) return { left, right }
  const type = commonType([left.type, right.type])
  return { left: convert(left, type), right: convert(right, type) }
}

export const joinOperators: OperatorTable = { JoinOperator: join, LookupOperator: lookup }
