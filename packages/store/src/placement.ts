/**
 * Where the columns of a batch go: into columns that the table has, into new ones, or, when the table can
 * not take more or the name differs from another only in case (the engine does not tell them apart), as
 * fields of `AdditionalFields`.
 */
import { LINUX_AUDIT_LOG_TABLE as PACKED_TABLE, type PackedPart } from '@auspex/auditd'
import type { TableBatch } from './batch.js'
import type { Cells, Rows, TableChange } from './engine.js'
import { BatchError } from './errors.js'
import {
  type ColumnSchema,
  isEmpty,
  isIdentifier,
  MAX_COLUMNS,
  newColumnType,
  OVERFLOW_COLUMN,
  type TableSchema,
  table as tableOf,
} from './schema.js'

/** Checks what can be checked without the table. */
export function checkBatch(batch: TableBatch): void {
  if (!isIdentifier(batch.table)) {
    throw new BatchError(
      `${JSON.stringify(batch.table)} can not be a table: a name has up to 128 letters, digits and _, and begins with no digit.`,
    )
  }
  if (!Number.isSafeInteger(batch.rowCount) || batch.rowCount < 0) {
    throw new BatchError(`Table ${batch.table}: ${batch.rowCount} is no number of rows.`)
  }
  if (batch.packed !== undefined) checkPacked(batch, batch.packed)
  for (const [name, cells] of batch.columns) {
    if (cells.length > unpackedCount(batch)) {
      throw new BatchError(
        `Table ${batch.table}, column ${name}: ${cells.length} cells in a batch of ${batch.rowCount} rows.`,
      )
    }
  }
}

function checkPacked(batch: TableBatch, packed: PackedPart): void {
  const count = packed.rows.reduce((sum, rows) => sum + rows.rowCount, packed.others.length)
  if (batch.table === PACKED_TABLE && count === batch.rowCount) return
  throw new BatchError(
    `Table ${batch.table}: ${count} packed and other rows in a batch of ${batch.rowCount}.`,
  )
}

/** What must be added to `stored` before the batch can be written; undefined when nothing. */
export function changeFor(stored: TableSchema | undefined, batch: TableBatch): TableChange | undefined {
  const base = stored ?? tableOf(batch.table, '', { Computer: 'string' })
  const names = new Set(base.columns.map((column) => column.name.toLowerCase()))
  const add: ColumnSchema[] = []
  let overflow = false
  for (const [name, cells] of batch.columns) {
    if (names.has(name.toLowerCase())) {
      overflow ||=
        !base.columns.some((column) => column.name === name) && cells.some((cell) => !isEmpty(cell))
      continue
    }
    if (cells.every(isEmpty) && !batch.types?.has(name)) continue
    const room = MAX_COLUMNS - 1 - base.columns.length - add.length
    if (room <= 0 || !isIdentifier(name)) {
      overflow = true
      continue
    }
    names.add(name.toLowerCase())
    add.push({ name, type: batch.types?.get(name) ?? newColumnType(name, cells) })
  }
  if (overflow && !names.has(OVERFLOW_COLUMN.toLowerCase()))
    add.push({ name: OVERFLOW_COLUMN, type: 'dynamic' })
  if (!stored) return { table: base.name, docstring: base.docstring ?? '', add: [...base.columns, ...add] }
  return add.length > 0 ? { table: base.name, add } : undefined
}

/** The batch in the order of the table's columns, with the store's own columns filled in. */
export function place(table: TableSchema, batch: TableBatch, firstRowId: bigint, received: bigint): Rows {
  const { packed } = batch
  const rowCount = unpackedCount(batch)
  const cells = table.columns.map((column): Cells => batch.columns.get(column.name))
  const at = (name: string) => table.columns.findIndex((column) => column.name === name)
  cells[at('_TimeReceived')] = { all: received }
  cells[at('Type')] = { all: table.name }
  const time = at('TimeGenerated')
  cells[time] = withDefault(cells[time], rowCount, received)
  const known = new Set(table.columns.map((column) => column.name))
  const strays = [...batch.columns].filter(([name, list]) => !known.has(name) && !list.every(isEmpty))
  if (strays.length > 0) {
    const overflow = at(OVERFLOW_COLUMN)
    cells[overflow] = collectStrays(strays, rowCount, batch.columns.get(OVERFLOW_COLUMN))
  }
  return { table, rowCount, firstRowId, cells, places: packed?.others, packed, received }
}

/** How many rows of the batch have cells. */
function unpackedCount(batch: TableBatch): number {
  return batch.packed === undefined ? batch.rowCount : batch.packed.others.length
}

function withDefault(cells: Cells, rowCount: number, value: unknown): Cells {
  if (cells === undefined) return { all: value }
  if ('all' in cells) return cells
  const list = cells
  if (list.length === rowCount && !list.some(isEmpty)) return list
  return Array.from({ length: rowCount }, (_, row) => (isEmpty(list[row]) ? value : list[row]))
}

function collectStrays(
  strays: readonly (readonly [string, readonly unknown[]])[],
  rowCount: number,
  given: readonly unknown[] | undefined,
): unknown[] {
  return Array.from({ length: rowCount }, (_, row) => {
    const fields: Record<string, unknown> = objectOf(given?.[row])
    for (const [name, list] of strays) {
      const cell = list[row]
      if (!isEmpty(cell)) fields[name] = typeof cell === 'bigint' ? Number(cell) : cell
    }
    return Object.keys(fields).length > 0 ? JSON.stringify(fields) : undefined
  })
}

function objectOf(json: unknown): Record<string, unknown> {
  if (typeof json !== 'string') return {}
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...value }
      : { [OVERFLOW_COLUMN]: value }
  } catch {
    return { [OVERFLOW_COLUMN]: json }
  }
}
