/**
 * Bytes to records, the fast way: lines that the kernel knows (src/plain) come with their phrases, all others as
 * bytes, to be read with `AuditRecord.parse`. Both ways say the same of a line; the first is some ten times faster.
 */
import { Buffer } from 'node:buffer'
import { type LineSink, LineSplitter } from './lines.js'
import { DECLINED, Kernel, NEW, NO_LINE } from './plain/kernel.js'
import { fillRecord, Phrase, plainParts } from './plain/phrase.js'
import { AuditRecord } from './record.js'
import { bufferOf } from './text.js'

export interface RecordSink extends LineSink {
  /** A plain line; valid only during the call. `consumed` are its bytes in the input, its newline included. */
  plain(line: PlainLine, consumed: number): void
}

/** The line that the kernel scanned last. */
export class PlainLine {
  readonly kernel: Kernel
  start = 0
  #known: Phrase[] = []

  constructor(kernel: Kernel) {
    this.kernel = kernel
  }

  get form(): number {
    return this.kernel.header[1]!
  }

  get end(): number {
    return this.kernel.header[0]!
  }

  /** How many phrases it has. */
  get parts(): number {
    return this.kernel.header[2]!
  }

  /** How many of them are not of the appendix. */
  get ownParts(): number {
    return this.kernel.order[1]!
  }

  phrase(part: number): Phrase {
    return this.#known[this.kernel.phrases[part]!]!
  }

  /** Points the record at the line, as its `parse` would. */
  fill(record: AuditRecord): void {
    fillRecord(record, this.kernel, this.start, this.phrase(0))
  }

  /** Takes note of the new phrases of the line, which `record` is pointed at; false when there is no room for more. */
  learn(record: AuditRecord, parsed: boolean): boolean {
    const { kernel } = this
    const plain = plainParts(kernel, record, parsed)
    for (let part = 0; part < plain.length; part++) {
      if (kernel.phrases[part]! >= 0) continue
      const phrase = new Phrase(kernel, part, record, plain[part]!)
      const number = kernel.learn(part, phrase)
      if (number < 0) {
        kernel.forget()
        this.#known = []
        return false
      }
      this.#known[number] = phrase
    }
    return plain.every((known, part) => known && this.phrase(part).plain)
  }
}

export interface RecordReaderOptions {
  readonly maxLineBytes: number
  /** False: every line is read the slow way. For tests, and for where there is no WebAssembly. Default true. */
  readonly kernel?: boolean
}

export class RecordReader {
  readonly #sink: RecordSink
  readonly #maxLineBytes: number
  #kernel: Kernel | undefined
  #line: PlainLine | undefined
  /** Lines that do not fit into the kernel's memory; all lines where there is no kernel. */
  readonly #splitter: LineSplitter
  readonly #record = new AuditRecord()
  /** Bytes at the head of the kernel's input whose line has no end yet. */
  #pending = 0
  #room: Buffer | undefined
  #own = Buffer.alloc(0)

  constructor(sink: RecordSink, options: RecordReaderOptions) {
    this.#sink = sink
    this.#maxLineBytes = options.maxLineBytes
    this.#kernel = options.kernel === false ? undefined : Kernel.take()
    this.#line = this.#kernel && new PlainLine(this.#kernel)
    this.#splitter = new LineSplitter(sink, options.maxLineBytes)
  }

  get kernel(): Kernel | undefined {
    return this.#kernel
  }

  push(chunk: Uint8Array): void {
    const kernel = this.#kernel
    const bytes = bufferOf(chunk)
    if (kernel === undefined) {
      this.#splitter.push(bytes)
      return
    }
    let from = 0
    while (from < bytes.length) {
      if (this.#splitter.pendingBytes > 0) {
        const newline = bytes.indexOf(0x0a, from)
        const end = newline < 0 ? bytes.length : newline + 1
        this.#splitter.push(bytes.subarray(from, end))
        from = end
        continue
      }
      const size = Math.min(bytes.length - from, kernel.inputCapacity - this.#pending)
      kernel.bytes.set(bytes.subarray(from, from + size), kernel.input + this.#pending)
      from += size
      this.#scan(kernel, this.#pending + size)
    }
  }

  /**
   * Where the next bytes of the log can be read into, so that they need not be copied: at most `size` bytes, and at
   * least one. Say with `filled` how many were read.
   */
  room(size: number): Buffer {
    const kernel = this.#kernel
    if (kernel === undefined || this.#splitter.pendingBytes > 0) {
      this.#room = undefined
      if (this.#own.length !== size) this.#own = Buffer.allocUnsafeSlow(size)
      return this.#own
    }
    const start = kernel.input + this.#pending
    this.#room = kernel.bytes.subarray(start, Math.min(start + size, kernel.input + kernel.inputCapacity))
    return this.#room
  }

  filled(size: number): void {
    if (this.#room === undefined) this.push(this.#own.subarray(0, size))
    else if (size > 0) this.#scan(this.#kernel!, this.#pending + size)
  }

  /** Gives up the kernel, to be called behind `end`: what is pushed then is read the slow way. */
  release(): void {
    this.#kernel?.release()
    this.#kernel = this.#line = undefined
  }

  /** End of input: what has no newline is the last line. */
  end(): void {
    if (this.#kernel !== undefined && this.#pending > 0) {
      const { bytes, input } = this.#kernel
      this.#splitter.push(bytes.subarray(input, input + this.#pending))
      this.#pending = 0
    }
    this.#splitter.end()
  }

  #scan(kernel: Kernel, size: number): void {
    const limit = kernel.input + size
    const line = this.#line!
    let at = kernel.input
    for (;;) {
      const answer = kernel.scan(at, limit)
      if (answer === NO_LINE) break
      const end = kernel.header[0]!
      line.start = at
      if (
        answer === DECLINED ||
        end - at > this.#maxLineBytes ||
        (answer === NEW && !this.#learn(line, at, end))
      ) {
        const kept = Math.min(end, at + this.#maxLineBytes)
        this.#sink.line(kernel.bytes, at, kept, end + 1 - at, kept === end, true)
      } else this.#sink.plain(line, end + 1 - at)
      at = end + 1
    }
    this.#pending = limit - at
    if (this.#pending === kernel.inputCapacity) {
      this.#splitter.push(kernel.bytes.subarray(at, limit))
      this.#pending = 0
    } else if (at > kernel.input) kernel.bytes.copyWithin(kernel.input, at, limit)
  }

  #learn(line: PlainLine, start: number, end: number): boolean {
    const parsed = this.#record.parse(line.kernel.bytes, start, end)
    return line.learn(this.#record, parsed)
  }
}
