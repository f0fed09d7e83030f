/** Bytes of an audit log in, rows of LinuxAuditLog_CL and AuditEvent out. */
import type { Buffer } from 'node:buffer'
import { AUDIT_EVENT_COLUMNS, AUDIT_EVENT_TABLE } from './audit-event/columns.js'
import { type AuditEventRow, EventDraft } from './audit-event/draft.js'
import { EventAssembler, eventId } from './events/assembler.js'
import { SerialGaps, type SerialState } from './events/serials.js'
import { type IdNames, ProcessNames } from './host-names.js'
import { RowPacker } from './linux-audit-log/packed.js'
import { LinuxAuditLogRows } from './linux-audit-log/rows.js'
import { AuditRecord } from './record.js'
import { type PlainLine, RecordReader } from './record-reader.js'
import { recordTypeName } from './record-types.js'
import { BatchBuilder, type Problem, type ProblemReason, type TableBatch } from './table.js'
import { decodeText } from './text.js'
import { cachedText } from './text-cache.js'

export interface TableReaderOptions extends IdNames {
  /** Computer of the records that have no `node=`. */
  readonly computer: string
  /** A longer line is no record: its first `maxLineBytes` bytes become an UNPARSED row. Default 1 MiB. */
  readonly maxLineBytes?: number
  /** Whether to make AuditEvent rows too. Default false. */
  readonly events?: boolean
  /** Leaves secrets in AuditEvent's CommandLine and Arguments, for who may see them. Default false. */
  readonly revealSecrets?: boolean
  /**
   * Whether rows of LinuxAuditLog_CL may come packed (`TableBatch.packed`): several times as fast, for who can store
   * them so. Default false.
   */
  readonly packed?: boolean
  /** What the last result of an earlier reader of the same input said, to go on from there. */
  readonly resume?: ReaderPosition
}

/**
 * How a reader that starts again gives each row exactly once: store it in the transaction that stores the rows,
 * push the input from `readFrom` on to a new reader, and give that reader this. Plain data, fit for JSON.
 */
export interface ReaderPosition {
  /** Offset in the input to push bytes from: the beginning of a line. */
  readonly readFrom: number
  /** Lines before this offset have had their LinuxAuditLog_CL rows. */
  readonly rowsFrom: number
  /** EventIds of the events that were open: their records from `readFrom` on are read again for them. */
  readonly openEvents: readonly string[]
  readonly serials: SerialState
}

export interface TableReaderResult {
  /** Rows of LinuxAuditLog_CL. */
  readonly batch: TableBatch
  /** Rows of AuditEvent, for the events that were closed meanwhile; undefined if there are none. */
  readonly events: TableBatch | undefined
  /** Input bytes that the LinuxAuditLog_CL rows stand for, newlines included. */
  readonly bytes: number
  /** Lines that these rows stand for; blank lines have no row. */
  readonly lines: number
  /** How many of the rows are UNPARSED. */
  readonly unparsed: number
  /** The first 100 problems among them. */
  readonly problems: readonly Problem[]
  /** Where a reader goes on that starts after these rows. */
  readonly position: ReaderPosition
}

const MAX_BATCH_ROWS = 4096
const MAX_PROBLEMS = 100

/**
 * Reads a log of any size in bounded memory: push bytes, cut anywhere, and take the rows that are ready.
 *
 * Every line that is not blank becomes exactly one row, in order. A line that is no record has RecordType_s
 * "UNPARSED", its text in RawData, and the time of the last record before it (or of the first one after it,
 * if there was none before and it comes in the same batch; else no time).
 */
export class LinuxAuditLogReader {
  readonly #computer: string
  readonly #rows: LinuxAuditLogRows
  readonly #events = new BatchBuilder(AUDIT_EVENT_TABLE, AUDIT_EVENT_COLUMNS, MAX_BATCH_ROWS)
  readonly #assembler: EventAssembler<EventDraft> | undefined
  readonly #serials: SerialGaps
  readonly #lines: RecordReader
  #packer: RowPacker | undefined
  #ended = false
  readonly #record = new AuditRecord()
  readonly #ready: TableReaderResult[] = []
  readonly #typeNames = new Map<string, string>()
  /** Until here, what is read was read before: only open events want it. */
  readonly #rowsFrom: number
  readonly #reopened: ReadonlySet<string>
  #line = 0
  /** Where in the batch the rows are that are not packed. */
  #places: number[] = []
  #byte: number
  #taken = { bytes: 0, lines: 0, unparsed: 0, problems: [] as Problem[] }

