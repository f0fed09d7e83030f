import type { PackedPart } from '@auspex/auditd'
import type { KqlType } from './schema.js'

/**
 * Rows of one table, by column.
 *
 * Cells: `string` string; `long`/`int`/`timespan` number or bigint; `real` number; `bool` boolean;
 * `datetime` number (ms since 1970, fractions kept to 100 ns) or bigint (ticks since 0001-01-01); `dynamic`
 * JSON text; `guid` and `decimal` text. `undefined`, `null` or a column that is not there is the type's
 * empty value: `''` for string, null for the others.
 *
 * Columns that the table does not have are added to it. `types` says their types; without it the suffix
 * (`_s`, `_d`, `_b`, `_t`, `_g`) or the cells decide.
 */
export interface TableBatch {
  readonly table: string
  readonly rowCount: number
  readonly columns: ReadonlyMap<string, readonly unknown[]>
  readonly types?: ReadonlyMap<string, KqlType>
  /** Rows in the form in which they are stored; `rowCount` counts them, `columns` have the cells of the others. */
  readonly packed?: PackedPart
}

/**
 * What a source has delivered: everything of `source` from `from` up to, not including, `to`.
 * A file's source is its identity and its positions are bytes; a client's is its request, from 0 to 1.
 */
export interface IngestBatch {
  readonly source: string
  readonly from: bigint
  readonly to: bigint
  readonly tables: readonly TableBatch[]
  /** JSON that the source wants back when it resumes. */
  readonly note?: string
  /** Rows that these rows replace. */
  readonly replaces?: readonly ReplacedRows[]
}

/**
 * Rows that a batch writes anew: they are deleted in its transaction, before its own are written. For tables that have
 * one row a thing, such as a session that goes on.
 */
export interface ReplacedRows {
  readonly table: string
  /** A string column that the table has. */
  readonly column: string
  readonly values: readonly string[]
  /** Where those rows lie: ticks of `TimeGenerated`, from `from` up to `to`. Only there are they looked for. */
  readonly range?: { readonly from?: bigint; readonly to?: bigint }
}

export interface SourcePosition {
  readonly source: string
  readonly to: bigint
  readonly note?: string
  /** ms since 1970 */
  readonly updated: number
}
