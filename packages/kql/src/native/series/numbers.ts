/** Series as JSON has them, and as numbers. */

export type Series = readonly (number | null)[]

/** The numbers of a JSON array, null where an element is no number; null if it is no array. */
export function seriesOf(json: string | null): Series | null {
  if (json === null) return null
  const value = JSON.parse(json) as unknown
  return Array.isArray(value)
    ? value.map((element: unknown) => (typeof element === 'number' ? element : null))
    : null
}

/** The numbers if the array has nothing else, else null. */
export function wholeSeries(json: string | null): readonly number[] | null {
  const series = seriesOf(json)
  return series === null || series.some((element) => element === null) ? null : (series as readonly number[])
}

/** A real as Kusto writes it in a dynamic: with a point, and what JSON lacks as text. */
export function realText(value: number | null): string {
  if (value === null) return 'null'
  if (Number.isNaN(value)) return '"NaN"'
  if (!Number.isFinite(value)) return value > 0 ? '"Infinity"' : '"-Infinity"'
  const text = String(value)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}

export function seriesText(series: Series): string {
  return `[${series.map(realText).join(',')}]`
}

export function sum(values: readonly number[]): number {
  let total = 0
  for (const value of values) total += value
  return total
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/** With interpolation between neighbours. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = Float64Array.from(values).sort()
  const place = ((sorted.length - 1) * percent) / 100
  const below = Math.floor(place)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below]! + (sorted[above]! - sorted[below]!) * (place - below)
}

/** By n - 1. */
export function variance(values: readonly number[]): number {
  if (values.length < 2) return 0
  const center = mean(values)
  return sum(values.map((value) => (value - center) ** 2)) / (values.length - 1)
}
