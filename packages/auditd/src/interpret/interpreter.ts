/**
 * An audit log in words, as `ausearch -i` prints it: ids as names, numbers as what they mean, hex as text.
 *
 * The records of an event stand together, the last one first, after a line `----`. A record's text stays as it
 * is but for the values of the fields that are known to be more than text; the appendix of an ENRICHED line is
 * used for them and left out. How this differs from ausearch, and why: DIFFERENCES.md.
 *
 * Bytes in, bytes out: no string is made of a record's text.
 */
import { Buffer } from 'node:buffer'
import { ByteWriter } from '../byte-writer.js'
import { EventAssembler, type EventContent } from '../events/assembler.js'
import type { IdNames } from '../host-names.js'
import { AuditRecord } from '../record.js'
import { type PlainLine, RecordReader } from '../record-reader.js'
import { recordTypeName } from '../record-types.js'
import { cachedText } from '../text-cache.js'
import { BodyWriter } from './body.js'

export interface InterpreterOptions extends IdNames {
  /** Zone that times are printed in. Default UTC. */
  readonly timeZone?: string
  /** Longer lines are left out. Default 1 MiB. */
  readonly maxLineBytes?: number
}

/** Where the interpreted records of an event lie: record i is `slabs[i][starts[i], ends[i])`. */
class InterpretedEvent implements EventContent {
  readonly slabs: Buffer[] = []
  readonly starts: number[] = []
  readonly ends: number[] = []
  /** No more records will come. */
  ended = false
  readonly #interpret: (record: AuditRecord, type: string, event: InterpretedEvent) => void

  constructor(interpret: (record: AuditRecord, type: string, event: InterpretedEvent) => void) {
    this.#interpret = interpret
  }

  absorb(record: AuditRecord, type: string): void {
    this.#interpret(record, type, this)
  }
}

/** Interpreted records are written one behind the other into slabs of this size. */
const SLAB_BYTES = 1 << 18
/** What is left of a slab that is not begun on another record with. */
const SLAB_REST = 1 << 14

const SEPARATOR = Buffer.from('----\n', 'latin1')

export class AuditLogInterpreter {
  readonly #lines: RecordReader
  readonly #assembler: EventAssembler<InterpretedEvent>
  /** Events in the order of their first records, which is the order that they are printed in. */
  #events: InterpretedEvent[] = []
  #nextEvent = 0
  readonly #record = new AuditRecord()
  readonly #slab = new ByteWriter(SLAB_BYTES)
  readonly #out = new ByteWriter(1 << 16)
  readonly #body: BodyWriter
  readonly #typeNames = new Map<string, string>()
  /** The line that the record is, where it is a plain one. */
  #line: PlainLine | undefined
  #byte = 0
  #linesWithoutRecord = 0

  constructor(options: InterpreterOptions = {}) {
    this.#body = new BodyWriter(options, options.timeZone ?? 'UTC')
    this.#assembler = new EventAssembler(
      () => {
        const event = new InterpretedEvent(this.#interpretRecord)
        this.#events.push(event)
        return event
      },
      (event) => {
        event.ended = true
        this.#writeEnded()
      },
    )
    this.#lines = new RecordReader(
      {
        plain: (line, consumed) => {
          line.fill(this.#record)
          this.#line = line
          this.#onRecord()
          this.#line = undefined
          this.#byte += consumed
        },
        line: (bytes, start, end, consumed, whole) => {
          if (whole && this.#record.parse(bytes, start, end)) this.#onRecord()
          else if (end > start) this.#linesWithoutRecord++
          this.#byte += consumed
        },
      },
      { maxLineBytes: options.maxLineBytes ?? 1 << 20 },
    )
  }

  /** Lines so far that are no records: they are not printed. */
  get linesWithoutRecord(): number {
    return this.#linesWithoutRecord
  }

  /** Takes in the next bytes of the log; gives the text of the events that ended with them. */
  push(chunk: Uint8Array): Buffer {
    this.#lines.push(chunk)
    return this.#out.take()
  }

  /** End of input: the text of the events that were still open. */
  end(): Buffer {
    this.#lines.end()
    this.#lines.release()
    this.#assembler.closeAll()
    return this.#out.take()
  }

  #onRecord(): void {
    const record = this.#record
    const host =
      record.nodeEnd > record.nodeStart ? cachedText(record.bytes, record.nodeStart, record.nodeEnd) : ''
    const written = cachedText(record.bytes, record.typeStart, record.typeEnd)
    let type = this.#typeNames.get(written)
    if (type === undefined) {
      type = recordTypeName(written)
      if (this.#typeNames.size < 1000) this.#typeNames.set(written, type)
    }
    this.#assembler.add(record, type, host, this.#byte)
  }

  #writeEnded(): void {
    for (
      let event = this.#events[this.#nextEvent];
      event?.ended === true;
      event = this.#events[this.#nextEvent]
    ) {
      this.#write(event)
      this.#nextEvent++
    }
    if (this.#nextEvent < 1000) return
    this.#events = this.#events.slice(this.#nextEvent)
    this.#nextEvent = 0
  }

  #write(event: InterpretedEvent): void {
    this.#out.copy(SEPARATOR, 0, SEPARATOR.length)
    for (let i = event.slabs.length - 1; i >= 0; i--) {
      this.#out.copy(event.slabs[i]!, event.starts[i]!, event.ends[i]!)
    }
  }

  readonly #interpretRecord = (record: AuditRecord, type: string, event: InterpretedEvent): void => {
    const out = this.#slab
    if (out.bytes.length - out.length < SLAB_REST) out.renew(SLAB_BYTES)
    const start = out.length
    if (this.#line === undefined) this.#body.record(out, record, type)
    else this.#body.line(out, this.#line, record, type)
    event.slabs.push(out.bytes)
    event.starts.push(start)
    event.ends.push(out.length)
  }
}
