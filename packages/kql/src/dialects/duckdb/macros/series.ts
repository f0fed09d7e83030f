import { type Macro, macro } from './macro.js'

/** Arrays of numbers: lists of DOUBLE, NULL where an element is no number. */
export const seriesMacros: readonly Macro[] = [
  macro('kql_is_integer', 'j', `json_type(j) IN ('BIGINT', 'UBIGINT')`),
  // Division as IEEE 754 has it.
  macro(
    'kql_quotient',
    'a, b',
    `CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN b <> 0 THEN a / b WHEN a = 0 OR isnan(a) THEN 'NaN'::DOUBLE
      WHEN a > 0 THEN 'Infinity'::DOUBLE ELSE '-Infinity'::DOUBLE END`,
  ),
  macro(
    'kql_ln',
    'x',
    `CASE WHEN x > 0 THEN ln(x) WHEN x = 0 THEN '-Infinity'::DOUBLE WHEN x < 0 THEN 'NaN'::DOUBLE END`,
  ),
  macro('kql_is_series', 'l', 'list_count(l) = len(l)'),
  macro(
    'kql_dot',
    'a, b',
    `CASE WHEN len(a) = len(b) AND kql_is_series(a) AND kql_is_series(b)
      THEN coalesce(list_sum(list_transform(a, lambda x, i: x * b[i])), 0) END`,
  ),
  // 1-based positions of the elements that are not missing, NULL for the others.
  macro(
    'kql_present',
    'l, placeholder',
    `list_transform(l, lambda x, i: CASE
      WHEN CASE WHEN placeholder IS NULL THEN x IS NULL ELSE coalesce(kql_element_real(x) = placeholder, false) END THEN NULL ELSE i END)`,
  ),
  // For each of n places the position of the nearest one that is present, up to it and from it on: the stretches
  // between them, one after the other.
  macro(
    'kql_before',
    'positions, n',
    `list_concat(list_resize([]::BIGINT[], coalesce(positions[1], n + 1) - 1, NULL), flatten(list_transform(positions, lambda p, k:
      list_resize([]::BIGINT[], coalesce(positions[k + 1], n + 1) - p, p))))`,
  ),
  macro(
    'kql_after',
    'positions, n',
    `list_concat(flatten(list_transform(positions, lambda p, k: list_resize([]::BIGINT[], p - coalesce(positions[k - 1], 0), p))),
      list_resize([]::BIGINT[], n - coalesce(positions[-1], 0), NULL))`,
  ),
  macro(
    'kql_neighbours',
    'l, present',
    `list_transform([list_filter(present, lambda p: p IS NOT NULL)], lambda positions:
      {'l': l, 'p': present, 'b': kql_before(positions, len(l)), 'a': kql_after(positions, len(l))})[1]`,
  ),
  macro('kql_fill_forward', 's', 'to_json(list_transform(s.l, lambda x, i: coalesce(s.l[s.b[i]], x)))'),
  macro('kql_fill_backward', 's', 'to_json(list_transform(s.l, lambda x, i: coalesce(s.l[s.a[i]], x)))'),
  macro(
    'kql_fill_const',
    's, filler',
    'to_json(list_transform(s.l, lambda x, i: CASE WHEN s.p[i] IS NULL THEN filler ELSE x END))',
  ),
  // Numbers on the straight line between neighbours; an array of integers stays one.
  macro(
    'kql_interpolated',
    'l, i, a, b, edges',
    `CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN
        CASE WHEN a = b THEN kql_element_real(l[a])
          ELSE kql_element_real(l[a]) + (kql_element_real(l[b]) - kql_element_real(l[a])) * (i - a) / (b - a) END
      WHEN edges THEN kql_element_real(l[coalesce(a, b)]) END`,
  ),
  macro(
    'kql_fill_linear',
    's, edges, filler',
    `CASE WHEN list_count(s.p) = 0 THEN to_json(list_transform(s.l, lambda x: kql_real_element(filler)))
      WHEN len(list_filter(s.l, lambda x, i: s.p[i] IS NOT NULL AND NOT kql_is_integer(x))) = 0
        THEN to_json(list_transform(s.l, lambda x, i: CASE WHEN s.p[i] IS NOT NULL THEN x
          ELSE to_json(TRY_CAST(trunc(kql_interpolated(s.l, i, s.b[i], s.a[i], edges)) AS BIGINT)) END))
      ELSE to_json(list_transform(s.l, lambda x, i: kql_real_element(kql_interpolated(s.l, i, s.b[i], s.a[i], edges)))) END`,
  ),
  // Least squares over the points (1, l[1]), (2, l[2]), …
  macro(
    'kql_line',
    'l',
    `list_transform([{'n': len(l)::DOUBLE, 'y': list_avg(l), 'xy': list_sum(list_transform(l, lambda y, i: i * y))}],
      lambda m: {'slope': (m.xy - m.n * (m.n + 1) / 2 * m.y) / (m.n * (m.n * m.n - 1) / 12), 'mean': m.y, 'n': m.n})[1]`,
  ),
  macro(
    'kql_fit_line',
    'l',
    `list_transform([kql_line(l)], lambda m:
      list_transform([list_transform(l, lambda y, i: m.mean + m.slope * (i - (m.n + 1) / 2))], lambda fit: {
        'slope': m.slope,
        'interception': m.mean - m.slope * (m.n + 1) / 2,
        'variance': list_sum(list_transform(l, lambda y: (y - m.mean) * (y - m.mean))) / (m.n - 1),
        'rvariance': list_sum(list_transform(l, lambda y, i: (y - fit[i]) * (y - fit[i]))) / (m.n - 1),
        'line_fit': fit})[1])[1]`,
  ),
  macro(
    'kql_fir',
    'l, f, scale, shift',
    `kql_real_elements(list_transform(l, lambda x, i:
      list_sum(list_transform(f, lambda c, k: CASE WHEN i + shift - k + 1 BETWEEN 1 AND len(l) THEN c * l[i + shift - k + 1] ELSE 0 END)) / scale))`,
  ),
  // The output so far is the state; y[i] = (b[1] x[i] + b[2] x[i-1] + … - a[2] y[i-1] - …) / a[1]
  macro(
    'kql_iir',
    'l, b, a',
    `kql_real_elements(list_reduce(list_prepend([]::DOUBLE[], list_transform(l, lambda x, i: [list_sum(list_transform(b, lambda c, k:
        CASE WHEN i - k >= 0 THEN c * l[i - k + 1] ELSE 0 END))])),
      lambda y, x: list_append(y, (x[1] - coalesce(list_sum(list_transform(a[2:len(a)], lambda c, k:
        CASE WHEN len(y) - k >= 0 THEN c * y[len(y) - k + 1] ELSE 0 END)), 0)) / a[1])))`,
  ),
]
