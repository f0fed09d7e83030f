import type { KqlType } from '../../values.js'

/** How DuckDB holds each KQL type. */
export const DUCKDB_TYPES: Readonly<Record<KqlType, string>> = {
  bool: 'BOOLEAN',
  datetime: 'BIGINT',
  decimal: 'DECIMAL(38, 17)',
  dynamic: 'JSON',
  guid: 'UUID',
  int: 'INTEGER',
  long: 'BIGINT',
  real: 'DOUBLE',
  string: 'VARCHAR',
  timespan: 'BIGINT',
}
