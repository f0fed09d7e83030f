/** What the query door answers, as it is on the wire. */
import type { KqlType, Render } from '@auspex/kql'

/** long, datetime, timespan and decimal are text (JSON has no such numbers); dynamic is JSON text; a null is null. */
export type Cell = string | number | boolean | null

export interface Column {
  readonly name: string
  readonly type: KqlType
}

export interface Statistics {
  /** Milliseconds. */
  readonly compileMs: number
  readonly executeMs: number
  readonly tables: readonly string[]
}

export interface QueryAnswer {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  /** There were more rows than the limit. */
  readonly truncated: boolean
  readonly render?: Render
  readonly statistics: Statistics
}

/** A row by column name, numbers as numbers: for tiles and lists, whose counts fit into a double. */
export type Row = Readonly<Record<string, Cell>>

export function rowsOf({ columns, rows }: QueryAnswer): Row[] {
  return rows.map((row) =>
    Object.fromEntries(
      columns.map(({ name, type }, i) => {
        const cell = row[i] ?? null
        return [name, type === 'long' && typeof cell === 'string' ? Number(cell) : cell]
      }),
    ),
  )
}

/** The value of a dynamic cell; undefined where it holds none. */
export function dynamicOf<T>(cell: Cell | undefined): T | undefined {
  if (typeof cell !== 'string' || cell === '') return undefined
  try {
    return JSON.parse(cell) as T
  } catch {
    return undefined
  }
}
