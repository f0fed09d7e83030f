/** Functions of series that see the whole of it. Several outputs are one array of them, in the binder's order. */
import { type NativeFunction, native, strict } from '../native.js'
import { type DecomposeOptions, decompose, type Trend } from './decompose.js'
import { transform } from './fft.js'
import { type Fit, fitPolynomial, fitTwoLines } from './fit.js'
import { realText, type Series, seriesOf, seriesText, wholeSeries } from './numbers.js'
import { CUSTOM_TUKEY, outlierScores, TUKEY } from './outliers.js'
import { detectPeriods, type Period, validatePeriods } from './periods.js'
import { welchTest } from './welch.js'

/** Longest series that is worked on. */
const MAX_LENGTH = 65_536
const MAX_DEGREE = 10
const MAX_PERIODS = 1_000

/** The whole of a series that is neither empty nor too long. */
function numbersOf(json: string | null): readonly number[] | null {
  const values = wholeSeries(json)
  if (values !== null && values.length > MAX_LENGTH)
    throw new Error(`a series has ${values.length} points; ${MAX_LENGTH} are allowed`)
  return values === null || values.length === 0 ? null : values
}

function options(
  seasonality: bigint | null,
  trend: string | null,
  testPoints: bigint | null,
  threshold: number | null,
): DecomposeOptions {
  const kind = (trend ?? 'avg').toLowerCase()
  if (kind !== 'avg' && kind !== 'linefit' && kind !== 'none')
    throw new Error(`the trend of a decomposition is avg, linefit or none, not '${trend}'`)
  return {
    seasonality: Number(seasonality ?? -1n),
    trend: kind satisfies Trend,
    testPoints: Number(testPoints ?? 0n),
    threshold: threshold ?? 0.6,
  }
}

const periodsText = (periods: readonly Period[], count: number): string => {
  const padded = [
    ...periods,
    ...new Array<Period>(Math.max(0, count - periods.length)).fill({ period: 0, score: 0 }),
  ]
  return `[${seriesText(padded.map(({ period }) => period))},${seriesText(padded.map(({ score }) => score))}]`
}

function outliers(
  series: Series,
  kind: string | null,
  low: number | null,
  high: number | null,
  ignored: number | null,
) {
  const name = (kind ?? 'ctukey').toLowerCase()
  if (name !== 'tukey' && name !== 'ctukey')
    throw new Error(`the kind of outliers is tukey or ctukey, not '${kind}'`)
  const range = name === 'tukey' ? TUKEY : { low: low ?? CUSTOM_TUKEY.low, high: high ?? CUSTOM_TUKEY.high }
  return outlierScores(series, { ...range, ignored })
}

const fitText = ({ rsquare, variance, rvariance }: Fit, coefficients: readonly number[], fitted: Series) =>
  `[${realText(rsquare)},${seriesText(coefficients)},${realText(variance)},${realText(rvariance)},${seriesText(fitted)}]`

function transformed(real: Series, imaginary: Series, sign: -1 | 1): string | null {
  const n = Math.max(real.length, imaginary.length)
  if (n > MAX_LENGTH) throw new Error(`a series has ${n} points; ${MAX_LENGTH} are allowed`)
  const of = (series: Series) => Float64Array.from({ length: n }, (_, i) => series[i] ?? 0)
  const result = transform({ real: of(real), imaginary: of(imaginary) }, sign)
  const scale = sign === 1 ? n : 1
  const text = (values: Float64Array) => seriesText(Array.from(values, (value) => value / scale))
  return `[${text(result.real)},${text(result.imaginary)}]`
}

