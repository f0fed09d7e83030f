/**
 * One log into the store. Each batch of rows carries the log's name and how far it reaches; the store commits
 * both at once, so that a log read again (a second start, a copy of the file, a crash in between) adds only
 * what was not there.
 *
 * Rows of LinuxAuditLog_CL are ready as soon as their line is read; a row of AuditEvent only when its event
 * is closed, which can be later, without a new byte. The receipt's position therefore counts both: the byte
 * up to which records are stored, and the commits since then.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { type IdNames, LinuxAuditLogReader, type ProblemReason, type ReaderPosition } from '@auspex/auditd'
import { PositionOverlapError, type Store, type TableBatch } from '@auspex/store'
import { endsAt, identify, isShorterCopy, marksUpTo, tailMark } from './identity.js'

const CHUNK_BYTES = 1 << 20
const BATCH_BYTES = 16 << 20
const COMMITS_PER_BYTE = 1n << 20n

export type Sink = Pick<Store, 'ingest' | 'position'> & Partial<Pick<Store, 'takesPacked'>>

export interface IngestOptions {
  /** `Computer` of records that name no node. */
  readonly computer: string
  /** Users and groups of the host that wrote the log, for logs that give only numbers. */
  readonly names?: IdNames
  readonly signal?: AbortSignal
  /** The file may still be written to: what is unfinished at its end is left for later. */
  readonly growing?: boolean
  /** Called after each batch: bytes of the file that are done, and its size. */
  readonly onProgress?: (done: number, size: number) => void
}

/** A line of the file that its reader should know of. */
export interface FileProblem {
  /** 1 is the file's first line; undefined when the reading began in the middle of it. */
  readonly line?: number
  /** Offset of the line's first byte in the file. */
  readonly byte: number
  readonly reason: Exclude<ProblemReason, 'serials-missing'>
}

export interface IngestReport {
  readonly path: string
  /** Undefined: the file has no whole line yet. */
  readonly source: string | undefined
  readonly bytes: number
  readonly lines: number
  /** Records that were stored. */
  readonly rows: number
  readonly events: number
  readonly unparsed: number
  /** Records that the serial numbers say were there and that the log does not have. */
  readonly missing: number
  /** Milliseconds since 1970: the youngest record among them, where its row is not packed. */
  readonly newest?: number | undefined
  /** Bytes at the head of the file that an earlier run had stored. */
  readonly alreadyStored: number
  /** The first {@link PROBLEMS_KEPT}. */
  readonly problems: readonly FileProblem[]
}

export const PROBLEMS_KEPT = 20

type GrowingReport = { -readonly [K in keyof Omit<IngestReport, 'problems'>]: IngestReport[K] } & {
  problems: FileProblem[]
}

/** What the store keeps for us with a position. */
interface Receipt {
  readonly path: string
  readonly tail: string
  readonly marks: Readonly<Record<string, string>>
  readonly reader: ReaderPosition
}

function readReceipt(note: string | undefined): Receipt | undefined {
  try {
    const value = JSON.parse(note ?? 'null')
    return typeof value?.tail === 'string' && typeof value.reader === 'object' ? value : undefined
  } catch {
    return undefined
  }
}

interface Start {
  readonly source: string
  /** Byte up to which records are stored. */
  readonly from: number
  readonly position: bigint
  readonly receipt?: Receipt
  /** The file is a shorter copy of what is stored. */
  readonly nothingNew: boolean
}

/**
 * Where to go on in this file. Logs that begin alike but differ later (an extract of a log, say) get names of
 * their own: `log:…`, `log:…#2`, ….
 */
async function findStart(file: FileHandle, size: number, name: string, sink: Sink): Promise<Start> {
  for (let n = 1; ; n++) {
    const source = n === 1 ? name : `${name}#${n}`
    const known = await sink.position(source)
    if (known === undefined) return { source, from: 0, position: 0n, nothingNew: false }
    const receipt = readReceipt(known.note)
    if (receipt === undefined) continue
    const { tail, marks, reader } = receipt
    const found = { source, position: known.to, receipt }
    const from = reader.rowsFrom
    if (from <= size && (await endsAt(file, from, tail))) return { ...found, from, nothingNew: false }
    if (from > size && (await isShorterCopy(file, size, marks))) {
      return { ...found, from: size, nothingNew: true }
    }
  }
}

/** The reader of a file that was rotated away, for the file that goes on where it ended. */
export interface HandOver {
  readonly reader: LinuxAuditLogReader
  /** Bytes that it has had: where the next file begins, for it. */
  readonly bytes: number
  /** Tells the store that the open events are no longer the old file's: called when the next file has them. */
  readonly settle: () => Promise<void>
}

