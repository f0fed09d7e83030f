/**
 * Joins records into events by host, time and serial number, whatever the interleaving.
 *
 * A log file does not say where an event ends (auditd keeps EOE to itself). An event is closed
 * - at once, if its type is one that comes alone (user space, 1100..1299 and from 2100 on; KERNEL), or at EOE;
 * - `LINGER_RECORDS` records after the ones that its SYSCALL announces are all there (PROCTITLE, `items` PATHs,
 *   `argc` arguments): others, such as CWD or SOCKADDR, may have been overtaken by them;
 * - when the log has moved on: `IDLE_RECORDS` records and `IDLE_TIME` of log time since its last record, or
 *   `MAX_IDLE_RECORDS` records whatever their time, or more than `MAX_OPEN` events are open;
 * - when the caller says so (`closeAll`): the input ends, or has been quiet.
 * A record that comes after that is late: it is reported and not in the event's row. Events of the last
 * `CLOSED_BYTES` of input are remembered for this.
 */
import type { IdNames } from '../host-names.js'
import type { AuditRecord } from '../record.js'
import { recordTypeNumber } from '../record-types.js'
import { type AuditEventRow, EventDraft } from './draft.js'

const LINGER_RECORDS = 128
const IDLE_RECORDS = 1000
const IDLE_TIME = 2000
const MAX_IDLE_RECORDS = 20_000
const MAX_OPEN = 4096
const CLOSED_BYTES = 1 << 20

export class EventAssembler {
  readonly #names: IdNames
  readonly #emit: (row: AuditEventRow) => void
  readonly #open = new Map<string, EventDraft>()
  /** Events that are closed, and where their last record was. */
  readonly #closed = new Map<string, number>()
  /** Events that are complete, in the order in which they became so. */
  readonly #lingering: { readonly draft: EventDraft; readonly until: number }[] = []
  #last: EventDraft | undefined
  #records = 0
  #clock = 0
  #typeNumbers = new Map<string, number>()

  constructor(names: IdNames, emit: (row: AuditEventRow) => void) {
    this.#names = names
    this.#emit = emit
  }

  /** Adds the record that begins at `byte`; false if its event is closed. */
  add(record: AuditRecord, type: string, host: string, byte: number): boolean {
    this.#records++
    if (record.timestamp > this.#clock) this.#clock = record.timestamp
    const draft = this.#draft(record, host, byte)
    if (draft === undefined) return false
    draft.absorb(record, type)
    draft.lastByte = byte
    draft.lastRecord = this.#records
    draft.lastClock = this.#clock
    if (this.#comesAlone(type)) this.#close(draft)
    else if (!draft.lingers && draft.complete) {
      draft.lingers = true
      this.#lingering.push({ draft, until: this.#records + LINGER_RECORDS })
    }
    this.#closeComplete()
    this.#closeIdle()
    return true
  }

  /** Closes every open event. */
  closeAll(): void {
    for (const draft of Array.from(this.#open.values())) this.#close(draft)
    this.#lingering.length = 0
  }

  /** EventIds of the events that are open. */
  get openEvents(): string[] {
    return Array.from(this.#open.keys())
  }

  /**
   * Where a reader that starts again has to read from, to know what this one knows at `byte`: the first record
   * of an open event, and the last records of the events remembered as closed. It is the beginning of a line.
   */
  restartByte(byte: number): number {
    let first = byte
    for (const at of this.#closed.values()) if (byte - at <= CLOSED_BYTES) first = Math.min(first, at)
    for (const draft of this.#open.values()) first = Math.min(first, draft.firstByte)
    return first
  }

  /** Takes note of a record that was read before the restart, of an event that had been closed by then. */
  rememberClosed(event: string, byte: number): void {
    this.#closed.set(event, byte)
  }

  #draft(record: AuditRecord, host: string, byte: number): EventDraft | undefined {
    const last = this.#last
    if (
      last !== undefined &&
      last.serial === record.serial &&
      last.timestamp === record.timestamp &&
      last.host === host
    ) {
      return last
    }
    const key = eventKey(record, host)
    let draft = this.#open.get(key)
    if (draft === undefined) {
      const closedAt = this.#closed.get(key)
      if (closedAt !== undefined && byte - closedAt <= CLOSED_BYTES) return undefined
      draft = new EventDraft(key, host, record, byte, this.#names)
      draft.openedAt = this.#records
      this.#open.set(key, draft)
    }
    this.#last = draft
    return draft
  }

  #comesAlone(type: string): boolean {
    let number = this.#typeNumbers.get(type)
    if (number === undefined) {
      number = recordTypeNumber(type)
      if (this.#typeNumbers.size < 1000) this.#typeNumbers.set(type, number)
    }
    return (number >= 1100 && number <= 1299) || number === 1320 || number === 2000 || number >= 2100
  }

  #close(draft: EventDraft): void {
    this.#open.delete(draft.key)
    if (this.#last === draft) this.#last = undefined
    this.#closed.set(draft.key, draft.lastByte)
    for (const [key, at] of this.#closed) {
      if (draft.lastByte - at <= CLOSED_BYTES) break
      this.#closed.delete(key)
    }
    this.#emit(draft.finish())
  }

  #closeComplete(): void {
    for (let next = this.#lingering[0]; next !== undefined; next = this.#lingering[0]) {
      if (next.until > this.#records) return
      this.#lingering.shift()
      if (this.#open.has(next.draft.key)) this.#close(next.draft)
    }
  }

  #closeIdle(): void {
    for (const [key, draft] of this.#open) {
      const records = this.#records - draft.lastRecord
      const idle =
        (records >= IDLE_RECORDS && this.#clock - draft.lastClock >= IDLE_TIME) || records >= MAX_IDLE_RECORDS
      if (idle || this.#open.size > MAX_OPEN) {
        this.#close(draft)
        continue
      }
      // The oldest event still has records coming: look at the others first next time.
      if (this.#open.size > 1 && records < IDLE_RECORDS && this.#records - draft.openedAt > IDLE_RECORDS) {
        this.#open.delete(key)
        this.#open.set(key, draft)
        draft.openedAt = this.#records
      }
      break
    }
  }
}

function eventKey(record: AuditRecord, host: string): string {
  return `${host}/${record.bytes.toString('latin1', record.idStart, record.idEnd)}`
}
