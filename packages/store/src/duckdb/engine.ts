/**
 * DuckDB behind the engine interface.
 *
 * One connection writes; each query has its own, so that it can be interrupted and leaves nothing behind.
 * A commit returns when the write-ahead log is on the disk (DuckDB syncs it), and the log is folded into the
 * file at a checkpoint.
 */

import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { type DuckDBApi, registerNatives } from '@auspex/kql/natives'
import * as duckdb from '@duckdb/node-api'
import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api'
import type { ReplacedRows } from '../batch.js'
import type {
  ColumnBatch,
  Engine,
  EngineQuery,
  EngineResult,
  Receipt,
  Rows,
  StoreSize,
  TableChange,
  TableStats,
  TickRange,
} from '../engine.js'
import { type StoreError, StoreVersionError } from '../errors.js'
import { type ColumnSchema, type KqlType, ROW_ID, type TableSchema } from '../schema.js'
import { Turns } from '../turns.js'
import { exportStatement, importQuery, metadataStatement } from './exchange.js'
import { isFatal, openFailure, queryFailure, writeFailure } from './failures.js'
import { MIGRATIONS, SCHEMA_VERSION } from './migrations.js'
import { narrow, typesOfForm, withNarrowed } from './narrow.js'
import { PackedTables } from './packed-rows.js'
import {
  checkPacked,
  deletePacked,
  PACKED_MACROS,
  PACKED_TABLE,
  packedForm,
  type RowBounds,
  selectForm,
  sweepEntries,
} from './packed-sql.js'
import {
  createPart,
  createView,
  PARTS_SCHEMA,
  type PartRows,
  partName,
  selectTable,
  splitIntoParts,
  tableOfPart,
  widenPart,
} from './parts.js'
import { readChunk } from './results.js'
import { type DuckDBOptions, OPEN_OPTIONS, settings } from './settings.js'
import { quote } from './types.js'
import { VECTOR_SIZE, writeColumn, writeRowIds } from './vectors.js'

export interface OpenDuckDB extends DuckDBOptions {
  readonly directory: string
  readonly file: string
  /** Statements of the query compiler: macros that its SQL calls. */
  readonly prelude: readonly string[]
  /** Queries that compute at the same time. Each takes a thread of Node's pool, and the writer needs one. */
  readonly concurrentQueries: number
}

export async function openDuckDB(options: OpenDuckDB): Promise<Engine> {
  let instance: DuckDBInstance | undefined
  try {
    instance = await DuckDBInstance.create(options.file, { ...OPEN_OPTIONS })
    const writer = await instance.connect()
    for (const statement of settings(options)) await writer.run(statement)
    await migrate(writer, options.file)
    await runPrelude(writer, [...options.prelude, ...PACKED_MACROS])
    registerNatives(writer, duckdb as unknown as DuckDBApi)
    const parts = await storedParts(writer)
    const packed = await PackedTables.load(writer)
    return new DuckDBEngine(instance, writer, options, parts, packed)
  } catch (error) {
    instance?.closeSync()
    throw openFailure(error, options.directory, options.file)
  }
}

/** Writes only what is not there yet, so that a store on a full disk can still be opened and read. */
async function migrate(connection: DuckDBConnection, file: string): Promise<void> {
  const found = await storedVersion(connection)
  if (found > SCHEMA_VERSION) throw new StoreVersionError(file, found, SCHEMA_VERSION)
  for (const migration of MIGRATIONS.filter(({ version }) => version > found)) {
    await inTransaction(connection, async () => {
      for (const statement of migration.statements) await connection.run(statement)
      await connection.run('INSERT INTO auspex.migration VALUES ($1, $2)', [
        migration.version,
        migration.what,
      ])
    })
  }
}

async function storedVersion(connection: DuckDBConnection): Promise<number> {
  const tables = await readRows(
    connection,
    `SELECT 1 FROM duckdb_tables() WHERE schema_name = 'auspex' AND table_name = 'migration'`,
  )
  if (tables.length === 0) return 0
  const [row] = await readRows(connection, 'SELECT coalesce(max(version), 0) FROM auspex.migration')
  return Number(row![0])
}

async function runPrelude(connection: DuckDBConnection, prelude: readonly string[]): Promise<void> {
  const digest = createHash('sha256').update(prelude.join(';')).digest('hex')
  const [known] = await readRows(connection, 'SELECT digest FROM auspex.prelude')
  if (known?.[0] === digest) return
  await inTransaction(connection, async () => {
    for (const statement of prelude) await connection.run(statement)
    await connection.run('DELETE FROM auspex.prelude')
    await connection.run('INSERT INTO auspex.prelude VALUES ($1)', [digest])
  })
}

