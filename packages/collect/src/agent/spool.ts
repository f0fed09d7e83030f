/**
 * The spool: what was read and is not everywhere yet, in a folder. To the reader of a log it is what a store is: it
 * takes batches, and says how far each log has been taken. What it has taken is on the disk: a batch's messages are
 * written and synced first, then the state that counts them. After a crash between the two, messages that no state
 * counts are deleted, and their log is read again from where the state says.
 *
 * The spool is bounded. When it is full, it takes nothing more until something was sent: the log waits on the disk,
 * and nothing is dropped.
 */
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import {
  type IngestBatch,
  type IngestResult,
  PositionOverlapError,
  type SourcePosition,
  type TableBatch,
} from '@auspex/store'
import type { Sink } from '../ingest.js'
import { type Message, messagesOf } from './messages.js'

const pack = promisify(gzip)
const unpack = promisify(gunzip)

const STATE = 'state.json'
const MESSAGE = /^(\d{12})-([A-Za-z_]\w*)\.json\.gz$/

export interface SpoolOptions {
  readonly folder: string
  /** Bytes of messages that may wait. */
  readonly maxBytes: number
  readonly now: () => number
  readonly newId: () => string
  readonly signal: AbortSignal
  /** Told when it is full, and when it goes on. */
  readonly onFull?: (isFull: boolean) => void
}

interface State {
  /** Names this agent to who receives, over restarts. */
  agent: string
  /** The next message's number. */
  next: number
  sources: Record<string, { to: string; note?: string }>
  /** Destination to the number of the last message that it has. */
  sent: Record<string, number>
}

