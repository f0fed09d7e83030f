/**
 * Periods of a series: strong waves in its spectrum, made exact by how well the series fits itself when it is shifted
 * by one period, two, three.
 *
 * The autocorrelation at a lag is that of the overlapping parts, each without the mean of the whole. A period is a lag
 * at which the autocorrelation has a hill and is positive. Its score is the mean over its multiples, as far as at least a
 * quarter of the series overlaps; this gives the scores that the reference shows. What is found is at least 4 points
 * long and shorter than half the series.
 */
import { transform } from './fft.js'
import { mean } from './numbers.js'

const SHORTEST = 4
const LEAST_OVERLAP = 0.25

export interface Period {
  readonly period: number
  /** 0 to 1; 0 where there is no such period. */
  readonly score: number
}

class Spectrum {
  readonly length: number
  /** Of the waves that go once, twice, … into the series. */
  readonly powers: readonly number[]
  readonly #correlations: Float64Array

  constructor(values: readonly number[]) {
    const n = values.length
    const center = mean(values)
    const deviations = Float64Array.from(values, (value) => value - center)
    const { real, imaginary } = transform({ real: deviations, imaginary: new Float64Array(n) }, -1)
    this.length = n
    this.powers = Array.from(real.subarray(0, Math.floor(n / 2) + 1), (re, k) => re * re + imaginary[k]! ** 2)
    this.#correlations = correlationsOf(deviations)
  }

  /** The autocorrelation at a lag. */
  at(lag: number): number {
    return this.#correlations[lag] ?? 0
  }

  score(period: number): number {
    const n = this.length
    const lags: number[] = []
    for (let k = 1; Math.round(k * period) <= n * (1 - LEAST_OVERLAP); k++) lags.push(Math.round(k * period))
    return Math.max(0, Math.min(1, mean(lags.map((lag) => this.at(lag)))))
  }

  /** Whether the lag is the top of a hill. */
  isPeak(lag: number): boolean {
    const value = this.at(lag)
    return value > 0 && value >= this.at(lag - 1) && value >= this.at(lag + 1)
  }
}

/** By the power spectrum of the series with as many zeros behind it, which the ends can not meet in. */
function correlationsOf(deviations: Float64Array): Float64Array {
  const n = deviations.length
  const padded = new Float64Array(2 * n)
  padded.set(deviations)
  const { real, imaginary } = transform({ real: padded, imaginary: new Float64Array(2 * n) }, -1)
  const power = real.map((re, k) => re * re + imaginary[k]! ** 2)
  const { real: sums } = transform({ real: power, imaginary: new Float64Array(2 * n) }, 1)
  const total = sums[0]! / n
  return Float64Array.from({ length: n }, (_, lag) => (total > 0 ? sums[lag]! / (n - lag) / total : 0))
}

/** So many times the mean power makes a wave strong. */
const STRONG = 2

/** The best periods between two lengths, the best first. A multiple of a better one is no period of its own. */
export function detectPeriods(
  values: readonly number[],
  shortest: number,
  longest: number,
  count: number,
): Period[] {
  const n = values.length
  const spectrum = new Spectrum(values)
  const from = Math.max(SHORTEST, Math.ceil(shortest))
  const to = Math.min(Math.floor(longest), Math.ceil(n / 2) - 1)
  const strong = STRONG * mean(spectrum.powers.slice(1))
  const found = new Map<number, Period>()
  for (let k = 1; k < spectrum.powers.length; k++) {
    if (spectrum.powers[k]! <= strong) continue
    // A wave that goes k times into the series may stand for any length up to those of its neighbours.
    let best = 0
    for (let lag = Math.max(from, Math.ceil(n / (k + 1))); lag <= to && lag * (k - 1) <= n; lag++) {
      if (spectrum.isPeak(lag) && (best === 0 || spectrum.at(lag) > spectrum.at(best))) best = lag
    }
    const score = best === 0 ? 0 : spectrum.score(best)
    if (score > 0) found.set(best, { period: best, score })
  }
  const ranked = [...found.values()].sort((a, b) => b.score - a.score || a.period - b.period)
  const isMultiple = (candidate: Period) =>
    ranked.some(({ period, score }) => {
      const times = candidate.period / period
      return times > 1.5 && Math.abs(times - Math.round(times)) < 0.05 && score >= candidate.score * 0.9
    })
  return ranked.filter((candidate) => !isMultiple(candidate)).slice(0, count)
}

/** The score of each period that is asked for; 0 where the series has none of that length. */
export function validatePeriods(values: readonly number[], periods: readonly number[]): Period[] {
  const spectrum = new Spectrum(values)
  return periods.map((period) => {
    const lag = Math.round(period)
    const isPeriod = lag >= SHORTEST && lag < values.length / 2 && spectrum.isPeak(lag)
    return { period, score: isPeriod ? spectrum.score(period) : 0 }
  })
}