/** The parts on the disk, and the columns that each has. */
async function storedParts(connection: DuckDBConnection): Promise<Map<string, Set<string>>> {
  const rows = await readRows(
    connection,
    `SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = '${PARTS_SCHEMA}' ORDER BY table_oid, column_index`,
  )
  const parts = new Map<string, Set<string>>()
  for (const [part, column] of rows as string[][]) {
    const columns = parts.get(part!) ?? new Set()
    parts.set(part!, columns.add(column!))
  }
  return parts
}

const DELETED_AT_ONCE = 500

class DuckDBEngine implements Engine {
  readonly name = 'duckdb'
  readonly #instance: DuckDBInstance
  readonly #writer: DuckDBConnection
  readonly #directory: string
  readonly #file: string
  readonly #turns: Turns
  #parts: Map<string, Set<string>>
  readonly #packed: PackedTables
  /** As they were last read. */
  #schemas = new Map<string, TableSchema>()
  #failed = false
  #closed = false

  constructor(
    instance: DuckDBInstance,
    writer: DuckDBConnection,
    options: OpenDuckDB,
    parts: Map<string, Set<string>>,
    packed: PackedTables,
  ) {
    this.#parts = parts
    this.#packed = packed
    this.#instance = instance
    this.#writer = writer
    this.#directory = options.directory
    this.#file = options.file
    this.#turns = new Turns(options.concurrentQueries)
  }

