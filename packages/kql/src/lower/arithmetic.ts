/** Comparisons and arithmetic, their operands brought to types that fit. */
import { call } from '../plan/build.js'
import type { Scalar } from '../plan/plan.js'
import type { KqlType } from '../values.js'
import { commonType, convert, isNumeric } from './convert.js'

/** A comparison of two values, brought to one type. */
export function comparison(operator: string, left: Scalar, right: Scalar): Scalar {
  const [a, b] = comparable(left, right)
  return call(operator, [a!, b!], 'bool')
}

export function comparable(...values: readonly Scalar[]): Scalar[] {
  const types = values.map((value) => value.type)
  const typed = types.filter((type) => type !== 'dynamic')
  if (typed.length === values.length) {
    return new Set(types).size === 1 || typed.every(isNumeric)
      ? [...values]
      : values.map((v) => convert(v, commonType(types)))
  }
  if (typed.length === 0) return [...values]
  // A dynamic takes the type of the other side; a dynamic number may have a fraction, so no long.
  const common = commonType(typed)
  return values.map((value) =>
    value.type === 'dynamic'
      ? convert(value, common === 'long' || common === 'int' ? 'real' : common)
      : value,
  )
}

/** `+ - * / %` on numbers, timespans and datetimes. */
export function arithmetic(
  operator: string,
  left: Scalar,
  right: Scalar,
  bound: KqlType | undefined,
): Scalar {
  let [a, b] = [left, right]
  if (a.type === 'dynamic' && b.type === 'dynamic') {
    const result = call(operator, [convert(a, 'real'), convert(b, 'real')], 'real')
    return bound && bound !== 'dynamic' ? convert(result, bound) : call('$number', [result], 'dynamic')
  }
  if (a.type === 'dynamic') a = convert(a, otherOperand(operator, b.type, bound))
  if (b.type === 'dynamic') b = convert(b, otherOperand(operator, a.type, bound))
  if (isNumeric(a.type) && isNumeric(b.type)) {
    const type = commonType([
      a.type,
      b.type,
      ...(a.type === 'int' && b.type === 'int' ? (['long'] as const) : []),
    ])
    return call(operator, [convert(a, type), convert(b, type)], type)
  }
  return call(operator, [a, b], temporalResult(operator, a.type, b.type))
}

function otherOperand(operator: string, type: KqlType, bound: KqlType | undefined): KqlType {
  if (type === 'datetime') return operator === '-' && bound === 'timespan' ? 'datetime' : 'timespan'
  if (type === 'int') return 'long'
  return type
}

function temporalResult(operator: string, left: KqlType, right: KqlType): KqlType {
  if (left === 'datetime' || right === 'datetime') {
    return operator === '-' && left === right
      ? 'timespan'
      : operator === '%' || operator === '/'
        ? 'timespan'
        : 'datetime'
  }
  return operator === '/' && left === right ? 'real' : 'timespan'
}
