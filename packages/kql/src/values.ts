/**
 * KQL's scalar types and how their values travel.
 *
 * A datetime is a count of ticks (100 ns) since 0001-01-01T00:00:00Z and a timespan a count of ticks; both are
 * `bigint`. A dynamic is the text of a JSON value. A null of any type but string is `null`; a string is never null.
 */

export const KQL_TYPES = [
  'bool',
  'datetime',
  'dynamic',
  'int',
  'long',
  'real',
  'string',
  'guid',
  'decimal',
  'timespan',
] as const

export type KqlType = (typeof KQL_TYPES)[number]

export type KqlValue = string | number | bigint | boolean | null

/** The text with U+FFFD in the place of halves of surrogate pairs, which are not characters and no engine takes. */
export function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
}

export const TICKS_PER_MICROSECOND = 10n
export const TICKS_PER_MILLISECOND = 10_000n
export const TICKS_PER_SECOND = 10_000_000n
export const TICKS_PER_MINUTE = 60n * TICKS_PER_SECOND
export const TICKS_PER_HOUR = 60n * TICKS_PER_MINUTE
export const TICKS_PER_DAY = 24n * TICKS_PER_HOUR
/** Ticks between 0001-01-01 and 1970-01-01. */
export const UNIX_EPOCH_TICKS = 621_355_968_000_000_000n
/** 9999-12-31T23:59:59.9999999Z */
export const MAX_DATETIME_TICKS = 3_155_378_975_999_999_999n

export function ticksFromDate(date: Date): bigint {
  return BigInt(date.getTime()) * TICKS_PER_MILLISECOND + UNIX_EPOCH_TICKS
}

export function dateFromTicks(ticks: bigint): Date {
  return new Date(Number((ticks - UNIX_EPOCH_TICKS) / TICKS_PER_MILLISECOND))
}

function pad(value: bigint | number, width: number): string {
  return value.toString().padStart(width, '0')
}

/** `2020-01-29T09:46:34.2400000Z`, always seven digits, as Kusto's own JSON has it. */
export function ticksToIso(ticks: bigint): string {
  if (ticks < 0n || ticks > MAX_DATETIME_TICKS) return ''
  const seconds = ticks / TICKS_PER_SECOND
  const date = new Date(Number(seconds) * 1000 - Number(UNIX_EPOCH_TICKS / TICKS_PER_MILLISECOND))
  const iso = `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}`
  const time = `${pad(date.getUTCHours(), 2)}:${pad(date.getUTCMinutes(), 2)}:${pad(date.getUTCSeconds(), 2)}`
  return `${iso}T${time}.${pad(ticks % TICKS_PER_SECOND, 7)}Z`
}

const DATETIME =
  /^\s*(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?\s*$/i
const COMPACT_DATETIME = /^\s*(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?Z?\s*$/
const US_DATETIME =
  /^\s*(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(AM|PM)?)?\s*(Z)?\s*$/i

interface DateParts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  fraction: string
  offsetMinutes: number
}

function ticksFromParts(parts: DateParts): bigint | null {
  const { year, month, day, hour, minute, second } = parts
  if (year < 1 || hour > 23 || minute > 59 || second > 59) return null
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day)
    return null
  const days = BigInt(date.getTime()) / 86_400_000n
  const ticks =
    UNIX_EPOCH_TICKS +
    days * TICKS_PER_DAY +
    BigInt(hour) * TICKS_PER_HOUR +
    BigInt(minute) * TICKS_PER_MINUTE +
    BigInt(second) * TICKS_PER_SECOND +
    BigInt(parts.fraction.padEnd(7, '0').slice(0, 7) || '0') -
    BigInt(parts.offsetMinutes) * TICKS_PER_MINUTE
  return ticks < 0n || ticks > MAX_DATETIME_TICKS ? null : ticks
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const NAMED_DATETIME =
  /^\s*(?:[a-z]{3,9},?\s+)?(\d{1,2})[ -]([a-z]{3})[a-z]*[ -](\d{2}|\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|GMT|UTC|[+-]\d{2}:?\d{2})?\s*$/i

function offsetMinutes(zone: string | undefined): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '')
  if (!match) return 0
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return match[1] === '-' ? -minutes : minutes
}

