/**
 * The store: tables that widen, rows that arrive exactly once, queries beside them.
 *
 * A source says with each batch which part of itself it is. The rows and that receipt are one transaction,
 * and the receipt is what a batch that comes again is checked against: whatever is stopped between the
 * commit and the acknowledgement, the retry finds its rows stored and only gets the answer again.
 */
import { randomUUID } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { DUCKDB_PRELUDE } from '@auspex/kql'
import type { IngestBatch, ReplacedRows, SourcePosition, TableBatch } from './batch.js'
import { CommitQueue } from './commit-queue.js'
import { openDuckDB } from './duckdb/engine.js'
import type { Engine, Receipt, Rows, StoreSize, TableChange, TableStats, TickRange } from './engine.js'
import {
  BatchError,
  PositionOverlapError,
  StoreAccessError,
  StoreClosedError,
  StoreDamagedError,
  StoreError,
  StoreFullError,
} from './errors.js'
import { fingerprint } from './fingerprint.js'
import { freeSpace } from './free-space.js'
import { lockStore } from './lock.js'
import { copyFiles, expiry, expiryForSize, type Purged, type Retention, setAside } from './maintenance.js'
import { changeFor, checkBatch, place } from './placement.js'
import {
  type CompiledQuery,
  LimitedResult,
  type QueryOptions,
  type QueryResult,
  queryDeadline,
  rechunk,
} from './query.js'
import type { DatabaseSchema, TableSchema } from './schema.js'
import { STATE_TABLES, TABLES } from './tables/index.js'
import { msFromTicks, ticksFromMs } from './ticks.js'
import { Turns } from './turns.js'

export interface OpenStoreOptions {
  /** Created when it is not there. */
  readonly directory: string
  /** ms since 1970 */
  readonly clock?: () => number
  /** Such as `512MB`: what the engine may hold in memory. */
  readonly memoryLimit?: string
  readonly threads?: number
  /**
   * The size of the write-ahead log at which it is folded into the database file. Each time, the newest rows
   * are compressed anew: a small one costs work, a large one costs time at the next start.
   */
  readonly checkpointBytes?: number
  /** Room on the disk that is left for queries and checkpoints: with less, batches are refused. */
  readonly reserveBytes?: number
  /** Queries that compute at the same time; others wait. Two leave threads of Node's pool to the writer. */
  readonly concurrentQueries?: number
}

export interface IngestResult {
  /** False when the receipt says that it is stored already. */
  readonly stored: boolean
  readonly rows: number
}

export interface StoreStats extends StoreSize {
  readonly directory: string
  readonly engine: string
  readonly tables: readonly TableStats[]
  readonly sources: number
}

/** The database file inside the store's folder. */
export const DATABASE_FILE = 'store.duckdb'
/** The folder inside the store's that exports and imports pass through. */
const EXCHANGE_DIRECTORY = 'exchange'
const MIB = 2 ** 20
const IMPORT_ROWS = 16_384

interface Loaded {
  readonly engine: Engine
  /** Opens the engine anew after it failed. */
  readonly open: () => Promise<Engine>
  readonly directory: string
  readonly clock: () => number
  readonly unlock: () => void
  readonly checkpointBytes: number
  readonly reserveBytes: number
}

export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const directory = resolve(options.directory)
  makeDirectory(directory)
  const unlock = lockStore(directory)
  try {
    const open = () => openEngine(directory, options)
    const engine = await open()
    try {
      return await Store.load({
        engine,
        open,
        directory,
        clock: options.clock ?? Date.now,
        unlock,
        checkpointBytes: options.checkpointBytes ?? 256 * MIB,
        reserveBytes: options.reserveBytes ?? 256 * MIB,
      })
    } catch (error) {
      await engine.close()
      throw error
    }
  } catch (error) {
    unlock()
    throw error
  }
}

