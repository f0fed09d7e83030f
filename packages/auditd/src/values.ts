/** The text of a field, undone of the way it was written: see `FieldKind`. */
import type { FieldKind } from './fields.js'
import { decodeHex, isHex } from './hex.js'
import { type AuditRecord, QUOTED } from './record.js'
import { decodeText } from './text.js'
import { cachedText } from './text-cache.js'

const NUL = 0x00
const KEY_SEPARATOR = 0x01
const SPACE = 0x20
const COMMA = 0x2c

/** Whether values of a kind are written as bare hex when they hold a byte that could be mistaken for syntax. */
function mayBeEscaped(kind: FieldKind): boolean {
  return kind === 'escaped' || kind === 'key' || kind === 'title' || kind === 'keys'
}

/** Whether field `i` is an untrusted string that was written as hex. */
export function isEscaped(record: AuditRecord, i: number, kind: FieldKind): boolean {
  return (
    mayBeEscaped(kind) &&
    (record.flags[i]! & QUOTED) === 0 &&
    isHex(record.bytes, record.valueStart[i]!, record.valueEnd[i]!)
  )
}

/** The decoded bytes of a value are text, but for the separators of a list. */
export function fieldText(record: AuditRecord, i: number, kind: FieldKind): string {
  if (!isEscaped(record, i, kind)) return cachedText(record.bytes, record.valueStart[i]!, record.valueEnd[i]!)
  const decoded = decodeHex(record.bytes, record.valueStart[i]!, record.valueEnd[i]!)
  if (kind === 'title') replaceByte(decoded, NUL, SPACE)
  else if (kind === 'key') replaceByte(decoded, KEY_SEPARATOR, COMMA)
  return decodeText(decoded)
}

function replaceByte(bytes: Uint8Array, from: number, to: number): void {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === from) bytes[i] = to
}
