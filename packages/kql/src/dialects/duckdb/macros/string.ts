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
    `to_json(CASE WHEN i >= 0 AND i < len(string_split(s, delimiter)) THEN [string_split(s, delimiter)[i + 1]] ELSE [] END)`,
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
  // What extract_all gives: a group that takes no part in a match is an empty text, and no match at all is null.
  macro(
    'kql_matches',
    'l',
    `CASE WHEN len(l) > 0 THEN to_json(list_transform(l, lambda m: coalesce(m, ''))) END`,
  ),
  macro(
    'kql_match_rows',
    'columns_',
    `CASE WHEN len(columns_[1]) > 0 THEN to_json(list_transform(columns_[1], lambda m, i: list_transform(columns_, lambda c: coalesce(c[i], '')))) END`,
  ),
  macro('kql_regex_quote', 's', `regexp_replace(s, '([\\\\^$.|?*+()\\[\\]{}#\\s-])', '\\\\\\1', 'g')`),
  // Each lookup takes its places from those behind it, and no rewrite is looked up again: a character of a private plane
  // stands for the rewrite until all have been found. What is no string looks up nothing and replaces nothing.
  macro('kql_string_or_null', 'j', `CASE WHEN json_type(j) = 'VARCHAR' THEN json_extract_string(j, '$') END`),
  macro(
    'kql_replace_strings',
    's, lookups, rewrites',
    `list_transform([list_transform(lookups, lambda j: coalesce(kql_string_or_null(j), ''))], lambda texts:
      list_reduce(list_transform(texts, lambda t, i: coalesce(kql_string_or_null(rewrites[i]), t)),
        lambda acc, rewrite, i: replace(acc, chr((983039 + i)::INTEGER), rewrite),
        list_reduce(texts, lambda acc, t, i: CASE WHEN t = '' THEN acc ELSE replace(acc, t, chr((983039 + i)::INTEGER)) END, s)))[1]`,
  ),
  // array_to_string() takes a literal delimiter only.
  macro(
    'kql_join',
    'l, delimiter',
    `list_reduce(l[2:], lambda a, b: a || delimiter || b, coalesce(l[1], ''))`,
  ),
  // Kusto repeats up to 1024 times.
  macro('kql_repeated', 's, times', `list_transform(range(least(greatest(times, 0), 1024)), lambda i: s)`),
  macro('kql_texts', 'j', `list_transform(kql_list(j), lambda x: coalesce(json_extract_string(x, '$'), ''))`),
  macro(
    'kql_countof',
    's, x',
    `CASE WHEN x = '' THEN 0 ELSE len(list_filter(range(length(s)), lambda i: substring(s, i + 1, length(x)) = x)) END`,
  ),
  // Each search goes n characters far: the first from the start, any further one from behind the last place.
  macro(
    'kql_indexof_far',
    's, x, first, n, occurrence',
    `list_transform([list_filter(range(first, length(s) - length(x) + 1), lambda i: substring(s, i + 1, length(x)) = x)],
      lambda places: CASE WHEN len(places) >= occurrence AND (n < 0 OR list_bool_and(list_transform(places[1:occurrence],
        lambda place, k: place + length(x) <= n + CASE WHEN k = 1 THEN first ELSE places[k - 1] + 1 END)))
        THEN places[occurrence] ELSE -1 END)[1]`,
  ),
  macro(
    'kql_indexof',
    's, x, start, n, occurrence',
    `CASE WHEN occurrence < 1 OR n < -1 THEN NULL WHEN occurrence = 1 AND start = 0 AND n = -1 THEN strpos(s, x) - 1
      ELSE kql_indexof_far(s, x, CASE WHEN start < 0 THEN greatest(length(s) + start, 0) ELSE start END, n, occurrence) END`,
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
    `CASE WHEN start >= 0 AND occurrence >= 1 AND n >= -1 THEN
      kql_indexof_regex_in(s, CASE WHEN n < 0 THEN substring(s, start + 1) ELSE substring(s, start + 1, n) END, p, start, occurrence) END`,
  ),
  macro(
    'kql_has_any_index',
    's, needles',
    `coalesce(list_position(list_transform(needles, lambda n: regexp_matches(s, '(?is)' || kql_term_pattern(n, true, true))), true) - 1, -1)::BIGINT`,
  ),
  // The largest unit of 1024 that the size has one of, unless a unit is asked for.
  macro(
    'kql_format_bytes',
    'size, digits, unit',
    `list_transform([list_position(['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'],
        CASE WHEN unit <> '' THEN unit ELSE ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'][
          CASE WHEN abs(size) < 1024 THEN 1 ELSE least(floor(log2(abs(size)) / 10 + 1e-12)::BIGINT, 6) + 1 END] END)],
      lambda place: kql_format_real(round(size / pow(1024, place - 1), digits::INTEGER)) || ' '
        || ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'][place])[1]`,
  ),
]
