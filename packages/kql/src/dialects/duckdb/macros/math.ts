import { type Macro, macro } from './macro.js'

export const mathMacros: readonly Macro[] = [
  // The remainder is never negative.
  macro('kql_mod', 'a, b', '((a % b) + abs(b)) % abs(b)'),
  macro('kql_bin', 'x, size', 'CASE WHEN size > 0 THEN x - kql_mod(x, size) END'),
  macro('kql_bin_real', 'x, size', 'CASE WHEN size > 0 THEN floor(x / size) * size END'),
  // NULL for a step that is no step, as bin() has it.
  macro('kql_bin_at', 'x, size, origin', 'CASE WHEN size > 0 THEN x - kql_mod(x - origin, size) END'),
  macro(
    'kql_bin_at_real',
    'x, size, origin',
    'CASE WHEN size > 0 THEN floor((x - origin) / size) * size + origin END',
  ),
  // Half to even, as .NET rounds; DuckDB rounds half away from zero.
  macro(
    'kql_round',
    'x, digits',
    'CASE WHEN abs(x) < 1e15 AND digits < 15 THEN round_even(x, digits::INTEGER) ELSE round(x, digits::INTEGER) END',
  ),
]