/** Ticks of a text in one of the forms Kusto reads (ISO 8601, RFC 822 and 850, US), null if it is none of them. */
export function parseDatetime(written: string): bigint | null {
  // Kusto reads `2017 - 08 - 01` and `2017, 8, 1` too.
  const text = written.replace(/^\s*(\d{4})\s*[-,]\s*(\d{1,2})\s*[-,]\s*(\d{1,2})/, '$1-$2-$3')
  const iso = DATETIME.exec(text) ?? COMPACT_DATETIME.exec(text)
  if (iso) {
    return ticksFromParts({
      year: Number(iso[1]),
      month: Number(iso[2]),
      day: Number(iso[3] ?? 1),
      hour: Number(iso[4] ?? 0),
      minute: Number(iso[5] ?? 0),
      second: Number(iso[6] ?? 0),
      fraction: iso[7] ?? '',
      offsetMinutes: offsetMinutes(iso[8]),
    })
  }
  const us = US_DATETIME.exec(text)
  if (us) {
    const noon = us[8]?.toUpperCase()
    const hour = Number(us[4] ?? 0)
    return ticksFromParts({
      year: Number(us[3]),
      month: Number(us[1]),
      day: Number(us[2]),
      hour: noon === 'PM' ? (hour % 12) + 12 : noon === 'AM' ? hour % 12 : hour,
      minute: Number(us[5] ?? 0),
      second: Number(us[6] ?? 0),
      fraction: us[7] ?? '',
      offsetMinutes: 0,
    })
  }
  const named = NAMED_DATETIME.exec(text)
  const month = named ? MONTHS.indexOf(named[2]!.toLowerCase()) : -1
  if (!named || month < 0) return null
  const year = Number(named[3])
  return ticksFromParts({
    year: named[3]!.length === 4 ? year : year < 30 ? 2000 + year : 1900 + year,
    month: month + 1,
    day: Number(named[1]),
    hour: Number(named[4] ?? 0),
    minute: Number(named[5] ?? 0),
    second: Number(named[6] ?? 0),
    fraction: named[7] ?? '',
    offsetMinutes: offsetMinutes(named[8]),
  })
}

const UNIT_TICKS: Readonly<Record<string, bigint>> = {
  d: TICKS_PER_DAY,
  day: TICKS_PER_DAY,
  days: TICKS_PER_DAY,
  h: TICKS_PER_HOUR,
  hr: TICKS_PER_HOUR,
  hrs: TICKS_PER_HOUR,
  hour: TICKS_PER_HOUR,
  hours: TICKS_PER_HOUR,
  m: TICKS_PER_MINUTE,
  min: TICKS_PER_MINUTE,
  minute: TICKS_PER_MINUTE,
  minutes: TICKS_PER_MINUTE,
  s: TICKS_PER_SECOND,
  sec: TICKS_PER_SECOND,
  second: TICKS_PER_SECOND,
  seconds: TICKS_PER_SECOND,
  ms: TICKS_PER_MILLISECOND,
  milli: TICKS_PER_MILLISECOND,
  millis: TICKS_PER_MILLISECOND,
  millisec: TICKS_PER_MILLISECOND,
  millisecond: TICKS_PER_MILLISECOND,
  milliseconds: TICKS_PER_MILLISECOND,
  micro: TICKS_PER_MICROSECOND,
  micros: TICKS_PER_MICROSECOND,
  microsec: TICKS_PER_MICROSECOND,
  microsecond: TICKS_PER_MICROSECOND,
  microseconds: TICKS_PER_MICROSECOND,
  nano: 0n,
  tick: 1n,
  ticks: 1n,
}

