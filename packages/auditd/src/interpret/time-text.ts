import { Buffer } from 'node:buffer'
import type { ByteWriter } from '../byte-writer.js'

/** `11/22/26 21:41:30.373`; the text of the last second is kept. */
export class TimeText {
  readonly #format: Intl.DateTimeFormat
  #second = Number.NaN
  #text: Buffer = Buffer.alloc(0)

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      year: '2-digit',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    })
  }

  write(out: ByteWriter, timestamp: number): void {
    const second = Math.floor(timestamp / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#text = Buffer.from(`${this.#format.format(second * 1000).replace(',', '')}.`, 'latin1')
    }
    out.copy(this.#text, 0, this.#text.length)
    const millis = timestamp - second * 1000
    out.byte(0x30 + Math.floor(millis / 100))
    out.byte(0x30 + (Math.floor(millis / 10) % 10))
    out.byte(0x30 + (millis % 10))
  }
}
