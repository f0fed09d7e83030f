/**
 * What is found in a series as a whole: periods, trends, outliers, spectra. Computed by native functions
 * (`native/series`). A function with several outputs gives them as one array, in the binder's order.
 */
import type { ParameterType, ScalarFunction, ScalarFunctionTable, Sql } from './function.js'

const model = (
  name: string,
  parameters: readonly ParameterType[],
  duckdb: ScalarFunction['duckdb'],
): ScalarFunction => ({
  doc: `${name.replaceAll('_', '-')}-function`,
  parameters,
  returns: 'dynamic',
  nullable: 'always',
  duckdb,
})

/** The argument, or a null where the query leaves it out. */
const or = (argument: Sql | undefined, otherwise = 'NULL'): string => argument?.bare ?? otherwise

const several = (entry: ScalarFunction): ScalarFunction => {
  const { returns: _, ...rest } = entry
  return rest
}

export const seriesModelFunctions: ScalarFunctionTable = {
  series_decompose: several(
    model(
      'series_decompose',
      ['dynamic', 'long', 'string', 'long', 'real'],
      ([series, seasonality, trend, testPoints, threshold]) =>
        `kql_decompose(${series!.bare}, ${or(seasonality)}, ${or(trend)}, ${or(testPoints)}, ${or(threshold)})`,
    ),
  ),
  series_decompose_forecast: several(
    model(
      'series_decompose_forecast',
      ['dynamic', 'long', 'long', 'string', 'real'],
      ([series, points, seasonality, trend, threshold]) =>
        `kql_decompose(${series!.bare}, ${or(seasonality)}, ${or(trend, "'linefit'")}, ${points!.bare}, ${or(threshold)})`,
    ),
  ),
  series_decompose_anomalies: several(
    model(
      'series_decompose_anomalies',
      ['dynamic', 'real', 'long', 'string', 'long', 'string', 'real'],
      ([series, threshold, seasonality, trend, testPoints, method, seasonalityThreshold]) =>
        `kql_anomalies(${series!.bare}, ${or(threshold)}, ${or(seasonality)}, ${or(trend)}, ${or(testPoints)}, ` +
        `${or(method)}, ${or(seasonalityThreshold)})`,
    ),
  ),
  series_outliers: model(
    'series_outliers',
    ['dynamic', 'string', 'real', 'real', 'real'],
    ([series, kind, ignored, low, high]) =>
      `kql_outliers(${series!.bare}, ${or(kind)}, ${or(ignored)}, ${or(low)}, ${or(high)})`,
  ),
  series_periods_detect: several(
    model('series_periods_detect', ['dynamic', 'real', 'real', 'long'], 'kql_periods_detect($0, $1, $2, $3)'),
  ),
  series_periods_validate: several(
    model(
      'series_periods_validate',
      ['dynamic', '...real'],
      ([series, ...periods]) =>
        `kql_periods_validate(${series!.bare}, [${periods.map((period) => period.bare).join(', ')}])`,
    ),
  ),
  /** The last argument is the degree; before it may stand the places on the x axis. */
  series_fit_poly: several(
    model('series_fit_poly', ['dynamic'], ([series, ...rest]) => {
      const degree = rest.find(({ type }) => type !== 'dynamic')
      const places = rest.find(({ type }) => type === 'dynamic')
      return `kql_fit_poly(${series!.bare}, ${or(places)}, ${or(degree)})`
    }),
  ),
  series_fit_2lines: several(model('series_fit_2lines', ['dynamic'], 'kql_fit_2lines($0)')),
  series_fit_2lines_dynamic: model('series_fit_2lines_dynamic', ['dynamic'], 'kql_fit_2lines_bag($0)'),
  series_fft: several(
    model(
      'series_fft',
      ['dynamic', 'dynamic'],
      ([real, imaginary]) => `kql_fft(${real!.bare}, ${or(imaginary)}, false)`,
    ),
  ),
  series_ifft: several(
    model(
      'series_ifft',
      ['dynamic', 'dynamic'],
      ([real, imaginary]) => `kql_fft(${real!.bare}, ${or(imaginary)}, true)`,
    ),
  ),
  /** Without a period one is looked for, as `series_decompose` does. */
  series_seasonal: model(
    'series_seasonal',
    ['dynamic', 'long'],
    ([series, period]) => `kql_seasonal(${series!.bare}, ${or(period)})`,
  ),
  welch_test: {
    doc: 'welch-test',
    parameters: ['real', 'real', 'real', 'real', 'real', 'real'],
    returns: 'real',
    nullable: 'always',
    duckdb: 'kql_welch($0, $1, $2, $3, $4, $5)',
  },
}
