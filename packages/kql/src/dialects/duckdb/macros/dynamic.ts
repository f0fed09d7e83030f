import { type Macro, macro } from './macro.js'

/** DuckDB's time to bind lambdas doubles with each level. */
const CANONICAL_DEPTH = 5

export const dynamicMacros: readonly Macro[] = [
  macro(
    'kql_number',
    'x',
    'CASE WHEN x = trunc(x) AND abs(x) < 9e15 THEN to_json(x::BIGINT) ELSE to_json(x) END',
  ),
  macro(
    'kql_parse_json',
    's',
    `CASE WHEN s = '' THEN NULL WHEN json_valid(s) THEN nullif(json(s), 'null') ELSE to_json(s) END`,
  ),
  // The elements of an array as a list of JSON, a JSON null as NULL; NULL if it is no array.
  macro('kql_list', 'j', `CASE WHEN json_type(j) = 'ARRAY' THEN from_json(j, '["JSON"]') END`),
  macro(
    'kql_strings',
    'j',
    `CASE WHEN json_type(j) = 'ARRAY' THEN json_extract_string(j, '$[*]') ELSE [json_extract_string(j, '$')] END`,
  ),
  macro('kql_array_length', 'j', `CASE WHEN json_type(j) = 'ARRAY' THEN json_array_length(j)::BIGINT END`),
  macro('kql_pointer', 'key', `'/' || replace(replace(key, '~', '~0'), '/', '~1')`),
  macro('kql_get', 'j, key', `nullif(json_extract(j, kql_pointer(key)), 'null')`),
  macro('kql_at', 'j, i', `nullif(json_extract(j, '$[' || i || ']'), 'null')`),
  macro(
    'kql_element',
    'j, key',
    `CASE WHEN json_type(key) = 'VARCHAR' THEN kql_get(j, json_extract_string(key, '$')) ELSE kql_at(j, json_extract_string(key, '$')) END`,
  ),
  // What mv-expand makes of a value: elements, one-entry bags, or the value itself; null gives one null.
  macro(
    'kql_items',
    'j',
    `CASE json_type(j) WHEN 'ARRAY' THEN from_json(j, '["JSON"]')
      WHEN 'OBJECT' THEN list_transform(json_keys(j), lambda k: json_object(k, json_extract(j, kql_pointer(k))))
      ELSE [nullif(j, 'null')] END`,
  ),
  macro(
    'kql_pairs',
    'j',
    `CASE json_type(j) WHEN 'ARRAY' THEN from_json(j, '["JSON"]')
      WHEN 'OBJECT' THEN list_transform(json_keys(j), lambda k: json_array(k, json_extract(j, kql_pointer(k))))
      ELSE [nullif(j, 'null')] END`,
  ),
  // make_set takes the elements of arrays, not the arrays.
  macro(
    'kql_flat',
    'l',
    `flatten(list_transform(l, lambda x: CASE WHEN json_type(x) = 'ARRAY' THEN from_json(x, '["JSON"]') ELSE [x] END))`,
  ),
  // Distinct elements in the order in which they come first. The search is quadratic, so very long lists, for which no
  // order is promised anyway, go without.
  macro(
    'kql_distinct',
    'l',
    'CASE WHEN len(l) <= 4096 THEN list_filter(l, lambda x, i: list_position(l, x) = i) ELSE list_distinct(l) END',
  ),
  // A bag as its entries {key, value}, and back. Of two entries with one key the first counts.
  macro('kql_entries', 'j', `map_entries(from_json(j, '"MAP(VARCHAR,JSON)"'))`),
  macro(
    'kql_first_keys',
    'entries',
    `list_transform([{'entries': entries, 'ks': list_transform(entries, lambda e: e.key)}],
      lambda x: list_filter(x.entries, lambda e, i: list_position(x.ks, e.key) = i))[1]`,
  ),
  macro(
    'kql_bag_of',
    'entries',
    `CASE WHEN len(entries) = 0 THEN '{}'::JSON ELSE to_json(map_from_entries(entries)) END`,
  ),
  macro(
    'kql_bags_entries',
    'bags',
    `kql_first_keys(flatten(list_transform(list_filter(bags, lambda b: json_type(b) = 'OBJECT'), lambda b: kql_entries(b))))`,
  ),
  macro(
    'kql_merge_bags',
    'bags',
    `CASE WHEN len(list_filter(bags, lambda b: json_type(b) = 'OBJECT')) > 0 THEN kql_bag_of(kql_bags_entries(bags)) END`,
  ),
  macro('kql_bag_keys', 'j', `CASE WHEN json_type(j) = 'OBJECT' THEN to_json(json_keys(j)) END`),
  macro(
    'kql_bag_has_key',
    'j, k',
    `CASE WHEN json_type(j) = 'OBJECT' THEN CASE WHEN starts_with(k, '$.') OR starts_with(k, '$[') THEN json_exists(j, k) ELSE list_contains(json_keys(j), k) END END`,
  ),
  macro(
    'kql_bag_set',
    'j, k, v',
    `CASE WHEN json_type(j) = 'OBJECT' THEN
      kql_bag_of(list_concat(list_filter(kql_entries(j), lambda e: e.key <> k), [{'key': k, 'value': v}])) END`,
  ),
  // The bag at a place in a bag, an empty one if there is none.
  macro(
    'kql_bag_at',
    'j, pointer',
    `CASE WHEN json_type(j, pointer) = 'OBJECT' THEN json_extract(j, pointer) ELSE '{}'::JSON END`,
  ),
  macro(
    'kql_plain_keys',
    'ks',
    `CASE WHEN len(list_filter(ks, lambda k: regexp_matches(k, '^[$][.[]'))) > 0
      THEN error('bag_remove_keys() takes paths in a literal array only') ELSE ks END`,
  ),
  macro(
    'kql_bag_remove',
    'j, ks',
    `CASE WHEN json_type(j) = 'OBJECT' THEN kql_bag_of(list_filter(kql_entries(j), lambda e: NOT list_contains(ks, e.key))) END`,
  ),
  // The patch says null where the key is to go; without the key it would leave empty bags behind.
  macro(
    'kql_bag_remove_at',
    'j, pointer, patch',
    `CASE WHEN json_exists(j, pointer) THEN json_merge_patch(j, patch) ELSE j END`,
  ),
  macro(
    'kql_bag_zip',
    'ks, vs',
    `CASE WHEN ks IS NOT NULL THEN kql_bag_of(kql_first_keys(list_filter(list_transform(ks,
      lambda k, i: {'key': CASE WHEN json_type(k) = 'VARCHAR' THEN json_extract_string(k, '$') END, 'value': coalesce(vs, [])[i]}),
      lambda e: e.key IS NOT NULL))) END`,
  ),
  macro(
    'kql_zip',
    'ls',
    `to_json(list_transform(range(list_max(list_transform(ls, lambda l: coalesce(len(l), 0)))), lambda i: list_transform(ls, lambda l: l[i + 1])))`,
  ),
  // So many steps from one value to another; null if the step is 0.
  macro(
    'kql_steps',
    'start, stop, step',
    `range(CASE WHEN step <> 0 THEN least(greatest(floor((stop - start)::DOUBLE / step + 1e-9)::BIGINT + 1, 0), 1048576) END)`,
  ),
  macro(
    'kql_extract_json',
    's, path',
    `CASE WHEN json_valid(s) THEN nullif(json_extract(s, path), 'null') END`,
  ),
  macro('kql_integer_type', 'n', `CASE WHEN n BETWEEN -2147483648 AND 2147483647 THEN 'int' ELSE 'long' END`),
  macro(
    'kql_gettype',
    'j',
    `CASE json_type(j) WHEN 'ARRAY' THEN 'array' WHEN 'OBJECT' THEN 'dictionary' WHEN 'VARCHAR' THEN 'string'
      WHEN 'BOOLEAN' THEN 'bool' WHEN 'DOUBLE' THEN 'double' WHEN 'BIGINT' THEN kql_integer_type(j::BIGINT)
      WHEN 'UBIGINT' THEN kql_integer_type(j::UBIGINT) ELSE 'null' END`,
  ),
  ...canonicalMacros(CANONICAL_DEPTH),
]

