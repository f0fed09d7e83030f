/** Calendar and clock. A datetime is a BIGINT of ticks; `kql_timestamp` and `kql_ticks` go to and from TIMESTAMP. */
import { toDatetime, toTimespan } from './conversion.js'
import { formatDatetime, formatTimespan, InvalidFormat } from './datetime-format.js'
import type { ScalarFunction, ScalarFunctionTable, Sql, TemplateContext } from './function.js'

type Refuse = TemplateContext['refuse']

/** What a function of a calendar part (`'month'`) does for each: SQL of the other arguments. */
type Parts = Readonly<Record<string, (...args: string[]) => string>>

/** The binder has checked that the part is a literal, and one it knows. */
function byPart(parts: Parts): (args: readonly Sql[], context: { readonly refuse: Refuse }) => string {
  return ([part, ...args], { refuse }) => {
    const write = parts[String(part!.constant).toLowerCase()]
    if (!write) return refuse(`The part must be a literal, one of ${Object.keys(parts).join(', ')}`)
    return write(...args.map((arg) => `${arg}`))
  }
}

/** Ticks of the parts that have a fixed length. */
const TICKS = {
  week: 6_048_000_000_000n,
  day: 864_000_000_000n,
  hour: 36_000_000_000n,
  minute: 600_000_000n,
  second: 10_000_000n,
  millisecond: 10_000n,
  microsecond: 10n,
} as const

function perLength(body: (ticks: bigint) => (...args: string[]) => string): Parts {
  return Object.fromEntries(Object.entries(TICKS).map(([part, ticks]) => [part, body(ticks)]))
}

const ADD: Parts = {
  year: (n, t) => `kql_add_months(${t}, 12 * ${n})`,
  quarter: (n, t) => `kql_add_months(${t}, 3 * ${n})`,
  month: (n, t) => `kql_add_months(${t}, ${n})`,
  ...perLength((ticks) => (n, t) => `${t} + ${n} * ${ticks}::BIGINT`),
  nanosecond: (n, t) => `${t} + ${n} // 100`,
}

/** Boundaries crossed between two datetimes. The week begins on Sunday, and tick 0 was a Monday. */
const DIFFERENCE: Parts = {
  year: (a, b) => `kql_year(${a}) - kql_year(${b})`,
  quarter: (a, b) => `kql_quarters(${a}) - kql_quarters(${b})`,
  month: (a, b) => `kql_months(${a}) - kql_months(${b})`,
  ...perLength((ticks) => (a, b) => `${a} // ${ticks} - ${b} // ${ticks}`),
  week: (a, b) => `(${a} + ${TICKS.day}) // ${TICKS.week} - (${b} + ${TICKS.day}) // ${TICKS.week}`,
  nanosecond: (a, b) => `(${a} - ${b}) * 100`,
}

const clock = (divisor: bigint, modulus: number) => (t: string) =>
  `(${t} // ${divisor} % ${modulus})::INTEGER`

const PART: Parts = {
  year: (t) => `kql_year(${t})::INTEGER`,
  quarter: (t) => `quarter(kql_timestamp(${t}))::INTEGER`,
  month: (t) => `month(kql_timestamp(${t}))::INTEGER`,
  week_of_year: (t) => `week(kql_timestamp(${t}))::INTEGER`,
  day: (t) => `day(kql_timestamp(${t}))::INTEGER`,
  dayofyear: (t) => `dayofyear(kql_timestamp(${t}))::INTEGER`,
  hour: clock(TICKS.hour, 24),
  minute: clock(TICKS.minute, 60),
  second: clock(TICKS.second, 60),
  millisecond: clock(TICKS.millisecond, 1000),
  microsecond: clock(TICKS.microsecond, 1_000_000),
  nanosecond: (t) => `(${t} % 10000000 * 100)::INTEGER`,
}

function part(doc: string, name: string, aliases: readonly string[] = []): ScalarFunction {
  return { doc, aliases, parameters: ['datetime'], returns: 'int', duckdb: ([t]) => PART[name]!(`${t}`) }
}

/** startof… and endof…: the second argument moves by whole periods. The end is the tick before the next start. */
function edge(period: string, side: 'startof' | 'endof'): ScalarFunction {
  return {
    doc: `${side}${period}-function`,
    parameters: ['datetime', 'long'],
    returns: 'datetime',
    duckdb: ([t, offset]) => {
      if (side === 'startof') return `kql_startof${period}(${t!.bare}, ${offset?.bare ?? '0'})`
      return `kql_startof${period}(${t!.bare}, ${offset ? `${offset} + 1` : '1'}) - 1`
    },
  }
}

function format(write: (value: string, format: string) => string): ScalarFunction['duckdb'] {
  return ([value, pattern], { refuse }) => {
    if (typeof pattern!.constant !== 'string') return refuse('The format must be a literal')
    try {
      return write(value!.bare, pattern!.constant)
    } catch (error) {
      if (error instanceof InvalidFormat) return refuse(error.message)
      throw error
    }
  }
}

function unixtime(unit: string, ticks: string): ScalarFunction {
  return {
    doc: `unixtime-${unit}-todatetime-function`,
    returns: 'datetime',
    nullable: 'always',
    duckdb: ([value], { refuse }) => {
      if (value!.type === 'dynamic') return refuse('The argument must be a number')
      return `kql_datetime(${ticks.replace('$0', () => `${value}`)} + 621355968000000000)`
    },
  }
}

