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
  macro('kql_nonempty', 'l', 'CASE WHEN len(l) > 0 THEN to_json(l) END'),
  // Columns of equal length to rows.
  macro(
    'kql_rows',
    'columns_',
    'list_transform(range(len(columns_[1])), lambda i: list_transform(columns_, lambda c: c[i + 1]))',
  ),
  macro('kql_regex_quote', 's', `regexp_replace(s, '([\\\\^$.|?*+()\\[\\]{}#\\s-])', '\\\\\\1', 'g')`),
  // Overlapping matches count, as Kusto counts plain text.
  macro(
    'kql_countof',
    's, x',
    `CASE WHEN x = '' THEN 0 ELSE len(list_filter(range(length(s)), lambda i: substring(s, i + 1, length(x)) = x)) END`,
  ),
  macro(
    'kql_indexof_in',
    's, x, first, last, occurrence',
    `CASE WHEN x = '' THEN first ELSE coalesce(list_filter(range(first, last), lambda i: substring(s, i + 1, length(x)) = x AND i + length(x) <= last)[occurrence], -1) END`,
  ),
  macro(
    'kql_indexof',
    's, x, start, n, occurrence',
    `CASE WHEN occurrence = 1 AND start = 0 AND n < 0 THEN CASE WHEN s = '' AND x <> '' THEN -1 ELSE strpos(s, x) - 1 END
      ELSE kql_indexof_in(s, x,
        CASE WHEN start < 0 THEN greatest(length(s) + start, 0) ELSE start END,
        CASE WHEN n < 0 THEN length(s) ELSE least(length(s), CASE WHEN start < 0 THEN greatest(length(s) + start, 0) ELSE start END + n) END,
        occurrence) END`,
  ),
  macro(
    'kql_indexof_regex_in',
    's, part, p, first, occurrence',
    `CASE WHEN len(regexp_extract_all(part, p)) < occurrence THEN -1 ELSE
      first + length(regexp_extract(part, '(?s)^((?:.*?(?:' || p || ')){' || (occurrence - 1) || '}.*?)(?:' || p || ')', 1)) END`,
  ),
  macro(
    'kql_indexof_regex',
    's, p, start, n, occurrence',
    `kql_indexof_regex_in(s, CASE WHEN n < 0 THEN substring(s, start + 1) ELSE substring(s, start + 1, n) END, p, start, occurrence)`,
  ),
  macro(
    'kql_has_any_index',
    's, needles',
    `coalesce(list_position(list_transform(needles, lambda n: regexp_matches(s, '(?is)' || kql_term_pattern(n, true, true))), true) - 1, -1)`,
  ),
]
