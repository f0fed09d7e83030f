import type { PackedPart } from '@auspex/auditd'
import type { ScanNeeds } from '@auspex/kql'
import type { ReplacedRows } from './batch.js'
import type { ColumnSchema, TableSchema } from './schema.js'

/**
 * What the store needs of a database. One folder an engine; above this interface nobody knows which it is.
 *
 * Writes are asked for one at a time (the store queues them); queries run beside them, each on a snapshot.
 */
export interface Engine {
  readonly name: string
  /** The tables as they are stored, without the row id. */
  tables(): Promise<readonly TableSchema[]>
  /** Creates tables and adds columns: all of it or nothing. */
  alter(changes: readonly TableChange[]): Promise<void>
  /** The last receipt of each source. */
  receipts(): Promise<readonly Receipt[]>
  /**
   * Deletes what is replaced and appends rows and receipts in one transaction; when this returns they survive a
   * power cut.
   */
  write(rows: readonly Rows[], receipts: readonly Receipt[], replaced: readonly ReplacedRows[]): Promise<void>
  /** The greatest row id and `_TimeReceived` (ticks) of a table, 0n when it is empty. */
  newest(table: string): Promise<{ readonly rowId: bigint; readonly received: bigint }>
  /** Runs a compiled query; `signal` stops it wherever it is. */
  query(query: EngineQuery, signal: AbortSignal): Promise<EngineResult>
  tableStats(): Promise<readonly TableStats[]>
  size(): Promise<StoreSize>
  /** Bytes of the write-ahead log that are not folded into the file yet. */
  walBytes(): number
  /** Folds the write-ahead log into the file and gives the room of deleted rows free. Not beside a write. */
  checkpoint(): Promise<void>
  /** Deletes rows whose `TimeGenerated` is before `before` (ticks), beside writes and queries. */
  deleteBefore(table: string, before: bigint): Promise<number>
  /** Deletes what was stored once for many rows and is no row's any more. Not beside a write. */
  sweep(): Promise<void>
  /** Forgets the receipts that a later one of the same source replaced. */
  trimReceipts(): Promise<void>
  /** Writes the table's rows from `from` up to `to` (ticks of `TimeGenerated`) to a Parquet file. */
  exportTable(table: TableSchema, file: string, range: TickRange): Promise<number>
  /** A table that `exportTable` wrote, as a schema and a query over its rows. */
  openExport(file: string): Promise<{ readonly table: TableSchema; readonly query: EngineQuery }>
  /** The files that hold the database; between two checkpoints only the last of them grows. */
  files(): readonly string[]
  /** Reads every stored value, and says what is not in order. */
  check(): Promise<readonly string[]>
  /** Whether an error left the engine unusable until it is opened anew. What was committed is kept. */
  readonly failed: boolean
  close(): Promise<void>
}

export interface TickRange {
  readonly from?: bigint
  readonly to?: bigint
}

export interface TableChange {
  readonly table: string
  /** For a table that is not there yet. */
  readonly docstring?: string
  readonly add: readonly ColumnSchema[]
}

/** Cells of one column: one each, or the same for all rows, or the type's empty value. */
export type Cells = readonly unknown[] | { readonly all: unknown } | undefined

export interface Rows {
  readonly table: TableSchema
  readonly rowCount: number
  readonly firstRowId: bigint
  /** In the order of the table's columns. */
  readonly cells: readonly Cells[]
  /** Row ids of the rows count from `firstRowId` by this; in order when undefined. */
  readonly places?: Int32Array | undefined
  /** Further rows, in the form in which they are stored. */
  readonly packed?: PackedPart | undefined
  /** Ticks. */
  readonly received: bigint
}

export interface Receipt {
  readonly source: string
  readonly from: bigint
  readonly to: bigint
  readonly rows: number
  readonly note: string | undefined
  /** ms since 1970 */
  readonly received: number
}

export interface EngineQuery {
  readonly sql: string
  /** Of a compiled query, whose SQL names what it means in quotes: the rows that it can not do without. */
  readonly needs?: readonly ScanNeeds[]
  readonly parameters: readonly unknown[]
  readonly columns: readonly ColumnSchema[]
}

export interface ColumnBatch {
  readonly rowCount: number
  readonly columns: readonly (readonly unknown[])[]
}

export interface EngineResult {
  /** Ends when all rows were read; leaving the loop early frees the query. */
  readonly batches: AsyncIterable<ColumnBatch>
}

export interface TableStats {
  readonly table: string
  readonly rows: number
  readonly columns: number
  /** Ticks of the oldest and the newest `TimeGenerated`. */
  readonly oldest: bigint | undefined
  readonly newest: bigint | undefined
}

export interface StoreSize {
  /** Bytes of the database file, and those of them that are free for new rows. */
  readonly dataBytes: number
  readonly freeBytes: number
  /** Bytes of the write-ahead log. */
  readonly walBytes: number
}
