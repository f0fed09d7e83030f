/** Which columns, and which plans, are used where. */
import type { Column, ColumnId, Plan, Scalar } from './plan.js'

/** How often each column is referred to in the scalars; inside subqueries counts too. */
export function countReferences(scalars: readonly Scalar[]): Map<ColumnId, number> {
  const counts = new Map<ColumnId, number>()
  const visit = (scalar: Scalar): void => {
    switch (scalar.kind) {
      case 'literal':
        return
      case 'column':
        counts.set(scalar.id, (counts.get(scalar.id) ?? 0) + 1)
        return
      case 'call':
        scalar.arguments.forEach(visit)
        return
      case 'scalar-subquery':
        scalarsBelow(scalar.plan).forEach(visit)
        return
      case 'membership':
        visit(scalar.value)
        scalarsBelow(scalar.plan).forEach(visit)
    }
  }
  scalars.forEach(visit)
  return counts
}

export function columnsOf(scalars: readonly Scalar[]): Set<ColumnId> {
  return new Set(countReferences(scalars).keys())
}

/** The inputs of a plan node. */
export function inputsOf(plan: Plan): readonly Plan[] {
  switch (plan.kind) {
    case 'scan':
    case 'values':
    case 'range':
    case 'unit':
    case 'reference':
      return []
    case 'join':
      return [plan.left, plan.right]
    case 'union':
      return plan.inputs.map((input) => input.plan)
    case 'apply':
    case 'fold':
      return [plan.input, plan.body]
    default:
      return [plan.input]
  }
}

/** The scalars of one plan node. */
export function scalarsOf(plan: Plan): readonly Scalar[] {
  switch (plan.kind) {
    case 'scan':
    case 'unit':
    case 'reference':
    case 'apply':
      return []
    case 'values':
      return plan.rows.flat()
    case 'range':
      return [plan.from, plan.to, plan.step]
    case 'filter':
      return [plan.predicate]
    case 'compute':
      return plan.definitions.map(({ value }) => value)
    case 'aggregate':
      return [
        ...plan.keys.map(({ value }) => value),
        ...plan.aggregates.flatMap(({ call }) => [
          ...call.arguments,
          ...(call.filter ? [call.filter] : []),
          ...call.orderBy.map((key): Scalar => ({ kind: 'column', id: key.id, type: 'long' })),
        ]),
      ]
    case 'window':
      return plan.definitions.flatMap((definition) => [
        ...definition.arguments,
        ...definition.partitionBy,
        ...definition.orderBy.map((key): Scalar => ({ kind: 'column', id: key.id, type: 'long' })),
      ])
    case 'fold':
      return [...plan.partitionBy, ...plan.orderBy.map(({ id }) => id)].map(
        (id): Scalar => ({ kind: 'column', id, type: 'long' }),
      )
    case 'sort':
    case 'limit':
      return plan.keys.map((key): Scalar => ({ kind: 'column', id: key.id, type: 'long' }))
    case 'first-of-each':
      return [...plan.by, ...plan.keys.map((key): Scalar => ({ kind: 'column', id: key.id, type: 'long' }))]
    case 'join':
      return [...plan.on.flatMap(({ left, right }) => [left, right]), ...(plan.where ? [plan.where] : [])]
    case 'union':
      return plan.inputs.flatMap((input) => input.values)
    case 'expand':
      return [...plan.expansions.map(({ value }) => value), ...(plan.limit ? [plan.limit] : [])]
  }
}

/** This plan and all below it, the plans of subqueries in scalars included. */
export function visitPlans(plan: Plan, visit: (plan: Plan) => void): void {
  visit(plan)
  for (const input of inputsOf(plan)) visitPlans(input, visit)
  const visitScalar = (scalar: Scalar): void => {
    if (scalar.kind === 'call') scalar.arguments.forEach(visitScalar)
    if (scalar.kind === 'membership') visitScalar(scalar.value)
    if (scalar.kind === 'scalar-subquery' || scalar.kind === 'membership') visitPlans(scalar.plan, visit)
  }
  scalarsOf(plan).forEach(visitScalar)
}

/** All scalars of a plan and of the plans below it, without those inside subqueries of scalars. */
export function scalarsBelow(plan: Plan): Scalar[] {
  return [...scalarsOf(plan), ...inputsOf(plan).flatMap(scalarsBelow)]
}

/** The scalar with columns put in the place of others. */
export function replaceColumns(scalar: Scalar, replacements: ReadonlyMap<ColumnId, Column>): Scalar {
  if (scalar.kind === 'column') {
    const column = replacements.get(scalar.id)
    return column ? { kind: 'column', id: column.id, type: column.type } : scalar
  }
  if (scalar.kind !== 'call') return scalar
  return { ...scalar, arguments: scalar.arguments.map((argument) => replaceColumns(argument, replacements)) }
}