/**
 * JSON text with the keys of bags sorted. A macro can not call itself, so there is one for each depth, and each calls
 * the next once.
 */
function canonicalMacros(depth: number): Macro[] {
  const made = [
    macro(
      'kql_canonical_0',
      'j',
      `CASE WHEN json_type(j) IN ('OBJECT', 'ARRAY') THEN error('dynamic_to_json() of a value deeper than ${depth} levels is not supported') ELSE j::VARCHAR END`,
    ),
  ]
  for (let level = 1; level <= depth; level++) {
    made.push(
      macro(
        `kql_canonical_${level}`,
        'j',
        `CASE WHEN j IS NULL THEN 'null' WHEN json_type(j) IN ('OBJECT', 'ARRAY') THEN
          CASE json_type(j) WHEN 'OBJECT' THEN '{' ELSE '[' END
          || array_to_string(list_transform(
            CASE json_type(j) WHEN 'OBJECT'
              THEN list_transform(list_sort(json_keys(j)), lambda k: {'name': to_json(k)::VARCHAR || ':', 'value': json_extract(j, kql_pointer(k))})
              ELSE list_transform(kql_list(j), lambda e: {'name': '', 'value': e}) END,
            lambda item: item.name || kql_canonical_${level - 1}(item.value)), ',')
          || CASE json_type(j) WHEN 'OBJECT' THEN '}' ELSE ']' END
        ELSE j::VARCHAR END`,
      ),
    )
  }
  return made
}
