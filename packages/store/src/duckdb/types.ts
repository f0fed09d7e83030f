import type { ColumnSchema, KqlType } from '../schema.js'

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

export function columnDefinition(column: ColumnSchema): string {
  const definition = `${quote(column.name)} ${SQL_TYPES[column.type]}`
  return column.type === 'string' ? `${definition} NOT NULL DEFAULT ''` : definition
}
