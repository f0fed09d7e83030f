/**
 * Series: arrays of numbers, point by point or as a whole. An element that is no number gives null where it stands,
 * and makes null what is computed from all.
 *
 * A function with several outputs gives them as one array, in the order in which the binder names them.
 */
import type { ParameterType, ScalarFunction, ScalarFunctionTable, Sql } from './function.js'
import { bind } from './sql.js'

const reals = (series: Sql): string => `kql_reals(${series.bare})`
const list = (series: Sql): string => `kql_list(${series.bare})`

const series = (
  name: string,
  parameters: readonly ParameterType[],
  returns: 'dynamic' | 'real',
  duckdb: (args: readonly Sql[], refuse: (message: string) => never) => string,
): ScalarFunction => ({
  doc: `series-${name}-function`,
  parameters,
  returns,
  nullable: 'always',
  duckdb: (args, context) => duckdb(args, context.refuse),
})

/** A function of each number; what it is not defined for is NaN. */
const pointwise = (name: string, body: (x: string) => string): ScalarFunction =>
  series(
    name,
    ['dynamic'],
    'dynamic',
    ([s]) => `to_json(list_transform(${reals(s!)}, lambda "$x": kql_real_element(${body('"$x"')})))`,
  )

/** A function of each number that leaves integers integers. */
const pointwiseOnIntegers = (name: string, sql: string): ScalarFunction =>
  series(
    name,
    ['dynamic'],
    'dynamic',
    ([s]) =>
      `to_json(list_transform(${list(s!)}, lambda "$x": CASE WHEN kql_is_integer("$x") THEN to_json(${sql}("$x"::HUGEINT)) ` +
      `ELSE kql_real_element(${sql}(kql_element_real("$x"))::DOUBLE) END))`,
  )

const undefinedIsNaN = (sql: string, x: string): string =>
  `CASE WHEN ${x} IS NOT NULL THEN coalesce(TRY(${sql}), 'NaN'::DOUBLE) END`

/** Two series position by position, as far as the longer one goes. */
function pairs([a, b]: readonly Sql[], body: (x: string, y: string) => string): string {
  return bind(
    { a: list(a!), b: list(b!) },
    (l, r) =>
      `CASE WHEN ${l} IS NOT NULL AND ${r} IS NOT NULL THEN to_json(list_transform(range(1, greatest(len(${l}), len(${r})) + 1), ` +
      `lambda "$i": ${body(`${l}["$i"]`, `${r}["$i"]`)})) END`,
  )
}

const real = (element: string): string => `kql_element_real(${element})`

const arithmetic = (name: string, operator: string): ScalarFunction =>
  series(name, ['dynamic', 'dynamic'], 'dynamic', (args) =>
    pairs(
      args,
      (x, y) =>
        `CASE WHEN kql_is_integer(${x}) AND kql_is_integer(${y}) THEN to_json(${x}::HUGEINT ${operator} ${y}::HUGEINT) ` +
        `ELSE kql_real_element(${real(x)} ${operator} ${real(y)}) END`,
    ),
  )

const comparison = (name: string, operator: string): ScalarFunction =>
  series(name, ['dynamic', 'dynamic'], 'dynamic', (args) =>
    pairs(args, (x, y) => `${real(x)} ${operator} ${real(y)}`),
  )

/** `body` of an array with what is near each missing element; the placeholder of a missing one may be given. */
function filled(array: Sql, placeholder: Sql | undefined, body: (neighbours: string) => string): string {
  return bind({ l: list(array) }, (l) =>
    bind({ p: `kql_present(${l}, ${placeholder?.bare ?? 'NULL::DOUBLE'})` }, (p) =>
      bind({ s: `CASE WHEN ${l} IS NOT NULL THEN kql_neighbours(${l}, ${p}) END` }, body),
    ),
  )
}

/** Statistics of a series; `none` for one that is empty or has elements that are no finite number. */
function statistics([array, ignore]: readonly Sql[], body: (l: string, all: string) => string): string {
  return bind({ all: reals(array!), ignore: ignore?.bare ?? 'false' }, (all, skip) =>
    bind(
      { l: `list_filter(${all}, lambda "$x": isfinite("$x"))` },
      (l) => `CASE WHEN len(${l}) > 0 AND (${skip} OR len(${l}) = len(${all})) THEN ${body(l, all)} END`,
    ),
  )
}

/** Of one value it is 0, beyond the doubles NaN. */
const spread = (l: string, kind: 'var_samp' | 'stddev_samp'): string =>
  `kql_real_element(CASE WHEN len(${l}) = 1 THEN 0 ELSE coalesce(TRY(list_${kind}(${l})), 'NaN'::DOUBLE) END)`

const element = (x: string): string => `kql_real_element(${x})`

