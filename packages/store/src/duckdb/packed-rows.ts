/**
 * Packed rows into DuckDB: the buffers that the log's reader made are copied into vectors as they are.
 *
 * Texts: all of a batch lie in one run of bytes, which is handed to DuckDB once. A `string_t` (see vectors.ts) of
 * more than 12 bytes is then a pointer into that run.
 *
 * Shared entries: each gets a number when it is first stored. A map from its text to its number finds it again; when
 * the map has grown large, or a transaction fails, it is forgotten, and an entry is stored a second time under
 * another number, which does no harm.
 */
import {
  ABSENT,
  ENTRY_SEPARATOR,
  type PackedForm,
  type PackedPart,
  type PackedRows,
  type Texts,
  VALUE_SEPARATOR,
} from '@auspex/auditd'
import { type DuckDBConnection, DuckDBDataChunk, VARCHAR } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import { ROW_ID } from '../schema.js'
import {
  createForm,
  type EntryColumns,
  entryKey,
  PACKED_SCHEMA,
  packedForm,
  rowColumns,
  widenEntry,
} from './packed-sql.js'
import { quote } from './types.js'
import { VECTOR_SIZE } from './vectors.js'

const MAX_KNOWN_ENTRIES = 50_000

/** Entries of one kind: which are stored, under which number. */
interface Known {
  readonly numbers: Map<string, number>
  next: number
  readonly columns: Set<string>
}

/** What has to be written of a batch, with the numbers of its entries. */
interface Prepared {
  readonly rows: PackedRows
  readonly form: PackedForm
  readonly entries: ReadonlyMap<string, { readonly numbers: Int32Array; readonly fresh: readonly Fresh[] }>
}

interface Fresh {
  readonly number: number
  readonly values: ReadonlyMap<string, string>
}

export class PackedTables {
  readonly #known: Map<string, Known>
  readonly #forms: Set<string>

  private constructor(known: Map<string, Known>, forms: Set<string>) {
    this.#known = known
    this.#forms = forms
  }

  static async load(connection: DuckDBConnection): Promise<PackedTables> {
    const rows = await connection.runAndReadAll(
      `SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = '${PACKED_SCHEMA}' ORDER BY table_oid, column_index`,
    )
    const known = new Map<string, Known>()
    const forms = new Set<string>()
    for (const [table, column] of rows.getRows() as string[][]) {
      if (!table!.includes('.')) forms.add(table!)
      else if (known.has(table!)) known.get(table!)!.columns.add(column!)
      else {
        const last = await connection.runAndReadAll(`SELECT max("id") FROM ${PACKED_SCHEMA}.${quote(table!)}`)
        const next = Number(last.getRows()[0]![0] ?? -1) + 1
        known.set(table!, { numbers: new Map(), next, columns: new Set() })
      }
    }
    return new PackedTables(known, forms)
  }

