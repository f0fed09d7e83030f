import type { Texts } from './plain/kernel.js'

/** What the readers hand out, and how a table of theirs is described. */

/**
 * Rows of one table by column: `columns.get(name)![i]` is row i's cell. An absent column, or `undefined` in
 * it, is the empty value.
 * - `string` cells are strings, `dynamic` cells strings of JSON
 * - `datetime` cells are numbers: milliseconds since 1970, exact
 * - `long` cells are integers
 */
export interface TableBatch {
  readonly table: string
  /** All rows, the packed ones included. */
  readonly rowCount: number
  /** Of the rows that are not packed. */
  readonly columns: ReadonlyMap<string, readonly unknown[]>
  readonly packed?: PackedPart
}

/** Rows of a batch in a form that can be stored as it is: see `PACKED_FORMS`. */
export interface PackedPart {
  readonly rows: readonly PackedRows[]
  /** The texts that `PackedRows.texts` has numbers of. */
  readonly texts: Texts
  /** Which rows of the batch those are that are not packed, in the order of their cells. */
  readonly others: Int32Array<ArrayBuffer>
}

export interface PackedRows {
  readonly form: string
  readonly rowCount: number
  /** Which rows of the batch these are. */
  readonly place: Int32Array<ArrayBuffer>
  /** Milliseconds since 1970. */
  readonly time: BigInt64Array<ArrayBuffer>
  readonly serial: BigInt64Array<ArrayBuffer>
  /** By slot: the numbers; `ABSENT` where the record has none. */
  readonly numbers: ReadonlyMap<string, BigInt64Array<ArrayBuffer>>
  /** By slot: the number of each row's text; 0 where the record has none. */
  readonly texts: ReadonlyMap<string, BigInt64Array<ArrayBuffer>>
  /** What rows have in common: the number of each row's entry in the list, and the list. */
  readonly shared: ReadonlyMap<
    string,
    { readonly index: Int32Array<ArrayBuffer>; readonly list: readonly string[] }
  >
}

export interface ColumnInfo {
  readonly name: string
  readonly type: 'string' | 'datetime' | 'long' | 'dynamic'
  readonly docstring: string
}

/** Something about the input that its reader should know of. */
export interface Problem {
  /** 1 is the first line that this reader read. */
  readonly line: number
  /** Offset of the line's first byte in the input. */
  readonly byte: number
  readonly reason: ProblemReason
  /** `late-record`: EventId of the event that was closed. */
  readonly event?: string
  /** `serials-missing`: the host and the first and last serial number that never came. */
  readonly host?: string
  readonly first?: number
  readonly last?: number
}

export type ProblemReason =
  /** The line is no audit record; it is a row with RecordType_s "UNPARSED". */
  | 'not-an-audit-record'
  /** The line is longer than `maxLineBytes`; its row is UNPARSED and holds its first `maxLineBytes` bytes. */
  | 'line-too-long'
  /** The last line has no newline, but reads as a record. */
  | 'no-newline-at-end'
  /** The last line has no newline and breaks off inside a value; its row is UNPARSED. */
  | 'torn-at-end'
  /** The record's event was closed before it came; it has its row, but the event's row does not know of it. */
  | 'late-record'
  /** Serial numbers of a host never came: events were lost, or taken out of the log. */
  | 'serials-missing'

/** Columns of a batch while it grows: arrays of one capacity, made when their first cell is set. */
export class BatchBuilder {
  readonly #table: string
  readonly #columns: readonly ColumnInfo[]
  readonly #capacity: number
  #cells: (unknown[] | undefined)[]
  rowCount = 0

  constructor(table: string, columns: readonly ColumnInfo[], capacity: number) {
    this.#table = table
    this.#columns = columns
    this.#capacity = capacity
    this.#cells = new Array(columns.length)
  }

  get full(): boolean {
    return this.rowCount >= this.#capacity
  }

  set(column: number, row: number, value: unknown): void {
    const cells = this.#cells[column]
    if (cells === undefined) this.#begin(column)[row] = value
    else cells[row] = value
  }

  #begin(column: number): unknown[] {
    const cells = new Array(this.#capacity)
    this.#cells[column] = cells
    return cells
  }

  get(column: number, row: number): unknown {
    const cells = this.#cells[column]
    return cells === undefined ? undefined : cells[row]
  }

  /** The rows so far; the builder is empty afterwards. */
  take(): TableBatch {
    const columns = new Map<string, unknown[]>()
    this.#cells.forEach((cells, column) => {
      if (cells === undefined) return
      cells.length = this.rowCount
      columns.set(this.#columns[column]!.name, cells)
    })
    const batch: TableBatch = { table: this.#table, rowCount: this.rowCount, columns }
    this.#cells = new Array(this.#columns.length)
    this.rowCount = 0
    return batch
  }
}
