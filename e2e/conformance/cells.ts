/**
 * One cell: the text a source shows against the value an engine gave.
 *
 * The text is read by the official type of its column, never by how it looks: `1` is true in a bool column and
 * `1.0` is one in a real column.
 */
import { datetimeTicks, timespanTicks } from './ticks.js'

/** A value of a result, in the representation of @auspex/kql: dynamic is JSON text, datetime and timespan ticks. */
export type Value = null | boolean | number | bigint | string

export interface Tolerance {
  readonly relative: number
  readonly absolute: number
}

export const EXACT_ENOUGH: Tolerance = { relative: 1e-9, absolute: 0 }
/** Spherical geometry: libraries differ in the last digits. */
export const GEOGRAPHIC: Tolerance = { relative: 1e-6, absolute: 1e-6 }

export interface CellRules {
  readonly tolerance: Tolerance
  /** A dynamic array is a set: make_set promises no order. */
  readonly set?: boolean
}

/** Does the documented cell (null: documented as null) say `value`? */
export function cellMatches(
  type: string,
  documented: string | null,
  value: Value,
  rules: CellRules,
): boolean {
  if (type === 'dynamic') return dynamicMatches(documented, value, rules)
  if (documented === null || value === null) return documented === value
  switch (type) {
    case 'string':
      return value === documented
    case 'bool':
      return value === readBool(documented)
    case 'int':
    case 'long':
      return isInteger(value) && integerMatches(documented, BigInt(value))
    case 'real':
      return typeof value === 'number' && realMatches(documented, value, rules.tolerance)
    case 'decimal':
      return typeof value === 'string' && realMatches(documented, Number(value), rules.tolerance)
    case 'datetime':
      return typeof value === 'bigint' && value === datetimeTicks(documented)
    case 'timespan':
      return typeof value === 'bigint' && value === timespanTicks(documented)
    case 'guid':
      return typeof value === 'string' && value.toLowerCase() === documented.toLowerCase()
    default:
      throw new Error(`A case has a column of type ${type}, which is no type of KQL.`)
  }
}

function isInteger(value: Value): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))
}

function readBool(text: string): boolean | undefined {
  if (/^(true|1)$/i.test(text)) return true
  if (/^(false|0)$/i.test(text)) return false
  return undefined
}

function integerMatches(documented: string, value: bigint): boolean {
  const text = /^-?\d{1,3}(,\d{3})+$/.test(documented) ? documented.replaceAll(',', '') : documented
  if (/^-?\d+$/.test(text)) return BigInt(text) === value
  return text !== '' && Number(text) === Number(value)
}

const NAMED_REALS: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  '∞': Number.POSITIVE_INFINITY,
}

function readReal(text: string): number | undefined {
  const [, sign, rest] = /^([+-]?)(.*)$/s.exec(text.trim()) ?? []
  const magnitude = NAMED_REALS[rest?.toLowerCase() ?? ''] ?? (rest ? Number(rest) : undefined)
  if (magnitude === undefined) return undefined
  // Number() of a text that is no number is NaN too: only the word may be NaN.
  if (Number.isNaN(magnitude) && rest?.toLowerCase() !== 'nan') return undefined
  return sign === '-' ? -magnitude : magnitude
}

/** Within the tolerance, or equal once rounded to the digits that were printed. */
export function realMatches(documented: string, value: number, tolerance: Tolerance): boolean {
  const expected = readReal(documented.replace(/(?<=\d),(?=\d{3})/g, ''))
  if (expected === undefined) return false
  if (Object.is(expected, value) || expected === value) return true
  const difference = Math.abs(expected - value)
  if (!Number.isFinite(difference)) return false
  if (difference <= Math.max(tolerance.absolute, tolerance.relative * Math.abs(expected))) return true
  const lastDigit = lastPrintedDigit(documented)
  return lastDigit !== undefined && difference <= 0.5 * lastDigit * (1 + 1e-9)
}

/** The weight of the last printed decimal; undefined without decimals, since `20` does not stand for 20.3. */
function lastPrintedDigit(text: string): number | undefined {
  const match = /\.(\d+)(?:[eE]([+-]?\d+))?$/.exec(text.trim())
  if (!match?.[1]) return undefined
  return 10 ** (Number(match[2] ?? 0) - match[1].length)
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

const NOT_JSON = Symbol('not JSON')

function readJson(text: string): Json | typeof NOT_JSON {
  try {
    return JSON.parse(text) as Json
  } catch {
    return NOT_JSON
  }
}

function dynamicMatches(documented: string | null, value: Value, rules: CellRules): boolean {
  if (value !== null && typeof value !== 'string') return false
  const actual = value === null ? null : readJson(value)
  if (actual === NOT_JSON) return false
  // An empty cell is shown for null and for a string without characters alike.
  if (documented === null || documented === '') return actual === null || actual === ''
  // A string at the top is shown without quotes.
  if (actual === documented) return true
  const expected = readJson(documented)
  if (expected === NOT_JSON) return typeof actual === 'boolean' && actual === readBool(documented)
  if (rules.set && Array.isArray(expected) && Array.isArray(actual)) {
    return isPermutation(expected, actual, (left, right) => jsonMatches(left, right, rules.tolerance))
  }
  return jsonMatches(expected, actual, rules.tolerance)
}

function jsonMatches(expected: Json, actual: Json, tolerance: Tolerance): boolean {
  if (typeof expected === 'number') {
    return typeof actual === 'number' && realMatches(String(expected), actual, tolerance)
  }
  if (expected === null || typeof expected !== 'object') return expected === actual
  if (actual === null || typeof actual !== 'object') return false
  if (isArray(expected) || isArray(actual)) {
    if (!isArray(expected) || !isArray(actual) || expected.length !== actual.length) return false
    const matches = (list: readonly Json[]) =>
      expected.every((item, index) => jsonMatches(item, list[index] as Json, tolerance))
    if (matches(actual)) return true
    // The ring of a polygon has no first corner.
    const open = actual.slice(0, -1)
    return (
      isRing(actual) && open.some((corner, i) => matches([...open.slice(i), ...open.slice(0, i), corner]))
    )
  }
  const keys = Object.keys(expected)
  if (keys.length !== Object.keys(actual).length) return false
  return keys.every(
    (key) => Object.hasOwn(actual, key) && jsonMatches(expected[key] as Json, actual[key] as Json, tolerance),
  )
}

/** Four places or more, the last of which is the first again. */
function isRing(list: readonly Json[]): boolean {
  const isPlace = (item: Json) =>
    isArray(item) && item.length === 2 && item.every((number) => typeof number === 'number')
  return list.length >= 4 && list.every(isPlace) && JSON.stringify(list[0]) === JSON.stringify(list.at(-1))
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

/**
 * Is there a pairing of all items? A bipartite matching, since a tolerance is not transitive and the first
 * partner that fits can be the wrong one.
 */
export function isPermutation<L, R>(
  left: readonly L[],
  right: readonly R[],
  fits: (left: L, right: R) => boolean,
): boolean {
  if (left.length !== right.length) return false
  const partner: (number | undefined)[] = right.map(() => undefined)
  const place = (item: number, tried: Set<number>): boolean => {
    for (let index = 0; index < right.length; index++) {
      if (tried.has(index) || !fits(left[item] as L, right[index] as R)) continue
      tried.add(index)
      const holder = partner[index]
      if (holder === undefined || place(holder, tried)) {
        partner[index] = item
        return true
      }
    }
    return false
  }
  return left.every((_, item) => place(item, new Set()))
}
