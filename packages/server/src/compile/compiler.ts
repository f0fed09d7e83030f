/**
 * Compiles KQL in a process of its own. The language service parses synchronously and can be made to burn
 * seconds by a hostile text, so neither the server's event loop nor a command calls it: a child process does,
 * and one that misses its deadline is ended and replaced.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import {
  type ColumnsQuestion,
  ColumnsUnknown,
  type CompiledQuery,
  type CompileOptions,
  type Diagnostic,
  KqlError,
} from '@auspex/kql'
import {
  type CompileReply,
  type CompileRequest,
  type EditorAnswers,
  type EditorRequest,
  fromLine,
  lineReader,
  toLine,
} from './protocol.js'

/** Written by the build, beside this file's compiled form. */
const SCRIPT = fileURLToPath(new URL('./compiler.cjs', import.meta.url))
const SNAPSHOT = fileURLToPath(new URL('./compiler.blob', import.meta.url))

const DEADLINE_MS = 30_000

/** Thrown when a text could not be compiled in time. */
export class CompileTimeoutError extends Error {
  readonly code = 'COMPILE_TIMEOUT'

  constructor(ms: number) {
    super(`the query could not be compiled within ${ms / 1000} s: make it shorter or less deeply nested`)
    this.name = 'CompileTimeoutError'
  }
}

/** Thrown when the compiler process ended while a query was in it. */
export class CompilerFailedError extends Error {
  readonly code = 'COMPILER_FAILED'

  constructor(how: string, output: string) {
    super(`the KQL compiler ended with ${how}${output === '' ? '' : `: ${output}`}`)
    this.name = 'CompilerFailedError'
  }
}

interface Waiting {
  readonly line: string
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>

const ERROR_KEPT = 2000

export class Compiler {
  readonly #waiting = new Map<number, Waiting>()
  #child: Child | undefined
  /** A snapshot fits the Node binary that made it; where it does not, the script is run instead. */
  #useSnapshot = existsSync(SNAPSHOT)
  #next = 1
  #closed = false

  /** Starts the process, so that it is ready when the first query comes. */
  start(): void {
    this.#running()
  }

  readonly compile = (text: string, options: CompileOptions): Promise<CompiledQuery> =>
    this.#send((id) => ({ id, text, options })) as Promise<CompiledQuery>

  /** Answers an editor. */
  readonly tell = <K extends keyof EditorAnswers>(
    ask: K,
    text: string,
    position: number,
    options: EditorRequest['options'],
  ): Promise<EditorAnswers[K]> =>
    this.#send((id) => ({ id, ask, text, position, options })) as Promise<EditorAnswers[K]>

  #send(request: (id: number) => CompileRequest | EditorRequest): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new CompilerFailedError('the program', ''))
      const id = this.#next++
      const timer = setTimeout(() => this.#fail(new CompileTimeoutError(DEADLINE_MS)), DEADLINE_MS)
      const line = toLine(request(id))
      this.#waiting.set(id, { line, resolve, reject, timer })
      this.#running().stdin.write(line)
    })
  }

  close(): void {
    this.#closed = true
    this.#fail(new CompilerFailedError('the program', ''))
  }

  #running(): Child {
    if (this.#child !== undefined) return this.#child
    const fromSnapshot = this.#useSnapshot
    const args = fromSnapshot ? ['--snapshot-blob', SNAPSHOT] : [SCRIPT]
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    let replies = 0
    let errors = ''
    child.stdout.setEncoding('utf8').on(
      'data',
      lineReader((line) => {
        replies++
        this.#settle(fromLine(line) as CompileReply)
      }),
    )
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-ERROR_KEPT)
    })
    // A write to a process that has just ended fails here; its end is handled below.
    child.stdin.on('error', () => {})
    child.on('error', (error) => this.#ended(child, new CompilerFailedError(error.message, '')))
    child.on('close', (code, signal) => {
      if (child !== this.#child) return
      if (fromSnapshot && replies === 0) {
        this.#useSnapshot = false
        this.#child = undefined
        for (const { line } of this.#waiting.values()) this.#running().stdin.write(line)
        return
      }
      this.#ended(child, new CompilerFailedError(signal ?? `code ${code}`, errors.trim()))
    })
    this.#child = child
    return child
  }

  #settle(reply: CompileReply): void {
    const waiting = this.#waiting.get(reply.id)
    if (waiting === undefined) return
    this.#waiting.delete(reply.id)
    clearTimeout(waiting.timer)
    if ('query' in reply) waiting.resolve(reply.query)
    else if ('told' in reply) waiting.resolve(reply.told)
    else if ('diagnostics' in reply) waiting.reject(refusal(reply.diagnostics, reply.question))
    else waiting.reject(new Error(reply.message))
  }

  #ended(child: Child, error: Error): void {
    if (child === this.#child) this.#fail(error)
  }

  /** Ends the process and with it everything that waits for it; the next query starts another. */
  #fail(error: Error): void {
    const child = this.#child
    this.#child = undefined
    child?.kill('SIGKILL')
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer)
      reject(error)
    }
    this.#waiting.clear()
  }
}

/** Answers an editor's question about a text. */
export type Tell = Compiler['tell']

const refusal = (diagnostics: readonly Diagnostic[], question: ColumnsQuestion | undefined): KqlError =>
  question === undefined ? new KqlError(diagnostics) : new ColumnsUnknown(diagnostics, question)
