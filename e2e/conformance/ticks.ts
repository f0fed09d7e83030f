/**
 * Datetimes and timespans as the sources print them, to and from ticks of 100 ns.
 *
 * Written apart from the values of @auspex/kql on purpose: a fault there must not hide itself here.
 */

const TICKS_PER_MILLISECOND = 10_000n
const TICKS_PER_SECOND = 10_000_000n
const TICKS_PER_DAY = 864_000_000_000n
/** Ticks from 0001-01-01, where Kusto counts from, to 1970-01-01. */
const UNIX_EPOCH = 621_355_968_000_000_000n

const DATETIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?)?\s?Z?$/
const TIMESPAN = /^(-)?(?:(\d+)\.)?(\d{1,2}):(\d\d):(\d\d)(?:\.(\d{1,7}))?$/

/** `2017-05-14`, `2017-05-14 12:00:00.0000000`, `2017-05-14T12:00:00Z`; undefined for any other text. */
export function datetimeTicks(text: string): bigint | undefined {
  const match = DATETIME.exec(text.trim())
  if (!match) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = ''] = match
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  date.setUTCHours(Number(hour), Number(minute), Number(second))
  // Date rolls 31 February over to March: the source would have meant no such thing.
  if (date.getUTCDate() !== Number(day) || date.getUTCMinutes() !== Number(minute)) return undefined
  return BigInt(date.getTime()) * TICKS_PER_MILLISECOND + UNIX_EPOCH + BigInt(fraction.padEnd(7, '0'))
}

/** `[-][d.]hh:mm:ss[.fffffff]`; undefined for any other text. */
export function timespanTicks(text: string): bigint | undefined {
  const match = TIMESPAN.exec(text.trim())
  if (!match) return undefined
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match
  const whole = BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(seconds)
  const ticks = BigInt(days) * TICKS_PER_DAY + whole * TICKS_PER_SECOND + BigInt(fraction.padEnd(7, '0'))
  return sign ? -ticks : ticks
}

/** `2017-05-14 12:00:00.1234567`, the fraction left out when it is zero. */
export function formatDatetime(ticks: bigint): string {
  const fraction = ticks % TICKS_PER_SECOND
  const text = universalDatetime(ticks).slice(0, -1)
  return fraction === 0n ? text : `${text}.${String(fraction).padStart(7, '0')}`
}

/** .NET's format `u`, `2017-05-14 12:00:00Z`: no fraction. */
export function universalDatetime(ticks: bigint): string {
  const milliseconds = (ticks - UNIX_EPOCH - (ticks % TICKS_PER_SECOND)) / TICKS_PER_MILLISECOND
  const date = new Date(Number(milliseconds))
  if (Number.isNaN(date.getTime())) return `${ticks} ticks`
  return `${date.toISOString().slice(0, 19).replace('T', ' ')}Z`
}

/** .NET's format `c`, `[-][d.]hh:mm:ss[.fffffff]`. */
export function formatTimespan(ticks: bigint): string {
  const magnitude = ticks < 0n ? -ticks : ticks
  const seconds = (magnitude % TICKS_PER_DAY) / TICKS_PER_SECOND
  const two = (value: bigint) => String(value).padStart(2, '0')
  const days = magnitude / TICKS_PER_DAY
  const fraction = magnitude % TICKS_PER_SECOND
  return [
    ticks < 0n ? '-' : '',
    days > 0n ? `${days}.` : '',
    `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`,
    fraction > 0n ? `.${String(fraction).padStart(7, '0')}` : '',
  ].join('')
}
