import type { KqlType } from '../schema.js'

/** How each type of the query language is stored. */
export const SQL_TYPES: Readonly<Record<KqlType, string>> = {
  bool: 'BOOLEAN',
  datetime: 'BIGINT',
  dynamic: 'JSON',
  int: 'INTEGER',
  long: 'BIGINT',
  real: 'DOUBLE',
  string: 'VARCHAR',
  guid: 'UUID',
  decimal: 'DECIMAL(38,17)',
  timespan: 'BIGINT',
}

export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}

/** What a column has where nothing was stored. */
export function emptyValue(type: KqlType): string {
  return type === 'string' ? `''` : `NULL::${SQL_TYPES[type]}`
}