/** A log that is being read: opened once, then read to its present end as often as there may be more. */
export class LogIngest {
  readonly source: string
  readonly #file: FileHandle
  readonly #path: string
  readonly #sink: Sink
  readonly #options: IngestOptions
  readonly #start: Start
  readonly #reader: LinuxAuditLogReader
  /** Bytes of the file that were handed to the reader. */
  #read: number
  /** Offset of the file's beginning in what the reader has had. */
  readonly #base: number
  #position: bigint
  #committed: number
  #last: Receipt | undefined
  #before: HandOver | undefined
  #hasOpenEvents: boolean

  private constructor(
    file: FileHandle,
    path: string,
    sink: Sink,
    options: IngestOptions,
    start: Start,
    before: HandOver | undefined,
  ) {
    this.source = start.source
    this.#file = file
    this.#path = path
    this.#sink = sink
    this.#options = options
    this.#start = start
    // Only a file that was not read before can go on where another ended.
    const taken = start.position === 0n ? before : undefined
    this.#base = taken?.bytes ?? 0
    this.#reader =
      taken?.reader ??
      new LinuxAuditLogReader({
        computer: options.computer,
        ...options.names,
        events: true,
        packed: sink.takesPacked === true,
        ...(start.receipt === undefined ? {} : { resume: start.receipt.reader }),
      })
    this.#read = start.nothingNew ? start.from : (start.receipt?.reader.readFrom ?? 0)
    this.#position = start.position
    this.#committed = start.from
    this.#last = start.receipt
    this.#before = taken
    this.#hasOpenEvents = !start.nothingNew && (start.receipt?.reader.openEvents.length ?? 0) > 0
  }

  /** Undefined while the file has no whole line; `whole` says that it will not grow. */
  static async begin(
    file: FileHandle,
    path: string,
    sink: Sink,
    whole: boolean,
    options: IngestOptions,
    before?: HandOver,
  ): Promise<LogIngest | undefined> {
    const name = await identify(file, whole)
    if (name === undefined) return undefined
    const start = await findStart(file, (await file.stat()).size, name, sink)
    return new LogIngest(file, path, sink, options, start, before)
  }

  /** Events wait for records that may still come; see {@link settle}. */
  get hasOpenEvents(): boolean {
    return this.#hasOpenEvents
  }

  /**
   * True when the file must be begun anew: it is shorter than what was read of it (it was emptied, and what
   * stands there is new), or it was a shorter copy and grows.
   */
  async isOver(): Promise<boolean> {
    const { size } = await this.#file.stat()
    return size < this.#read || (this.#start.nothingNew && size > this.#read)
  }

  /** Whether there is anything to read or to finish. */
  async isDone(): Promise<boolean> {
    return !this.#hasOpenEvents && (await this.#file.stat()).size === this.#committed
  }

  /** Reads to the file's present end. A last line without an end is left for the next time. */
  async advance(): Promise<IngestReport> {
    const report = this.#emptyReport()
    await this.#advance(report)
    return report
  }

