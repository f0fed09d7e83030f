/** Bytes of an audit log in, rows of LinuxAuditLog_CL out. */
import type { Buffer } from 'node:buffer'
import { type LineSink, LineSplitter } from '../lines.js'
import { AuditRecord } from '../record.js'
import type { Problem, ProblemReason, TableBatch } from '../table.js'
import { decodeText } from '../text.js'
import type { IdNames } from './names.js'
import { LinuxAuditLogRows } from './rows.js'

export interface TableReaderOptions extends IdNames {
  /** Computer of the records that have no `node=`. */
  readonly computer: string
  /** A longer line is no record: its first `maxLineBytes` bytes become an UNPARSED row. Default 1 MiB. */
  readonly maxLineBytes?: number
}

export interface TableReaderResult {
  readonly batch: TableBatch
  /** Input bytes that these rows stand for, newlines included: where a restarted reader goes on. */
  readonly bytes: number
  /** Lines that these rows stand for; blank lines have no row. */
  readonly lines: number
  /** How many of the rows are UNPARSED. */
  readonly unparsed: number
  /** The first 100 problems among them. */
  readonly problems: readonly Problem[]
}

const MAX_BATCH_ROWS = 8192
const MAX_PROBLEMS = 100

/**
 * Reads a log of any size in bounded memory: push bytes, cut anywhere, and take the rows that are ready.
 *
 * Every line that is not blank becomes exactly one row, in order. A line that is no record has RecordType_s
 * "UNPARSED", its text in RawData, and the time of the last record before it (or of the first one after it,
 * if there was none before and it comes in the same batch; else no time).
 */
export class LinuxAuditLogReader {
  readonly #rows: LinuxAuditLogRows
  readonly #lines: LineSplitter
  readonly #record = new AuditRecord()
  readonly #ready: TableReaderResult[] = []
  #line = 0
  #byte = 0
  #taken = { bytes: 0, lines: 0, unparsed: 0, problems: [] as Problem[] }

  constructor(options: TableReaderOptions) {
    this.#rows = new LinuxAuditLogRows(options.computer, options, MAX_BATCH_ROWS)
    const sink: LineSink = { line: (...line) => this.#onLine(...line) }
    this.#lines = new LineSplitter(sink, options.maxLineBytes ?? 1 << 20)
  }

  /** Takes in the next bytes of the log. The chunk may be reused afterwards. */
  push(chunk: Uint8Array): void {
    this.#lines.push(chunk)
  }

  /** End of input: a last line without a newline becomes a row, UNPARSED if it breaks off inside a value. */
  end(): void {
    this.#lines.end()
  }

  /** Rows that are ready, at most 8192; undefined if there are none. Call it until it gives none. */
  take(): TableReaderResult | undefined {
    const ready = this.#ready.shift()
    if (ready !== undefined) return ready
    return this.#taken.bytes > 0 ? this.#close() : undefined
  }

  #close(): TableReaderResult {
    const result = { batch: this.#rows.take(), ...this.#taken }
    this.#taken = { bytes: 0, lines: 0, unparsed: 0, problems: [] }
    return result
  }

  #onLine(
    bytes: Buffer,
    start: number,
    end: number,
    consumed: number,
    whole: boolean,
    terminated: boolean,
  ): void {
    this.#line++
    if (!isBlank(bytes, start, end)) {
      const parsed = whole && this.#record.parse(bytes, start, end) && (terminated || !this.#record.unclosed)
      const rawData = decodeText(bytes, start, end)
      if (parsed) this.#rows.addRecord(this.#record, rawData)
      else {
        this.#rows.addUnparsed(rawData)
        this.#taken.unparsed++
      }
      if (!whole) this.#report('line-too-long')
      else if (!terminated) this.#report(parsed ? 'no-newline-at-end' : 'torn-at-end')
      else if (!parsed) this.#report('not-an-audit-record')
    }
    this.#byte += consumed
    this.#taken.bytes += consumed
    this.#taken.lines++
    if (this.#rows.full) this.#ready.push(this.#close())
  }

  #report(reason: ProblemReason): void {
    if (this.#taken.problems.length >= MAX_PROBLEMS) return
    this.#taken.problems.push({ line: this.#line, byte: this.#byte, reason })
  }
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0x20 && bytes[at] !== 0x0d) return false
  return true
}
