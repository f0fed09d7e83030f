/**
 * Who ran which KQL: rows of the table QueryLog. They are gathered for a moment and stored together, because each
 * write to the store is a sync of the disk; what was asked shows up in the log a second later.
 */
import type { Store, TableBatch } from '@auspex/store'

export interface LoggedQuery {
  readonly user: string
  /** The door it came through: `api`, `log-analytics`, `kusto`, `cli`. */
  readonly client: string
  readonly text: string
  /** ms since 1970 */
  readonly time: number
  /** Ticks. */
  readonly timeRange?: { readonly from?: bigint; readonly to?: bigint }
  readonly durationMs: number
  readonly rows: number
  readonly truncated: boolean
  /** Undefined when it went well. */
  readonly errorCode?: string
  readonly correlationId: string
}

const GATHER_MS = 1000
const MOST = 500
const MAX_TEXT = 32_768

export class QueryLog {
  readonly #store: Pick<Store, 'append'>
  readonly #computer: string
  #waiting: LoggedQuery[] = []
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(store: Pick<Store, 'append'>, computer: string) {
    this.#store = store
    this.#computer = computer
  }

  add(query: LoggedQuery): void {
    this.#waiting.push(query)
    if (this.#waiting.length >= MOST) void this.flush()
    else this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS).unref()
  }

  /** Stores what was gathered. Never throws: a query must not fail because it could not be written down. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const queries = this.#waiting
    this.#waiting = []
    if (queries.length > 0) {
      const batch = batchOf(queries, this.#computer)
      this.#writing = this.#writing.then(() => this.#store.append([batch])).catch(() => {})
    }
    return this.#writing
  }
}

function batchOf(queries: readonly LoggedQuery[], computer: string): TableBatch {
  const column = (cell: (query: LoggedQuery) => unknown) => queries.map(cell)
  return {
    table: 'QueryLog',
    rowCount: queries.length,
    columns: new Map<string, unknown[]>([
      ['TimeGenerated', column((query) => query.time)],
      ['Computer', column(() => computer)],
      ['UserName', column((query) => query.user)],
      ['Client', column((query) => query.client)],
      ['QueryText', column((query) => query.text.slice(0, MAX_TEXT))],
      ['QueryTimeRangeStart', column((query) => query.timeRange?.from ?? null)],
      ['QueryTimeRangeEnd', column((query) => query.timeRange?.to ?? null)],
      ['Result', column((query) => (query.errorCode === undefined ? 'success' : 'failure'))],
      ['ErrorCode', column((query) => query.errorCode ?? '')],
      ['RowCount', column((query) => query.rows)],
      ['Truncated', column((query) => query.truncated)],
      ['DurationMs', column((query) => query.durationMs)],
      ['CorrelationId', column((query) => query.correlationId)],
    ]),
  }
}