  get forms(): readonly string[] {
    return [...this.#forms]
  }

  get entryColumns(): EntryColumns {
    return new Map([...this.#known].map(([key, { columns }]) => [key, columns]))
  }

  /** Forgets which entries are stored: after a transaction that failed, or entries that were deleted. */
  forget(): void {
    for (const known of this.#known.values()) known.numbers.clear()
  }

  /** Numbers the entries of a batch. The statements make room for them; when they fail, nothing here holds any more. */
  prepare(part: PackedPart): { readonly prepared: Prepared[]; readonly statements: string[] } {
    const statements: string[] = []
    const prepared = part.rows.map((rows): Prepared => {
      const form = packedForm(rows.form)
      const isNew = !this.#forms.has(form.name)
      if (isNew) {
        statements.push(...createForm(form))
        for (const { name } of form.shared) {
          const key = entryKey(form.name, name)
          if (!this.#known.has(key)) this.#known.set(key, { numbers: new Map(), next: 0, columns: new Set() })
        }
        this.#forms.add(form.name)
      }
      const entries = new Map(
        [...rows.shared].map(([name, { list }]) => {
          const known = this.#known.get(entryKey(form.name, name))!
          if (known.numbers.size + list.length > MAX_KNOWN_ENTRIES) known.numbers.clear()
          const fresh: Fresh[] = []
          const numbers = Int32Array.from(list, (text) => {
            const number = known.numbers.get(text)
            if (number !== undefined) return number
            const values = valuesOf(text)
            known.numbers.set(text, known.next)
            fresh.push({ number: known.next, values })
            return known.next++
          })
          const missing = new Set(fresh.flatMap(({ values }) => [...values.keys()]))
          for (const column of known.columns) missing.delete(column)
          for (const column of missing) {
            statements.push(widenEntry(form.name, name, column))
            known.columns.add(column)
          }
          return [name, { numbers, fresh }]
        }),
      )
      return { rows, form, entries }
    })
    return { prepared, statements }
  }

  /** Appends what was prepared, within the writer's transaction. */
  async append(
    writer: DuckDBConnection,
    prepared: readonly Prepared[],
    texts: Texts,
    firstRowId: bigint,
    received: bigint,
  ): Promise<void> {
    const strings = new StringRun(texts)
    for (const { rows, form, entries } of prepared) {
      for (const [name, { fresh }] of entries) await this.#appendEntries(writer, form.name, name, fresh)
      await appendRows(writer, rows, form, entries, strings, Number(firstRowId), received)
    }
  }

  async #appendEntries(
    writer: DuckDBConnection,
    form: string,
    name: string,
    fresh: readonly Fresh[],
  ): Promise<void> {
    if (fresh.length === 0) return
    const columns = [...this.#known.get(entryKey(form, name))!.columns]
    const appender = await writer.createAppender(entryKey(form, name), PACKED_SCHEMA)
    try {
      const types = Array.from({ length: appender.columnCount }, (_, at) => appender.columnType(at))
      for (let from = 0; from < fresh.length; from += VECTOR_SIZE) {
        const part = fresh.slice(from, from + VECTOR_SIZE)
        const chunk = DuckDBDataChunk.create(types)
        chunk.rowCount = part.length
        chunk.setColumnValues(
          0,
          part.map(({ number }) => number),
        )
        for (const [at, column] of columns.entries()) {
          chunk.setColumnValues(
            at + 1,
            part.map(({ values }) => values.get(column) ?? ''),
          )
        }
        appender.appendDataChunk(chunk)
      }
      appender.flushSync()
    } finally {
      appender.closeSync()
    }
  }
}

function valuesOf(text: string): Map<string, string> {
  const values = new Map<string, string>()
  if (text === '') return values
  for (const part of text.split(ENTRY_SEPARATOR)) {
    const at = part.indexOf(VALUE_SEPARATOR)
    values.set(part.slice(0, at), part.slice(at + 1))
  }
  return values
}

/** The texts of a batch in DuckDB's memory, and a `string_t` for each. */
class StringRun {
  /** Four words a text. */
  readonly words: Uint32Array
  /** Keeps the run alive: its vector owns it. */
  readonly holder: DuckDBDataChunk

  constructor({ bytes, starts }: Texts) {
    this.holder = DuckDBDataChunk.create([VARCHAR], 1)
    const vector = duckdb.data_chunk_get_vector(this.holder.chunk, 0)
    // Longer than what a string_t holds itself, so that it has an address.
    const run = bytes.length > 16 ? bytes : Uint8Array.from({ length: 32 }, (_, at) => bytes[at] ?? 0x20)
    duckdb.vector_assign_string_element_len(vector, 0, run)
    const written = duckdb.vector_get_data(vector, 16)
    const address = new DataView(written.buffer, written.byteOffset, 16).getBigUint64(8, true)
    const count = starts.length - 1
    const memory = new ArrayBuffer(count * 16)
    this.words = new Uint32Array(memory)
    const all = new Uint8Array(memory)
    const low = Number(address & 0xffff_ffffn)
    const high = Number(address >> 32n)
    for (let i = 0; i < count; i++) {
      const start = starts[i]!
      const length = starts[i + 1]! - start
      this.words[i * 4] = length
      const inline = length <= 12 ? length : 4
      for (let at = 0; at < inline; at++) all[i * 16 + 4 + at] = bytes[start + at]!
      if (length <= 12) continue
      const place = low + start
      this.words[i * 4 + 2] = place
      this.words[i * 4 + 3] = high + (place > 0xffff_ffff ? 1 : 0)
    }
  }
}

const scratch = new ArrayBuffer(VECTOR_SIZE * 16)
const words = new Uint32Array(scratch)
const ints = new Int32Array(scratch)
const longs = new BigInt64Array(scratch)
const maskBuffer = new ArrayBuffer(VECTOR_SIZE / 8)
const mask = new Uint8Array(maskBuffer)
const ABSENT_HIGH = Number(ABSENT >> 32n)

async function appendRows(
  writer: DuckDBConnection,
  rows: PackedRows,
  form: PackedForm,
  entries: Prepared['entries'],
  strings: StringRun,
  firstRowId: number,
  received: bigint,
): Promise<void> {
  const columns = rowColumns(form)
  const appender = await writer.createAppender(form.name, PACKED_SCHEMA)
  try {
    const types = Array.from({ length: appender.columnCount }, (_, at) => appender.columnType(at))
    const chunk = DuckDBDataChunk.create(types)
    for (let from = 0; from < rows.rowCount; from += VECTOR_SIZE) {
      const count = Math.min(VECTOR_SIZE, rows.rowCount - from)
      chunk.reset()
      chunk.rowCount = count
      for (const [at, { name, kind }] of columns.entries()) {
        const vector = duckdb.data_chunk_get_vector(chunk.chunk, at)
        const copy = (buffer: ArrayBuffer, offset: number, size: number) =>
          duckdb.copy_data_to_vector(vector, 0, buffer, offset, size)
        if (kind === 'entry') {
          const { numbers } = entries.get(name)!
          const { index } = rows.shared.get(name)!
          for (let row = 0; row < count; row++) ints[row] = numbers[index[from + row]!]!
          copy(scratch, 0, count * 4)
        } else if (kind === 'text') {
          const column = rows.texts.get(name)!
          const low = new Int32Array(column.buffer, column.byteOffset)
          for (let row = 0, to = 0; row < count; row++) {
            let text = low[(from + row) * 2]! * 4
            words[to++] = strings.words[text++]!
            words[to++] = strings.words[text++]!
            words[to++] = strings.words[text++]!
            words[to++] = strings.words[text]!
          }
          copy(scratch, 0, count * 16)
        } else if (kind === 'number') {
          const column = rows.numbers.get(name)!
          copy(column.buffer, column.byteOffset + from * 8, count * 8)
          writeAbsent(vector, column, from, count)
        } else if (name === ROW_ID) {
          for (let row = 0; row < count; row++) {
            const id = firstRowId + rows.place[from + row]!
            words[row * 2] = id
            words[row * 2 + 1] = Math.floor(id / 2 ** 32)
          }
          copy(scratch, 0, count * 8)
        } else if (name === '_TimeReceived') {
          longs.fill(received, 0, count)
          copy(scratch, 0, count * 8)
        } else {
          const column = name === 'time' ? rows.time : rows.serial
          copy(column.buffer, column.byteOffset + from * 8, count * 8)
        }
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

/** Marks the numbers that are not there as null. */
function writeAbsent(
  vector: duckdb.Vector,
  column: BigInt64Array<ArrayBuffer>,
  from: number,
  count: number,
): void {
  const halves = new Int32Array(column.buffer, column.byteOffset + from * 8, count * 2)
  let absent = 0
  for (let row = 0; row < count; row++) {
    if (halves[row * 2 + 1] !== ABSENT_HIGH || halves[row * 2] !== 0) continue
    if (absent++ === 0) mask.fill(0xff)
    mask[row >> 3]! &= ~(1 << (row & 7))
  }
  if (absent === 0) return
  duckdb.vector_ensure_validity_writable(vector)
  duckdb.copy_data_to_vector_validity(vector, 0, maskBuffer, 0, maskBuffer.byteLength)
}
