/** The page's side of a result: asks the worker, and keeps the pages of rows that are looked at. */
import { ApiError, csrfToken, signedOutNow } from '../../api/client'
import type { Cell } from '../../kql/answer'
import type { Kind, Reply, Requests, RunAnswer, RunRequest } from './protocol'
import type { ExportFormat, View } from './result-set'

const PAGE = 128
const PAGES_KEPT = 64

type Page = readonly (readonly Cell[])[]

interface Waiting {
  readonly resolve: (answer: never) => void
  readonly reject: (error: Error) => void
  readonly onBytes?: (bytes: number) => void
}

export class Results {
  readonly #worker = new Worker(new URL('./results.worker.ts', import.meta.url), { type: 'module' })
  readonly #waiting = new Map<number, Waiting>()
  readonly #pages = new Map<number, Page | 'asked'>()
  readonly #listeners = new Set<() => void>()
  #next = 1
  #version = 0
  #arranged = 0

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => this.#hear(data))
    this.#worker.addEventListener('error', (event) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(event.message))
      this.#waiting.clear()
    })
  }

  run(request: RunRequest, onBytes: (bytes: number) => void): Promise<RunAnswer> {
    this.#forget()
    const csrf = csrfToken()
    return this.#ask('run', { ...request, ...(csrf && { csrf }) }, onBytes)
  }

  /** Sorts and filters; gives how many rows are left. */
  async arrange(view: View): Promise<number> {
    const turn = ++this.#arranged
    const count = await this.#ask('arrange', view)
    // The rows of the order of before are shown until those of this one are there.
    if (turn === this.#arranged) this.#forget()
    return count
  }

  /** A row if it is here; else it is asked for, and listeners hear when it came. */
  row(index: number): readonly Cell[] | undefined {
    const number = Math.floor(index / PAGE)
    const page = this.#pages.get(number)
    if (page === undefined) this.#load(number)
    return page === undefined || page === 'asked' ? undefined : page[index - number * PAGE]
  }

  slice(from: number, to: number): Promise<Page> {
    return this.#ask('slice', { from, to })
  }

  facets(column: number, limit: number): Promise<Requests['facets']['answer']> {
    return this.#ask('facets', { column, limit })
  }

  export(format: ExportFormat, columns: readonly number[]): Promise<Blob> {
    return this.#ask('export', { format, columns })
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  readonly version = (): number => this.#version

  /** Ends the worker, and with it a query that runs. */
  close(): void {
    this.#worker.terminate()
    for (const { reject } of this.#waiting.values()) reject(new DOMException('cancelled', 'AbortError'))
    this.#waiting.clear()
  }

  #ask<K extends Kind>(
    kind: K,
    ask: Requests[K]['ask'],
    onBytes?: (bytes: number) => void,
  ): Promise<Requests[K]['answer']> {
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, ...(onBytes && { onBytes }) })
      this.#worker.postMessage({ id, kind, ask })
    })
  }

  #hear(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id)
    if (waiting === undefined) return
    if ('bytes' in reply) {
      waiting.onBytes?.(reply.bytes)
      return
    }
    this.#waiting.delete(reply.id)
    if ('answer' in reply) {
      waiting.resolve(reply.answer as never)
      return
    }
    const { status, code, message, diagnostics } = reply.failure
    if (status === 401) signedOutNow()
    waiting.reject(new ApiError(status, code, message, { error: { diagnostics } }))
  }

  #load(number: number): void {
    this.#pages.set(number, 'asked')
    const turn = this.#arranged
    this.#ask('slice', { from: number * PAGE, to: (number + 1) * PAGE }).then(
      (page) => {
        if (turn !== this.#arranged) return
        this.#pages.set(number, page)
        if (this.#pages.size > PAGES_KEPT) this.#pages.delete(this.#pages.keys().next().value!)
        this.#changed()
      },
      () => this.#pages.delete(number),
    )
  }

  #forget(): void {
    this.#pages.clear()
    this.#changed()
  }

  #changed(): void {
    this.#version++
    for (const listener of this.#listeners) listener()
  }
}
