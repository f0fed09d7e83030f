/**
 * Field names to numbers, straight from the bytes of a line. A number below FIELD_COUNT is an index into
 * `FIELDS`; a higher one is the name, in capitals, under which auditd appends that field's translation.
 */
import { Buffer } from 'node:buffer'
import { ENRICHED_KINDS, FIELDS } from './fields.js'

export const FIELD_COUNT = FIELDS.length

const NAMES: Buffer[] = FIELDS.map((field) => Buffer.from(field.name, 'latin1'))
const TARGETS: number[] = []
FIELDS.forEach((field, id) => {
  if (!ENRICHED_KINDS.has(field.kind)) return
  NAMES.push(Buffer.from(field.name.toUpperCase(), 'latin1'))
  TARGETS.push(id)
})

const TABLE_SIZE = 4096
const TABLE = new Int16Array(TABLE_SIZE).fill(-1)
NAMES.forEach((name, id) => {
  let slot = slotOf(hashName(name, 0, name.length))
  while (TABLE[slot]! >= 0) slot = (slot + 1) & (TABLE_SIZE - 1)
  TABLE[slot] = id
})

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 12)) & (TABLE_SIZE - 1)
}

/** The hash that `fieldIdOf` looks a name up by. */
export function hashName(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0
  return hash
}

/** The number of the name `bytes[start, end)`, whose hash is `hash`; -1 if it is not known. */
export function fieldIdOf(bytes: Uint8Array, start: number, end: number, hash: number): number {
  for (let slot = slotOf(hash); ; slot = (slot + 1) & (TABLE_SIZE - 1)) {
    const id = TABLE[slot]!
    if (id < 0) return -1
    if (isName(NAMES[id]!, bytes, start, end)) return id
  }
}

function isName(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false
  for (let i = 0; i < name.length; i++) if (name[i] !== bytes[start + i]) return false
  return true
}

const ALL_NAMES = Buffer.concat(NAMES)
const NAME_OFFSET = new Int32Array(NAMES.length + 1)
NAMES.forEach((name, id) => {
  NAME_OFFSET[id + 1] = NAME_OFFSET[id]! + name.length
})

/** The length of the name with the number `id`, if it stands at `bytes[at]` and an `=` behind it; else 0. */
export function nameLengthAt(bytes: Uint8Array, at: number, limit: number, id: number): number {
  const start = NAME_OFFSET[id]!
  const length = NAME_OFFSET[id + 1]! - start
  if (at + length >= limit || bytes[at + length] !== 0x3d) return 0
  for (let i = 0; i < length; i++) if (bytes[at + i] !== ALL_NAMES[start + i]) return 0
  return length
}

export function isSuffixName(bytes: Uint8Array, start: number, end: number): boolean {
  return fieldIdOf(bytes, start, end, hashName(bytes, start, end)) >= FIELD_COUNT
}

/** The field that a translation's name belongs to. */
export function suffixTarget(id: number): number {
  return TARGETS[id - FIELD_COUNT]!
}

const BY_NAME = new Map(FIELDS.map((field, id) => [field.name, id]))

/** The number of a field that is in `FIELDS`. */
export function fieldId(name: string): number {
  const id = BY_NAME.get(name)
  if (id === undefined) throw new RangeError(`no field "${name}" in FIELDS`)
  return id
}
