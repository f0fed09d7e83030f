/**
 * Cells into DuckDB's vectors, by memory layout instead of by call.
 *
 * A vector holds up to 2048 values of one column. The binding's own setters cross from JavaScript to C once
 * a value; an audit table has some 200 columns, nearly all of them empty in any one row, and those crossings
 * would be most of the ingest time. So a whole vector is laid out in a scratch buffer and copied at once:
 * - numbers as they are in memory
 * - a string as DuckDB's 16-byte `string_t`: u32 length, then for up to 12 bytes the bytes themselves (so
 *   sixteen zeros are the empty string); longer ones are given one by one by a call that copies them into
 *   the vector's own heap, and a repetition of one takes over the 16 bytes of the first, pointer and all
 * - nulls as a bit mask, 1 for valid
 */
import type { DuckDBDataChunk } from '@duckdb/node-api'
import duckdb, { type Vector } from '@duckdb/node-bindings'
import type { Cells } from '../engine.js'
import { BatchError } from '../errors.js'
import { isGuid, type KqlType } from '../schema.js'
import { ticksFromMs } from '../ticks.js'

export const VECTOR_SIZE = 2048
const INLINE_BYTES = 12

const scratch = new ArrayBuffer(VECTOR_SIZE * 16)
const bytes = new Uint8Array(scratch)
const words = new Uint32Array(scratch)
const int32s = new Int32Array(scratch)
const int64s = new BigInt64Array(scratch)
const uint64s = new BigUint64Array(scratch)
const doubles = new Float64Array(scratch)
const maskBuffer = new ArrayBuffer(VECTOR_SIZE / 8)
const mask = new Uint8Array(maskBuffer)
const utf8 = new TextEncoder()
const zeros = new ArrayBuffer(VECTOR_SIZE * 16)

/** Where a cell stands, for messages. */
export interface Place {
  readonly table: string
  readonly column: string
}

/** Cells of a column, and which of them: all in order, or those of `index`. */
export interface Source {
  readonly cells: Cells
  readonly index: Int32Array | undefined
}

/** Writes `count` rows, beginning with the `from`th of the source, into vector `at` of the chunk. */
export function writeColumn(
  chunk: DuckDBDataChunk,
  at: number,
  type: KqlType,
  source: Source | undefined,
  from: number,
  count: number,
  place: Place,
): void {
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, at)
  const cells = source && gather(source, from, count)
  if (type === 'string') {
    if (cells) writeStrings(vector, cells, count, place)
    else duckdb.copy_data_to_vector(vector, 0, zeros, 0, count * 16)
  } else if (cells) {
    writeNullable(vector, type, cells, count, place)
  } else {
    duckdb.copy_data_to_vector(vector, 0, zeros, 0, count * WIDTHS[type])
    mask.fill(0)
    writeMask(vector)
  }
}

/** Row ids: `first` plus the row's place in the batch, which is its number where there are no `places`. */
export function writeRowIds(
  chunk: DuckDBDataChunk,
  first: bigint,
  places: Int32Array | undefined,
  index: Int32Array | undefined,
  from: number,
  count: number,
): void {
  for (let row = 0; row < count; row++) {
    const number = index ? index[from + row]! : from + row
    int64s[row] = first + BigInt(places ? places[number]! : number)
  }
  duckdb.copy_data_to_vector(duckdb.data_chunk_get_vector(chunk.chunk, 0), 0, scratch, 0, count * 8)
}

const gathered: unknown[] = new Array(VECTOR_SIZE).fill(undefined)

/** The cells of one vector in a list that is used again; undefined when there is none. */
function gather(source: Source, from: number, count: number): readonly unknown[] | undefined {
  const { cells, index } = source
  if (cells === undefined) return undefined
  if ('all' in cells) return gathered.fill(cells.all, 0, count)
  if (index) for (let row = 0; row < count; row++) gathered[row] = cells[index[from + row]!]
  else for (let row = 0; row < count; row++) gathered[row] = cells[from + row]
  return gathered
}

const WIDTHS: Readonly<Record<Exclude<KqlType, 'string'>, number>> = {
  bool: 1,
  datetime: 8,
  dynamic: 16,
  int: 4,
  long: 8,
  real: 8,
  guid: 16,
  decimal: 16,
  timespan: 8,
}

function writeStrings(vector: Vector, cells: readonly unknown[], count: number, place: Place): void {
  words.fill(0, 0, count * 4)
  const long = new LongStrings()
  for (let row = 0; row < count; row++) {
    const value = cells[row]
    if (value === undefined || value === '' || value === null) continue
    if (typeof value === 'string') layOut(row, value, long)
    else if (typeof value === 'object') throw wrongCell(place, 'string', value)
    else layOut(row, String(value), long)
  }
  duckdb.copy_data_to_vector(vector, 0, scratch, 0, count * 16)
  long.assign(vector, count)
}

/** Puts a short string in its place in the scratch buffer, or remembers a long one. */
function layOut(row: number, text: string, long: LongStrings): void {
  const length = text.length
  if (length > INLINE_BYTES) {
    long.add(row, text)
    return
  }
  const start = row * 16 + 4
  for (let at = 0; at < length; at++) {
    const unit = text.charCodeAt(at)
    if (unit > 0x7f) {
      layOutEncoded(row, text, long)
      return
    }
    bytes[start + at] = unit
  }
  words[row * 4] = length
}