function fitLine([array]: readonly Sql[], body: (fit: string, rSquare: string) => string): string {
  return bind({ l: reals(array!) }, (l) =>
    bind(
      { f: `CASE WHEN len(${l}) > 1 AND kql_is_series(${l}) THEN kql_fit_line(${l}) END` },
      (f) =>
        `CASE WHEN ${f}.slope IS NOT NULL THEN ${body(f, `kql_real_element(1 - kql_quotient(${f}.rvariance, ${f}.variance))`)} END`,
    ),
  )
}

function fir([array, filter, normalize, center]: readonly Sql[]): string {
  return bind({ l: reals(array!), f: reals(filter!) }, (l, f) =>
    bind(
      {
        negative: `len(list_filter(${f}, lambda "$c": "$c" < 0)) > 0`,
        shift: center ? `CASE WHEN ${center.bare} THEN len(${f}) // 2 ELSE 0 END` : '0',
      },
      (negative, shift) => {
        const normal = normalize ? normalize.bare : `NOT ${negative}`
        return (
          `CASE WHEN kql_is_series(${l}) AND kql_is_series(${f}) AND len(${f}) > 0 AND NOT (${negative} AND ${normal}) ` +
          `THEN kql_fir(${l}, ${f}, CASE WHEN ${normal} THEN list_sum(${f}) ELSE 1 END, ${shift}) END`
        )
      },
    ),
  )
}

