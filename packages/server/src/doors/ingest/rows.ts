/**
 * Objects that a client sent, as columns. A cell takes the type that its table's column has; a value that does not
 * fit keeps its place in `AdditionalFields`, because what was sent must not be lost.
 */
import { type KqlType, parseDatetime, parseTimespan, type TableSchema } from '@auspex/kql'
import type { TableBatch } from '@auspex/store'

export type Fields = Readonly<Record<string, unknown>>

const OVERFLOW = 'AdditionalFields'
/** Columns that the store fills. */
const OWN = new Set(['_TimeReceived', 'Type'])
/** As Azure does: a longer text is cut. */
const MAX_TEXT = 256 * 1024

const NOT_FITTING = Symbol('not fitting')
type Cell = string | number | bigint | boolean | null | typeof NOT_FITTING

const asText = (value: unknown): string =>
  (typeof value === 'string'
    ? value
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)
  ).slice(0, MAX_TEXT)

function asWhole(value: unknown): Cell {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : NOT_FITTING
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string' || !/^\s*-?\d{1,19}\s*$/.test(value)) return NOT_FITTING
  const whole = BigInt(value.trim())
  return whole === BigInt.asIntN(64, whole) ? whole : NOT_FITTING
}

const BOOLS: Readonly<Record<string, boolean>> = { true: true, false: false, '1': true, '0': false }

const FIT: Readonly<Record<KqlType, (value: unknown) => Cell>> = {
  string: asText,
  bool: (value) => (typeof value === 'boolean' ? value : (BOOLS[String(value).toLowerCase()] ?? NOT_FITTING)),
  int: (value) => {
    const whole = asWhole(value)
    return typeof whole === 'symbol' || BigInt(whole as number) !== BigInt.asIntN(32, BigInt(whole as number))
      ? NOT_FITTING
      : whole
  },
  long: asWhole,
  real: (value) => {
    if (typeof value === 'number') return value
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
    return Number.isNaN(number) && value !== 'NaN' ? NOT_FITTING : number
  },
  decimal: (value) => (/^\s*-?\d+(\.\d+)?\s*$/.test(String(value)) ? String(value).trim() : NOT_FITTING),
  guid: (value) =>
    /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(String(value)) ? String(value) : NOT_FITTING,
  datetime: (value) => {
    if (typeof value === 'number') return value
    return (typeof value === 'string' ? parseDatetime(value) : null) ?? NOT_FITTING
  },
  timespan: (value) => (typeof value === 'string' ? parseTimespan(value) : null) ?? NOT_FITTING,
  dynamic: (value) => (typeof value === 'string' ? jsonText(value) : JSON.stringify(value)),
}

/** A string that holds JSON is that JSON, any other is a JSON string. */
function jsonText(text: string): string {
  if (!/^\s*[[{"\-\dtfn]/.test(text)) return JSON.stringify(text)
  try {
    JSON.parse(text)
    return text
  } catch {
    return JSON.stringify(text)
  }
}

/** What the suffixes of custom logs say, where the values agree. */
const SUFFIX_TYPES: Readonly<Record<string, KqlType>> = {
  _s: 'string',
  _d: 'real',
  _b: 'bool',
  _t: 'datetime',
  _g: 'guid',
}

/** The type of a column that is not there yet, from its name's suffix or the values that came. */
export function typeOfValues(name: string, values: readonly unknown[]): KqlType {
  if (name === 'TimeGenerated') return 'datetime'
  const suffix = SUFFIX_TYPES[name.slice(-2)]
  const fits = (value: unknown) =>
    value === null || value === undefined || FIT[suffix!](value) !== NOT_FITTING
  if (suffix !== undefined && values.every(fits)) return suffix
  let type: KqlType | undefined
  for (const value of values) {
    if (value === null || value === undefined) continue
    const here: KqlType =
      typeof value === 'string'
        ? 'string'
        : typeof value === 'boolean'
          ? 'bool'
          : typeof value === 'object'
            ? 'dynamic'
            : Number.isSafeInteger(value)
              ? 'long'
              : 'real'
    if (type === undefined || type === here) type = here
    else if ((type === 'long' && here === 'real') || (type === 'real' && here === 'long')) type = 'real'
    else if (type === 'dynamic' || here === 'dynamic') type = 'dynamic'
    else type = 'string'
  }
  return type ?? 'string'
}

/** @param schema of the table, when it is there */
export function batchOf(table: string, rows: readonly Fields[], schema: TableSchema | undefined): TableBatch {
  const known = new Map(schema?.columns.map((column) => [column.name, column.type]))
  const names = new Set<string>()
  for (const row of rows) for (const name of Object.keys(row)) names.add(name)
  const columns = new Map<string, unknown[]>()
  const types = new Map<string, KqlType>()
  const strays: (Record<string, unknown> | undefined)[] = []
  for (const name of names) {
    if (OWN.has(name) || name === OVERFLOW) continue
    const type =
      known.get(name) ??
      typeOfValues(
        name,
        rows.map((row) => row[name]),
      )
    types.set(name, type)
    const cells = rows.map((row, at) => {
      const value = row[name]
      if (value === null || value === undefined) return null
      const cell = FIT[type](value)
      if (cell !== NOT_FITTING) return cell
      strays[at] = { ...strays[at], [name]: value }
      return null
    })
    columns.set(name, cells)
  }
  if (strays.length > 0 || names.has(OVERFLOW)) {
    types.set(OVERFLOW, 'dynamic')
    columns.set(
      OVERFLOW,
      rows.map((row, at) => {
        const given = row[OVERFLOW]
        if (strays[at] === undefined) return given === null || given === undefined ? null : FIT.dynamic(given)
        const fields = typeof given === 'object' && given !== null && !Array.isArray(given) ? given : {}
        return JSON.stringify({ ...fields, ...strays[at] })
      }),
    )
  }
  return { table, rowCount: rows.length, columns, types }
}