export const seriesNatives: readonly NativeFunction[] = [
  native('kql_decompose', ['json', 'long', 'text', 'long', 'real'], 'json', (series, ...rest) => {
    const values = numbersOf(series)
    if (values === null) return null
    const { baseline, seasonal, trend, residual } = decompose(values, options(...rest))
    return `[${[baseline, seasonal, trend, residual].map(seriesText).join(',')}]`
  }),
  native('kql_seasonal', ['json', 'long'], 'json', (series, period) => {
    const values = numbersOf(series)
    if (values === null || period === 0n || (period !== null && period < -1n)) return null
    return seriesText(decompose(values, options(period, 'none', 0n, null)).seasonal)
  }),
  native(
    'kql_anomalies',
    ['json', 'real', 'long', 'text', 'long', 'text', 'real'],
    'json',
    (series, threshold, seasonality, trend, testPoints, method, seasonalityThreshold) => {
      const values = numbersOf(series)
      if (values === null) return null
      const { baseline, residual } = decompose(
        values,
        options(seasonality, trend, testPoints, seasonalityThreshold),
      )
      const scores = outliers(residual, method, null, null, null)
      const limit = threshold ?? 1.5
      const flags = scores.map((score) => (score > limit ? 1 : score < -limit ? -1 : 0))
      return `[[${flags.join(',')}],${seriesText(scores)},${seriesText(baseline)}]`
    },
  ),
  native(
    'kql_outliers',
    ['json', 'text', 'real', 'real', 'real'],
    'json',
    (series, kind, ignored, low, high) => {
      const values = seriesOf(series)
      return values === null ? null : seriesText(outliers(values, kind, low, high, ignored))
    },
  ),
  strict(
    'kql_periods_detect',
    ['json', 'real', 'real', 'long'],
    'json',
    (series, shortest, longest, count) => {
      const values = numbersOf(series)
      const wanted = Math.max(0, Math.min(Number(count), MAX_PERIODS))
      return values === null ? null : periodsText(detectPeriods(values, shortest, longest, wanted), wanted)
    },
  ),
  strict('kql_periods_validate', ['json', 'real[]'], 'json', (series, periods) => {
    const values = numbersOf(series)
    return values === null
      ? null
      : periodsText(
          validatePeriods(
            values,
            periods.map((period) => period ?? 0),
          ),
          0,
        )
  }),
  native('kql_fit_poly', ['json', 'json', 'long'], 'json', (y, x, degree) => {
    const values = numbersOf(y)
    const places = x === null ? (values?.map((_, i) => i) ?? null) : numbersOf(x)
    if (values === null || places === null || places.length !== values.length) return null
    const fit = fitPolynomial(places, values, Math.max(1, Math.min(Number(degree ?? 2n), MAX_DEGREE)))
    return fitText(fit, [...fit.coefficients].reverse(), fit.fitted)
  }),
  native('kql_fit_2lines', ['json'], 'json', (series) => {
    const values = numbersOf(series)
    const fit = values && fitTwoLines(values)
    if (!fit) return null
    const line = ({ rsquare, slope, interception, variance, rvariance }: typeof fit.left) =>
      [rsquare, slope, interception, variance, rvariance].map(realText).join(',')
    return (
      `[${realText(fit.rsquare)},${fit.split},${realText(fit.variance)},${realText(fit.rvariance)},` +
      `${seriesText(fit.fitted)},${line(fit.right)},${line(fit.left)}]`
    )
  }),
  native('kql_fit_2lines_bag', ['json'], 'json', (series) => {
    const values = numbersOf(series)
    const fit = values && fitTwoLines(values)
    if (!fit) return null
    const line = ({ rsquare, slope, interception, variance, rvariance }: typeof fit.left) =>
      `{"rsquare":${realText(rsquare)},"slope":${realText(slope)},"interception":${realText(interception)},` +
      `"variance":${realText(variance)},"rvariance":${realText(rvariance)}}`
    return (
      `{"rsquare":${realText(fit.rsquare)},"split_idx":${fit.split},"variance":${realText(fit.variance)},` +
      `"rvariance":${realText(fit.rvariance)},"line_fit":${seriesText(fit.fitted)},"right":${line(fit.right)},"left":${line(fit.left)}}`
    )
  }),
  native('kql_fft', ['json', 'json', 'bool'], 'json', (real, imaginary, inverse) => {
    const re = seriesOf(real)
    const im = imaginary === null ? [] : seriesOf(imaginary)
    return re === null || im === null ? null : transformed(re, im, inverse ? 1 : -1)
  }),
  strict('kql_welch', ['real', 'real', 'real', 'real', 'real', 'real'], 'real', welchTest),
]
