/** Hexadecimal as the audit system writes untrusted strings: upper case, two digits a byte, no prefix. */
import { Buffer } from 'node:buffer'

const DIGIT = new Int8Array(256).fill(-1)
for (let i = 0; i < 10; i++) DIGIT[0x30 + i] = i
for (let i = 0; i < 6; i++) DIGIT[0x41 + i] = 10 + i

/** Whether `bytes[start, end)` is an even, positive number of upper-case hex digits. */
export function isHex(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 2 || ((end - start) & 1) !== 0) return false
  for (let i = start; i < end; i++) if (DIGIT[bytes[i]!]! < 0) return false
  return true
}

/** The bytes that the hex digits `bytes[start, end)` stand for; the caller has checked `isHex`. */
export function decodeHex(bytes: Uint8Array, start: number, end: number): Buffer {
  const decoded = Buffer.allocUnsafe((end - start) >> 1)
  for (let i = start, o = 0; i < end; i += 2, o++) {
    decoded[o] = (DIGIT[bytes[i]!]! << 4) | DIGIT[bytes[i + 1]!]!
  }
  return decoded
}
