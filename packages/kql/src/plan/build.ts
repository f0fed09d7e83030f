/** Constructors for plans, so that those who build them write no object literals. */
import type { KqlType } from '../values.js'
import type { Call, Column, ColumnReference, Literal, LiteralValue, Scalar } from './plan.js'

export function literal(type: KqlType, value: LiteralValue): Literal {
  return { kind: 'literal', type, value }
}

export function long(value: bigint | number): Literal {
  return literal('long', value.toString())
}

export function string(value: string): Literal {
  return literal('string', value)
}

export function bool(value: boolean): Literal {
  return literal('bool', value)
}

export function timespan(ticks: bigint): Literal {
  return literal('timespan', ticks.toString())
}

export function datetime(ticks: bigint): Literal {
  return literal('datetime', ticks.toString())
}

/** What a column of the type holds where there is nothing: '' for a string, else null. */
export function empty(type: KqlType): Literal {
  return literal(type, type === 'string' ? '' : null)
}

export function reference(column: Column): ColumnReference {
  return { kind: 'column', id: column.id, type: column.type }
}

export function call(name: string, args: readonly Scalar[], type: KqlType): Call {
  return { kind: 'call', name, arguments: args, type }
}

export function and(...conditions: readonly Scalar[]): Scalar {
  return conditions.reduce((left, right) => call('and', [left, right], 'bool'))
}
