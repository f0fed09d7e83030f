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
 * A record that comes after that is late, and refused. Events of the last `CLOSED_BYTES` of input are remembered
 * for this.
 */
import { ArgumentName } from '../execve.js'
import { fieldId } from '../field-ids.js'
import type { AuditRecord } from '../record.js'
import { recordTypeNumber } from '../record-types.js'

const LINGER_RECORDS = 128
const IDLE_RECORDS = 1000
const IDLE_TIME = 2000
const MAX_IDLE_RECORDS = 20_000
const MAX_OPEN = 4096
const CLOSED_BYTES = 1 << 20

const ITEMS = fieldId('items')
const ARGC = fieldId('argc')
const ARGUMENT = new ArgumentName()

/** What is made of the records of an event. */
export interface EventContent {
  absorb(record: AuditRecord, type: string): void
}

class OpenEvent<Content extends EventContent> {
  readonly key: string
  readonly host: string
  readonly timestamp: number
  readonly serial: number
  readonly content: Content
  /** Where its first and its last record begin in the input. */
  readonly firstByte: number
  lastByte: number
  /** Number of the record that it was last looked at from, of its last record, and the log's time then. */
  openedAt: number
  lastRecord: number
  lastClock = 0
  lingers = false

  #announced = false
  #title = false
  #paths = 0
  #items = 0
  #arguments = 0
  #argc = 0

  constructor(
    key: string,
    host: string,
    record: AuditRecord,
    byte: number,
    records: number,
    content: Content,
  ) {
    this.key = key
    this.host = host
    this.timestamp = record.timestamp
    this.serial = record.serial
    this.content = content
    this.firstByte = byte
    this.lastByte = byte
    this.openedAt = records
    this.lastRecord = records
  }

  /** Counts the records that a system call announces; true when they are all there. */
  count(record: AuditRecord, type: string): boolean {
    if (type === 'SYSCALL') {
      this.#announced = true
      this.#items = numberAt(record, record.find(ITEMS))
    } else if (type === 'PATH') this.#paths++
    else if (type === 'PROCTITLE') this.#title = true
    else if (type === 'EXECVE') {
      const argc = record.find(ARGC)
      if (argc >= 0) this.#argc = numberAt(record, argc)
      for (let i = 0; i < record.fieldCount; i++) {
        if (ARGUMENT.read(record, i) && ARGUMENT.piece <= 0) this.#arguments++
      }
    }
    return this.#announced && this.#title && this.#paths >= this.#items && this.#arguments >= this.#argc
  }
}

export class EventAssembler<Content extends EventContent> {
  readonly #make: (record: AuditRecord, host: string, eventId: string) => Content
  readonly #emit: (content: Content) => void
  readonly #open = new Map<string, OpenEvent<Content>>()
  /** Events that are closed, and where their last record was. */
  readonly #closed = new Map<string, number>()
  /** Events that are complete, in the order in which they became so. */
  #lingering: { readonly event: OpenEvent<Content>; readonly until: number }[] = []
  #nextLingering = 0
  #purgeAt = 1024
  #last: OpenEvent<Content> | undefined
  #records = 0
  #clock = 0
  readonly #typeNumbers = new Map<string, number>()

  constructor(
    make: (record: AuditRecord, host: string, eventId: string) => Content,
    emit: (content: Content) => void,
  ) {
    this.#make = make
    this.#emit = emit
  }

