/** Asks a rule's query for a window of time and for certain rows. Simulation and tests of rules ask the same way. */
import {
  type AheadLimit,
  type CompiledQuery,
  type CompileOptions,
  type DatabaseSchema,
  formatValue,
  type KqlValue,
  prepare,
  ticksToIso,
} from '@auspex/kql'
import { STATE_TABLES, type Store } from '@auspex/store'
import type { RunResult } from '../alerts/make.js'
import type { Row } from '../entities/extract.js'
import type { Compile } from './compile.js'

export interface AskingParts {
  readonly store: Pick<Store, 'query'>
  /** Tables and stored functions. */
  readonly schema: (query: string) => DatabaseSchema
  readonly compile: Compile
  readonly limits?: Partial<AskingLimits>
}

export interface AskingLimits {
  readonly maxRows: number
  readonly maxBytes: number
  readonly timeoutMs: number
}

export const ASKING_LIMITS: AskingLimits = { maxRows: 10_000, maxBytes: 128 << 20, timeoutMs: 120_000 }

/** Table to the rows (by row id, in the order of arrival) that a query may see. */
export type RowRanges = Readonly<Record<string, { readonly after?: bigint; readonly upTo: bigint }>>

/** Rows whose time lies more than an hour ahead of their arrival, and all others: what is not the one is the other. */
const HOUR = 36_000_000_000n
export const IN_TIME: AheadLimit = { atMost: HOUR }
export const FROM_THE_FUTURE: AheadLimit = { moreThan: HOUR }

/** What of the tables a query sees. */
export interface View {
  /** Event time, ticks; without `start` all of it. `now()` in the query is the end. */
  readonly start?: bigint
  readonly end: bigint
  readonly rows: RowRanges
  readonly ahead?: AheadLimit
}

export const optionsOf = ({ start, end, rows, ahead }: View) => ({
  now: end,
  ...(start === undefined ? {} : { timeRange: { from: start, to: end } }),
  rows,
  ...(ahead === undefined ? {} : { ahead }),
})

export interface Asked extends RunResult {
  readonly isTruncated: boolean
}

export class Asker {
  readonly #parts: AskingParts
  readonly #limits: AskingLimits

  constructor(parts: AskingParts) {
    this.#parts = parts
    this.#limits = { ...ASKING_LIMITS, ...parts.limits }
  }

  /** Compiles it; where its columns depend on the data, the data is asked. */
  compile(query: string, options: Omit<CompileOptions, 'schema'>): Promise<CompiledQuery> {
    const { compile, schema } = this.#parts
    const all = { ...options, schema: schema(query), untimed: STATE_TABLES }
    return prepare(query, all, (sql) => this.#column(sql), compile)
  }

  async #column(sql: string): Promise<(string | null)[]> {
    const columns = [{ name: 'value', type: 'string' as const }]
    const result = await this.#parts.store.query({ sql, parameters: [], columns }, this.#limits)
    return (await result.collect()).map(([value]) => value as string | null)
  }

  /** The values of a query that gives one column. */
  async values(query: Pick<CompiledQuery, 'sql' | 'parameters' | 'columns'>): Promise<unknown[]> {
    const { timeoutMs } = this.#limits
    const result = await this.#parts.store.query(query, { timeoutMs })
    return (await result.collect()).map(([value]) => value)
  }

  /** The rows that the query finds in what it sees. */
  async ask(query: string, view: View, signal?: AbortSignal): Promise<Asked> {
    const { start, end } = view
    const compiled = await this.compile(query, optionsOf(view))
    const result = await this.#parts.store.query(compiled, {
      ...this.#limits,
      ...(signal === undefined ? {} : { signal }),
    })
    const cells = await result.collect()
    const { columns } = compiled
    return {
      columns: columns.map(({ name }) => name),
      rows: cells.map(
        (row): Row =>
          new Map(columns.map(({ name, type }, i) => [name, formatValue(type, row[i] as KqlValue)])),
      ),
      rowCount: cells.length,
      isTruncated: result.truncated,
      start: ticksToIso(start ?? end),
      end: ticksToIso(end),
    }
  }
}