const TIMESPAN_UNITS = /^\s*(-?)(\d+)(?:\.(\d+))?\s*([a-z]+)\s*$/i
const TIMESPAN_CLOCK = /^\s*(-?)(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?\s*$/
const TIMESPAN_DAYS = /^\s*(-?)(\d+)\s*$/

/** Ticks of `1.5h`, `30 minutes`, `1.02:03:04.5`, `02:03` or `3` (days); null if the text is none of them. */
export function parseTimespan(text: string): bigint | null {
  const units = TIMESPAN_UNITS.exec(text)
  if (units) {
    const unit = UNIT_TICKS[units[4]!.toLowerCase()]
    if (unit === undefined) return null
    const fraction = units[3] ?? ''
    const ticks =
      BigInt(units[2]!) * unit + (fraction ? (BigInt(fraction) * unit) / 10n ** BigInt(fraction.length) : 0n)
    return units[1] ? -ticks : ticks
  }
  const clock = TIMESPAN_CLOCK.exec(text)
  if (clock) {
    const [hours, minutes, seconds] = [Number(clock[3]), Number(clock[4]), Number(clock[5] ?? 0)]
    if (hours > 23 || minutes > 59 || seconds > 59) return null
    const ticks =
      BigInt(clock[2] ?? 0) * TICKS_PER_DAY +
      BigInt(hours) * TICKS_PER_HOUR +
      BigInt(minutes) * TICKS_PER_MINUTE +
      BigInt(seconds) * TICKS_PER_SECOND +
      BigInt((clock[6] ?? '').padEnd(7, '0').slice(0, 7))
    return clock[1] ? -ticks : ticks
  }
  const days = TIMESPAN_DAYS.exec(text)
  if (!days) return null
  const ticks = BigInt(days[2]!) * TICKS_PER_DAY
  return days[1] ? -ticks : ticks
}

/** `[-][d.]hh:mm:ss[.fffffff]` */
export function formatTimespan(ticks: bigint): string {
  const sign = ticks < 0n ? '-' : ''
  const rest = ticks < 0n ? -ticks : ticks
  const days = rest / TICKS_PER_DAY
  const fraction = rest % TICKS_PER_SECOND
  return (
    sign +
    (days > 0n ? `${days}.` : '') +
    `${pad((rest / TICKS_PER_HOUR) % 24n, 2)}:${pad((rest / TICKS_PER_MINUTE) % 60n, 2)}:${pad((rest / TICKS_PER_SECOND) % 60n, 2)}` +
    (fraction > 0n ? `.${pad(fraction, 7)}` : '')
  )
}

/** A real as .NET and so Kusto prints it: the shortest digits that read back, `1` for 1.0, `1E+20`, `NaN`. */
export function formatReal(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞'
  if (Object.is(value, -0)) return '-0'
  const text = value.toExponential()
  const exponent = Number(text.slice(text.indexOf('e') + 1))
  if (exponent >= -5 && exponent < 15)
    return value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 })
  const digits = text.slice(0, text.indexOf('e'))
  return `${digits}E${exponent < 0 ? '-' : '+'}${pad(Math.abs(exponent), 2)}`
}

/** The text a person reads: Kusto's own print of the value, '' for null. */
export function formatValue(type: KqlType, value: KqlValue): string {
  if (value === null) return ''
  switch (type) {
    case 'datetime':
      return typeof value === 'bigint' ? ticksToIso(value) : String(value)
    case 'timespan':
      return typeof value === 'bigint' ? formatTimespan(value) : String(value)
    case 'real':
      return typeof value === 'number' ? formatReal(value) : String(value)
    case 'dynamic':
      return formatDynamic(String(value))
    default:
      return String(value)
  }
}

/** A dynamic holding a string prints as the string, all else as JSON. */
function formatDynamic(json: string): string {
  if (!json.startsWith('"')) return json
  return String(JSON.parse(json))
}

/**
 * The value as Kusto's v1/v2 JSON carries it: datetime and timespan as text, long as a number while it is exact
 * (else as text), NaN and infinities as text, dynamic as the JSON value itself.
 */
export function toJsonValue(type: KqlType, value: KqlValue): unknown {
  if (value === null) return type === 'string' ? '' : null
  switch (type) {
    case 'datetime':
    case 'timespan':
      return formatValue(type, value)
    case 'long':
    case 'int': {
      const number = Number(value)
      return Number.isSafeInteger(number) ? number : String(value)
    }
    case 'real': {
      const number = Number(value)
      if (Number.isFinite(number)) return number
      return Number.isNaN(number) ? 'NaN' : number > 0 ? 'Infinity' : '-Infinity'
    }
    case 'dynamic':
      return JSON.parse(String(value)) as unknown
    default:
      return value
  }
}
