/** Sessions from an audit log, without a store. */
import { type IdNames, LinuxAuditLogReader } from '@auspex/auditd'
import { SessionFold } from '../fold/host.js'
import { eventsOf, keysOf } from './batches.js'
import type { KeyInput, SessionEvent } from './event.js'
import { InOrder } from './in-order.js'

export interface LogOptions extends IdNames {
  /** Host of the records that name none. */
  readonly computer: string
  /** Leave secrets in command lines. */
  readonly reveal?: boolean
}

export type Item = SessionEvent | KeyInput

/** Feeds a log's bytes into a fold. */
export class LogSessions {
  readonly fold = new SessionFold()
  readonly #reader: LinuxAuditLogReader
  readonly #order = new InOrder<Item>()
  /** Where the items go instead, when somebody wants them themselves. */
  #collected: Item[] | undefined
  /** Records that were read, and those that could not be. */
  records = 0
  unparsed = 0

  constructor(options: LogOptions) {
    this.#reader = new LinuxAuditLogReader({
      ...options,
      events: true,
      revealSecrets: options.reveal === true,
    })
  }

  /** Collects what is read from now on instead of folding it: filled when `end` was called. */
  items(): readonly Item[] {
    this.#collected ??= []
    return this.#collected
  }

  push(chunk: Uint8Array): void {
    this.#reader.push(chunk)
    this.#take()
  }

  end(): SessionFold {
    this.#reader.end()
    this.#take()
    for (const item of this.#order.drain()) this.#add(item)
    return this.fold
  }

  #take(): void {
    for (let taken = this.#reader.take(); taken !== undefined; taken = this.#reader.take()) {
      this.records += taken.batch.rowCount
      this.unparsed += taken.unparsed
      for (const input of keysOf(taken.batch)) this.#hold(input)
      if (taken.events !== undefined) for (const event of eventsOf(taken.events)) this.#hold(event)
    }
  }

  #hold(item: Item): void {
    const due = this.#order.push(item)
    if (due !== undefined) this.#add(due)
  }

  #add(item: Item): void {
    if (this.#collected !== undefined) this.#collected.push(item)
    else if ('data' in item) this.fold.addKeys(item)
    else this.fold.add(item)
  }
}

/** Reads a whole log. */
export async function foldLog(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: LogOptions,
): Promise<LogSessions> {
  const log = new LogSessions(options)
  for await (const chunk of chunks) log.push(chunk)
  log.end()
  return log
}
