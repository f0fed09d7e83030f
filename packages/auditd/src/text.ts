/**
 * Bytes to strings and back, without loss.
 *
 * A log line is meant to be UTF-8 and need not be. Text that is valid UTF-8 becomes the string that it is.
 * Every byte 0x80..0xFF that is not part of valid UTF-8 becomes one code point of the private use area:
 * 0x80 -> U+EF80 ... 0xFF -> U+EFFF. Where the input itself holds one of these code points, its three bytes
 * are mapped one by one, so that `encodeText(decodeText(bytes))` is always `bytes`.
 */
import { Buffer, isAscii, isUtf8 } from 'node:buffer'

const FIRST_MAPPED = 0xef80
const LAST_MAPPED = 0xefff
const MAPPED = /[\uef80-\uefff]/

/** A Buffer over the same memory. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** The text of `bytes[start, end)`; see the head of this file for bytes that are not UTF-8. */
export function decodeText(bytes: Buffer, start = 0, end = bytes.length): string {
  if (end - start > 48) {
    if (!isAscii(bytes.subarray(start, end))) return decodeHighText(bytes, start, end)
  } else {
    for (let i = start; i < end; i++) if (bytes[i]! >= 0x80) return decodeHighText(bytes, start, end)
  }
  return bytes.toString('latin1', start, end)
}

function decodeHighText(bytes: Buffer, start: number, end: number): string {
  const part = bytes.subarray(start, end)
  if (isUtf8(part)) {
    const text = part.toString('utf8', 0, part.length)
    if (!MAPPED.test(text)) return text
  }
  return decodeByBytes(part)
}

function decodeByBytes(part: Buffer): string {
  let text = ''
  let valid = 0
  for (let i = 0; i < part.length; ) {
    const length = sequenceLength(part, i)
    if (length > 0) {
      i += length
      continue
    }
    text += part.toString('utf8', valid, i) + String.fromCharCode(FIRST_MAPPED + part[i]! - 0x80)
    i++
    valid = i
  }
  return text + part.toString('utf8', valid, part.length)
}

/** Length of the UTF-8 sequence at `i`; 0 where there is none, or it is one of the mapped code points. */
function sequenceLength(part: Buffer, i: number): number {
  const first = part[i]!
  if (first < 0x80) return 1
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  if (i + length > part.length || !isUtf8(part.subarray(i, i + length))) return 0
  if (first === 0xee) {
    const codePoint = 0xe000 | ((part[i + 1]! & 0x3f) << 6) | (part[i + 2]! & 0x3f)
    if (codePoint >= FIRST_MAPPED && codePoint <= LAST_MAPPED) return 0
  }
  return length
}

/** The bytes that `decodeText` read the text from. */
export function encodeText(text: string): Buffer {
  if (!MAPPED.test(text)) return Buffer.from(text, 'utf8')
  const parts: Buffer[] = []
  for (const part of text.split(/([\uef80-\uefff]+)/)) {
    if (MAPPED.test(part)) {
      parts.push(Buffer.from(Array.from(part, (c) => c.charCodeAt(0) - FIRST_MAPPED + 0x80)))
    } else parts.push(Buffer.from(part, 'utf8'))
  }
  return Buffer.concat(parts)
}
