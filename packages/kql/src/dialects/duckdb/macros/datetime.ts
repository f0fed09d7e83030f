import { type Macro, macro } from './macro.js'

export const datetimeMacros: readonly Macro[] = [
  // Ticks since 0001-01-01 to TIMESTAMP (which drops the seventh digit) and back.
  macro('kql_timestamp', 't', 'make_timestamp(t // 10 - 62135596800000000)'),
  macro('kql_ticks', 'ts', 'epoch_us(ts) * 10 + 621355968000000000'),
  // So many ticks of a unit; a fraction is rounded to the tick.
  macro('kql_scale', 'n, ticks', 'floor(n)::BIGINT * ticks + round(((n) - floor(n)) * ticks)::BIGINT'),
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
  macro(
    'kql_add_months',
    't, months',
    '(kql_ticks(kql_timestamp(t - t % 864000000000) + to_months((months)::INTEGER))) + t % 864000000000',
  ),
  macro(
    'kql_make_datetime',
    'y, mo, d, h, mi, s',
    `CASE WHEN y BETWEEN 1 AND 9999 AND mo BETWEEN 1 AND 12 AND d BETWEEN 1 AND date_part('day', last_day(make_date(y::BIGINT, mo::BIGINT, 1)))
        AND h BETWEEN 0 AND 23 AND mi BETWEEN 0 AND 59 AND s >= 0 AND s < 60
      THEN kql_ticks(make_timestamp(y::BIGINT, mo::BIGINT, d::BIGINT, h::BIGINT, mi::BIGINT, 0)) + round(s::DOUBLE * 10000000)::BIGINT END`,
  ),
  macro(
    'kql_make_timespan',
    'd, h, mi, s',
    `CASE WHEN h BETWEEN 0 AND 23 AND mi BETWEEN 0 AND 59 AND s >= 0 AND s < 60
      THEN d::BIGINT * 864000000000 + h::BIGINT * 36000000000 + mi::BIGINT * 600000000 + round(s::DOUBLE * 10000000)::BIGINT END`,
  ),
  macro(
    'kql_from_unix',
    'x, unit',
    'CASE WHEN x * unit BETWEEN -621355968000000000 AND 2534022144000000000 THEN (x::DECIMAL(38, 6) * unit)::BIGINT + 621355968000000000 END',
  ),
  macro(
    'kql_utc_to_local',
    't, zone',
    `kql_ticks(timezone(zone, timezone('UTC', kql_timestamp(t)))) + t % 10`,
  ),
  macro(
    'kql_local_to_utc',
    't, zone',
    `kql_ticks(timezone('UTC', timezone(zone, kql_timestamp(t)))) + t % 10`,
  ),
  macro(
    'kql_pad',
    'n, width',
    "CASE WHEN len(n::VARCHAR) < width THEN lpad(n::VARCHAR, width, '0') ELSE n::VARCHAR END",
  ),
  // Ticks outside of the years 1 to 9999 are no datetime.
  macro('kql_datetime', 't', 'CASE WHEN t BETWEEN 0 AND 3155378975999999999 THEN t::BIGINT END'),
  macro('kql_year', 't', 'year(kql_timestamp(t))'),
  macro('kql_months', 't', '12 * year(kql_timestamp(t)) + month(kql_timestamp(t))'),
  macro('kql_quarters', 't', '4 * year(kql_timestamp(t)) + quarter(kql_timestamp(t))'),
  // The day is cut to the length of the month; the clock stays, with the digit that TIMESTAMP lacks.
  macro('kql_add_months', 't, n', 'kql_ticks(kql_timestamp(t) + to_months((n)::INTEGER)) + t % 10'),
  macro('kql_startofday', 't, n', '(t // 864000000000 + n) * 864000000000'),
  macro('kql_startofweek', 't, n', '((t // 864000000000 + 1) // 7 + n) * 6048000000000 - 864000000000'),
  macro(
    'kql_startofmonth',
    't, n',
    "kql_ticks(date_trunc('month', kql_timestamp(t)) + to_months((n)::INTEGER))",
  ),
  macro(
    'kql_startofyear',
    't, n',
    "kql_ticks(date_trunc('year', kql_timestamp(t)) + to_months((12 * (n))::INTEGER))",
  ),
  macro(
    'kql_make_datetime',
    'year, month, day, hour, minute, second',
    `CASE WHEN year BETWEEN 1 AND 9999 AND hour BETWEEN 0 AND 23 AND minute BETWEEN 0 AND 59 AND second >= 0 AND second < 60
      THEN kql_ticks(TRY(make_date((year)::BIGINT, (month)::BIGINT, (day)::BIGINT))::TIMESTAMP)
        + (hour)::BIGINT * 36000000000 + (minute)::BIGINT * 600000000 + kql_scale(second, 10000000) END`,
  ),
  macro(
    'kql_make_timespan',
    'days, hours, minutes, seconds',
    `CASE WHEN hours BETWEEN 0 AND 23 AND minutes BETWEEN 0 AND 59 AND seconds >= 0 AND seconds < 60
      THEN (days)::BIGINT * 864000000000 + (hours)::BIGINT * 36000000000 + (minutes)::BIGINT * 600000000
        + kql_scale(seconds, 10000000) END`,
  ),
  // A time zone that does not exist gives null.
  macro(
    'kql_utc_to_local',
    't, zone',
    'kql_ticks(TRY(timezone(zone, make_timestamptz(t // 10 - 62135596800000000)))) + t % 10',
  ),
  macro(
    'kql_local_to_utc',
    't, zone',
    'epoch_us(TRY(timezone(zone, kql_timestamp(t)))) * 10 + 621355968000000000 + t % 10',
  ),
]