function zoned(macro: string): ScalarFunction['duckdb'] {
  return ([t, zone], { refuse }) => {
    if (typeof zone!.constant === 'string' && !isTimeZone(zone!.constant)) {
      return refuse(`'${zone!.constant}' is no time zone`)
    }
    return `${macro}(${t!.bare}, ${zone!.bare})`
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

export const datetimeFunctions: ScalarFunctionTable = {
  bin: {
    doc: 'bin-function',
    aliases: ['floor'],
    nullable: 'always',
    duckdb: ([value, size], { type }) => {
      if (type === 'real') return `kql_bin_real(${value!.bare}, ${size!.bare})`
      // Datetimes are never negative, so that what is left of the division is what is too much.
      const isPlain = type === 'datetime' && Number(size!.constant) > 0 && /^[\w".]+$/.test(value!.bare)
      return isPlain
        ? `(${value!.bare} - ${value!.bare} % ${size!.constant})`
        : `kql_bin(${value!.bare}, ${size!.bare})`
    },
  },
  datetime_list_timezones: {
    doc: 'datetime-list-timezones-function',
    returns: 'dynamic',
    nullable: 'never',
    duckdb: '(SELECT to_json(list(name ORDER BY name)) FROM pg_timezone_names())',
  },
  bin_at: {
    doc: 'bin-at-function',
    nullable: 'always',
    duckdb: ([value, size, origin], { type, refuse }) => {
      if (type === 'datetime' || type === 'timespan') {
        if (size!.type !== 'timespan') return refuse('The bin size must be a timespan')
      }
      const bin = type === 'real' ? 'kql_bin_at_real' : 'kql_bin_at'
      return `${bin}(${value!.bare}, ${size!.bare}, ${origin!.bare})`
    },
  },
  startofday: edge('day', 'startof'),
  startofweek: edge('week', 'startof'),
  startofmonth: edge('month', 'startof'),
  startofyear: edge('year', 'startof'),
  endofday: edge('day', 'endof'),
  endofweek: edge('week', 'endof'),
  endofmonth: edge('month', 'endof'),
  endofyear: edge('year', 'endof'),
  datetime_add: {
    doc: 'datetime-add-function',
    parameters: ['string', 'long', 'datetime'],
    returns: 'datetime',
    nullable: 'always',
    duckdb: byPart(ADD),
  },
  datetime_diff: {
    doc: 'datetime-diff-function',
    parameters: ['string', 'datetime', 'datetime'],
    returns: 'long',
    nullable: 'always',
    duckdb: byPart(DIFFERENCE),
  },
  datetime_part: {
    doc: 'datetime-part-function',
    aliases: ['datepart'],
    parameters: ['string', 'datetime'],
    returns: 'int',
    nullable: 'always',
    duckdb: byPart(PART),
  },
  getyear: part('getyear-function', 'year'),
  monthofyear: part('monthofyear-function', 'month', ['getmonth']),
  week_of_year: part('week-of-year-function', 'week_of_year', ['weekofyear']),
  dayofmonth: part('dayofmonth-function', 'day'),
  dayofyear: part('dayofyear-function', 'dayofyear'),
  hourofday: part('hourofday-function', 'hour'),
  dayofweek: {
    doc: 'day-of-week-function',
    parameters: ['datetime'],
    returns: 'timespan',
    duckdb: ([t]) => `(${t} // ${TICKS.day} + 1) % 7 * ${TICKS.day}`,
  },
  make_datetime: {
    doc: 'make-datetime-function',
    returns: 'datetime',
    nullable: 'always',
    duckdb: (args) => {
      if (args.length === 1) return toDatetime(args)
      const [year, month, day, hour, minute, second] = args.map((arg) => arg.bare)
      return `kql_make_datetime(${year}, ${month}, ${day}, ${hour ?? 0}, ${minute ?? 0}, ${second ?? 0})`
    },
  },
  make_timespan: {
    doc: 'make-timespan-function',
    returns: 'timespan',
    nullable: 'always',
    duckdb: (args) => {
      if (args.length === 1) return toTimespan(args)
      const values = args.map((arg) => arg.bare)
      const [days, hours, minutes, seconds] = args.length === 4 ? values : ['0', ...values]
      return `kql_make_timespan(${days}, ${hours}, ${minutes}, ${seconds ?? 0})`
    },
  },
  unixtime_seconds_todatetime: unixtime('seconds', 'kql_scale($0, 10000000)'),
  unixtime_milliseconds_todatetime: unixtime('milliseconds', 'kql_scale($0, 10000)'),
  unixtime_microseconds_todatetime: unixtime('microseconds', 'kql_scale($0, 10)'),
  unixtime_nanoseconds_todatetime: unixtime('nanoseconds', '$0 // 100'),
  format_datetime: {
    doc: 'format-datetime-function',
    parameters: ['datetime', 'string'],
    returns: 'string',
    duckdb: format(formatDatetime),
  },
  format_timespan: {
    doc: 'format-timespan-function',
    parameters: ['timespan', 'string'],
    returns: 'string',
    duckdb: format(formatTimespan),
  },
  datetime_utc_to_local: {
    doc: 'datetime-utc-to-local-function',
    parameters: ['datetime', 'string'],
    returns: 'datetime',
    nullable: 'always',
    duckdb: zoned('kql_utc_to_local'),
  },
  datetime_local_to_utc: {
    doc: 'datetime-local-to-utc-function',
    parameters: ['datetime', 'string'],
    returns: 'datetime',
    nullable: 'always',
    duckdb: zoned('kql_local_to_utc'),
  },
}
