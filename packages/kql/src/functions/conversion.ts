/** Conversions between types. What does not convert is null, never an error. */
import type { KqlType } from '../values.js'
import type { ScalarFunctionTable, Sql } from './function.js'

export function toText([value]: readonly Sql[]): string {
  const { type, bare } = value!
  switch (type) {
    case 'string':
      return bare
    case 'dynamic':
      return `json_extract_string(${bare}, '$')`
    case 'datetime':
      return `kql_format_datetime(${bare})`
    case 'timespan':
      return `kql_format_timespan(${bare})`
    case 'real':
      return `kql_format_real(${bare})`
    case 'bool':
      return `CASE ${value} WHEN true THEN 'true' WHEN false THEN 'false' END`
    case 'decimal':
      return `kql_format_decimal(${bare})`
    default:
      return `${value}::VARCHAR`
  }
}

function toInteger(sqlType: 'BIGINT' | 'INTEGER'): (args: readonly Sql[]) => string {
  return ([value]) => {
    const { type, bare } = value!
    switch (type) {
      case 'string':
        return sqlType === 'BIGINT'
          ? `kql_parse_long(${bare})`
          : `TRY_CAST(kql_parse_long(${bare}) AS INTEGER)`
      case 'dynamic':
        return sqlType === 'BIGINT' ? `kql_json_long(${bare})` : `TRY_CAST(kql_json_long(${bare}) AS INTEGER)`
      case 'real':
      case 'decimal':
        return `TRY_CAST(trunc(${bare}) AS ${sqlType})`
      default:
        return `TRY_CAST(${bare} AS ${sqlType})`
    }
  }
}

function toReal([value]: readonly Sql[]): string {
  const { type, bare } = value!
  if (type === 'string') return `kql_parse_real(${bare})`
  if (type === 'dynamic') return `kql_json_real(${bare})`
  return `${value}::DOUBLE`
}

function toBool([value]: readonly Sql[]): string {
  const { type, bare } = value!
  if (type === 'string') return `kql_parse_bool(${bare})`
  if (type === 'dynamic') return `kql_parse_bool(json_extract_string(${bare}, '$'))`
  return type === 'bool' ? bare : `${value} <> 0`
}

export function toDatetime([value]: readonly Sql[]): string {
  const { type, bare } = value!
  if (type === 'string') return `kql_parse_datetime(${bare})`
  if (type === 'dynamic') return `kql_parse_datetime(json_extract_string(${bare}, '$'))`
  return type === 'real' ? `trunc(${bare})::BIGINT` : `${value}::BIGINT`
}

export function toTimespan([value]: readonly Sql[]): string {
  const { type, bare } = value!
  if (type === 'string') return `kql_parse_timespan(${bare})`
  if (type === 'dynamic') return `kql_parse_timespan(json_extract_string(${bare}, '$'))`
  return type === 'real' ? `trunc(${bare})::BIGINT` : `${value}::BIGINT`
}

function toDecimal([value]: readonly Sql[]): string {
  const { type, bare } = value!
  const text = type === 'dynamic' ? `json_extract_string(${bare}, '$')` : bare
  return `TRY_CAST(${text} AS DECIMAL(38, 17))`
}

function toGuid([value]: readonly Sql[]): string {
  const { type, bare } = value!
  return type === 'dynamic'
    ? `TRY_CAST(json_extract_string(${bare}, '$') AS UUID)`
    : `TRY_CAST(${bare} AS UUID)`
}

/** The conversion of a type name as `typeof()` gives it, of a value that has the other type. */
const CONVERSIONS: Readonly<Record<string, (args: readonly Sql[]) => string>> = {
  bool: toBool,
  datetime: toDatetime,
  decimal: toDecimal,
  guid: toGuid,
  int: toInteger('INTEGER'),
  long: toInteger('BIGINT'),
  real: toReal,
  string: toText,
  timespan: toTimespan,
}

function piece(sql: string, type: KqlType): Sql {
  return { sql, bare: sql, type, nullable: true, constant: undefined, toString: () => `(${sql})` }
}

/** A value of the type that a literal `typeof()` names, made from SQL that gives a dynamic. */
export function fromDynamic(sql: string, type: string, refuse: (message: string) => never): string {
  if (type === 'dynamic') return sql
  return CONVERSIONS[type]?.([piece(sql, 'dynamic')]) ?? refuse(`A result of type ${type} is not supported`)
}

/** The same, made from SQL that gives a string. */
export function fromString(sql: string, type: string, refuse: (message: string) => never): string {
  if (type === 'string') return sql
  if (type === 'dynamic') return `kql_parse_json(${sql})`
  return CONVERSIONS[type]?.([piece(sql, 'string')]) ?? refuse(`A result of type ${type} is not supported`)
}

export const conversionFunctions: ScalarFunctionTable = {
  tostring: { doc: 'tostring-function', returns: 'string', duckdb: toText },
  tolong: { doc: 'tolong-function', returns: 'long', nullable: 'always', duckdb: toInteger('BIGINT') },
  toint: { doc: 'toint-function', returns: 'int', nullable: 'always', duckdb: toInteger('INTEGER') },
  toreal: {
    doc: 'toreal-function',
    aliases: ['todouble'],
    returns: 'real',
    nullable: 'always',
    duckdb: toReal,
  },
  todecimal: { doc: 'todecimal-function', returns: 'decimal', nullable: 'always', duckdb: toDecimal },
  tobool: {
    doc: 'tobool-function',
    aliases: ['toboolean'],
    returns: 'bool',
    nullable: 'always',
    duckdb: toBool,
  },
  todatetime: { doc: 'todatetime-function', returns: 'datetime', nullable: 'always', duckdb: toDatetime },
  totimespan: {
    doc: 'totimespan-function',
    aliases: ['totime'],
    returns: 'timespan',
    nullable: 'always',
    duckdb: toTimespan,
  },
  new_guid: {
    doc: 'new-guid-function',
    returns: 'guid',
    nullable: 'never',
    volatile: true,
    duckdb: 'uuid()',
  },
  toguid: { doc: 'toguid-function', returns: 'guid', nullable: 'always', duckdb: toGuid },
}
