import type { ColumnBatch, EngineQuery } from './engine.js'
import { QueryCancelledError, QueryTimeoutError } from './errors.js'
import type { ColumnSchema } from './schema.js'

export interface QueryOptions {
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
  /** Rows after which the result ends as truncated. */
  readonly maxRows?: number
  /** Bytes of values, about, after which the result ends as truncated. */
  readonly maxBytes?: number
}

/** What `compile()` of `@auspex/kql` returns, as far as it is needed here. */
export type CompiledQuery = EngineQuery

/** The rows of a query as they come. Read `batches` to the end, or leave the loop: both free the query. */
export interface QueryResult {
  readonly columns: readonly ColumnSchema[]
  readonly batches: AsyncIterable<ColumnBatch>
  /** Whether a limit ended the result; known when the batches are read. */
  readonly truncated: boolean
  /** All rows, a list of values each, in the order of `columns`. */
  collect(): Promise<unknown[][]>
}

/** One signal out of the caller's and the clock's; `done` must be called when the query is over. */
export function queryDeadline(options: QueryOptions): { signal: AbortSignal; done: () => void } {
  const controller = new AbortController()
  const cancel = () => controller.abort(new QueryCancelledError())
  const { signal, timeoutMs } = options
  if (signal?.aborted) cancel()
  signal?.addEventListener('abort', cancel)
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => controller.abort(new QueryTimeoutError(timeoutMs)), timeoutMs)
  return {
    signal: controller.signal,
    done: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
    },
  }
}

/** A result that ends at its limits. */
export class LimitedResult implements QueryResult {
  readonly columns: readonly ColumnSchema[]
  readonly batches: AsyncIterable<ColumnBatch>
  #truncated = false

  constructor(
    columns: readonly ColumnSchema[],
    batches: AsyncIterable<ColumnBatch>,
    limits: Pick<QueryOptions, 'maxRows' | 'maxBytes'>,
    done: () => void,
  ) {
    this.columns = columns
    this.batches = this.#read(batches, limits.maxRows ?? Infinity, limits.maxBytes ?? Infinity, done)
  }

  get truncated(): boolean {
    return this.#truncated
  }

  async collect(): Promise<unknown[][]> {
    const rows: unknown[][] = []
    for await (const batch of this.batches) {
      for (let row = 0; row < batch.rowCount; row++) rows.push(batch.columns.map((column) => column[row]))
    }
    return rows
  }

  async *#read(
    batches: AsyncIterable<ColumnBatch>,
    maxRows: number,
    maxBytes: number,
    done: () => void,
  ): AsyncGenerator<ColumnBatch> {
    let rows = 0
    let bytes = 0
    try {
      for await (const batch of batches) {
        const room = maxRows - rows
        const fits = maxBytes === Infinity ? batch.rowCount : rowsWithin(batch, maxBytes - bytes)
        const take = Math.min(batch.rowCount, room, fits)
        if (take < batch.rowCount) this.#truncated = true
        if (take > 0) yield take === batch.rowCount ? batch : cut(batch, take)
        if (this.#truncated) return
        rows += take
        if (maxBytes !== Infinity) bytes += bytesOf(batch, batch.rowCount)
      }
    } finally {
      done()
    }
  }
}

/** The same rows in batches of at least `rows` (but the last). */
export async function* rechunk(
  batches: AsyncIterable<ColumnBatch>,
  rows: number,
): AsyncGenerator<ColumnBatch> {
  let columns: unknown[][] = []
  let rowCount = 0
  for await (const batch of batches) {
    columns = batch.columns.map((column, index) => (columns[index] ?? []).concat(column))
    rowCount += batch.rowCount
    if (rowCount >= rows) {
      yield { rowCount, columns }
      columns = []
      rowCount = 0
    }
  }
  if (rowCount > 0) yield { rowCount, columns }
}

function cut(batch: ColumnBatch, rowCount: number): ColumnBatch {
  return { rowCount, columns: batch.columns.map((column) => column.slice(0, rowCount)) }
}

function rowsWithin(batch: ColumnBatch, budget: number): number {
  let left = budget
  for (let row = 0; row < batch.rowCount; row++) {
    for (const column of batch.columns) left -= sizeOf(column[row])
    if (left < 0) return row
  }
  return batch.rowCount
}

function bytesOf(batch: ColumnBatch, rowCount: number): number {
  let bytes = 0
  for (const column of batch.columns) {
    for (let row = 0; row < rowCount; row++) bytes += sizeOf(column[row])
  }
  return bytes
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' ? value.length : 8
}