  /** Adds the record that begins at `byte`; false if its event is closed. */
  add(record: AuditRecord, type: string, host: string, byte: number): boolean {
    this.#records++
    if (record.timestamp > this.#clock) this.#clock = record.timestamp
    const event = this.#eventOf(record, host, byte)
    if (event === undefined) return false
    event.content.absorb(record, type)
    event.lastByte = byte
    event.lastRecord = this.#records
    event.lastClock = this.#clock
    if (this.#comesAlone(type)) this.#close(event)
    else if (event.count(record, type) && !event.lingers) {
      event.lingers = true
      this.#lingering.push({ event, until: this.#records + LINGER_RECORDS })
    }
    this.#closeComplete()
    this.#closeIdle()
    return true
  }

  /** Closes every open event. */
  closeAll(): void {
    for (const event of Array.from(this.#open.values())) this.#close(event)
    this.#lingering = []
    this.#nextLingering = 0
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
    for (const event of this.#open.values()) first = Math.min(first, event.firstByte)
    return first
  }

  /** Takes note of a record that was read before the restart, of an event that had been closed by then. */
  rememberClosed(event: string, byte: number): void {
    this.#closed.set(event, byte)
  }

  #eventOf(record: AuditRecord, host: string, byte: number): OpenEvent<Content> | undefined {
    const last = this.#last
    if (
      last !== undefined &&
      last.serial === record.serial &&
      last.timestamp === record.timestamp &&
      last.host === host
    ) {
      return last
    }
    const key = eventId(record, host)
    let event = this.#open.get(key)
    if (event === undefined) {
      const closedAt = this.#closed.get(key)
      if (closedAt !== undefined && byte - closedAt <= CLOSED_BYTES) return undefined
      event = new OpenEvent(key, host, record, byte, this.#records, this.#make(record, host, key))
      this.#open.set(key, event)
    }
    this.#last = event
    return event
  }

  #comesAlone(type: string): boolean {
    let number = this.#typeNumbers.get(type)
    if (number === undefined) {
      number = recordTypeNumber(type)
      if (this.#typeNumbers.size < 1000) this.#typeNumbers.set(type, number)
    }
    return (number >= 1100 && number <= 1299) || number === 1320 || number === 2000 || number >= 2100
  }

  #close(event: OpenEvent<Content>): void {
    this.#open.delete(event.key)
    if (this.#last === event) this.#last = undefined
    this.#closed.set(event.key, event.lastByte)
    if (this.#closed.size >= this.#purgeAt) this.#purge(event.lastByte)
    this.#emit(event.content)
  }

  /** Forgets the closed events that are too far back. */
  #purge(byte: number): void {
    for (const [key, at] of this.#closed) if (byte - at > CLOSED_BYTES) this.#closed.delete(key)
    this.#purgeAt = Math.max(1024, 2 * this.#closed.size)
  }

  #closeComplete(): void {
    for (;;) {
      const next = this.#lingering[this.#nextLingering]
      if (next === undefined || next.until > this.#records) return
      this.#nextLingering++
      if (this.#open.get(next.event.key) === next.event) this.#close(next.event)
      if (this.#nextLingering >= 4 * LINGER_RECORDS) {
        this.#lingering = this.#lingering.slice(this.#nextLingering)
        this.#nextLingering = 0
      }
    }
  }

  #closeIdle(): void {
    for (const [key, event] of this.#open) {
      const records = this.#records - event.lastRecord
      const idle =
        (records >= IDLE_RECORDS && this.#clock - event.lastClock >= IDLE_TIME) || records >= MAX_IDLE_RECORDS
      if (idle || this.#open.size > MAX_OPEN) {
        this.#close(event)
        continue
      }
      // The oldest event still has records coming: look at the others first next time.
      if (this.#open.size > 1 && records < IDLE_RECORDS && this.#records - event.openedAt > IDLE_RECORDS) {
        this.#open.delete(key)
        this.#open.set(key, event)
        event.openedAt = this.#records
      }
      break
    }
  }
}

/** What names an event over hosts and boots: `host/1580291194.240:23096492`. */
export function eventId(record: AuditRecord, host: string): string {
  return `${host}/${record.bytes.toString('latin1', record.idStart, record.idEnd)}`
}

function numberAt(record: AuditRecord, i: number): number {
  let number = 0
  for (let at = i < 0 ? 0 : record.valueStart[i]!; i >= 0 && at < record.valueEnd[i]!; at++) {
    const digit = record.bytes[at]! - 0x30
    if (digit < 0 || digit > 9) return 0
    number = number * 10 + digit
  }
  return number
}
