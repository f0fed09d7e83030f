/**
 * A condition on rows, put where it belongs.
 *
 * It stands above its input, but for one case: `join kind=innerunique` keeps one left row of each key, and a
 * condition on the left side alone chooses among them before that ("the keys that apply to that filter always
 * appear in the output", join-innerunique page of the reference).
 */
import type { ColumnId, Plan, Scalar } from './plan.js'
import { columnsOf } from './references.js'

export function filtered(input: Plan, predicate: Scalar): Plan {
  if (predicate.kind === 'call' && predicate.name === 'and') {
    return predicate.arguments.reduce(filtered, input)
  }
  return pushed(input, predicate, columnsOf([predicate])) ?? { kind: 'filter', input, predicate }
}

/** The input with the condition among the left rows of an innerunique join in it; undefined if there is none. */
function pushed(input: Plan, predicate: Scalar, columns: ReadonlySet<ColumnId>): Plan | undefined {
  switch (input.kind) {
    case 'filter': {
      const inner = pushed(input.input, predicate, columns)
      return inner && { ...input, input: inner }
    }
    case 'compute': {
      if (input.definitions.some(({ column }) => columns.has(column.id))) return undefined
      const inner = pushed(input.input, predicate, columns)
      return inner && { ...input, input: inner }
    }
    case 'join': {
      const { left, right } = input
      if (left.kind !== 'first-of-each' || columns.size === 0 || makesAny(right, columns)) return undefined
      return { ...input, left: { ...left, input: filtered(left.input, predicate) } }
    }
    default:
      return undefined
  }
}

/** Whether one of the columns is made somewhere in this value: a column has a name, a reference has none. */
function makesAny(value: unknown, columns: ReadonlySet<ColumnId>): boolean {
  if (value === null || typeof value !== 'object') return false
  const { id, name } = value as { id?: unknown; name?: unknown }
  if (typeof id === 'number' && typeof name === 'string' && columns.has(id)) return true
  return Object.values(value).some((inner) => makesAny(inner, columns))
}