function layOutEncoded(row: number, text: string, long: LongStrings): void {
  const start = row * 16 + 4
  const encoded = utf8.encode(text)
  bytes.fill(0, start, start + INLINE_BYTES)
  if (encoded.length > INLINE_BYTES) {
    long.add(row, text)
    return
  }
  bytes.set(encoded, start)
  words[row * 4] = encoded.length
}

/** Strings that do not fit into a `string_t`: each distinct one crosses over once. */
class LongStrings {
  readonly #firstRows = new Map<string, number>()
  readonly #repeats: number[] = []

  add(row: number, text: string): void {
    const first = this.#firstRows.get(text)
    if (first === undefined) this.#firstRows.set(text, row)
    else this.#repeats.push(row, first)
  }

  assign(vector: Vector, count: number): void {
    for (const [text, row] of this.#firstRows) duckdb.vector_assign_string_element(vector, row, text)
    const repeats = this.#repeats
    if (repeats.length === 0) return
    const written = duckdb.vector_get_data(vector, count * 16)
    uint64s.set(new BigUint64Array(written.buffer, written.byteOffset, count * 2))
    for (let at = 0; at < repeats.length; at += 2) {
      const row = repeats[at]! * 2
      const first = repeats[at + 1]! * 2
      uint64s[row] = uint64s[first]!
      uint64s[row + 1] = uint64s[first + 1]!
    }
    duckdb.copy_data_to_vector(vector, 0, scratch, 0, count * 16)
  }
}

function writeNullable(
  vector: Vector,
  type: Exclude<KqlType, 'string'>,
  cells: readonly unknown[],
  count: number,
  place: Place,
): void {
  mask.fill(0)
  const write = WRITERS[type]
  const long = type === 'dynamic' ? new LongStrings() : undefined
  if (long) words.fill(0, 0, count * 4)
  let valid = 0
  for (let row = 0; row < count; row++) {
    const value = cells[row]
    if (value === undefined || value === null || value === '') continue
    if (!write(row, value, long)) throw wrongCell(place, type, value)
    mask[row >> 3]! |= 1 << (row & 7)
    valid++
  }
  duckdb.copy_data_to_vector(vector, 0, scratch, 0, count * WIDTHS[type])
  long?.assign(vector, count)
  if (valid < count) writeMask(vector)
}

function writeMask(vector: Vector): void {
  duckdb.vector_ensure_validity_writable(vector)
  duckdb.copy_data_to_vector_validity(vector, 0, maskBuffer, 0, maskBuffer.byteLength)
}

const INT64_MAX = 2n ** 63n - 1n

function writeInt64(row: number, value: unknown): boolean {
  if (typeof value === 'bigint') {
    if (value > INT64_MAX || value < -INT64_MAX) return false
    int64s[row] = value
    return true
  }
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return false
  int64s[row] = BigInt(value)
  return true
}

/** Each lays out one value that is not empty; false when it is not of the type. */
const WRITERS: Readonly<
  Record<Exclude<KqlType, 'string'>, (row: number, value: unknown, long: LongStrings | undefined) => boolean>
> = {
  long: writeInt64,
  timespan: writeInt64,
  datetime(row, value) {
    if (typeof value === 'number' && Number.isFinite(value)) int64s[row] = ticksFromMs(value)
    else if (typeof value === 'bigint' && value >= 0n && value <= INT64_MAX) int64s[row] = value
    else return false
    return true
  },
  int(row, value) {
    const number = typeof value === 'bigint' ? Number(value) : value
    if (typeof number !== 'number' || (number | 0) !== number) return false
    int32s[row] = number
    return true
  },
  real(row, value) {
    if (typeof value !== 'number' && typeof value !== 'bigint') return false
    doubles[row] = Number(value)
    return true
  },
  bool(row, value) {
    if (typeof value !== 'boolean') return false
    bytes[row] = value ? 1 : 0
    return true
  },
  dynamic(row, value, long) {
    if (typeof value !== 'string') return false
    layOut(row, isJson(value) ? value : JSON.stringify(value), long!)
    return true
  },
  /** DuckDB keeps a UUID as a 128-bit integer with the top bit flipped, so that it sorts as text does. */
  guid(row, value) {
    if (!isGuid(value)) return false
    const hex = (value as string).replaceAll('-', '')
    uint64s[row * 2] = BigInt(`0x${hex.slice(16)}`)
    uint64s[row * 2 + 1] = BigInt(`0x${hex.slice(0, 16)}`) ^ (1n << 63n)
    return true
  },
  /** DECIMAL(38,17): a 128-bit integer, the value times 10^17. */
  decimal(row, value) {
    const parts = /^([+-]?)(\d{1,21})(?:\.(\d{1,17}))?$/.exec(String(value))
    if (!parts) return false
    const digits = BigInt(`${parts[2]}${(parts[3] ?? '').padEnd(17, '0')}`)
    const unscaled = BigInt.asUintN(128, parts[1] === '-' ? -digits : digits)
    uint64s[row * 2] = unscaled & 0xffff_ffff_ffff_ffffn
    uint64s[row * 2 + 1] = unscaled >> 64n
    return true
  },
}

/** Text that is no JSON is kept as a JSON string, as Kusto's parse_json() takes it. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function wrongCell(place: Place, type: KqlType, value: unknown): BatchError {
  const text = String(value)
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text
  return new BatchError(
    `Table ${place.table}, column ${place.column}: ${typeof value} ${JSON.stringify(shown)} is no ${type}. The batch was not stored.`,
  )
}
