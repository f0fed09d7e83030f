import { type Macro, macro } from './macro.js'

/**
 * Punycode (RFC 3492).
 *
 * Encoding needs no loop over the text: the characters beyond ASCII, by code point and place, give each its delta,
 * and the bias for the next one follows from that delta alone. Decoding is the loop of the RFC over the digits.
 */
export const punycodeMacros: readonly Macro[] = [
  // The bias after a delta, `points` characters being in place. 455 = (36 - 1) * 26 / 2
  macro(
    'kql_punycode_bias',
    'delta, points, is_first',
    `list_transform([CASE WHEN is_first THEN delta // 700 ELSE delta // 2 END], lambda half:
      list_transform([half + half // points], lambda d:
        list_transform([list_filter(range(8), lambda j: d // (35 ** j)::BIGINT <= 455)[1]], lambda j:
          36 * j + 36 * (d // (35 ** j)::BIGINT) // (d // (35 ** j)::BIGINT + 38))[1])[1])[1]`,
  ),
  macro('kql_punycode_threshold', 'k, bias', 'greatest(1, least(26, k - bias))'),
  macro(
    'kql_punycode_digit',
    'd',
    `CASE WHEN d < 26 THEN chr((97 + d)::INTEGER) ELSE chr((22 + d)::INTEGER) END`,
  ),
  // A delta as digits of a variable base, the lowest one first.
  macro(
    'kql_punycode_number',
    'delta, bias',
    `list_reduce(list_transform(range(0, 12), lambda j: {'q': delta, 't': kql_punycode_threshold(36 * j, bias), 'out': '', 'more': true}),
      lambda s, x: CASE WHEN NOT s.more THEN s
        WHEN s.q < x.t THEN {'q': 0::BIGINT, 't': x.t, 'out': s.out || kql_punycode_digit(s.q), 'more': false}
        ELSE {'q': (s.q - x.t) // (36 - x.t), 't': x.t, 'out': s.out || kql_punycode_digit(x.t + (s.q - x.t) % (36 - x.t)), 'more': true} END).out`,
  ),
  macro(
    'kql_code_points',
    's',
    `list_transform(list_filter(string_split(s, ''), lambda c: c <> ''), lambda c: unicode(c)::BIGINT)`,
  ),
  // Each character beyond ASCII: its code point and how many characters before it are in place when its turn comes.
  macro(
    'kql_punycode_points',
    'points',
    `list_sort(list_filter(list_transform(points, lambda c, p: {'c': c, 'p': p::BIGINT,
      'i': len(list_filter(points[1:p - 1], lambda o: o <= c))}), lambda x: x.c >= 128))`,
  ),
  macro(
    'kql_punycode_deltas',
    'sorted, basic',
    `list_transform(sorted, lambda x, k:
      (x.c - coalesce(sorted[k - 1].c, 128)) * (basic + k) + x.i - coalesce(sorted[k - 1].i + 1, 0))`,
  ),
  macro(
    'kql_punycode_encode',
    's',
    `list_transform([kql_code_points(s)], lambda points: list_transform([{'x': kql_punycode_points(points), 'b': len(list_filter(points, lambda c: c < 128))}],
      lambda e: list_transform([kql_punycode_deltas(e.x, e.b)], lambda deltas:
        array_to_string(list_transform(list_filter(points, lambda c: c < 128), lambda c: chr(c::INTEGER)), '')
        || CASE WHEN e.b > 0 THEN '-' ELSE '' END
        || array_to_string(list_transform(deltas, lambda d, k: kql_punycode_number(d,
          CASE WHEN k = 1 THEN 72 ELSE kql_punycode_bias(deltas[k - 1], e.b + k - 1, k = 2) END)), ''))[1])[1])[1]`,
  ),
  // One digit of the text that is decoded: it adds to a delta, or ends it and puts a character in its place.
  macro(
    'kql_punycode_step',
    's, d',
    `list_transform([{'i': s.i + d * s.w, 't': kql_punycode_threshold(s.k, s.bias), 'len': len(s.out) + 1}], lambda e: CASE WHEN d < e.t
      THEN {'d': d, 'n': s.n + e.i // e.len, 'i': e.i % e.len + 1, 'bias': kql_punycode_bias(e.i - s.old, e.len, s.old = 0), 'w': 1::BIGINT, 'k': 36::BIGINT,
        'old': e.i % e.len + 1, 'out': list_concat(s.out[1:e.i % e.len], [s.n + e.i // e.len], s.out[e.i % e.len + 1:len(s.out)])}
      ELSE {'d': d, 'n': s.n, 'i': e.i, 'bias': s.bias, 'w': s.w * (36 - e.t), 'k': s.k + 36, 'old': s.old, 'out': s.out} END)[1]`,
  ),
  macro(
    'kql_punycode_start',
    'd, points',
    `{'d': d, 'n': 128::BIGINT, 'i': 0::BIGINT, 'bias': 72::BIGINT, 'w': 1::BIGINT, 'k': 36::BIGINT, 'old': 0::BIGINT, 'out': points}`,
  ),
  macro(
    'kql_punycode_decoded',
    'basic, digits',
    `list_reduce(list_prepend(kql_punycode_start(0::BIGINT, kql_code_points(basic)), list_transform(kql_code_points(lower(digits)), lambda c:
        kql_punycode_start(CASE WHEN c >= 97 THEN c - 97 ELSE c - 22 END, []::BIGINT[]))),
      lambda s, x: kql_punycode_step(s, x.d))`,
  ),
  // NULL if the text is no Punycode.
  macro(
    'kql_punycode_decode',
    's',
    `TRY(list_transform([regexp_extract(CASE WHEN regexp_full_match(s, '(?:[\\x00-\\x7f]*-)?[A-Za-z0-9]*') THEN s END, '^(?:(.*)-)?([A-Za-z0-9]*)$', ['basic', 'digits'])],
      lambda p: list_transform([kql_punycode_decoded(p.basic, p.digits)],
        lambda e: CASE WHEN e.k = 36 THEN coalesce(array_to_string(list_transform(e.out, lambda c: chr(c::INTEGER)), ''), '') END)[1])[1])`,
  ),
  // Label by label; one that is all ASCII stays as it is.
  macro(
    'kql_punycode_domain',
    's',
    `array_to_string(list_transform(string_split(s, '.'), lambda label:
      CASE WHEN regexp_full_match(label, '[\\x00-\\x7f]*') THEN label ELSE 'xn--' || kql_punycode_encode(label) END), '.')`,
  ),
  macro(
    'kql_punycode_domain_decode',
    's',
    `list_transform([list_transform(string_split(s, '.'), lambda label:
      CASE WHEN starts_with(lower(label), 'xn--') THEN kql_punycode_decode(substr(label, 5)) ELSE label END)],
      lambda labels: CASE WHEN list_count(labels) = len(labels) THEN array_to_string(labels, '.') END)[1]`,
  ),
]
