/**
 * The store: tables that widen, rows that arrive exactly once, queries beside them.
 *
 * A source says with each batch which part of itself it is. The rows and that receipt are one transaction,
 * and the receipt is what a batch that comes again is checked against: whatever is stopped between the
 * commit and the acknowledgement, the retry finds its rows stored and only gets the answer again.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { DUCKDB_PRELUDE } from '@auspex/kql'
import type { IngestBatch, SourcePosition, TableBatch } from './batch.js'
import { CommitQueue } from './commit-queue.js'
import { openDuckDB } from './duckdb/engine.js'
import type { Engine, Receipt, Rows, StoreSize, TableChange, TableStats } from './engine.js'
import {
  BatchError,
  PositionOverlapError,
  StoreAccessError,
  StoreClosedError,
  StoreDamagedError,
} from './errors.js'
import { lockStore } from './lock.js'
import { changeFor, checkBatch, place } from './placement.js'
import {
  type CompiledQuery,
  LimitedResult,
  type QueryOptions,
  type QueryResult,
  queryDeadline,
} from './query.js'
import type { DatabaseSchema, TableSchema } from './schema.js'
import { TABLES } from './tables/index.js'
import { ticksFromMs } from './ticks.js'

export interface OpenStoreOptions {
  /** Created when it is not there. */
  readonly directory: string
  /** ms since 1970 */
  readonly clock?: () => number
  /** Such as `512MB`: what the engine may hold in memory. */
  readonly memoryLimit?: string
  readonly threads?: number
  /** Such as `256MB`: the size of the write-ahead log at which it is folded into the database file. */
  readonly checkpointThreshold?: string
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

export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const directory = resolve(options.directory)
  const file = join(directory, DATABASE_FILE)
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new StoreAccessError(directory, (error as Error).message, error)
  }
  const unlock = lockStore(directory)
  try {
    if (!existsSync(file) && existsSync(`${file}.wal`)) {
      throw new StoreDamagedError(file, 'it is not there, but its write-ahead log is')
    }
    const engine = await openDuckDB({
      directory,
      file,
      memoryLimit: options.memoryLimit ?? '512MB',
      threads: options.threads ?? availableParallelism(),
      scratchDirectory: join(directory, 'scratch'),
      scratchLimit: '10GB',
      checkpointThreshold: options.checkpointThreshold ?? '256MB',
      prelude: DUCKDB_PRELUDE,
    })
    try {
      return await Store.load(engine, directory, options.clock ?? Date.now, unlock)
    } catch (error) {
      await engine.close()
      throw error
    }
  } catch (error) {
    unlock()
    throw error
  }
}

/** A batch on its way in: with a receipt when a source sent it, without one when the server made it. */
interface Incoming {
  readonly tables: readonly TableBatch[]
  readonly receipt?: {
    readonly source: string
    readonly from: bigint
    readonly to: bigint
    readonly note?: string
  }
}

export class Store {
  readonly directory: string
  readonly #engine: Engine
  readonly #clock: () => number
  readonly #unlock: () => void
  readonly #tables = new Map<string, TableSchema>()
  readonly #lastRows = new Map<string, bigint>()
  readonly #receipts = new Map<string, Receipt>()
  readonly #queue: CommitQueue<Incoming, IngestResult>
  readonly #running = new Set<AbortController>()
  #nextRowId = 1n
  #lastReceived = 0n
  #closed = false

  private constructor(engine: Engine, directory: string, clock: () => number, unlock: () => void) {
    this.#engine = engine
    this.directory = directory
    this.#clock = clock
    this.#unlock = unlock
    this.#queue = new CommitQueue((batches) => this.#commit(batches))
  }

  /** Use `openStore`. */
  static async load(
    engine: Engine,
    directory: string,
    clock: () => number,
    unlock: () => void,
  ): Promise<Store> {
    const store = new Store(engine, directory, clock, unlock)
    await store.#readCatalog()
    await store.#addDeclaredTables()
    for (const receipt of await engine.receipts()) {
      store.#receipts.set(receipt.source, receipt)
      store.#receivedNow(receipt.received)
    }
    for (const name of store.#tables.keys()) {
      const last = await engine.lastRow(name)
      store.#lastRows.set(name, last)
      if (last >= store.#nextRowId) store.#nextRowId = last + 1n
    }
    return store
  }

  schema(): DatabaseSchema {
    return { name: 'auspex', tables: [...this.#tables.values()] }
  }

  /**
   * Stores the rows and the receipt in one transaction. When it returns, they are on the disk. Sent again,
   * whole or from the beginning of what is stored, it answers `{ stored: false }`.
   */
  async ingest(batch: IngestBatch): Promise<IngestResult> {
    const { source, from, to, note } = batch
    if (source === '' || source.length > 1024)
      throw new BatchError('A source has a name of 1 to 1024 characters.')
    if (from < 0n || to < from || to > 2n ** 63n - 1n) {
      throw new BatchError(`Source ${source}: ${from} to ${to} is no range of positions.`)
    }
    const receipt = { source, from, to, ...(note === undefined ? {} : { note }) }
    return this.#enqueue({ tables: batch.tables, receipt })
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

  /** Finishes what is being written, stops what is being read, and lets go of the folder. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const query of this.#running) query.abort()
    await this.#queue.idle()
    await this.#engine.close()
    this.#unlock()
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
      return [{ ...receipt, note: receipt.note, rows: count, received: now }]
    })
    await this.#engine.write(rows, receipts)
    this.#nextRowId = nextRowId
    for (const part of rows) this.#lastRows.set(part.table.name, part.firstRowId + BigInt(part.rowCount) - 1n)
    for (const receipt of receipts) this.#receipts.set(receipt.source, receipt)
    return results
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
