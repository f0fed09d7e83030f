import { type Macro, macro } from './macro.js'

/** Arrays as lists, and back. */
export const arrayMacros: readonly Macro[] = [
  // Texts of two elements are equal if the elements are: 1 and 1.0 are, whatever way a string is escaped.
  macro(
    'kql_canonical',
    'j',
    `CASE json_type(j) WHEN 'VARCHAR' THEN '"' || json_extract_string(j, '$')
      WHEN 'DOUBLE' THEN CASE WHEN j::DOUBLE = trunc(j::DOUBLE) AND abs(j::DOUBLE) < 1e15 THEN j::DOUBLE::BIGINT::VARCHAR ELSE j::DOUBLE::VARCHAR END
      ELSE coalesce(j::VARCHAR, 'null') END`,
  ),
  macro('kql_canonicals', 'l', 'list_transform(l, lambda x: kql_canonical(x))'),
  // The elements that are there for the first time, in order.
  macro(
    'kql_set',
    'l',
    `list_transform([{'l': l, 'c': kql_canonicals(l)}],
      lambda s: list_filter(s.l, lambda x, i: list_position(s.c, s.c[i]) = i))[1]`,
  ),
  macro('kql_is_number', 'j', `json_type(j) IN ('BIGINT', 'UBIGINT', 'DOUBLE')`),
  // An element as a number, NULL if it is none; the numbers JSON lacks are strings there.
  macro(
    'kql_element_real',
    'j',
    `CASE WHEN kql_is_number(j) THEN j::DOUBLE
      WHEN j::VARCHAR IN ('"NaN"', '"Infinity"', '"-Infinity"') THEN json_extract_string(j, '$')::DOUBLE END`,
  ),
  macro('kql_reals', 'j', 'list_transform(kql_list(j), lambda x: kql_element_real(x))'),
  // A number as an element.
  macro(
    'kql_real_element',
    'x',
    `CASE WHEN x IS NULL THEN NULL WHEN isfinite(x) THEN to_json(x) WHEN isnan(x) THEN '"NaN"'::JSON
      WHEN x > 0 THEN '"Infinity"'::JSON ELSE '"-Infinity"'::JSON END`,
  ),
  macro('kql_real_elements', 'l', 'to_json(list_transform(l, lambda x: kql_real_element(x)))'),
  // Numbers first, then texts, then the rest; a null where the caller wants it.
  macro(
    'kql_sort_keys',
    'l, null_group',
    `list_transform(l, lambda x, i: {
      'g': CASE WHEN x IS NULL THEN null_group WHEN kql_is_number(x) THEN 1 WHEN json_type(x) = 'VARCHAR' THEN 2 ELSE 3 END,
      'n': CASE WHEN kql_is_number(x) THEN x::DOUBLE ELSE 0 END,
      's': CASE WHEN x IS NULL OR kql_is_number(x) THEN '' ELSE json_extract_string(x, '$') END,
      'i': i})`,
  ),
  // Positions of the elements in ascending order. Descending turns the values around, not the groups.
  macro(
    'kql_order_asc',
    'l, nulls_last',
    'list_transform(list_sort(kql_sort_keys(l, CASE WHEN nulls_last THEN 4 ELSE 0 END)), lambda k: k.i)',
  ),
  macro(
    'kql_order_desc',
    'l, nulls_last',
    `list_transform(list_sort(list_transform(kql_sort_keys(l, CASE WHEN nulls_last THEN 4 ELSE 0 END),
        lambda k: {'g': -k.g, 'n': k.n, 's': k.s, 'i': -k.i}), 'DESC'), lambda k: -k.i)`,
  ),
  macro('kql_pick', 'l, positions', 'to_json(list_transform(positions, lambda p: l[p]))'),
  macro(
    'kql_bounded',
    'n',
    'CASE WHEN n > 4294967296 THEN 4294967296 WHEN n < -4294967296 THEN -4294967296 ELSE n END',
  ),
  // 0-based and inclusive; a negative end counts from the end.
  macro(
    'kql_array_slice',
    'l, first, last',
    `CASE WHEN l IS NOT NULL THEN to_json(list_filter(l, lambda x, i:
      i > CASE WHEN first < 0 THEN len(l) + first ELSE first END
      AND i <= 1 + CASE WHEN last < 0 THEN len(l) + last ELSE last END)) END`,
  ),
  macro(
    'kql_array_rotate',
    'l, n',
    'to_json(list_transform(l, lambda x, i: l[1 + kql_mod(i - 1 + n, len(l))]))',
  ),
  // What moves in is null, or the empty string in an array of strings.
  macro(
    'kql_array_shift',
    'l, n, filler',
    `to_json(list_transform(l, lambda x, i: CASE WHEN i + n BETWEEN 1 AND len(l) THEN l[i + n] ELSE filler END))`,
  ),
  macro(
    'kql_shift_filler',
    'l',
    `CASE WHEN len(l) > 0 AND len(list_filter(l, lambda x: json_type(x) = 'VARCHAR')) = len(l) THEN '""'::JSON END`,
  ),
  macro(
    'kql_array_split',
    'l, cuts',
    `list_transform([list_concat([0::BIGINT], list_transform(cuts, lambda c: greatest(0, least(len(l), CASE WHEN c < 0 THEN len(l) + c ELSE c END))), [len(l)])],
      lambda bounds: to_json(list_transform(range(1, len(bounds)), lambda b: list_filter(l, lambda x, i: i > bounds[b] AND i <= bounds[b + 1]))))[1]`,
  ),
  // 0-based position of the n-th match among `count` elements from `start` on; -1 if there is none.
  macro(
    'kql_array_index_of',
    'l, element, start, count, nth',
    `coalesce(list_filter(list_transform(l, lambda x, i: CASE
        WHEN kql_canonical(x) = kql_canonical(element)
          AND i > CASE WHEN start < 0 THEN len(l) + start ELSE start END
          AND (count < 0 OR i <= count + CASE WHEN start < 0 THEN len(l) + start ELSE start END)
        THEN i - 1 END), lambda p: p IS NOT NULL)[nth], -1)`,
  ),
  macro(
    'kql_array_choose',
    'conditions, yes, no',
    `to_json(list_transform(conditions, lambda c, i: CASE
      WHEN json_type(c) = 'BOOLEAN' THEN CASE WHEN c::BOOLEAN THEN yes[i] ELSE no[i] END
      WHEN kql_is_number(c) THEN CASE WHEN c::DOUBLE <> 0 THEN yes[i] ELSE no[i] END END))`,
  ),
]
