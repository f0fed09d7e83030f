import { type Macro, macro } from './macro.js'

export const datetimeMacros: readonly Macro[] = [
  // Ticks since 0001-01-01 to TIMESTAMP (which drops the seventh digit) and back.
  macro('kql_timestamp', 't', 'make_timestamp(t // 10 - 62135596800000000)'),
  macro('kql_ticks', 'ts', 'epoch_us(ts) * 10 + 621355968000000000'),
  macro('kql_two', 'n', "lpad(n::VARCHAR, 2, '0')"),
  macro(
    'kql_format_datetime',
    't',
    `strftime(kql_timestamp(t), '%Y-%m-%dT%H:%M:%S.') || lpad((t % 10000000)::VARCHAR, 7, '0') || 'Z'`,
  ),
  macro(
    'kql_format_timespan',
    't',
    `CASE WHEN t < 0 THEN '-' ELSE '' END
      || CASE WHEN abs(t) >= 864000000000 THEN (abs(t) // 864000000000)::VARCHAR || '.' ELSE '' END
      || kql_two(abs(t) // 36000000000 % 24) || ':' || kql_two(abs(t) // 600000000 % 60) || ':' || kql_two(abs(t) // 10000000 % 60)
      || CASE WHEN t % 10000000 <> 0 THEN '.' || lpad((abs(t) % 10000000)::VARCHAR, 7, '0') ELSE '' END`,
  ),
]
