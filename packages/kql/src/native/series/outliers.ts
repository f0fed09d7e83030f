/**
 * Scores by Tukey's fences: how far a value lies outside of a range between two percentiles, in widths of the range.
 * Where the range has no width, the standard deviation takes its place: then one value that differs stands out, too.
 */
import { percentile, type Series, variance } from './numbers.js'

export interface OutlierOptions {
  readonly low: number
  readonly high: number
  /** A value that counts as missing. */
  readonly ignored: number | null
}

export const TUKEY = { low: 25, high: 75 }
export const CUSTOM_TUKEY = { low: 10, high: 90 }

export function outlierScores(series: Series, { low, high, ignored }: OutlierOptions): number[] {
  const counts = (value: number | null): value is number =>
    value !== null && value !== ignored && !Number.isNaN(value)
  const values = series.filter(counts)
  if (values.length === 0) return series.map(() => 0)
  const [from, to] = [percentile(values, low), percentile(values, high)]
  const width = to - from || Math.sqrt(variance(values))
  return series.map((value) => {
    if (!counts(value) || width === 0) return 0
    if (value > to) return (value - to) / width
    return value < from ? (value - from) / width : 0
  })
}
