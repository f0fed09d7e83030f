import { type Macro, macro } from './macro.js'

export const mathMacros: readonly Macro[] = [
  // The remainder is never negative.
  macro('kql_mod', 'a, b', '((a % b) + abs(b)) % abs(b)'),
  macro('kql_bin', 'x, size', 'CASE WHEN size > 0 THEN x - kql_mod(x, size) END'),
  macro('kql_bin_real', 'x, size', 'CASE WHEN size > 0 THEN floor(x / size) * size END'),
]
