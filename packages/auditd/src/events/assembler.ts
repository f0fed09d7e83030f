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

class Event<Content extends EventContent> {
  readonly host: string
  readonly timestamp: number
  readonly serial: number
  /** Undefined when it is closed. */
  content: Content | undefined
  /** Where its first and its last record begin in the input. */
  readonly firstByte: number
  lastByte: number
  /** Number of the record that it was last looked at from, of its last record, and the log's time then. */
  openedAt: number
  lastRecord: number
  lastClock = 0
  lingers = false
  /** The next one with the same serial number. */
  namesake: Event<Content> | undefined
  /** Its neighbours among the open ones. */
  before: Event<Content> | undefined
  after: Event<Content> | undefined

  #announced = false
  #title = false
  #paths = 0
  #items = 0
  #arguments = 0
  #argc = 0

  constructor(
    host: string,
    timestamp: number,
    serial: number,
    byte: number,
    records: number,
    content?: Content,
  ) {
    this.host = host
    this.timestamp = timestamp
    this.serial = serial
    this.content = content
    this.firstByte = byte
    this.lastByte = byte
    this.openedAt = records
    this.lastRecord = records
  }

  get id(): string {
    return idOf(this.host, this.timestamp, this.serial)
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
  readonly #make: (record: AuditRecord, host: string) => Content
  readonly #emit: (content: Content) => void
  /** By serial number: events that are open, and those that were closed lately. */
  readonly #events = new Map<number, Event<Content>>()
  /** The open ones, in the order in which they are looked at. */
  #first: Event<Content> | undefined
  #newest: Event<Content> | undefined
  #openCount = 0
  /** The closed ones, in the order in which they became so. */
  #closed: Event<Content>[] = []
  #nextClosed = 0
  /** Events that are complete, in the order in which they became so. */
  #lingering: { readonly event: Event<Content>; readonly until: number }[] = []
  #nextLingering = 0
  #last: Event<Content> | undefined
  #records = 0
  #clock = 0
  readonly #aloneTypes = new Map<string, boolean>()

  constructor(make: (record: AuditRecord, host: string) => Content, emit: (content: Content) => void) {
    this.#make = make
    this.#emit = emit
  }

  /** Adds the record that begins at `byte`; false if its event is closed. */
  add(record: AuditRecord, type: string, host: string, byte: number): boolean {
    this.#records++
    if (record.timestamp > this.#clock) this.#clock = record.timestamp
    const event = this.#eventOf(record, host, byte)
    if (event?.content === undefined) return false
    event.content.absorb(record, type)
    event.lastByte = byte
    event.lastRecord = this.#records
    event.lastClock = this.#clock
    if (this.#comesAlone(type)) this.#close(event)
    else if (event.count(record, type) && !event.lingers) {
      event.lingers = true
      this.#lingering.push({ event, until: this.#records + LINGER_RECORDS })
    }
    if (this.#nextLingering < this.#lingering.length) this.#closeComplete()
    if (this.#first !== undefined) this.#closeIdle()
    return true
  }

  /** Closes every open event. */
  closeAll(): void {
    while (this.#first !== undefined) this.#close(this.#first)
    this.#lingering = []
    this.#nextLingering = 0
  }

  /** EventIds of the events that are open. */
  get openEvents(): string[] {
    const ids: string[] = []
    for (let event = this.#first; event !== undefined; event = event.after) ids.push(event.id)
    return ids
  }

  /**
   * Where a reader that starts again has to read from, to know what this one knows at `byte`: the first record
   * of an open event, and the last records of the events remembered as closed. It is the beginning of a line.
   */
  restartByte(byte: number): number {
    let first = byte
    for (let i = this.#nextClosed; i < this.#closed.length; i++) {
      const { lastByte } = this.#closed[i]!
      if (byte - lastByte <= CLOSED_BYTES) first = Math.min(first, lastByte)
    }
    for (let event = this.#first; event !== undefined; event = event.after) {
      first = Math.min(first, event.firstByte)
    }
    return first
  }

  /** Takes note of a record that was read before the restart, of an event that had been closed by then. */
  rememberClosed(record: AuditRecord, host: string, byte: number): void {
    const known = this.#find(record, host)
    if (known !== undefined) known.lastByte = byte
    else this.#closed.push(this.#remember(record, host, byte))
  }

  #find(record: AuditRecord, host: string): Event<Content> | undefined {
    let event = this.#events.get(record.serial)
    while (event !== undefined && (event.timestamp !== record.timestamp || event.host !== host)) {
      event = event.namesake
    }
    return event
  }

  #remember(record: AuditRecord, host: string, byte: number, content?: Content): Event<Content> {
    const event = new Event(host, record.timestamp, record.serial, byte, this.#records, content)
    event.namesake = this.#events.get(record.serial)
    this.#events.set(record.serial, event)
    return event
  }

  #forget(event: Event<Content>): void {
    let at = this.#events.get(event.serial)
    if (at === event) {
      if (event.namesake === undefined) this.#events.delete(event.serial)
      else this.#events.set(event.serial, event.namesake)
      return
    }
    while (at !== undefined && at.namesake !== event) at = at.namesake
    if (at !== undefined) at.namesake = event.namesake
  }

  /** The record's event, which may be closed. */
  #eventOf(record: AuditRecord, host: string, byte: number): Event<Content> | undefined {
    const last = this.#last
    if (
      last !== undefined &&
      last.serial === record.serial &&
      last.timestamp === record.timestamp &&
      last.host === host
    ) {
      return last
    }
    let event = this.#find(record, host)
    if (event !== undefined && event.content === undefined) {
      if (byte - event.lastByte <= CLOSED_BYTES) return undefined
      this.#forget(event)
      event = undefined
    }
    if (event === undefined) {
      event = this.#remember(record, host, byte, this.#make(record, host))
      this.#append(event)
    }
    this.#last = event
    return event
  }

  #append(event: Event<Content>): void {
    event.before = this.#newest
    event.after = undefined
    if (this.#newest === undefined) this.#first = event
    else this.#newest.after = event
    this.#newest = event
    this.#openCount++
  }

  #unlink(event: Event<Content>): void {
    if (event.before === undefined) this.#first = event.after
    else event.before.after = event.after
    if (event.after === undefined) this.#newest = event.before
    else event.after.before = event.before
    event.before = event.after = undefined
    this.#openCount--
  }

  /** Whether records of the type are events by themselves. */
  #comesAlone(type: string): boolean {
    let alone = this.#aloneTypes.get(type)
    if (alone === undefined) {
      const number = recordTypeNumber(type)
      alone = (number >= 1100 && number <= 1299) || number === 1320 || number === 2000 || number >= 2100
      if (this.#aloneTypes.size < 1000) this.#aloneTypes.set(type, alone)
    }
    return alone
  }

  #close(event: Event<Content>): void {
    const content = event.content!
    event.content = undefined
    this.#unlink(event)
    if (this.#last === event) this.#last = undefined
    this.#closed.push(event)
    this.#purge(event.lastByte)
    this.#emit(content)
  }

  /** Forgets closed events that are too far back. */
  #purge(byte: number): void {
    for (;;) {
      const oldest = this.#closed[this.#nextClosed]
      if (oldest === undefined || byte - oldest.lastByte <= CLOSED_BYTES) break
      this.#nextClosed++
      this.#forget(oldest)
    }
    if (this.#nextClosed < 4096) return
    this.#closed = this.#closed.slice(this.#nextClosed)
    this.#nextClosed = 0
  }

  #closeComplete(): void {
    for (;;) {
      const next = this.#lingering[this.#nextLingering]
      if (next === undefined || next.until > this.#records) return
      this.#nextLingering++
      if (next.event.content !== undefined) this.#close(next.event)
      if (this.#nextLingering >= 4 * LINGER_RECORDS) {
        this.#lingering = this.#lingering.slice(this.#nextLingering)
        this.#nextLingering = 0
      }
    }
  }

  #closeIdle(): void {
    for (let event = this.#first; event !== undefined; event = this.#first) {
      const records = this.#records - event.lastRecord
      const idle =
        (records >= IDLE_RECORDS && this.#clock - event.lastClock >= IDLE_TIME) || records >= MAX_IDLE_RECORDS
      if (idle || this.#openCount > MAX_OPEN) {
        this.#close(event)
        continue
      }
      // The oldest event still has records coming: look at the others first next time.
      if (this.#openCount > 1 && records < IDLE_RECORDS && this.#records - event.openedAt > IDLE_RECORDS) {
        this.#unlink(event)
        this.#append(event)
        event.openedAt = this.#records
      }
      break
    }
  }
}

/** What names an event over hosts and boots: `host/1580291194.240:23096492`. */
export function eventId(record: AuditRecord, host: string): string {
  return idOf(host, record.timestamp, record.serial)
}

function idOf(host: string, timestamp: number, serial: number): string {
  const seconds = Math.floor(timestamp / 1000)
  return `${host}/${seconds}.${String(timestamp - seconds * 1000).padStart(3, '0')}:${serial}`
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
