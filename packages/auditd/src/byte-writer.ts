/** A growing run of bytes. Text goes in as Latin-1, so that every byte is its own character. */
import { Buffer } from 'node:buffer'

export class ByteWriter {
  bytes: Buffer
  length = 0

  constructor(capacity = 1 << 14) {
    this.bytes = Buffer.allocUnsafe(capacity)
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) this.#grow(1)
    this.bytes[this.length++] = value
  }

  text(value: string): void {
    const end = this.length + value.length
    if (end > this.bytes.length) this.#grow(value.length)
    const { bytes } = this
    for (let i = 0, at = this.length; at < end; i++, at++) bytes[at] = value.charCodeAt(i)
    this.length = end
  }

  copy(source: Uint8Array, start: number, end: number): void {
    const size = end - start
    if (this.length + size > this.bytes.length) this.#grow(size)
    const { bytes } = this
    if (size > 64) bytes.set(source.subarray(start, end), this.length)
    else for (let from = start, at = this.length; from < end; from++, at++) bytes[at] = source[from]!
    this.length += size
  }

  /** The bytes written so far, to keep; the writer is empty afterwards. */
  take(): Buffer {
    const taken = Buffer.from(this.bytes.subarray(0, this.length))
    this.length = 0
    return taken
  }

  /** Goes on with new memory; whoever holds `bytes` keeps what was written. */
  renew(capacity: number): void {
    this.bytes = Buffer.allocUnsafe(capacity)
    this.length = 0
  }

  #grow(size: number): void {
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + size))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }
}
