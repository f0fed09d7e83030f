/**
 * gzip and zlib, in and out of base64. A text that is neither gives null, and so does one whose content is longer than
 * the bound.
 *
 * The reference shows that short texts are stored as they are, with a header that names no system; longer ones have no
 * documented bytes, only that they come back.
 */
import { Buffer } from 'node:buffer'
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib'
import { type NativeFunction, strict } from './native.js'

/** Longest content that is unpacked, in bytes. */
const MAX_UNPACKED = 1 << 20
const STORED_UP_TO = 64
const GZIP_FLAGS = 8
const GZIP_SYSTEM = 9
const UNKNOWN_SYSTEM = 255

const levelFor = (bytes: Buffer) => ({ level: bytes.length <= STORED_UP_TO ? 0 : 6 })

function gzip(text: string): string {
  const bytes = Buffer.from(text, 'utf8')
  const packed = gzipSync(bytes, levelFor(bytes))
  packed[GZIP_FLAGS] = 0
  packed[GZIP_SYSTEM] = UNKNOWN_SYSTEM
  return packed.toString('base64')
}

function deflate(text: string): string {
  const bytes = Buffer.from(text, 'utf8')
  return deflateSync(bytes, levelFor(bytes)).toString('base64')
}

function unpack(codec: (bytes: Buffer, options: { maxOutputLength: number }) => Buffer) {
  return (text: string): string | null => {
    try {
      return codec(Buffer.from(text, 'base64'), { maxOutputLength: MAX_UNPACKED }).toString('utf8')
    } catch {
      return null
    }
  }
}

export const compressionNatives: readonly NativeFunction[] = [
  strict('kql_gzip', ['text'], 'text', gzip),
  strict('kql_gunzip', ['text'], 'text', unpack(gunzipSync)),
  strict('kql_deflate', ['text'], 'text', deflate),
  strict('kql_inflate', ['text'], 'text', unpack(inflateSync)),
]
