import { type Macro, macro } from './macro.js'

/** Texts to values; null where the text is not one. */
export const conversionMacros: readonly Macro[] = [
  macro(
    'kql_parse_long',
    's',
    `CASE WHEN regexp_full_match(s, '\\s*[+-]?\\d+\\s*') THEN TRY_CAST(trim(s) AS BIGINT)
      WHEN regexp_full_match(s, '\\s*0[xX][0-9a-fA-F]+\\s*') THEN TRY_CAST(lower(trim(s)) AS BIGINT) END`,
  ),
  macro('kql_parse_real', 's', 'TRY_CAST(s AS DOUBLE)'),
  macro(
    'kql_parse_bool',
    's',
    `CASE lower(trim(s)) WHEN 'true' THEN true WHEN 'false' THEN false ELSE kql_parse_long(s) <> 0 END`,
  ),
  // A number in JSON may have a fraction, which is cut off.
  macro(
    'kql_json_long',
    'j',
    `CASE json_type(j) WHEN 'DOUBLE' THEN TRY_CAST(trunc(json_extract_string(j, '$')::DOUBLE) AS BIGINT)
      WHEN 'BOOLEAN' THEN CASE json_extract_string(j, '$') WHEN 'true' THEN 1 ELSE 0 END
      ELSE kql_parse_long(json_extract_string(j, '$')) END`,
  ),
  macro(
    'kql_json_real',
    'j',
    `CASE json_type(j) WHEN 'BOOLEAN' THEN CASE json_extract_string(j, '$') WHEN 'true' THEN 1e0 ELSE 0e0 END
      ELSE kql_parse_real(json_extract_string(j, '$')) END`,
  ),
  // As mv-expand … to typeof() takes them: a text is no number.
  macro(
    'kql_element_long',
    'j',
    `CASE WHEN json_type(j) IN ('BIGINT', 'UBIGINT', 'DOUBLE') THEN kql_json_long(j) END`,
  ),
  macro(
    'kql_element_real',
    'j',
    `CASE WHEN json_type(j) IN ('BIGINT', 'UBIGINT', 'DOUBLE') THEN kql_json_real(j) END`,
  ),
  // The fraction is taken apart from the rest, because TIMESTAMP ends at the sixth digit.
  macro(
    'kql_parse_datetime',
    's',
    `kql_ticks(coalesce(
        TRY_CAST(regexp_replace(trim(s), '(:\\d{2})[.,]\\d+', '\\1') AS TIMESTAMP),
        try_strptime(regexp_replace(regexp_replace(trim(s), '(:\\d{2})[.]\\d+', '\\1'), '^[A-Za-z]{3,9},? +| *(GMT|UTC|Z)$', '', 'g'),
          ['%d %b %Y %H:%M:%S', '%d %b %Y %H:%M', '%d %b %Y', '%d %b %y %H:%M:%S', '%d-%b-%y %H:%M:%S', '%d-%b-%Y %H:%M:%S',
           '%m/%d/%Y %I:%M:%S %p', '%m/%d/%Y %I:%M %p', '%m/%d/%Y %H:%M:%S', '%m/%d/%Y %H:%M', '%m/%d/%Y',
           '%Y/%m/%d %H:%M:%S', '%Y/%m/%d', '%Y%m%dT%H%M%S', '%Y%m%d', '%Y-%m', '%B %d, %Y', '%b %d, %Y', '%d %B %Y'])))
      + TRY_CAST(rpad(left(regexp_extract(s, ':\\d{2}[.,](\\d+)', 1), 7), 7, '0') AS BIGINT)
      - CASE WHEN regexp_matches(s, ':\\d{2}.*[+-]\\d{2}:?\\d{2}\\s*$') THEN
          CASE regexp_extract(s, '([+-])\\d{2}:?\\d{2}\\s*$', 1) WHEN '-' THEN -1 ELSE 1 END
          * (regexp_extract(s, '[+-](\\d{2}):?\\d{2}\\s*$', 1)::BIGINT * 36000000000
            + regexp_extract(s, '[+-]\\d{2}:?(\\d{2})\\s*$', 1)::BIGINT * 600000000)
        ELSE 0 END`,
  ),
  macro(
    'kql_parse_timespan',
    's',
    `CASE
      WHEN regexp_full_match(s, '\\s*-?(\\d+[.])?\\d{1,2}:\\d{1,2}(:\\d{1,2}([.]\\d{1,9})?)?\\s*') THEN
        CASE WHEN trim(s)[1] = '-' THEN -1 ELSE 1 END
        * (coalesce(TRY_CAST(regexp_extract(s, '(\\d+)[.]\\d{1,2}:', 1) AS BIGINT), 0) * 864000000000
          + regexp_extract(s, '(\\d{1,2}):', 1)::BIGINT * 36000000000
          + regexp_extract(s, ':(\\d{1,2})', 1)::BIGINT * 600000000
          + coalesce(TRY_CAST(regexp_extract(s, ':\\d{1,2}:(\\d{1,2})', 1) AS BIGINT), 0) * 10000000
          + coalesce(TRY_CAST(rpad(left(regexp_extract(s, ':\\d{1,2}:\\d{1,2}[.](\\d+)', 1), 7), 7, '0') AS BIGINT), 0))
      WHEN regexp_full_match(s, '\\s*-?\\d+\\s*') THEN TRY_CAST(trim(s) AS BIGINT) * 864000000000
      WHEN regexp_full_match(lower(s), '\\s*-?\\d+([.]\\d+)?\\s*[a-z]+\\s*') THEN
        round(regexp_extract(s, '(-?\\d+([.]\\d+)?)', 1)::DOUBLE * CASE
          WHEN regexp_full_match(regexp_extract(lower(s), '[a-z]+'), 'd|days?') THEN 864000000000
          WHEN regexp_full_match(regexp_extract(lower(s), '[a-z]+'), 'h|hrs?|hours?') THEN 36000000000
          WHEN regexp_full_match(regexp_extract(lower(s), '[a-z]+'), 'm|min|minutes?') THEN 600000000
          WHEN regexp_full_match(regexp_extract(lower(s), '[a-z]+'), 's|sec|seconds?') THEN 10000000
          WHEN regexp_full_match(regexp_extract(lower(s), '[a-z]+'), 'ms|milli(s|sec|second|seconds)?') THEN 10000
          WHEN regexp_full_match(regexp_extract(lower(s), '[a-z]+'), 'micro(s|sec|second|seconds)?') THEN 10
          WHEN regexp_full_match(regexp_extract(lower(s), '[a-z]+'), 'ticks?') THEN 1 END)::BIGINT
      END`,
  ),
  // As .NET prints a double.
  macro(
    'kql_format_real',
    'x',
    `CASE WHEN isnan(x) THEN 'NaN' WHEN isinf(x) THEN CASE WHEN x > 0 THEN '∞' ELSE '-∞' END
      WHEN x = trunc(x) AND abs(x) < 1e15 THEN x::BIGINT::VARCHAR
      WHEN abs(x) >= 1e15 AND abs(x) < 1e16
        THEN replace(regexp_replace(rtrim(replace(x::VARCHAR, '.', ''), '0'), '^(-?\\d)(\\d*)$', '\\1.\\2E+15'), '.E', 'E')
      ELSE replace(x::VARCHAR, 'e', 'E') END`,
  ),
  macro('kql_real_json', 'x', `CASE WHEN isfinite(x) THEN to_json(x) ELSE to_json(kql_format_real(x)) END`),
  macro(
    'kql_format_decimal',
    'd',
    `regexp_replace(regexp_replace(d::VARCHAR, '([.]\\d*?)0+$', '\\1'), '[.]$', '')`,
  ),
]