async function openEngine(directory: string, options: OpenStoreOptions): Promise<Engine> {
  const file = join(directory, DATABASE_FILE)
  if (!existsSync(file) && existsSync(`${file}.wal`)) {
    throw new StoreDamagedError(file, 'it is not there, but its write-ahead log is')
  }
  const exchangeDirectory = join(directory, EXCHANGE_DIRECTORY)
  makeDirectory(exchangeDirectory)
  return openDuckDB({
    directory,
    file,
    memoryLimit: options.memoryLimit ?? '512MB',
    threads: options.threads ?? availableParallelism(),
    concurrentQueries: options.concurrentQueries ?? 2,
    scratchDirectory: join(directory, 'scratch'),
    scratchLimit: '10GB',
    exchangeDirectory,
    prelude: DUCKDB_PRELUDE,
  })
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    accessSync(directory, constants.W_OK)
  } catch (error) {
    throw new StoreAccessError(directory, (error as Error).message, error)
  }
}

/**
 * Puts the files of a backup in the place of the store's. What was there stays beside them under another
 * name. No process may have the store open.
 * @returns the new names of what was there
 */
export async function restoreStore(options: {
  readonly backup: string
  readonly directory: string
  readonly clock?: () => number
}): Promise<{ readonly aside: readonly string[] }> {
  const directory = resolve(options.directory)
  const source = join(resolve(options.backup), DATABASE_FILE)
  if (!existsSync(source)) {
    throw new StoreError(
      'no-backup',
      `There is no backup in ${options.backup}: ${DATABASE_FILE} is not in it.`,
    )
  }
  makeDirectory(directory)
  const unlock = lockStore(directory)
  try {
    const file = join(directory, DATABASE_FILE)
    const aside = setAside([file, `${file}.wal`], (options.clock ?? Date.now)())
    await copyFiles([source, `${source}.wal`], directory)
    return { aside }
  } finally {
    unlock()
  }
}

/** A batch on its way in: with a receipt when a source sent it, without one when the server made it. */
interface Incoming {
  readonly tables: readonly TableBatch[]
  readonly replaces?: readonly ReplacedRows[]
  readonly receipt?: {
    readonly source: string
    readonly from: bigint
    readonly to: bigint
    readonly note?: string
  }
}

export class Store {
  readonly directory: string
  /** Batches may have `packed` rows. */
  readonly takesPacked = true
  readonly #loaded: Loaded
  readonly #clock: () => number
  readonly #tables = new Map<string, TableSchema>()
  readonly #lastRows = new Map<string, bigint>()
  readonly #receipts = new Map<string, Receipt>()
  readonly #queue: CommitQueue<Incoming, IngestResult>
  readonly #writes = new Turns()
  /** Held by whoever changes the database file, or needs it not to change. */
  readonly #file = new Turns()
  readonly #running = new Set<AbortController>()
  #engine: Engine
  #nextRowId = 1n
  #lastReceived = 0n
  #closed = false

  private constructor(loaded: Loaded) {
    this.#loaded = loaded
    this.#engine = loaded.engine
    this.directory = loaded.directory
    this.#clock = loaded.clock
    this.#queue = new CommitQueue((batches) => this.#writes.take(() => this.#commit(batches)))
  }

  /** Use `openStore`. */
  static async load(loaded: Loaded): Promise<Store> {
    const store = new Store(loaded)
    await store.#readCatalog()
    await store.#addDeclaredTables()
    await store.#readPositions()
    return store
  }

