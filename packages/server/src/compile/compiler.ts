/**
 * Compiles KQL off the event loop. The language service parses synchronously and can be made to burn seconds
 * by a hostile text, so the server never calls it itself: a worker does, and one that misses its deadline
 * is ended and replaced.
 */

import { Worker } from 'node:worker_threads'
import { type CompiledQuery, type CompileOptions, KqlError } from '@auspex/kql'
import type { CompileReply, CompileRequest } from './worker.js'

const DEADLINE_MS = 30_000

/** Thrown when a text could not be compiled in time. */
export class CompileTimeoutError extends Error {
  readonly code = 'COMPILE_TIMEOUT'

  constructor(ms: number) {
    super(`the query could not be compiled within ${ms / 1000} s: make it shorter or less deeply nested`)
    this.name = 'CompileTimeoutError'
  }
}

interface Waiting {
  readonly resolve: (query: CompiledQuery) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

export class CompileWorker {
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #next = 1

  /** A function that compiles in the worker; it has the shape that detection and the doors ask for. */
  readonly compile = (text: string, options: CompileOptions): Promise<CompiledQuery> =>
    new Promise((resolve, reject) => {
      const id = this.#next++
      const timer = setTimeout(() => this.#fail(new CompileTimeoutError(DEADLINE_MS)), DEADLINE_MS)
      this.#waiting.set(id, { resolve, reject, timer })
      this.#start().postMessage({ id, text, options } satisfies CompileRequest)
    })

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker
    const worker = new Worker(new URL('./worker.js', import.meta.url))
    worker.unref()
    worker.on('message', (reply: CompileReply) => this.#settle(reply))
    worker.on('error', (error) => {
      if (this.#worker === worker) this.#fail(error)
    })
    this.#worker = worker
    return worker
  }

  #settle(reply: CompileReply): void {
    const waiting = this.#waiting.get(reply.id)
    if (waiting === undefined) return
    this.#waiting.delete(reply.id)
    clearTimeout(waiting.timer)
    if (reply.ok) waiting.resolve(reply.query)
    else if ('diagnostics' in reply) waiting.reject(new KqlError(reply.diagnostics))
    else waiting.reject(new Error(reply.message))
  }

  /** Ends the worker and with it everything that waits for it; the next query starts another. */
  #fail(error: Error): void {
    void this.#worker?.terminate()
    this.#worker = undefined
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer)
      reject(error)
    }
    this.#waiting.clear()
  }
}
