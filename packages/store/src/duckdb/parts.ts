/**
 * How a table lies on the disk: as parts, each with only the columns that its rows use, and a view over them
 * that has all of the table's columns.
 *
 * `LinuxAuditLog_CL` has a column for every field that any audit record can carry, some 400, and a record
 * has about 25 of them. In one wide table each of the others still costs: a value to append, to compress,
 * and up to a byte of dictionary index. So
 * - the rows of the frequent record types have parts of their own, where nearly every column is filled,
 *   and a query for one type does not read the others;
 * - a part gets a column when the first value for it comes; until then the view has the type's empty value.
 * On a 55 MB log of 265,000 records this took the file from 33 to 19 MB and the time in the engine to less
 * than half (bench/store/README.md).
 */
import type { Cells, Rows } from '../engine.js'
import { type ColumnSchema, isEmpty, ROW_ID, type TableSchema } from '../schema.js'
import { emptyValue, quote, SQL_TYPES } from './types.js'

/** The schema of the parts; the views are in `main`. */
export const PARTS_SCHEMA = 'parts'

interface Layout {
  /** Rows that have one of these values in this column go into the part of that name. */
  readonly by: string
  readonly parts: readonly string[]
  /** Columns that one algorithm suits better than the engine's own choice. */
  readonly compression: Readonly<Record<string, string>>
}

/** Can be changed at any time: rows stay in the part where they are, and the view reads all parts. */
const LAYOUTS: Readonly<Record<string, Layout>> = {
  LinuxAuditLog_CL: {
    by: 'RecordType_s',
    parts: ['SYSCALL', 'PATH', 'PROCTITLE', 'CWD', 'EXECVE'],
    compression: { RawData: 'zstd' },
  },
}

/** The rows of a batch that go into one part. */
export interface PartRows {
  readonly part: string
  readonly rowCount: number
  /** Which rows of the batch; all of them when undefined. */
  readonly index: Int32Array | undefined
  /** Columns with a value in these rows. */
  readonly columns: ReadonlyMap<string, { readonly column: ColumnSchema; readonly cells: Cells }>
}

export function splitIntoParts(rows: Rows): PartRows[] {
  const layout = LAYOUTS[rows.table.name]
  if (!layout) return [partRows(rows, rows.table.name, undefined)]
  const types = rows.cells[rows.table.columns.findIndex((column) => column.name === layout.by)]
  const groups = new Map<string, number[]>()
  for (let row = 0; row < rows.rowCount; row++) {
    const type = cellAt(types, row)
    const part =
      typeof type === 'string' && layout.parts.includes(type) ? `${rows.table.name}/${type}` : rows.table.name
    const group = groups.get(part)
    if (group) group.push(row)
    else groups.set(part, [row])
  }
  return [...groups].map(([part, group]) => partRows(rows, part, Int32Array.from(group)))
}

function partRows(rows: Rows, part: string, index: Int32Array | undefined): PartRows {
  const columns = new Map<string, { column: ColumnSchema; cells: Cells }>()
  for (const [at, column] of rows.table.columns.entries()) {
    const cells = rows.cells[at]
    if (hasValue(cells, index)) columns.set(column.name, { column, cells })
  }
  return { part, rowCount: index?.length ?? rows.rowCount, index, columns }
}

function hasValue(cells: Cells, index: Int32Array | undefined): boolean {
  if (cells === undefined) return false
  if ('all' in cells) return !isEmpty(cells.all)
  if (!index) return !cells.every(isEmpty)
  for (const row of index) {
    const cell = cells[row]
    if (cell !== undefined && cell !== '' && cell !== null) return true
  }
  return false
}

function cellAt(cells: Cells, row: number): unknown {
  if (cells === undefined) return undefined
  return 'all' in cells ? cells.all : cells[row]
}

/** The table that a part belongs to. */
export function tableOfPart(part: string): string {
  return part.split('/', 1)[0]!
}

export function partName(part: string): string {
  return `${PARTS_SCHEMA}.${quote(part)}`
}

export function createPart(part: string, columns: readonly ColumnSchema[]): string {
  const compression = LAYOUTS[tableOfPart(part)]?.compression ?? {}
  const definitions = columns.map((column) => {
    const chosen = compression[column.name]
    return `${columnDefinition(column)}${chosen ? ` USING COMPRESSION ${chosen}` : ''}`
  })
  return `CREATE TABLE ${partName(part)} (${quote(ROW_ID)} BIGINT NOT NULL, ${definitions.join(', ')})`
}

/**
 * DuckDB can not add a column with a constraint; its default fills the rows that are there, and the writer
 * never writes a null string.
 */
export function widenPart(part: string, column: ColumnSchema): string {
  return `ALTER TABLE ${partName(part)} ADD COLUMN ${columnDefinition(column).replace(' NOT NULL', '')}`
}

function columnDefinition(column: ColumnSchema): string {
  const definition = `${quote(column.name)} ${SQL_TYPES[column.type]}`
  return column.type === 'string' ? `${definition} NOT NULL DEFAULT ''` : definition
}

/** @param parts those of this table, with the columns that they have */
export function createView(
  table: TableSchema,
  parts: ReadonlyMap<string, ReadonlySet<string>>,
  packed: readonly string[],
): string {
  return `CREATE OR REPLACE VIEW ${quote(table.name)} AS ${selectTable(table.columns, parts, packed)}`
}

/**
 * A SELECT of the table's rows: `_RowId` and the wanted columns.
 * @param packed SELECTs of the same columns of the rows that are stored packed
 */
export function selectTable(
  wanted: readonly ColumnSchema[],
  parts: ReadonlyMap<string, ReadonlySet<string>>,
  packed: readonly string[],
): string {
  const selects = [...parts].map(([part, columns]) => {
    const list = wanted.map((column) =>
      columns.has(column.name) ? quote(column.name) : `${emptyValue(column.type)} AS ${quote(column.name)}`,
    )
    return `SELECT ${[quote(ROW_ID), ...list].join(', ')} FROM ${partName(part)}`
  })
  selects.push(...packed)
  const none = wanted.map((column) => `${emptyValue(column.type)} AS ${quote(column.name)}`)
  if (selects.length === 0) {
    selects.push(`SELECT ${[`NULL::BIGINT AS ${quote(ROW_ID)}`, ...none].join(', ')} WHERE false`)
  }
  return selects.join(' UNION ALL ')
}