  async #readPositions(): Promise<void> {
    for (const receipt of await this.#engine.receipts()) {
      this.#receipts.set(receipt.source, receipt)
    }
    for (const name of this.#tables.keys()) {
      const { rowId, received } = await this.#engine.newest(name)
      this.#lastRows.set(name, rowId)
      if (rowId >= this.#nextRowId) this.#nextRowId = rowId + 1n
      if (received > this.#lastReceived) this.#lastReceived = received
    }
  }

  schema(): DatabaseSchema {
    return { name: 'auspex', tables: [...this.#tables.values()] }
  }

  /**
   * Stores the rows and the receipt in one transaction. When it returns, they are on the disk. Sent again,
   * whole or from the beginning of what is stored, it answers `{ stored: false }`.
   */
  async ingest(batch: IngestBatch): Promise<IngestResult> {
    const { source, from, to, note, replaces = [] } = batch
    if (source === '' || source.length > 1024)
      throw new BatchError('A source has a name of 1 to 1024 characters.')
    if (from < 0n || to < from || to > 2n ** 63n - 1n) {
      throw new BatchError(`Source ${source}: ${from} to ${to} is no range of positions.`)
    }
    const receipt = { source, from, to, ...(note === undefined ? {} : { note }) }
    for (const { table, column } of replaces) {
      const type = this.#tables.get(table)?.columns.find(({ name }) => name === column)?.type
      if (type !== 'string')
        throw new BatchError(`Table ${table} has no string column ${column} to replace rows by.`)
    }
    return this.#enqueue({ tables: batch.tables, replaces, receipt })
  }

  /** Stores rows that the server itself makes; they have no receipt. */
  async append(tables: readonly TableBatch[]): Promise<void> {
    await this.#enqueue({ tables })
  }

  /** Where a source stands: it resumes there. */
  async position(source: string): Promise<SourcePosition | undefined> {
    const receipt = this.#receipts.get(source)
    return receipt && positionOf(receipt)
  }

  async sources(): Promise<readonly SourcePosition[]> {
    return [...this.#receipts.values()].map(positionOf)
  }

  /** The greatest `_RowId` that is committed in the table, 0n when it is empty. */
  async lastRow(table: string): Promise<bigint> {
    this.#assertOpen()
    return this.#lastRows.get(table) ?? 0n
  }

  async query(query: CompiledQuery, options: QueryOptions = {}): Promise<QueryResult> {
    this.#assertOpen()
    if (this.#engine.failed)
      await this.#writes.take(async () => {
        if (this.#engine.failed) await this.#reopen()
      })
    const closing = new AbortController()
    const signal = options.signal ? AbortSignal.any([options.signal, closing.signal]) : closing.signal
    const deadline = queryDeadline({ ...options, signal })
    this.#running.add(closing)
    const done = () => {
      deadline.done()
      this.#running.delete(closing)
    }
    try {
      const result = await this.#engine.query(query, deadline.signal)
      return new LimitedResult(query.columns, result.batches, options, done)
    } catch (error) {
      done()
      throw error
    }
  }

  async stats(): Promise<StoreStats> {
    this.#assertOpen()
    const [tables, size] = [await this.#engine.tableStats(), await this.#engine.size()]
    return {
      directory: this.directory,
      engine: this.#engine.name,
      tables,
      sources: this.#receipts.size,
      ...size,
    }
  }

  /** Deletes what the retention does not keep, beside ingest and queries, and gives its room free. */
  async purge(retention: Retention): Promise<readonly Purged[]> {
    this.#assertOpen()
    const now = ticksFromMs(this.#clock())
    const forSize =
      retention.maxBytes === undefined ? undefined : await this.#expiryForSize(retention.maxBytes)
    const purged: Purged[] = []
    for (const table of this.#tables.keys()) {
      if (STATE_TABLES.includes(table)) continue
      const limits = [expiry(retention, table, now), forSize].filter((limit) => limit !== undefined)
      if (limits.length === 0) continue
      const before = limits.reduce((a, b) => (a > b ? a : b))
      const rows = await this.#engine.deleteBefore(table, before)
      if (rows > 0) purged.push({ table, rows })
    }
    await this.#engine.trimReceipts()
    await this.#writes.take(() => this.#engine.sweep())
    await this.compact()
    return purged
  }

  async #expiryForSize(maxBytes: number): Promise<bigint | undefined> {
    const { dataBytes, freeBytes, walBytes, tables } = await this.stats()
    return expiryForSize(tables, dataBytes - freeBytes + walBytes, maxBytes)
  }

  /** Folds the write-ahead log into the database file, and frees what deleted rows took. */
  async compact(): Promise<void> {
    this.#assertOpen()
    await this.#writes.take(() => this.#file.take(() => this.#engine.checkpoint()))
  }

  /** Reads every stored value, and says what is not in order: nothing, when all is well. */
  async check(): Promise<readonly string[]> {
    this.#assertOpen()
    return this.#engine.check()
  }

  /**
   * Copies the store into a folder while it works; ingest and queries go on. What was acknowledged before
   * the call is in the copy. `restoreStore` puts it back.
   */
  async backup(directory: string): Promise<{ readonly bytes: number }> {
    this.#assertOpen()
    return this.#file.take(async () => ({ bytes: await copyFiles(this.#engine.files(), resolve(directory)) }))
  }

  /**
   * Writes a table to a Parquet file that any other program reads: datetimes as timestamps, dynamic as JSON.
   * @param range of `TimeGenerated`, in ticks
   */
  async export(table: string, file: string, range: TickRange = {}): Promise<{ readonly rows: number }> {
    this.#assertOpen()
    const schema = this.#tables.get(table)
    if (!schema) throw new BatchError(`There is no table ${table}.`)
    const passing = this.#passingFile()
    try {
      const rows = await this.#engine.exportTable(schema, passing, range)
      await copyFile(passing, resolve(file))
      return { rows }
    } finally {
      await rm(passing, { force: true })
    }
  }

  /** Takes the rows of a file that `export` wrote; begun again, it goes on where it stopped. */
  async import(file: string): Promise<{ readonly table: string; readonly rows: number }> {
    this.#assertOpen()
    const source = `parquet:${await fingerprint(file)}`
    const passing = this.#passingFile()
    await copyFile(resolve(file), passing)
    try {
      const { table, query } = await this.#engine.openExport(passing)
      const types = new Map(table.columns.map((column) => [column.name, column.type]))
      const result = await this.query(query)
      let rows = 0
      let position = 0n
      for await (const part of rechunk(result.batches, IMPORT_ROWS)) {
        const to = position + BigInt(part.rowCount)
        const columns = new Map(table.columns.map((column, index) => [column.name, part.columns[index]!]))
        const batch = { table: table.name, rowCount: part.rowCount, columns, types }
        rows += (await this.ingest({ source, from: position, to, tables: [batch] })).rows
        position = to
      }
      return { table: table.name, rows }
    } finally {
      await rm(passing, { force: true })
    }
  }

  #passingFile(): string {
    return join(this.directory, EXCHANGE_DIRECTORY, `${randomUUID()}.parquet`)
  }

  /** Finishes what is being written, stops what is being read, and lets go of the folder. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const query of this.#running) query.abort()
    await this.#queue.idle()
    await this.#writes.take(() => this.#file.take(() => this.#engine.close()))
    this.#loaded.unlock()
  }

  async #enqueue(incoming: Incoming): Promise<IngestResult> {
    this.#assertOpen()
    let rows = 0
    for (const batch of incoming.tables) {
      checkBatch(batch)
      rows += batch.rowCount
    }
    return this.#queue.add(incoming, rows)
  }

  async #commit(group: readonly Incoming[]): Promise<readonly IngestResult[]> {
    await this.#prepareToWrite()
    const now = this.#clock()
    const positions = new Map<string, bigint>()
    const fresh: Incoming[] = []
    const results = group.map((incoming): IngestResult => {
      if (incoming.receipt && this.#isCovered(incoming.receipt, positions)) return { stored: false, rows: 0 }
      fresh.push(incoming)
      return { stored: true, rows: incoming.tables.reduce((sum, batch) => sum + batch.rowCount, 0) }
    })
    if (fresh.length === 0) return results
    const batches = fresh.flatMap((incoming) => incoming.tables).filter((batch) => batch.rowCount > 0)
    await this.#widen(batches)
    const received = this.#receivedNow(now)
    let nextRowId = this.#nextRowId
    const rows = batches.map((batch): Rows => {
      const placed = place(this.#tables.get(batch.table)!, batch, nextRowId, received)
      nextRowId += BigInt(batch.rowCount)
      return placed
    })
    const receipts = fresh.flatMap(({ receipt, tables }): Receipt[] => {
      if (!receipt) return []
      const count = tables.reduce((sum, batch) => sum + batch.rowCount, 0)
      return [{ ...receipt, note: receipt.note, rows: count, received: msFromTicks(received) }]
    })
    await this.#engine.write(
      rows,
      receipts,
      fresh.flatMap(({ replaces }) => replaces ?? []),
    )
    this.#nextRowId = nextRowId
    for (const [i, { table, firstRowId }] of rows.entries()) {
      this.#lastRows.set(table.name, firstRowId + BigInt(batches[i]!.rowCount) - 1n)
    }
    for (const receipt of receipts) this.#receipts.set(receipt.source, receipt)
    await this.#checkpointWhenDue()
    return results
  }

  async #prepareToWrite(): Promise<void> {
    if (this.#engine.failed) await this.#reopen()
    if (freeSpace(this.directory) < this.#loaded.reserveBytes) throw new StoreFullError(this.directory)
  }

  /** After an error that DuckDB does not go on from: what was committed is in the file and its log. */
  async #reopen(): Promise<void> {
    await this.#file.take(async () => {
      await this.#engine.close()
      this.#engine = await this.#loaded.open()
    })
    await this.#readCatalog()
    await this.#readPositions()
  }

  /**
   * The rows are committed and durable already: a checkpoint that fails refuses nothing. The engine is then
   * opened anew by whoever needs it next.
   */
  async #checkpointWhenDue(): Promise<void> {
    const wal = this.#engine.walBytes()
    if (wal < this.#loaded.checkpointBytes) return
    if (freeSpace(this.directory) < wal + this.#loaded.reserveBytes / 2) return
    await this.#file.take(() => this.#engine.checkpoint()).catch(() => undefined)
  }

  /** @param ahead positions that this transaction is about to reach */
  #isCovered(receipt: { source: string; from: bigint; to: bigint }, ahead: Map<string, bigint>): boolean {
    const stored = ahead.get(receipt.source) ?? this.#receipts.get(receipt.source)?.to
    if (stored !== undefined) {
      if (receipt.to <= stored && receipt.from < stored) return true
      if (receipt.to === stored && receipt.from === stored) return false
      if (receipt.from < stored) {
        throw new PositionOverlapError(receipt.source, receipt.from, receipt.to, stored)
      }
    }
    ahead.set(receipt.source, receipt.to)
    return false
  }

  async #widen(batches: readonly TableBatch[]): Promise<void> {
    for (const batch of batches) {
      const stored = this.#tables.get(batch.table)
      if (!stored) this.#refuseTwin(batch.table)
      const change = changeFor(stored, batch)
      if (change) await this.#alter([change])
    }
  }

