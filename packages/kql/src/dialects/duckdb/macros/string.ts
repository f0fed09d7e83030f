import { type Macro, macro } from './macro.js'

export const stringMacros: readonly Macro[] = [
  // 0-based; a negative start counts from the end.
  macro(
    'kql_substring',
    's, start, n',
    `CASE WHEN n IS NULL THEN substring(s, CASE WHEN start < 0 THEN greatest(length(s) + start, 0) ELSE start END + 1)
      ELSE substring(s, CASE WHEN start < 0 THEN greatest(length(s) + start, 0) ELSE start END + 1, greatest(n, 0)) END`,
  ),
  macro(
    'kql_split_at',
    's, delimiter, i',
    `to_json(CASE WHEN i < len(string_split(s, delimiter)) THEN [string_split(s, delimiter)[i + 1]] ELSE [] END)`,
  ),
  // A regular expression that finds the needle where a term begins, ends, or both.
  macro(
    'kql_term_pattern',
    'needle, begins, ends',
    `CASE WHEN begins AND regexp_matches(needle, '^[\\p{L}\\p{N}]') THEN '(?:^|[^\\p{L}\\p{N}])' ELSE '' END
      || regexp_escape(needle)
      || CASE WHEN ends AND regexp_matches(needle, '[\\p{L}\\p{N}]$') THEN '(?:$|[^\\p{L}\\p{N}])' ELSE '' END`,
  ),
  macro(
    'kql_has_any',
    's, needles',
    `coalesce(list_bool_or(list_transform(needles, lambda n: regexp_matches(s, '(?is)' || kql_term_pattern(n, true, true)))), false)`,
  ),
  macro(
    'kql_has_all',
    's, needles',
    `coalesce(list_bool_and(list_transform(needles, lambda n: regexp_matches(s, '(?is)' || kql_term_pattern(n, true, true)))), true)`,
  ),
  macro('kql_pair_value', 'ks, vs, k', 'vs[list_position(ks, k)]'),
]
