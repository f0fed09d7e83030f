/** Least squares: a line, two lines, a polynomial. Variances are by n - 1. */
import { sum, variance } from './numbers.js'

export interface Fit {
  /** From the constant term up. */
  readonly coefficients: readonly number[]
  readonly fitted: readonly number[]
  readonly rsquare: number
  /** Of the values. */
  readonly variance: number
  /** Of what is left of them. */
  readonly rvariance: number
}

export interface LineFit extends Fit {
  readonly slope: number
  readonly interception: number
}

export function fitLine(values: readonly number[]): LineFit {
  const x = values.map((_, i) => i)
  const fit = fitPolynomial(x, values, 1)
  return { ...fit, interception: fit.coefficients[0] ?? 0, slope: fit.coefficients[1] ?? 0 }
}

export function fitPolynomial(x: readonly number[], y: readonly number[], degree: number): Fit {
  // Around the middle and in units of the half width, so that powers stay small.
  const low = Math.min(...x)
  const high = Math.max(...x)
  const center = (low + high) / 2
  const scale = (high - low) / 2 || 1
  const terms = Math.min(degree, Math.max(0, x.length - 1)) + 1
  const scaled = solve(
    x.map((value) => (value - center) / scale),
    y,
    terms,
  )
  const fitted = x.map((value) => horner(scaled, (value - center) / scale))
  return { coefficients: unscale(scaled, center, scale), fitted, ...quality(y, fitted) }
}

export function quality(values: readonly number[], fitted: readonly number[]) {
  const total = variance(values)
  const rvariance =
    values.length < 2 ? 0 : sum(values.map((value, i) => (value - fitted[i]!) ** 2)) / (values.length - 1)
  return { rsquare: total === 0 ? 1 : 1 - rvariance / total, variance: total, rvariance }
}

function horner(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((value, coefficient) => value * x + coefficient, 0)
}

/** Coefficients of a polynomial in (x - center) / scale as those of one in x. */
function unscale(scaled: readonly number[], center: number, scale: number): number[] {
  let result: number[] = []
  for (const coefficient of [...scaled].reverse()) {
    // result * (x - center) / scale + coefficient
    const next = new Array<number>(result.length + 1).fill(0)
    result.forEach((c, i) => {
      next[i + 1]! += c / scale
      next[i]! -= (c * center) / scale
    })
    next[0]! += coefficient
    result = next.slice(0, Math.max(1, result.length + 1))
  }
  return result.slice(0, scaled.length)
}

/** The normal equations by Gauss, with the largest pivot. */
function solve(x: readonly number[], y: readonly number[], terms: number): number[] {
  const powers = Array.from({ length: 2 * terms - 1 }, (_, k) => sum(x.map((value) => value ** k)))
  const rows = Array.from({ length: terms }, (_, i) => [
    ...Array.from({ length: terms }, (__, j) => powers[i + j]!),
    sum(x.map((value, k) => value ** i * y[k]!)),
  ])
  for (let column = 0; column < terms; column++) {
    let pivot = column
    for (let row = column + 1; row < terms; row++) {
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row
    }
    ;[rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!]
    const head = rows[column]![column]!
    if (head === 0) continue
    for (let row = 0; row < terms; row++) {
      if (row === column) continue
      const factor = rows[row]![column]! / head
      for (let k = column; k <= terms; k++) rows[row]![k]! -= factor * rows[column]![k]!
    }
  }
  return rows.map((row, i) => (row[i] === 0 ? 0 : row[terms]! / row[i]!))
}

export interface TwoLines {
  /** The first point of the right line. */
  readonly split: number
  readonly left: LineFit
  readonly right: LineFit
  readonly fitted: readonly number[]
  readonly rsquare: number
  readonly variance: number
  readonly rvariance: number
}

/** The two lines that together leave the least; each has at least two points. */
export function fitTwoLines(values: readonly number[]): TwoLines | null {
  const n = values.length
  if (n < 4) return null
  // Sums up to each point, so that the rest of a line over any stretch is known at once.
  const prefix = [{ y: 0, yy: 0, xy: 0 }]
  for (let i = 0; i < n; i++) {
    const { y, yy, xy } = prefix[i]!
    prefix.push({ y: y + values[i]!, yy: yy + values[i]! ** 2, xy: xy + i * values[i]! })
  }
  const left = (from: number, to: number): number => {
    const m = to - from
    const x = ((from + to - 1) * m) / 2
    const xx = sumOfSquares(to - 1) - sumOfSquares(from - 1)
    const y = prefix[to]!.y - prefix[from]!.y
    const yy = prefix[to]!.yy - prefix[from]!.yy
    const xy = prefix[to]!.xy - prefix[from]!.xy
    const varX = xx - (x * x) / m
    const covariance = xy - (x * y) / m
    return yy - (y * y) / m - (varX === 0 ? 0 : (covariance * covariance) / varX)
  }
  let split = 2
  let least = Number.POSITIVE_INFINITY
  for (let at = 2; at <= n - 2; at++) {
    const rest = left(0, at) + left(at, n)
    if (least === Number.POSITIVE_INFINITY || rest < least - 1e-12 * Math.abs(least)) {
      least = rest
      split = at
    }
  }
  const leftFit = fitLine(values.slice(0, split))
  const rightFit = fitLine(values.slice(split))
  const fitted = [...leftFit.fitted, ...rightFit.fitted]
  return { split, left: leftFit, right: rightFit, fitted, ...quality(values, fitted) }
}

function sumOfSquares(n: number): number {
  return n < 0 ? 0 : (n * (n + 1) * (2 * n + 1)) / 6
}

/** The values of a line at further points. */
export function lineAt({ slope, interception }: LineFit, points: number): number[] {
  return Array.from({ length: points }, (_, i) => interception + slope * i)
}