  /** The engine does not tell names apart by case; two tables must not become one. */
  #refuseTwin(name: string): void {
    const twin = [...this.#tables.keys()].find((known) => known.toLowerCase() === name.toLowerCase())
    if (twin) throw new BatchError(`There is a table ${twin}; ${name} differs from it only in case.`)
  }

  async #addDeclaredTables(): Promise<void> {
    const changes = TABLES.flatMap((declared): TableChange[] => {
      const stored = this.#tables.get(declared.name)
      if (!stored)
        return [{ table: declared.name, docstring: declared.docstring ?? '', add: declared.columns }]
      const names = new Set(stored.columns.map((column) => column.name.toLowerCase()))
      const add = declared.columns.filter((column) => !names.has(column.name.toLowerCase()))
      return add.length > 0 ? [{ table: declared.name, add }] : []
    })
    if (changes.length > 0) await this.#alter(changes)
  }

  async #alter(changes: readonly TableChange[]): Promise<void> {
    await this.#engine.alter(changes)
    await this.#readCatalog()
  }

  async #readCatalog(): Promise<void> {
    this.#tables.clear()
    for (const table of await this.#engine.tables()) this.#tables.set(table.name, table)
  }

  /** `_TimeReceived` never goes back, also when the clock does: what came later is never hidden behind it. */
  #receivedNow(now: number): bigint {
    const ticks = ticksFromMs(now)
    if (ticks > this.#lastReceived) this.#lastReceived = ticks
    return this.#lastReceived
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreClosedError()
  }
}

function positionOf(receipt: Receipt): SourcePosition {
  return {
    source: receipt.source,
    to: receipt.to,
    ...(receipt.note === undefined ? {} : { note: receipt.note }),
    updated: receipt.received,
  }
}
