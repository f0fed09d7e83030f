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
  const pieces: string[] = []
  let valid = 0
  for (let i = 0; i < part.length; ) {
    const length = sequenceLength(part, i)
    if (length > 0) {
      i += length
      continue
    }
    if (i > valid) pieces.push(part.toString('utf8', valid, i))
    pieces.push(String.fromCharCode(FIRST_MAPPED + part[i]! - 0x80))
    i++
    valid = i
  }
  pieces.push(part.toString('utf8', valid, part.length))
  return pieces.join('')
}

/**
 * Length of the UTF-8 sequence at `i`; 0 where there is none (RFC 3629: shortest form, no surrogates, at most
 * U+10FFFF), or it is one of the mapped code points.
 */
function sequenceLength(part: Buffer, i: number): number {
  const first = part[i]!
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) return 0
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  if (i + length > part.length) return 0
  let codePoint = first & (length === 2 ? 0x1f : length === 3 ? 0x0f : 0x07)
  for (let k = 1; k < length; k++) {
    const byte = part[i + k]!
    if ((byte & 0xc0) !== 0x80) return 0
    codePoint = (codePoint << 6) | (byte & 0x3f)
  }
  if (length === 3 && (codePoint < 0x800 || (codePoint >= 0xd800 && codePoint <= 0xdfff))) return 0
  if (length === 4 && (codePoint < 0x10000 || codePoint > 0x10ffff)) return 0
  return codePoint >= FIRST_MAPPED && codePoint <= LAST_MAPPED ? 0 : length
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