export interface Waiting {
  readonly sequence: number
  readonly table: string
  /** Gzipped JSON. */
  readonly body: Buffer
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function writeSynced(path: string, content: string | Uint8Array): Promise<void> {
  const handle: FileHandle = await open(`${path}.part`, 'w', 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${path}.part`, path)
}

export class Spool implements Sink {
  readonly #options: SpoolOptions
  readonly #state: State
  /** Number to name and bytes, in their order. */
  readonly #messages: Map<number, { readonly name: string; readonly bytes: number }>
  #bytes: number
  #waiting = new Set<() => void>()
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(
    options: SpoolOptions,
    state: State,
    messages: Map<number, { readonly name: string; readonly bytes: number }>,
  ) {
    this.#options = options
    this.#state = state
    this.#messages = messages
    this.#bytes = [...messages.values()].reduce((sum, { bytes }) => sum + bytes, 0)
  }

  static async open(options: SpoolOptions): Promise<Spool> {
    const { folder } = options
    await mkdir(folder, { recursive: true, mode: 0o700 })
    let state: State = { agent: options.newId(), next: 1, sources: {}, sent: {} }
    try {
      state = JSON.parse(await readFile(join(folder, STATE), 'utf8')) as State
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        throw new Error(
          `${join(folder, STATE)} can not be read (${(error as Error).message}): move the folder away to begin anew; what waits in it is then not sent`,
        )
      }
      await writeSynced(join(folder, STATE), JSON.stringify(state))
    }
    const messages = new Map<number, { readonly name: string; readonly bytes: number }>()
    for (const name of (await readdir(folder)).sort()) {
      const [, number] = MESSAGE.exec(name) ?? []
      const isCounted = number !== undefined && Number(number) < state.next
      if (isCounted) messages.set(Number(number), { name, bytes: (await stat(join(folder, name))).size })
      else if (number !== undefined || name.endsWith('.part')) await rm(join(folder, name))
    }
    return new Spool(options, state, messages)
  }

  get agent(): string {
    return this.#state.agent
  }

  get bytes(): number {
    return this.#bytes
  }

  get count(): number {
    return this.#messages.size
  }

  async position(source: string): Promise<SourcePosition | undefined> {
    const known = this.#state.sources[source]
    if (known === undefined) return undefined
    return {
      source,
      to: BigInt(known.to),
      updated: this.#options.now(),
      ...(known.note === undefined ? {} : { note: known.note }),
    }
  }

  /** Takes a batch; resolves when it is on the disk. Waits while the spool is full. */
  async ingest(batch: IngestBatch): Promise<IngestResult> {
    // Outside of the turn: what makes room is a delivery, and that takes one.
    await this.#room()
    return this.#inTurn(async () => {
      const { source, from, to, tables } = batch
      const known = BigInt(this.#state.sources[source]?.to ?? '0')
      if (to <= known) return { stored: false, rows: 0 }
      if (from < known) throw new PositionOverlapError(source, from, to, known)
      await this.#write(tables)
      this.#state.sources[batch.source] = {
        to: batch.to.toString(),
        ...(batch.note === undefined ? {} : { note: batch.note }),
      }
      await this.#commit()
      return { stored: true, rows: tables.reduce((sum, { rowCount }) => sum + rowCount, 0) }
    })
  }

  /** Takes rows of the agent's own, which come from no log. They are not waited with: a full spool leaves them out. */
  append(tables: readonly TableBatch[]): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#bytes >= this.#options.maxBytes) return
      await this.#write(tables)
      await this.#commit()
    })
  }

  /** The first message that a destination does not have. */
  async nextFor(destination: string): Promise<Waiting | undefined> {
    const sent = this.#state.sent[destination] ?? 0
    for (const [sequence, { name }] of this.#messages) {
      if (sequence <= sent || sequence >= this.#state.next) continue
      const [, , table] = MESSAGE.exec(name)!
      return { sequence, table: table!, body: await readFile(join(this.#options.folder, name)) }
    }
    return undefined
  }

  /** Resolves when there may be something new to send, or the signal aborts. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      const { signal } = this.#options
      if (signal.aborted) return resolve()
      const done = () => {
        this.#waiting.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#waiting.add(done)
      signal.addEventListener('abort', done, { once: true })
    })
  }

  /** A destination has a message; what all of them have is deleted. */
  delivered(destination: string, sequence: number, destinations: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      this.#state.sent[destination] = sequence
      await this.#commit()
      const everywhere = Math.min(...destinations.map((name) => this.#state.sent[name] ?? 0))
      for (const [number, { name, bytes }] of this.#messages) {
        if (number > everywhere) break
        await rm(join(this.#options.folder, name), { force: true })
        this.#messages.delete(number)
        this.#bytes -= bytes
      }
      this.#tell()
    })
  }

  /** Keeps a message that a destination will never take, for a person to look at. */
  async setAside({ sequence, table, body }: Waiting, why: string): Promise<string> {
    const folder = join(this.#options.folder, 'refused')
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, `${sequence}-${table}`)
    await writeSynced(`${path}.json`, await unpack(body))
    await writeSynced(`${path}.txt`, `${why}\n`)
    return `${path}.json`
  }

  async #room(): Promise<void> {
    const { maxBytes, signal, onFull } = this.#options
    if (this.#bytes < maxBytes) return
    onFull?.(true)
    while (this.#bytes >= maxBytes && !signal.aborted) await this.changed()
    signal.throwIfAborted()
    onFull?.(false)
  }

  async #write(tables: readonly TableBatch[]): Promise<void> {
    for (const table of tables) for (const message of messagesOf(table)) await this.#add(message)
  }

  async #add({ table, body }: Message): Promise<void> {
    const sequence = this.#state.next++
    const name = `${String(sequence).padStart(12, '0')}-${table}.json.gz`
    const content = await pack(body)
    await writeSynced(join(this.#options.folder, name), content)
    this.#messages.set(sequence, { name, bytes: content.length })
    this.#bytes += content.length
  }

  async #commit(): Promise<void> {
    const { folder } = this.#options
    await syncFolder(folder)
    await writeSynced(join(folder, STATE), JSON.stringify(this.#state))
    await syncFolder(folder)
    this.#tell()
  }

  #tell(): void {
    for (const wake of [...this.#waiting]) wake()
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }
}
