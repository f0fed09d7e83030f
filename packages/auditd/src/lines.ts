/**
 * Cuts a stream of bytes into lines, wherever the chunks were cut. Lines that lie whole in a chunk are handed
 * on in place; only a line that spans chunks is copied. A line longer than `maxLineBytes` is handed on cut,
 * and what follows up to its newline is skipped (and counted).
 */
import { Buffer } from 'node:buffer'
import { bufferOf } from './text.js'

const NEWLINE = 0x0a

export interface LineSink {
  /**
   * One line: `bytes[start, end)` without its newline. Valid only during the call.
   * @param consumed input bytes that the line stands for, its newline and any skipped bytes included
   * @param whole false for a line that was cut at the limit
   * @param terminated false for a last line without a newline
   */
  line(bytes: Buffer, start: number, end: number, consumed: number, whole: boolean, terminated: boolean): void
}

export class LineSplitter {
  readonly #sink: LineSink
  readonly #maxLineBytes: number
  #held: Buffer[] = []
  #heldBytes = 0
  #skippedBytes = 0

  constructor(sink: LineSink, maxLineBytes: number) {
    this.#sink = sink
    this.#maxLineBytes = maxLineBytes
  }

  /** Bytes taken in that belong to a line whose end has not come yet. */
  get pendingBytes(): number {
    return this.#heldBytes + this.#skippedBytes
  }

  push(chunk: Uint8Array): void {
    const bytes = bufferOf(chunk)
    let start = 0
    if (this.pendingBytes > 0) {
      const newline = bytes.indexOf(NEWLINE)
      if (newline < 0) {
        this.#hold(bytes, 0, bytes.length)
        return
      }
      this.#hold(bytes, 0, newline)
      this.#release(1, true)
      start = newline + 1
    }
    for (;;) {
      const newline = bytes.indexOf(NEWLINE, start)
      if (newline < 0) break
      const end = Math.min(newline, start + this.#maxLineBytes)
      this.#sink.line(bytes, start, end, newline + 1 - start, end === newline, true)
      start = newline + 1
    }
    if (start < bytes.length) this.#hold(bytes, start, bytes.length)
  }

  /** End of input: what is held is the last line. */
  end(): void {
    if (this.pendingBytes > 0) this.#release(0, false)
  }

  #hold(bytes: Buffer, start: number, end: number): void {
    const room = this.#maxLineBytes - this.#heldBytes
    const kept = Math.min(end, start + room)
    if (kept > start) {
      this.#held.push(Buffer.from(bytes.subarray(start, kept)))
      this.#heldBytes += kept - start
    }
    this.#skippedBytes += end - Math.max(kept, start)
  }

  #release(newlineBytes: number, terminated: boolean): void {
    const line = this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held)
    const consumed = this.pendingBytes + newlineBytes
    const whole = this.#skippedBytes === 0
    this.#held = []
    this.#heldBytes = 0
    this.#skippedBytes = 0
    this.#sink.line(line, 0, line.length, consumed, whole, terminated)
  }
}
