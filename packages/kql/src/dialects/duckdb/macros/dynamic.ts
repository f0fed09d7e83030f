import { type Macro, macro } from './macro.js'

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
  // Of one key in several bags the first bag's value counts.
  macro(
    'kql_bag_of',
    'entries',
    `CASE WHEN len(entries) = 0 THEN '{}'::JSON ELSE to_json(map_from_entries(entries)) END`,
  ),
  macro(
    'kql_entries',
    'j',
    `list_transform(json_keys(j), lambda k: {'key': k, 'value': json_extract(j, kql_pointer(k))})`,
  ),
  macro(
    'kql_first_keys',
    'entries',
    'list_filter(entries, lambda e, i: list_position(list_transform(entries, lambda x: x.key), e.key) = i)',
  ),
  macro(
    'kql_merge_bags',
    'bags',
    `CASE WHEN len(list_filter(bags, lambda b: json_type(b) = 'OBJECT')) > 0 THEN
      kql_bag_of(kql_first_keys(flatten(list_transform(list_filter(bags, lambda b: json_type(b) = 'OBJECT'), lambda b: kql_entries(b))))) END`,
  ),
  macro(
    'kql_bag_has_key',
    'j, k',
    `CASE WHEN json_type(j) = 'OBJECT' THEN CASE WHEN k[1:2] = '$.' OR k[1:2] = '$[' THEN json_exists(j, k) ELSE list_contains(json_keys(j), k) END END`,
  ),
  macro(
    'kql_bag_set',
    'j, k, v',
    `CASE WHEN json_type(j) = 'OBJECT' THEN
      kql_bag_of(list_concat(list_transform(kql_entries(j), lambda e: {'key': e.key, 'value': CASE WHEN e.key = k THEN v ELSE e.value END}),
        CASE WHEN list_contains(json_keys(j), k) THEN [] ELSE [{'key': k, 'value': v}] END)) END`,
  ),
  macro(
    'kql_bag_remove',
    'j, ks',
    `CASE WHEN json_type(j) = 'OBJECT' THEN kql_bag_of(list_filter(kql_entries(j), lambda e: NOT list_contains(ks, e.key))) END`,
  ),
  // A path goes one or two levels down: $.a, $.a.b
  macro(
    'kql_bag_remove_paths',
    'j, ks',
    `kql_bag_of(list_transform(
      list_filter(kql_entries(j), lambda e: NOT list_contains(ks, e.key) AND NOT list_contains(ks, '$.' || e.key)),
      lambda e: {'key': e.key, 'value': CASE WHEN json_type(e.value) = 'OBJECT'
        THEN kql_bag_of(list_filter(kql_entries(e.value), lambda f: NOT list_contains(ks, '$.' || e.key || '.' || f.key)))
        ELSE e.value END}))`,
  ),
  macro(
    'kql_bag_zip',
    'ks, vs',
    `CASE WHEN ks IS NOT NULL AND vs IS NOT NULL THEN kql_bag_of(kql_first_keys(list_filter(list_transform(range(len(ks)),
      lambda i: {'key': json_extract_string(ks[i + 1], '$'), 'value': vs[i + 1]}), lambda e: e.key IS NOT NULL))) END`,
  ),
  macro(
    'kql_zip',
    'ls',
    `to_json(list_transform(range(list_max(list_transform(ls, lambda l: coalesce(len(l), 0)))), lambda i: list_transform(ls, lambda l: l[i + 1])))`,
  ),
  // A JSONPath with ["key"] or ['key'] to the dotted form that DuckDB reads.
  macro(
    'kql_extract_json',
    'path, s',
    `json_extract_string(CASE WHEN json_valid(s) THEN s::JSON END, regexp_replace(path, '\\[["'']([^"'']*)["'']\\]', '."\\1"', 'g'))`,
  ),
]
