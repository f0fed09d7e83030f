/** Time cut into equal buckets, for counts over time. */

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const STEPS = [
  SECOND,
  5 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  30 * DAY,
]

export interface Buckets {
  /** Start of the first, in ms. */
  readonly from: number
  readonly step: number
  readonly count: number
}

/** About so many buckets of a round width over a time. Bounds are those of KQL's `bin()`. */
export function bucketsOver(from: number, to: number, about: number): Buckets {
  const wanted = Math.max(1, (to - from) / about)
  const step = STEPS.find((size) => size >= wanted) ?? Math.ceil(wanted / DAY) * DAY
  // bin() counts from the year 1, which began on a whole day and a Monday.
  const origin = Date.parse('0001-01-01T00:00:00Z')
  const start = origin + Math.floor((from - origin) / step) * step
  return { from: start, step, count: Math.max(1, Math.ceil((to - start) / step)) }
}

/** `5m` as KQL writes a span. */
export function spanLiteral(ms: number): string {
  if (ms % DAY === 0) return `${ms / DAY}d`
  if (ms % HOUR === 0) return `${ms / HOUR}h`
  if (ms % MINUTE === 0) return `${ms / MINUTE}m`
  return `${ms / SECOND}s`
}

/** Counts in their buckets; what lies outside is left out. */
export function fill(
  { from, step, count }: Buckets,
  points: Iterable<readonly [time: number, value: number]>,
): number[] {
  const values = new Array<number>(count).fill(0)
  for (const [time, value] of points) {
    const i = Math.floor((time - from) / step)
    if (i >= 0 && i < count) values[i] = values[i]! + value
  }
  return values
}