export const seriesFunctions: ScalarFunctionTable = {
  series_abs: pointwiseOnIntegers('abs', 'abs'),
  series_sign: pointwiseOnIntegers('sign', 'sign'),
  series_acos: pointwise('acos', (x) => undefinedIsNaN(`acos(${x})`, x)),
  series_asin: pointwise('asin', (x) => undefinedIsNaN(`asin(${x})`, x)),
  series_atan: pointwise('atan', (x) => `atan(${x})`),
  series_ceiling: pointwise('ceiling', (x) => `ceil(${x})`),
  series_cos: pointwise('cos', (x) => undefinedIsNaN(`cos(${x})`, x)),
  series_exp: pointwise('exp', (x) => `exp(${x})`),
  series_floor: pointwise('floor', (x) => `floor(${x})`),
  series_log: pointwise('log', (x) => `kql_ln(${x})`),
  series_sin: pointwise('sin', (x) => undefinedIsNaN(`sin(${x})`, x)),
  series_tan: pointwise('tan', (x) => undefinedIsNaN(`tan(${x})`, x)),

  series_add: arithmetic('add', '+'),
  series_multiply: arithmetic('multiply', '*'),
  series_subtract: arithmetic('subtract', '-'),
  series_divide: series('divide', ['dynamic', 'dynamic'], 'dynamic', (args) =>
    pairs(args, (x, y) => `kql_real_element(kql_quotient(${real(x)}, ${real(y)}))`),
  ),
  series_pow: series('pow', ['dynamic', 'dynamic'], 'dynamic', (args) =>
    pairs(args, (x, y) => {
      const power = `TRY(pow(${real(x)}, ${real(y)}))`
      return `kql_real_element(CASE WHEN ${real(x)} IS NOT NULL AND ${real(y)} IS NOT NULL THEN coalesce(${power}, 'NaN'::DOUBLE) END)`
    }),
  ),
  series_equals: comparison('equals', '='),
  series_not_equals: comparison('not-equals', '<>'),
  series_greater: comparison('greater', '>'),
  series_greater_equals: comparison('greater-equals', '>='),
  series_less: comparison('less', '<'),
  series_less_equals: comparison('less-equals', '<='),

  series_sum: series('sum', ['dynamic'], 'real', ([s]) =>
    bind({ l: reals(s!) }, (l) => `CASE WHEN kql_is_series(${l}) THEN coalesce(list_sum(${l}), 0) END`),
  ),
  series_product: series('product', ['dynamic'], 'real', ([s]) =>
    bind({ l: reals(s!) }, (l) => `CASE WHEN kql_is_series(${l}) THEN coalesce(list_product(${l}), 1) END`),
  ),
  series_dot_product: series('dot-product', ['dynamic', 'dynamic'], 'real', ([a, b]) =>
    bind({ a: reals(a!), b: reals(b!) }, (l, r) => `kql_dot(${l}, ${r})`),
  ),
  series_magnitude: series('magnitude', ['dynamic'], 'real', ([s]) =>
    bind({ l: reals(s!) }, (l) => `sqrt(kql_dot(${l}, ${l}))`),
  ),
  // The magnitudes may be given, where they are known.
  series_cosine_similarity: series(
    'cosine-similarity',
    ['dynamic', 'dynamic', 'real', 'real'],
    'real',
    ([a, b, m, n]) =>
      bind({ a: reals(a!), b: reals(b!) }, (l, r) => {
        const [left, right] = [m?.bare ?? `sqrt(kql_dot(${l}, ${l}))`, n?.bare ?? `sqrt(kql_dot(${r}, ${r}))`]
        return `kql_quotient(kql_dot(${l}, ${r}), ${left} * ${right})`
      }),
  ),
  series_pearson_correlation: series('pearson-correlation', ['dynamic', 'dynamic'], 'real', ([a, b]) =>
    bind({ a: reals(a!), b: reals(b!) }, (l, r) =>
      bind({ am: `list_avg(${l})`, bm: `list_avg(${r})` }, (lm, rm) =>
        bind(
          {
            a: `list_transform(${l}, lambda "$x": "$x" - ${lm})`,
            b: `list_transform(${r}, lambda "$x": "$x" - ${rm})`,
          },
          (x, y) =>
            `kql_quotient(kql_dot(${x}, ${y}), sqrt(kql_dot(${x}, ${x})) * sqrt(kql_dot(${y}, ${y})))`,
        ),
      ),
    ),
  ),

  series_fill_const: series('fill-const', ['dynamic', 'real', 'real'], 'dynamic', ([s, value, placeholder]) =>
    filled(s!, placeholder, (n) => `kql_fill_const(${n}, kql_real_element(${value?.bare ?? '0::DOUBLE'}))`),
  ),
  series_fill_forward: series('fill-forward', ['dynamic', 'real'], 'dynamic', ([s, placeholder]) =>
    filled(s!, placeholder, (n) => `kql_fill_forward(${n})`),
  ),
  series_fill_backward: series('fill-backward', ['dynamic', 'real'], 'dynamic', ([s, placeholder]) =>
    filled(s!, placeholder, (n) => `kql_fill_backward(${n})`),
  ),
  series_fill_linear: series(
    'fill-linear',
    ['dynamic', 'real', 'bool', 'real'],
    'dynamic',
    ([s, placeholder, edges, value]) =>
      filled(
        s!,
        placeholder,
        (n) => `kql_fill_linear(${n}, ${edges?.bare ?? 'true'}, ${value?.bare ?? '0::DOUBLE'})`,
      ),
  ),

  series_stats: {
    doc: 'series-stats-function',
    parameters: ['dynamic', 'bool'],
    nullable: 'always',
    duckdb: (args) =>
      statistics(
        args,
        (l, all) =>
          `json_array(list_min(${l}), list_position(${all}, list_min(${l})) - 1, list_max(${l}), list_position(${all}, list_max(${l})) - 1, ` +
          `${element(`list_avg(${l})`)}, ${spread(l, 'stddev_samp')}, ${spread(l, 'var_samp')})`,
      ),
  },
  series_stats_dynamic: series('stats-dynamic', ['dynamic', 'bool'], 'dynamic', (args) =>
    statistics(
      args,
      (l, all) =>
        `json_object('min', list_min(${l}), 'min_idx', list_position(${all}, list_min(${l})) - 1, ` +
        `'max', list_max(${l}), 'max_idx', list_position(${all}, list_max(${l})) - 1, 'avg', ${element(`list_avg(${l})`)}, ` +
        `'stdev', ${spread(l, 'stddev_samp')}, 'variance', ${spread(l, 'var_samp')}, 'sum', ${element(`list_sum(${l})`)}, 'len', len(${l}))`,
    ),
  ),
  series_fit_line: {
    doc: 'series-fit-line-function',
    parameters: ['dynamic'],
    nullable: 'always',
    duckdb: (args) =>
      fitLine(
        args,
        (f, rSquare) =>
          `json_array(${rSquare}, ${element(`${f}.slope`)}, ${element(`${f}.variance`)}, ${element(`${f}.rvariance`)}, ${element(`${f}.interception`)}, kql_real_elements(${f}.line_fit))`,
      ),
  },
  series_fit_line_dynamic: series('fit-line-dynamic', ['dynamic'], 'dynamic', (args) =>
    fitLine(
      args,
      (f, rSquare) =>
        `json_object('rsquare', ${rSquare}, 'slope', ${element(`${f}.slope`)}, 'variance', ${element(`${f}.variance`)}, 'rvariance', ${element(`${f}.rvariance`)}, ` +
        `'interception', ${element(`${f}.interception`)}, 'line_fit', kql_real_elements(${f}.line_fit))`,
    ),
  ),
  series_fir: series('fir', ['dynamic', 'dynamic', 'bool', 'bool'], 'dynamic', fir),
  series_iir: series('iir', ['dynamic', 'dynamic', 'dynamic'], 'dynamic', ([s, numerators, denominators]) =>
    bind(
      { l: reals(s!), b: reals(numerators!), a: reals(denominators!) },
      (l, b, a) =>
        `CASE WHEN kql_is_series(${l}) AND kql_is_series(${b}) AND kql_is_series(${a}) AND len(${b}) > 0 AND ${a}[1] <> 0 ` +
        `THEN kql_iir(${l}, ${b}, ${a}) END`,
    ),
  ),
  // How Kusto finds a period by itself is not documented.
}
