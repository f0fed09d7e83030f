/** Implicit conversions: what Kusto does when a value of one type stands where another is wanted. */
import { call, literal } from '../plan/build.js'
import type { Scalar } from '../plan/plan.js'
import type { KqlType } from '../values.js'
import { jsonOfLiteral } from './literal.js'

const CONVERSIONS: Readonly<Record<KqlType, string>> = {
  bool: 'tobool',
  datetime: 'todatetime',
  decimal: 'todecimal',
  dynamic: '$json',
  guid: 'toguid',
  int: 'toint',
  long: 'tolong',
  real: 'toreal',
  string: 'tostring',
  timespan: 'totimespan',
}

export function convert(value: Scalar, type: KqlType): Scalar {
  if (value.type === type) return value
  if (value.kind === 'literal') {
    if (value.value === null) return literal(type, type === 'string' ? '' : null)
    if (value.type === 'long' || value.type === 'int') {
      if (type === 'real') return literal('real', Number(value.value))
      if (type === 'long') return literal('long', String(value.value))
      if (type === 'decimal') return literal('decimal', String(value.value))
    }
    if (type === 'dynamic') return literal('dynamic', jsonOfLiteral(value))
  }
  return call(CONVERSIONS[type], [value], type)
}

export function isNumeric(type: KqlType): boolean {
  return type === 'int' || type === 'long' || type === 'real' || type === 'decimal'
}

/** The type that values of all these types are brought to. */
export function commonType(types: readonly KqlType[]): KqlType {
  const distinct = [...new Set(types)]
  if (distinct.length === 1) return distinct[0]!
  if (distinct.every(isNumeric)) {
    if (distinct.includes('real')) return 'real'
    if (distinct.includes('decimal')) return 'decimal'
    return 'long'
  }
  const typed = distinct.filter((type) => type !== 'dynamic')
  return typed.length === 1 ? typed[0]! : 'dynamic'
}
