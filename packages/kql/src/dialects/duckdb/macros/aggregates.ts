import { type Macro, macro } from './macro.js'

/**
 * What aggregates make of the list of their values, and the states of hll and tdigest.
 *
 * A state holds all there is to know: the hashes of the distinct values, and each value with its weight. Its shape is
 * nobody's business but of the functions here; Kusto's own states are sketches.
 */
export const aggregateMacros: readonly Macro[] = [
  // Nearest rank: the first value at which the weights reach p per cent of all. The list has {v, w} by rising v.
  macro(
    'kql_percentile_of',
    'l, p',
    `list_transform([l], lambda es:
      list_transform([p * list_sum(list_transform(es, lambda e: e.w)) / 100], lambda target:
        list_reduce(es, lambda found, e: {'v': CASE WHEN found.w < target THEN e.v ELSE found.v END, 'w': found.w + e.w},
          {'v': es[1].v, 'w': 0::DOUBLE}).v)[1])[1]`,
  ),
  macro(
    'kql_tdigest',
    'l',
    `json_array(json_array(7), list_transform(l, lambda e: e.v), list_transform(l, lambda e: e.w))`,
  ),
  macro(
    'kql_tdigest_entries',
    'd',
    `CASE WHEN json_type(d) = 'ARRAY' THEN
      list_transform(list_zip(json_extract(d, '$[1][*]'), json_extract(d, '$[2][*]')), lambda e: {'v': e[1], 'w': e[2]::DOUBLE}) END`,
  ),
  // What the values of a digest are compared by: numbers, timespans, then texts (of datetimes).
  macro(
    'kql_tdigest_key',
    'v',
    `{'n': coalesce(TRY_CAST(v AS DOUBLE), kql_parse_timespan(json_extract_string(v, '$'))::DOUBLE), 's': v::VARCHAR}`,
  ),
  macro(
    'kql_tdigest_merge',
    'digests',
    `kql_tdigest(list_transform(
      list_sort(list_transform(flatten(list_transform(digests, lambda d: coalesce(kql_tdigest_entries(d), []))),
        lambda e: {'k': kql_tdigest_key(e.v), 'e': e})),
      lambda s: s.e))`,
  ),
  macro(
    'kql_tdigest_rank',
    'd, v',
    `list_sum(list_transform(kql_tdigest_entries(d), lambda e: CASE WHEN kql_tdigest_key(e.v) <= kql_tdigest_key(v) THEN e.w ELSE 0 END))`,
  ),
  macro('kql_tdigest_size', 'd', `list_sum(list_transform(kql_tdigest_entries(d), lambda e: e.w))`),
  macro(
    'kql_hll_merge',
    'states',
    `to_json(list_sort(list_distinct(flatten(list_transform(states, lambda s: coalesce(TRY_CAST(s AS UBIGINT[]), []))))))`,
  ),
  // make_set takes the elements of an array, and the array itself of nothing else.
  macro('kql_set_items', 'l', `flatten(list_transform(l, lambda j: coalesce(kql_list(j), [j])))`),
]