  async #advance(report: GrowingReport): Promise<void> {
    if (this.#start.nothingNew) return
    const { size } = await this.#file.stat()
    let since = 0
    while (this.#read < size && !this.#options.signal?.aborted) {
      const chunk = new Uint8Array(Math.min(CHUNK_BYTES, size - this.#read))
      const { bytesRead } = await this.#file.read(chunk, 0, chunk.length, this.#read)
      if (bytesRead === 0) break
      this.#reader.push(chunk.subarray(0, bytesRead))
      this.#read += bytesRead
      since += bytesRead
      if (since < BATCH_BYTES) continue
      await this.#commit(report)
      this.#options.onProgress?.(this.#committed, size)
      since = 0
    }
    await this.#commit(report)
  }

  /** The log has been quiet: closes the events that wait for more. */
  async settle(): Promise<IngestReport> {
    const report = this.#emptyReport()
    this.#reader.closeEvents()
    await this.#commit(report)
    return report
  }

  /** Reads to the end of a file that will not grow: a last line without an end is a line, too. */
  async finish(): Promise<IngestReport> {
    const report = this.#emptyReport()
    await this.#advance(report)
    if (this.#start.nothingNew || this.#options.signal?.aborted) return report
    this.#reader.end()
    await this.#commit(report)
    return report
  }

  /**
   * Reads to the end of a file that was rotated away. An event can lie in two files, so its reader is handed to
   * the next one; not where the last line has no end, which would be glued to the first line there.
   */
  async release(): Promise<{ readonly report: IngestReport; readonly handOver?: HandOver }> {
    const report = this.#emptyReport()
    await this.#advance(report)
    const isWhole =
      this.#committed === this.#read && !this.#start.nothingNew && !this.#options.signal?.aborted
    if (!isWhole) return { report: await this.finish() }
    const last = this.#last
    const settle = async () => {
      if (last === undefined || !this.#hasOpenEvents) return
      await this.#store([], { ...last.reader, readFrom: this.#committed, openEvents: [] })
    }
    return { report, handOver: { reader: this.#reader, bytes: this.#base + this.#read, settle } }
  }

  #emptyReport(): GrowingReport {
    return {
      path: this.#path,
      source: this.source,
      bytes: 0,
      lines: 0,
      rows: 0,
      events: 0,
      unparsed: 0,
      missing: 0,
      alreadyStored: this.#start.from,
      problems: [],
    }
  }

  async #commit(report: GrowingReport): Promise<void> {
    const tables: TableBatch[] = []
    let position: ReaderPosition | undefined
    let [rows, events] = [0, 0]
    for (let taken = this.#reader.take(); taken !== undefined; taken = this.#reader.take()) {
      position = taken.position
      if (taken.batch.rowCount > 0) tables.push(taken.batch)
      if (taken.events !== undefined) tables.push(taken.events)
      rows += taken.batch.rowCount
      const newest = taken.batch.columns.get('TimeGenerated')?.at(-1)
      if (typeof newest === 'number') report.newest = newest
      events += taken.events?.rowCount ?? 0
      report.lines += taken.lines
      report.unparsed += taken.unparsed
      for (const { line, byte, reason, first, last } of taken.problems) {
        if (reason === 'serials-missing') {
          report.missing += Number(last ?? 0) - Number(first ?? 0) + 1
          continue
        }
        if (report.problems.length >= PROBLEMS_KEPT) break
        const inFile = this.#start.from === 0 && this.#base === 0 ? { line } : {}
        report.problems.push({ ...inFile, byte: Math.max(0, byte - this.#base), reason })
      }
    }
    if (position === undefined) return
    const before = this.#committed
    const stored = await this.#store(tables, {
      ...position,
      // An event that began in the file before can be read again only from here.
      readFrom: Math.max(0, position.readFrom - this.#base),
      rowsFrom: Math.max(before, position.rowsFrom - this.#base),
    })
    report.bytes += this.#committed - before
    if (stored) {
      report.rows += rows
      report.events += events
    }
  }

  async #store(tables: readonly TableBatch[], reader: ReaderPosition): Promise<boolean> {
    const to = reader.rowsFrom
    const next = to > this.#committed ? BigInt(to) * COMMITS_PER_BYTE : this.#position + 1n
    // The file may be gone or emptied when only events are stored: what was true of it still stands.
    const moved = this.#last === undefined || to > this.#committed
    const receipt: Receipt = {
      path: this.#path,
      tail: moved ? await tailMark(this.#file, to) : this.#last!.tail,
      marks: moved ? await marksUpTo(this.#file, to, this.#last?.marks ?? {}) : this.#last!.marks,
      reader,
    }
    const { stored } = await this.#sink.ingest({
      source: this.source,
      from: this.#position,
      to: next,
      tables,
      note: JSON.stringify(receipt),
    })
    this.#position = next
    this.#committed = to
    this.#last = receipt
    this.#hasOpenEvents = reader.openEvents.length > 0
    const before = this.#before
    this.#before = undefined
    await before?.settle()
    return stored
  }
}

const nothing = (path: string): IngestReport => ({
  path,
  source: undefined,
  bytes: 0,
  lines: 0,
  rows: 0,
  events: 0,
  unparsed: 0,
  missing: 0,
  alreadyStored: 0,
  problems: [],
})

const MAX_TRIES = 5

/**
 * Stores what the store does not have of a file. Somebody else may store the same log at the same time: then
 * it is begun again from where they got. Throws the file system's own errors.
 */
export async function ingestFile(path: string, sink: Sink, options: IngestOptions): Promise<IngestReport> {
  const growing = options.growing === true
  for (let tries = 1; ; tries++) {
    const file = await open(path, 'r')
    try {
      const log = await LogIngest.begin(file, path, sink, !growing, options)
      if (log === undefined) return nothing(path)
      return await (growing ? log.advance() : log.finish())
    } catch (error) {
      if (!(error instanceof PositionOverlapError) || tries >= MAX_TRIES) throw error
    } finally {
      await file.close()
    }
  }
}
