/**
 * Strings of short ASCII values, made once: a log says the same few things again and again, and making a string
 * of bytes costs more than finding one that is there. Each slot holds the value that last hashed to it.
 */
import type { Buffer } from 'node:buffer'
import { decodeText } from './text.js'

const MAX_LENGTH = 32
const SLOTS = 1 << 13

const bytesOf = new Uint8Array(SLOTS * MAX_LENGTH)
const lengthOf = new Uint8Array(SLOTS).fill(255)
const strings: string[] = new Array(SLOTS).fill('')

/** The text of `bytes[start, end)`, as `decodeText` gives it. */
export function cachedText(bytes: Buffer, start: number, end: number): string {
  const length = end - start
  if (length > MAX_LENGTH) return decodeText(bytes, start, end)
  let hash = length
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0
  const slot = (hash ^ (hash >>> 13)) & (SLOTS - 1)
  const base = slot * MAX_LENGTH
  if (lengthOf[slot] === length) {
    let i = 0
    while (i < length && bytesOf[base + i] === bytes[start + i]) i++
    if (i === length) return strings[slot]!
  }
  const text = decodeText(bytes, start, end)
  lengthOf[slot] = length
  for (let i = 0; i < length; i++) bytesOf[base + i] = bytes[start + i]!
  strings[slot] = text
  return text
}