  async tables(): Promise<readonly TableSchema[]> {
    const rows = await this.#read(
      `SELECT t.name, t.docstring, c.name, c.type, c.docstring
       FROM auspex.table_info t JOIN auspex.column_info c ON c.table_name = t.name ORDER BY t.name, c.position`,
    )
    const tables = new Map<string, { name: string; docstring: string; columns: ColumnSchema[] }>()
    for (const [name, docstring, column, type, columnDocstring] of rows as string[][]) {
      const table = tables.get(name!) ?? { name: name!, docstring: docstring!, columns: [] }
      tables.set(name!, table)
      table.columns.push({
        name: column!,
        type: type as KqlType,
        ...(columnDocstring ? { docstring: columnDocstring } : {}),
      })
    }
    this.#schemas = tables
    return [...tables.values()]
  }

  async alter(changes: readonly TableChange[]): Promise<void> {
    const stored = new Map((await this.tables()).map((table) => [table.name, table]))
    await this.#transaction(async () => {
      for (const change of changes) await this.#alterTable(change, stored.get(change.table))
    })
  }

  async #alterTable(change: TableChange, stored: TableSchema | undefined): Promise<void> {
    if (!stored) {
      await this.#writer.run('INSERT INTO auspex.table_info VALUES ($1, $2)', [
        change.table,
        change.docstring ?? '',
      ])
    }
    const before = stored?.columns ?? []
    const rows = change.add.map((column, index) => [
      change.table,
      column.name,
      before.length + index,
      column.type,
      column.docstring ?? '',
    ])
    const values = rows.map(
      (row, at) => `(${row.map((_, index) => `$${at * row.length + index + 1}`).join(', ')})`,
    )
    await this.#writer.run(`INSERT INTO auspex.column_info VALUES ${values.join(', ')}`, rows.flat())
    const table = { name: change.table, columns: [...before, ...change.add] }
    await this.#writer.run(this.#viewOf(table, this.#parts))
  }

  async receipts(): Promise<readonly Receipt[]> {
    const rows = await this.#read(
      `SELECT source, from_position, to_position, rows, note, received FROM auspex.receipt
       QUALIFY row_number() OVER (PARTITION BY source ORDER BY to_position DESC) = 1`,
    )
    return rows.map(([source, from, to, count, note, received]) => ({
      source: String(source),
      from: from as bigint,
      to: to as bigint,
      rows: Number(count),
      note: note === null ? undefined : String(note),
      received: Number(received),
    }))
  }

  async write(
    rows: readonly Rows[],
    receipts: readonly Receipt[],
    replaced: readonly ReplacedRows[],
  ): Promise<void> {
    const split = rows.map((batch) => ({ batch, parts: batch.rowCount > 0 ? splitIntoParts(batch) : [] }))
    const packed = rows.flatMap((batch) => {
      if (batch.packed === undefined) return []
      return [{ batch, texts: batch.packed.texts, ...this.#packed.prepare(batch.packed) }]
    })
    try {
      await this.#makeRoom(split, packed)
      await this.#transaction(async () => {
        for (const old of replaced) await this.#delete(old)
        for (const { batch, parts } of split) {
          for (const part of parts) await this.#append(batch, part)
        }
        for (const { batch, prepared, texts } of packed) {
          await this.#packed.append(this.#writer, prepared, texts, batch.firstRowId, batch.received)
        }
        for (const receipt of receipts) await this.#insertReceipt(receipt)
      })
    } catch (error) {
      this.#packed.forget()
      throw error
    }
  }

  async #delete({ table, column, values, range }: ReplacedRows): Promise<void> {
    for (const [part, columns] of partsOf(table, this.#parts)) {
      if (!columns.has(column)) continue
      const bounds = [
        ...(range?.from === undefined ? [] : [`"TimeGenerated" >= ${range.from}`]),
        ...(range?.to === undefined ? [] : [`"TimeGenerated" < ${range.to}`]),
      ]
      for (let from = 0; from < values.length; from += DELETED_AT_ONCE) {
        const some = values.slice(from, from + DELETED_AT_ONCE)
        const list = some.map((_, i) => `$${i + 1}`).join(', ')
        const where = [...bounds, `${quote(column)} IN (${list})`].join(' AND ')
        await this.#writer.run(`DELETE FROM ${partName(part)} WHERE ${where}`, some)
      }
    }
  }

  async #insertReceipt(receipt: Receipt): Promise<void> {
    await this.#writer.run('INSERT INTO auspex.receipt VALUES ($1, $2, $3, $4, $5, $6)', [
      receipt.source,
      receipt.from,
      receipt.to,
      BigInt(receipt.rows),
      receipt.note ?? null,
      BigInt(Math.round(receipt.received)),
    ])
  }

  /** Creates the tables and the columns that these rows need, before their own transaction. */
  async #makeRoom(
    split: readonly { batch: Rows; parts: readonly PartRows[] }[],
    packed: readonly { batch: Rows; statements: readonly string[] }[],
  ): Promise<void> {
    const next = new Map([...this.#parts].map(([part, columns]) => [part, new Set(columns)]))
    const statements = packed.flatMap((part) => part.statements)
    const tables = new Map<string, TableSchema>()
    for (const { batch, statements: some } of packed) {
      if (some.length > 0) tables.set(batch.table.name, batch.table)
    }
    for (const { batch, parts } of split) {
      for (const { part, columns } of parts) {
        const known = next.get(part)
        const add = [...columns.values()].flatMap(({ column }) => (known?.has(column.name) ? [] : [column]))
        if (known && add.length === 0) continue
        if (known) statements.push(...add.map((column) => widenPart(part, column)))
        else statements.push(createPart(part, add))
        next.set(part, new Set([...(known ?? [ROW_ID]), ...add.map((column) => column.name)]))
        tables.set(batch.table.name, batch.table)
      }
    }
    if (statements.length === 0) return
    try {
      await this.#transaction(async () => {
        for (const statement of statements) await this.#writer.run(statement)
        for (const table of tables.values()) await this.#writer.run(this.#viewOf(table, next))
      })
    } catch (error) {
      // What is known of the packed tables is ahead of what is there.
      this.#failed = true
      throw error
    }
    this.#parts = next
  }

  #viewOf(table: TableSchema, parts: ReadonlyMap<string, ReadonlySet<string>>): string {
    return createView(table, partsOf(table.name, parts), this.#selectPacked(table, table.columns))
  }

  #selectPacked(
    table: TableSchema,
    wanted: readonly ColumnSchema[],
    forms = this.#packed.forms,
    bounds: RowBounds = {},
  ): string[] {
    if (table.name !== PACKED_TABLE) return []
    const entries = this.#packed.entryColumns
    return forms.map((form) => selectForm(packedForm(form), table, wanted, entries, bounds))
  }

  /** The query's SQL with the tables as it needs them: see narrow.ts. */
  #narrowed(query: EngineQuery): string {
    // What is not said of a query that somebody wrote by hand.
    if (query.needs === undefined) return query.sql
    const views = narrow(query.sql, this.#schemas.values(), query.needs).map(
      ({ table, wanted, bounds, wantsTypes }) => {
        const forms = this.#packed.forms.filter((form) => wantsTypes(typesOfForm(form)))
        const packed = this.#selectPacked(table, wanted, forms, bounds)
        // The part of a record type has no others.
        const parts = new Map(
          [...partsOf(table.name, this.#parts)].filter(([part]) => {
            const type = part.slice(table.name.length + 1)
            return type === '' || wantsTypes([type])
          }),
        )
        return { table: table.name, select: selectTable(wanted, parts, packed) }
      },
    )
    return withNarrowed(query.sql, views)
  }

  async #append(batch: Rows, part: PartRows): Promise<void> {
    const columns = [...this.#parts.get(part.part)!].slice(1)
    const types = new Map(batch.table.columns.map((column) => [column.name, column.type]))
    const appender = await this.#writer.createAppender(part.part, PARTS_SCHEMA)
    try {
      const chunk = DuckDBDataChunk.create(columnTypes(appender))
      for (let from = 0; from < part.rowCount; from += VECTOR_SIZE) {
        const count = Math.min(VECTOR_SIZE, part.rowCount - from)
        chunk.reset()
        chunk.rowCount = count
        writeRowIds(chunk, batch.firstRowId, batch.places, part.index, from, count)
        for (const [at, name] of columns.entries()) {
          const cells = part.columns.get(name)?.cells
          const source = cells && { cells, index: part.index }
          const place = { table: batch.table.name, column: name }
          writeColumn(chunk, at + 1, types.get(name)!, source, from, count, place)
        }
        appender.appendDataChunk(chunk)
      }
      appender.flushSync()
    } catch (error) {
      appender.clear()
      throw error
    } finally {
      appender.closeSync()
    }
  }

  async newest(table: string): Promise<{ rowId: bigint; received: bigint }> {
    const [row] = await this.#read(`SELECT max(${quote(ROW_ID)}), max("_TimeReceived") FROM ${quote(table)}`)
    const [rowId, received] = row as (bigint | null)[]
    return { rowId: rowId ?? 0n, received: received ?? 0n }
  }

  async query(query: EngineQuery, signal: AbortSignal): Promise<EngineResult> {
    const sql = this.#narrowed(query)
    const connection = await this.#instance.connect()
    const interrupt = () => connection.interrupt()
    signal.addEventListener('abort', interrupt)
    const release = () => {
      signal.removeEventListener('abort', interrupt)
      connection.disconnectSync()
    }
    try {
      signal.throwIfAborted()
      const turns = this.#turns
      const result = await turns.take(() => connection.stream(sql, query.parameters as never), signal)
      return { batches: read() }

      async function* read(): AsyncGenerator<ColumnBatch> {
        try {
          for (;;) {
            signal.throwIfAborted()
            const chunk = await turns.take(() => result.fetchChunk(), signal)
            signal.throwIfAborted()
            if (!chunk || chunk.rowCount === 0) return
            yield { rowCount: chunk.rowCount, columns: readChunk(chunk, query.columns) }
          }
        } catch (error) {
          throw queryFailure(error, signal)
        } finally {
          release()
        }
      }
    } catch (error) {
      release()
      throw queryFailure(error, signal)
    }
  }

  async tableStats(): Promise<readonly TableStats[]> {
    const stats: TableStats[] = []
    for (const table of await this.tables()) {
      const [row] = await this.#read(
        `SELECT count(*), min("TimeGenerated"), max("TimeGenerated") FROM ${quote(table.name)}`,
      )
      stats.push({
        table: table.name,
        rows: Number(row![0]),
        columns: table.columns.length,
        oldest: (row![1] as bigint | null) ?? undefined,
        newest: (row![2] as bigint | null) ?? undefined,
      })
    }
    return stats
  }

  async size(): Promise<StoreSize> {
    const [row] = await this.#read(
      'SELECT block_size, total_blocks, free_blocks, wal_size FROM pragma_database_size()',
    )
    const [blockSize, totalBlocks, freeBlocks] = (row as bigint[]).map(Number)
    return {
      dataBytes: blockSize! * totalBlocks!,
      freeBytes: blockSize! * freeBlocks!,
      walBytes: bytesOf(String(row![3])),
    }
  }

  get failed(): boolean {
    return this.#failed
  }

  walBytes(): number {
    return statSync(`${this.#file}.wal`, { throwIfNoEntry: false })?.size ?? 0
  }

  files(): readonly string[] {
    return [this.#file, `${this.#file}.wal`]
  }

  async checkpoint(): Promise<void> {
    try {
      await this.#writer.run('CHECKPOINT')
    } catch (error) {
      throw this.#failure(error)
    }
  }

  async deleteBefore(table: string, before: bigint): Promise<number> {
    let deleted = 0
    for (const part of partsOf(table, this.#parts).keys()) {
      deleted += await this.#change(`DELETE FROM ${partName(part)} WHERE "TimeGenerated" < ${before}`)
    }
    if (table !== PACKED_TABLE) return deleted
    for (const form of this.#packed.forms) deleted += await this.#change(deletePacked(form, before))
    return deleted
  }

  async sweep(): Promise<void> {
    this.#packed.forget()
    await this.#transaction(async () => {
      for (const form of this.#packed.forms) {
        for (const statement of sweepEntries(packedForm(form))) await this.#writer.run(statement)
      }
    })
  }

  async trimReceipts(): Promise<void> {
    await this.#change(
      `DELETE FROM auspex.receipt USING (SELECT source, max(to_position) AS last FROM auspex.receipt GROUP BY source) AS newest
       WHERE receipt.source = newest.source AND receipt.to_position < newest.last`,
    )
  }

  async exportTable(table: TableSchema, file: string, range: TickRange): Promise<number> {
    return this.#change(exportStatement(table, file, range))
  }

  async openExport(file: string): Promise<{ table: TableSchema; query: EngineQuery }> {
    const [row] = await this.#read(metadataStatement(file))
    return importQuery(file, row?.[0])
  }

  async check(): Promise<readonly string[]> {
    const faults: string[] = []
    for (const [part, columns] of this.#parts) {
      const strings = await this.#read(
        `SELECT column_name FROM duckdb_columns() WHERE schema_name = '${PARTS_SCHEMA}' AND table_name = $1 AND data_type = 'VARCHAR'`,
        [part],
      )
      const nulls = strings.map(([name]) => `count(*) FILTER (${quote(String(name))} IS NULL)`)
      const values = [...columns].map((name) => `bit_xor(hash(${quote(name)}))`)
      try {
        const sums = ['count(*)', `count(DISTINCT ${quote(ROW_ID)})`, ...nulls, ...values]
        const [row] = await this.#read(`SELECT ${sums.join(', ')} FROM ${partName(part)}`)
        if (row![0] !== row![1]) faults.push(`${part}: ${row![0]} rows have ${row![1]} different row ids`)
        for (const [at, [name]] of strings.entries()) {
          if (row![at + 2] !== 0n) faults.push(`${part}.${name}: ${row![at + 2]} strings are null`)
        }
      } catch (error) {
        faults.push(`${part}: ${(error as Error).message}`)
      }
    }
    for (const name of this.#packed.forms) {
      const form = packedForm(name)
      try {
        for (const { what, sql } of checkPacked(form, this.#packed.entryColumns)) {
          const [row] = await this.#read(sql)
          if (row![0] !== 0n) faults.push(`${PACKED_TABLE}, ${name}: ${row![0]} ${what}`)
        }
      } catch (error) {
        faults.push(`${PACKED_TABLE}, ${name}: ${(error as Error).message}`)
      }
    }
    return faults
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#writer.disconnectSync()
    this.#instance.closeSync()
  }

  /** Runs a statement beside the writer; the rows that it changed or wrote. */
  async #change(sql: string): Promise<number> {
    const connection = await this.#instance.connect()
    try {
      return (await connection.run(sql)).rowsChanged
    } catch (error) {
      throw this.#failure(error)
    } finally {
      connection.disconnectSync()
    }
  }

  #failure(error: unknown): StoreError {
    if (isFatal(error)) this.#failed = true
    return writeFailure(error, this.#directory)
  }

  /** Reads the store's own tables, beside whatever is being written. */
  async #read(sql: string, parameters: DuckDBValue[] = []): Promise<unknown[][]> {
    const connection = await this.#instance.connect()
    try {
      return (await connection.runAndReadAll(sql, parameters)).getRows()
    } finally {
      connection.disconnectSync()
    }
  }

  async #transaction(work: () => Promise<void>): Promise<void> {
    try {
      await inTransaction(this.#writer, work)
    } catch (error) {
      throw this.#failure(error)
    }
  }
}

function partsOf(
  table: string,
  parts: ReadonlyMap<string, ReadonlySet<string>>,
): Map<string, ReadonlySet<string>> {
  return new Map([...parts].filter(([part]) => tableOfPart(part) === table))
}

function columnTypes(appender: DuckDBAppender): DuckDBType[] {
  return Array.from({ length: appender.columnCount }, (_, index) => appender.columnType(index))
}

async function readRows(connection: DuckDBConnection, sql: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(sql)).getRows()
}

async function inTransaction(connection: DuckDBConnection, work: () => Promise<void>): Promise<void> {
  await connection.run('BEGIN TRANSACTION')
  try {
    await work()
    await connection.run('COMMIT')
  } catch (error) {
    // A failed commit has rolled back already; then this statement says so, and the first error is the one.
    await connection.run('ROLLBACK').catch(() => undefined)
    throw error
  }
}

const UNITS: Readonly<Record<string, number>> = {
  bytes: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
}

function bytesOf(text: string): number {
  const [number, unit] = text.split(' ')
  return Math.round(Number(number) * (UNITS[unit ?? ''] ?? 1))
}
