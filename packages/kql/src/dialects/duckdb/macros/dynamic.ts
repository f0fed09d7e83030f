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
]
