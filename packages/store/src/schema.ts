/** The types of the query language, as the store keeps them. Structurally those of `@auspex/kql`. */
export type KqlType =
  | 'bool'
  | 'datetime'
  | 'dynamic'
  | 'int'
  | 'long'
  | 'real'
  | 'string'
  | 'guid'
  | 'decimal'
  | 'timespan'

export interface ColumnSchema {
  readonly name: string
  readonly type: KqlType
  readonly docstring?: string
}

export interface TableSchema {
  readonly name: string
  readonly columns: readonly ColumnSchema[]
  readonly docstring?: string
}

export interface DatabaseSchema {
  readonly name: string
  readonly tables: readonly TableSchema[]
}

/** The most columns that a table can have, as in Log Analytics. */
export const MAX_COLUMNS = 500

/** Where a field goes that can not be a column of its own: too many columns, or a name taken. */
export const OVERFLOW_COLUMN = 'AdditionalFields'

/** A row's place in arrival order: growing over all tables, never used twice, not part of the schema. */
export const ROW_ID = '_RowId'

const FIRST_COLUMNS: readonly ColumnSchema[] = [
  { name: 'TimeGenerated', type: 'datetime', docstring: "The event's own time" },
  {
    name: '_TimeReceived',
    type: 'datetime',
    docstring: 'When the store took it; what ingestion_time() reads',
  },
]

const LAST_COLUMNS: readonly ColumnSchema[] = [
  { name: 'Type', type: 'string', docstring: 'The name of the table' },
]

/** A table as data: its own columns; those that all tables have are put around them. */
export function table(
  name: string,
  docstring: string,
  columns: Readonly<Record<string, KqlType>> | readonly ColumnSchema[],
): TableSchema {
  const own: readonly ColumnSchema[] = isColumnList(columns)
    ? columns
    : Object.entries(columns).map(([column, type]) => ({ name: column, type }))
  const shared = new Set([...FIRST_COLUMNS, ...LAST_COLUMNS].map((column) => column.name))
  return {
    name,
    docstring,
    columns: [...FIRST_COLUMNS, ...own.filter((column) => !shared.has(column.name)), ...LAST_COLUMNS],
  }
}

function isColumnList(columns: unknown): columns is readonly ColumnSchema[] {
  return Array.isArray(columns)
}

/** A name that can be a table or a column; anything else is refused at the door. */
export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name)
}

const SUFFIX_TYPES: Readonly<Record<string, KqlType>> = {
  _s: 'string',
  _d: 'real',
  _b: 'bool',
  _t: 'datetime',
  _g: 'guid',
}

/** The type of a column that the store meets for the first time: by its Data Collector suffix, else by its cells. */
export function newColumnType(name: string, cells: readonly unknown[]): KqlType {
  const suffix = SUFFIX_TYPES[name.slice(-2)]
  if (suffix === 'guid') return cells.every((cell) => isEmpty(cell) || isGuid(cell)) ? 'guid' : 'string'
  if (suffix) return suffix
  const first = cells.find((cell) => !isEmpty(cell))
  switch (typeof first) {
    case 'bigint':
      return 'long'
    case 'number':
      return cells.every((cell) => isEmpty(cell) || Number.isSafeInteger(cell)) ? 'long' : 'real'
    case 'boolean':
      return 'bool'
    default:
      return 'string'
  }
}

export function isEmpty(cell: unknown): boolean {
  return cell === undefined || cell === null || cell === ''
}

export function isGuid(cell: unknown): boolean {
  return (
    typeof cell === 'string' && /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(cell)
  )
}