  constructor(options: TableReaderOptions) {
    this.#computer = options.computer
    const processes = new ProcessNames()
    this.#rows = new LinuxAuditLogRows(options.computer, options, MAX_BATCH_ROWS, processes)
    if (options.events === true) {
      this.#assembler = new EventAssembler(
        (record, host) =>
          new EventDraft(record, host, eventId(record, host), options, options.revealSecrets === true),
        (draft) => this.#addEvent(draft.finish()),
      )
    }
    this.#lines = new RecordReader(
      {
        plain: (line, consumed) => this.#onPlainLine(line, consumed),
        line: (bytes, start, end, consumed, whole, terminated) =>
          this.#onLine(bytes, start, end, consumed, whole, terminated),
      },
      { maxLineBytes: options.maxLineBytes ?? 1 << 20 },
    )
    const { kernel } = this.#lines
    if (options.packed === true && kernel !== undefined) {
      this.#packer = new RowPacker(kernel, options.computer, options, processes)
    }
    this.#byte = options.resume?.readFrom ?? 0
    this.#rowsFrom = options.resume?.rowsFrom ?? 0
    this.#reopened = new Set(options.resume?.openEvents)
    this.#serials = new SerialGaps(options.resume?.serials)
  }

  /** Takes in the next bytes of the log. The chunk may be reused afterwards. */
  push(chunk: Uint8Array): void {
    this.#lines.push(chunk)
  }

  /**
   * Closes the events that are open, so that they become rows: for a log that has been quiet for some seconds. A
   * record that comes for them afterwards is reported as late.
   */
  closeEvents(): void {
    this.#assembler?.closeAll()
  }

  /** End of input: a last line without a newline becomes a row, UNPARSED if it breaks off inside a value. */
  end(): void {
    this.#lines.end()
    this.#ended = true
    this.closeEvents()
    this.#reportGaps(true)
  }

  /** Rows that are ready, at most 4096 records; undefined if there are none. Call it until it gives none. */
  take(): TableReaderResult | undefined {
    const ready = this.#ready.shift()
    if (ready !== undefined) return ready
    const some = this.#taken.bytes > 0 || this.#events.rowCount > 0 || this.#taken.problems.length > 0
    if (some) return this.#close()
    if (this.#ended) this.#release()
    return undefined
  }

  #close(): TableReaderResult {
    const position: ReaderPosition = {
      readFrom: this.#assembler?.restartByte(this.#byte) ?? this.#byte,
      rowsFrom: Math.max(this.#byte, this.#rowsFrom),
      openEvents: this.#assembler?.openEvents ?? [],
      serials: this.#serials.state,
    }
    const events = this.#events.rowCount > 0 ? this.#events.take() : undefined
    const result = { batch: this.#takeRows(), events, ...this.#taken, position }
    this.#taken = { bytes: 0, lines: 0, unparsed: 0, problems: [] }
    return result
  }

  /** Nothing more will come: what others can use is given back. */
  #release(): void {
    this.#packer = undefined
    this.#lines.release()
  }

  #takeRows(): TableBatch {
    const batch = this.#rows.take()
    const rowCount = batch.rowCount + (this.#packer?.rowCount ?? 0)
    const packed = this.#packer?.take(Int32Array.from(this.#places))
    this.#places = []
    return packed === undefined ? batch : { ...batch, rowCount, packed }
  }

  get #rowCount(): number {
    return this.#rows.rowCount + (this.#packer?.rowCount ?? 0)
  }

  #onPlainLine(line: PlainLine, consumed: number): void {
    const record = this.#record
    line.fill(record)
    this.#line++
    if (this.#byte < this.#rowsFrom) {
      this.#again(record)
      this.#byte += consumed
      return
    }
    const host = this.#host(record)
    const type = this.#type(record)
    let answer = this.#packer?.add(line, record, type, host, this.#rowCount)
    if (answer === 'full') {
      this.#ready.push(this.#close())
      answer = this.#packer!.add(line, record, type, host, this.#rowCount)
    }
    if (answer === 'packed') this.#rows.seeTime(record.timestamp)
    else this.#addRow(record, type, host, decodeText(record.bytes, record.start, record.end))
    this.#onRecord(record, type, host)
    this.#done(consumed)
  }

  #addRow(record: AuditRecord, type: string, host: string, rawData: string): void {
    if (this.#packer !== undefined) this.#places.push(this.#rowCount)
    this.#rows.addRecord(record, type, host, rawData)
  }

  #done(consumed: number): void {
    this.#byte += consumed
    this.#taken.bytes += consumed
    this.#taken.lines++
    if (this.#rows.full || this.#events.full) this.#ready.push(this.#close())
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
    const record = this.#record
    if (this.#byte < this.#rowsFrom) {
      if (whole && record.parse(bytes, start, end)) this.#again(record)
      this.#byte += consumed
      return
    }
    if (!isBlank(bytes, start, end)) {
      const parsed = whole && record.parse(bytes, start, end) && (terminated || !record.unclosed)
      const rawData = decodeText(bytes, start, end)
      if (parsed) {
        const host = this.#host(record)
        const type = this.#type(record)
        this.#addRow(record, type, host, rawData)
        this.#onRecord(record, type, host)
      } else {
        if (this.#packer !== undefined) this.#places.push(this.#rowCount)
        this.#rows.addUnparsed(rawData)
        this.#taken.unparsed++
      }
      if (!whole) this.#report('line-too-long')
      else if (!terminated) this.#report(parsed ? 'no-newline-at-end' : 'torn-at-end')
      else if (!parsed) this.#report('not-an-audit-record')
    }
    this.#done(consumed)
  }

  #onRecord(record: AuditRecord, type: string, host: string): void {
    if (this.#assembler === undefined) return
    if (!this.#assembler.add(record, type, host, this.#byte)) {
      this.#report('late-record', { event: eventId(record, host) })
    }
    if (!type.startsWith('DAEMON_')) this.#serials.see(host, record.serial)
    this.#reportGaps(false)
  }

  /** A record that an earlier reader has had. */
  #again(record: AuditRecord): void {
    if (this.#assembler === undefined) return
    const host = this.#host(record)
    const event = eventId(record, host)
    if (this.#reopened.has(event)) this.#assembler.add(record, this.#type(record), host, this.#byte)
    else this.#assembler.rememberClosed(record, host, this.#byte)
  }

  #addEvent(row: AuditEventRow): void {
    const at = this.#events.rowCount++
    for (let column = 0; column < row.length; column++) {
      if (row[column] !== undefined) this.#events.set(column, at, row[column])
    }
  }

  #host(record: AuditRecord): string {
    if (record.nodeEnd === record.nodeStart) return this.#computer
    return cachedText(record.bytes, record.nodeStart, record.nodeEnd)
  }

  #type(record: AuditRecord): string {
    const written = cachedText(record.bytes, record.typeStart, record.typeEnd)
    let name = this.#typeNames.get(written)
    if (name === undefined) {
      name = recordTypeName(written)
      if (this.#typeNames.size < 1000) this.#typeNames.set(written, name)
    }
    return name
  }

  #reportGaps(all: boolean): void {
    for (const gap of this.#serials.take(all)) this.#report('serials-missing', gap)
  }

  #report(reason: ProblemReason, details: Partial<Problem> = {}): void {
    if (this.#taken.problems.length >= MAX_PROBLEMS) return
    this.#taken.problems.push({ line: this.#line, byte: this.#byte, reason, ...details })
  }
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0x20 && bytes[at] !== 0x0d) return false
  return true
}
