/** Numbers and times as people read them. */
import type { Zone } from './zone'

const GROUPED = new Intl.NumberFormat('en-US')
export const count = (value: number): string => GROUPED.format(value)

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let size = value
  let unit = 0
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`
}

/** `12 ms`, `3.4 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1) return '< 1 ms'
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = ms / 1000
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
  const units: [string, number][] = [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ]
  const first = units.findIndex(([, size]) => seconds >= size)
  const [name, size] = units[first]!
  const whole = Math.floor(seconds / size)
  const next = units[first + 1]
  const rest = next ? Math.floor((seconds - whole * size) / next[1]) : 0
  return next && rest > 0 ? `${whole} ${name} ${rest} ${next[0]}` : `${whole} ${name}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (value: number) => String(value).padStart(2, '0')

/** The parts of an ISO time (up to 7 digits of fraction are kept as text) in a zone. */
export function timeParts(
  iso: string,
  zone: Zone,
): { date: string; day: string; time: string; fraction: string } | undefined {
  const ms = Date.parse(iso)
  if (Number.isNaN(ms)) return undefined
  const at = new Date(ms)
  const utc = zone === 'UTC'
  const [year, month, day] = utc
    ? [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()]
    : [at.getFullYear(), at.getMonth(), at.getDate()]
  const [hour, minute, second] = utc
    ? [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()]
    : [at.getHours(), at.getMinutes(), at.getSeconds()]
  return {
    date: `${year}-${two(month + 1)}-${two(day)}`,
    day: `${MONTHS[month]} ${day}`,
    time: `${two(hour)}:${two(minute)}:${two(second)}`,
    fraction: /\.(\d+)/.exec(iso)?.[1] ?? '',
  }
}

/** `2026-11-22 21:41:24.240`: milliseconds, and more digits only where there are some. */
export function fullTime(iso: string, zone: Zone): string {
  const parts = timeParts(iso, zone)
  if (!parts) return iso
  const digits = parts.fraction.padEnd(3, '0').replace(/(?<=.{3})0+$/, '')
  return `${parts.date} ${parts.time}.${digits}`
}

/** `just now`, `5 min ago`, `in 2 h`. */
export function relative(iso: string, now: number): string {
  const ms = now - Date.parse(iso)
  if (Number.isNaN(ms)) return ''
  const seconds = Math.abs(ms) / 1000
  const [size, unit] =
    seconds < 3600
      ? [60, 'min']
      : seconds < 86_400
        ? [3600, 'h']
        : seconds < 86_400 * 60
          ? [86_400, 'd']
          : [2_629_800, 'mo']
  if (seconds < 60) return 'just now'
  const text = `${Math.floor(seconds / Number(size))} ${unit}`
  return ms >= 0 ? `${text} ago` : `in ${text}`
}
