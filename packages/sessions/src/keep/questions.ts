/** Asks the store in KQL, and gives rows by column or as objects. */
import type { CompiledQuery, CompileOptions, DatabaseSchema } from '@auspex/kql'
import type { Store } from '@auspex/store'

/** KQL to SQL, in this process or another. */
export type Compile = (text: string, options: CompileOptions) => Promise<CompiledQuery>

export interface QuestionParts {
  readonly store: Pick<Store, 'query'>
  /** All that queries may see; the same object as long as it does not change. */
  readonly schema: () => DatabaseSchema
  readonly compile: Compile
  /** The time now, in ticks. */
  readonly now: () => bigint
}

export interface NamedBatch {
  readonly rowCount: number
  readonly columns: ReadonlyMap<string, readonly unknown[]>
}

export type RowRange = { readonly after?: bigint; readonly upTo: bigint }

const UNIX_EPOCH_TICKS = 621_355_968_000_000_000n
const TIMEOUT_MS = 600_000

/** A datetime cell in milliseconds since 1970. */
export function milliseconds(cell: unknown): number {
  return Number((cell as bigint) - UNIX_EPOCH_TICKS) / 10_000
}

/** A time as a KQL literal. */
export const datetime = (time: number): string => `datetime(${new Date(time).toISOString()})`

/** A text as a KQL literal. */
export const text = (value: string): string => JSON.stringify(value)

export const list = (values: Iterable<string>): string => [...values].map(text).join(', ')

export class Questions {
  readonly #parts: QuestionParts

  constructor(parts: QuestionParts) {
    this.#parts = parts
  }

  /** @param rows by table, the rows (by row id) that the query may see */
  async *batches(
    kql: string,
    rows: Readonly<Record<string, RowRange>> = {},
    signal?: AbortSignal,
  ): AsyncGenerator<NamedBatch> {
    const { store, schema, compile, now } = this.#parts
    const compiled = await compile(kql, { schema: schema(), now: now(), rows })
    const result = await store.query(compiled, {
      timeoutMs: TIMEOUT_MS,
      ...(signal === undefined ? {} : { signal }),
    })
    for await (const { rowCount, columns } of result.batches) {
      yield { rowCount, columns: new Map(compiled.columns.map(({ name }, i) => [name, columns[i]!])) }
    }
  }

  async rows(
    kql: string,
    rows: Readonly<Record<string, RowRange>> = {},
    signal?: AbortSignal,
  ): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = []
    for await (const { rowCount, columns } of this.batches(kql, rows, signal)) {
      for (let i = 0; i < rowCount; i++) {
        found.push(Object.fromEntries([...columns].map(([name, cells]) => [name, cells[i]])))
      }
    }
    return found
  }
}
