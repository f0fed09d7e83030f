/**
 * A series as the sum of what repeats, a trend, and the rest: first the median of the points of each phase, then the
 * trend of what is left, as the reference describes it. Test points at the end take no part in the learning.
 */
import { fitLine } from './fit.js'
import { mean, median } from './numbers.js'
import { detectPeriods } from './periods.js'

export type Trend = 'avg' | 'linefit' | 'none'

export interface DecomposeOptions {
  /** Points of a period; 0 for none, -1 to look for one. */
  readonly seasonality: number
  readonly trend: Trend
  readonly testPoints: number
  /** Least score of a period that is looked for. */
  readonly threshold: number
}

export interface Decomposition {
  readonly baseline: readonly number[]
  readonly seasonal: readonly number[]
  readonly trend: readonly number[]
  readonly residual: readonly number[]
}

export function decompose(values: readonly number[], options: DecomposeOptions): Decomposition {
  const n = values.length
  const learned = values.slice(0, Math.max(1, n - Math.max(0, options.testPoints)))
  const period = periodOf(learned, options)
  const medians = Array.from({ length: Math.min(period, learned.length) }, (_, phase) =>
    median(learned.filter((__, i) => i % period === phase)),
  )
  const seasonal = values.map((_, i) => medians[i % period] ?? 0)
  const trend = trendOf(
    learned.map((value, i) => value - seasonal[i]!),
    n,
    options.trend,
  )
  const baseline = values.map((_, i) => seasonal[i]! + trend[i]!)
  return { baseline, seasonal, trend, residual: values.map((value, i) => value - baseline[i]!) }
}

function periodOf(values: readonly number[], { seasonality, threshold }: DecomposeOptions): number {
  if (seasonality >= 0) return seasonality
  // A trend would look like a period that never ends.
  const { fitted } = fitLine(values)
  const flat = values.map((value, i) => value - fitted[i]!)
  const [best] = detectPeriods(flat, 0, values.length, 1)
  return best && best.score >= threshold ? best.period : 0
}

function trendOf(values: readonly number[], length: number, trend: Trend): number[] {
  if (trend === 'none' || values.length === 0) return new Array<number>(length).fill(0)
  if (trend === 'avg') return new Array<number>(length).fill(mean(values))
  const { slope, interception } = fitLine(values)
  return Array.from({ length }, (_, i) => interception + slope * i)
}
