/**
 * Packs plain lines into rows: the numbers of their phrases, numbers as numbers, texts decoded and each kept once.
 * Only what a line can be made of again, byte for byte, is packed; other lines are declined.
 */
import { equal, maskedLoad } from './kernel'
import {
  MAX_FORMS,
  MARK_BYTES,
  FORM_BYTES,
  MAX_ARGUMENTS,
  QUOTE,
  base,
  FORMS,
  ARGUMENTS,
  A_START,
  MAX_ROWS,
  MAX_TEXTS,
  TEXT_SLOT,
  TEXT_SLOTS,
  TEXT_HEAP,
  MAX_SLOTS,
  ROW_BYTES,
  ROWS,
  ROW_COUNTS,
  TEXT_TABLE,
  TEXT_STARTS,
  TEXTS,
  L_FORM,
  L_TIME,
  L_SERIAL,
  L_REGULAR,
  L_SLOT_START,
  L_SLOT_END,
  L_SLOT_QUOTED,
  L_SLOT_NUMBER,
} from './memory'

// How a slot is packed, and so how its line can be made of it again.
/** A number, where 2^32-1 stands for none and is -1. A number that is PACK_NUMBER, 1, stays as it is. */
const PACK_ID: u32 = 0
/** Quoted; or hex, where there is a byte in it that may not stand in quotes; or one of the words for nothing. */
const PACK_ESCAPED: u32 = 2
/** As it stands, without quotes. */
const PACK_BARE: u32 = 3
/** Always hex. */
const PACK_HEX: u32 = 4
/** As ESCAPED, and NUL becomes 0x1F. */
const PACK_TITLE: u32 = 5
/** The arguments of an exec, each as ESCAPED, with 0x1F between them. */
const PACK_ARGUMENTS: u32 = 6

/** What `pack` answers. */
const DECLINED: u32 = 0
const PACKED: u32 = 1
const FULL: u32 = 2

const SEPARATOR: u32 = 0x1f
const ABSENT: i64 = i64.MIN_VALUE

let textCount: u32 = 1
let textUsed: u32 = 0

export function rows(): u32 {
  return ROWS
}
export function rowCounts(): u32 {
  return ROW_COUNTS
}
export function textStarts(): u32 {
  return TEXT_STARTS
}
export function texts(): u32 {
  return TEXTS
}
/** How many texts there are; the first one is the empty text. */
export function textsCount(): u32 {
  return textCount
}

/** Forgets the rows and texts that were packed. */
export function clear(): void {
  memory.fill(ROW_COUNTS, 0, MAX_FORMS * 4)
  for (let id: u32 = 1; id < textCount; id++) store<u32>(TEXT_TABLE + load<u32>(TEXT_SLOT + id * 4) * 4, 0)
  textCount = 1
  textUsed = 0
}

/**
 * Adds the scanned line to the rows of its form. Full: nothing was added; `clear`, then again.
 * @param place of the row in the input
 */
export function pack(place: i32): u32 {
  if (load<u32>(L_REGULAR) == 0) return DECLINED
  const form = load<u32>(L_FORM)
  const counter = ROW_COUNTS + form * 4
  const row = load<u32>(counter)
  if (row >= MAX_ROWS || textCount + MAX_SLOTS >= MAX_TEXTS) return FULL
  const base = ROWS + form * (MAX_ROWS * ROW_BYTES)
  const slots = base + MAX_ROWS * 20 + row * 8
  const marks = FORMS + form * FORM_BYTES + 16
  const marksEnd = marks + load<u32>(FORMS + form * FORM_BYTES) * MARK_BYTES
  for (let mark = marks; mark < marksEnd; mark += MARK_BYTES) {
    const slot = load<i32>(mark, 24)
    if (slot < 0) continue
    const column = slots + slot * (MAX_ROWS * 8)
    const how = load<u32>(mark, 28)
    const start = load<i32>(L_SLOT_START + slot * 4)
    if (how < PACK_ESCAPED) {
      let number = start < 0 ? ABSENT : load<i64>(L_SLOT_NUMBER + slot * 8)
      if (how == PACK_ID) {
        if (number == -1) return DECLINED
        if (number == 0xffffffff) number = -1
      }
      store<i64>(column, number)
      continue
    }
    if (start < 0) {
      store<i64>(column, 0)
      continue
    }
    const end = load<u32>(L_SLOT_END + slot * 4)
    const room = end - <u32>start + 16
    if (textUsed + room > TEXT_HEAP) return room > TEXT_HEAP ? DECLINED : FULL
    const to = TEXTS + textUsed
    const text =
      how == PACK_ARGUMENTS ? writeArguments(to) : writeText(start, end, how, load<u32>(L_SLOT_QUOTED + slot * 4), to)
    if (text == 0) return DECLINED
    store<i64>(column, intern(text))
    // The number of the first argument is a slot of its own, behind that of argc.
    if (how == PACK_ARGUMENTS) store<i64>(slots + 2 * (MAX_ROWS * 8), load<u32>(ARGUMENTS))
  }
  store<i32>(base + row * 4, place)
  const numbers = base + MAX_ROWS * 4
  store<i64>(numbers + row * 8, <i64>load<f64>(L_TIME))
  store<i64>(numbers + MAX_ROWS * 8 + row * 8, <i64>load<f64>(L_SERIAL))
  store<u32>(counter, row + 1)
  return PACKED
}

/** The number of the text that was written behind the others, up to `end`: it is kept only if it is a new one. */
function intern(end: u32): u32 {
  const start = TEXTS + textUsed
  const length = end - start
  let at = start
  let hash: u64 = length
  while (at + 8 <= end) {
    hash = (hash ^ load<u64>(at)) * 0x9fb21c651e98df25
    hash ^= hash >> 32
    at += 8
  }
  if (at < end) hash = (hash ^ maskedLoad(at, end - at)) * 0x9fb21c651e98df25
  hash ^= hash >> 29
  let slot = <u32>(hash ^ (hash >> 32)) & (TEXT_SLOTS - 1)
  while (true) {
    const id = load<u32>(TEXT_TABLE + slot * 4)
    if (id == 0) break
    const known = load<u32>(TEXT_STARTS + id * 4)
    if (load<u32>(TEXT_STARTS + id * 4, 4) - known == length && equal(TEXTS + known, start, length)) return id
    slot = (slot + 1) & (TEXT_SLOTS - 1)
  }
  const id = textCount++
  store<u32>(TEXT_TABLE + slot * 4, id)
  store<u32>(TEXT_SLOT + id * 4, slot)
  textUsed += length
  store<u32>(TEXT_STARTS + id * 4, textUsed, 4)
  return id
}

/** Writes the value as text to `to`; where it ends, or 0 if it could not be made into the same value again. */
function writeText(start: u32, end: u32, how: u32, quoted: u32, to: u32): u32 {
  const length = end - start
  if (how == PACK_BARE) {
    if (quoted || !isPrintable(start, end)) return 0
    memory.copy(to, start, length)
    return to + length
  }
  if (quoted) {
    if (how == PACK_HEX || !isGraphic(start, end) || isWordForNothing(start, length)) return 0
    memory.copy(to, start, length)
    return to + length
  }
  if (!isHex(start, end)) {
    if (how == PACK_HEX || !isWordForNothing(start, length)) return 0
    memory.copy(to, start, length)
    return to + length
  }
  let special = false
  let high = false
  let out = to
  for (let at = start; at < end; at += 2) {
    let byte = (hexValue(load<u8>(at)) << 4) | hexValue(load<u8>(at, 1))
    if (byte < 0x21 || byte > 0x7e || byte == QUOTE) {
      special = true
      if (byte > 0x7f) high = true
      else if (byte == 0) {
        if (how != PACK_TITLE) return 0
        byte = SEPARATOR
      } else if (byte == SEPARATOR) return 0
    }
    store<u8>(out++, byte)
  }
  if (!special && how != PACK_HEX) return 0
  return high && !isText(to, out) ? 0 : out
}

function writeArguments(to: u32): u32 {
  const count = load<u32>(ARGUMENTS, 4)
  let out = to
  for (let i: u32 = 0; i < count; i++) {
    if (i > 0) store<u8>(out++, SEPARATOR)
    const argument = A_START + i * 4
    out = writeText(
      load<u32>(argument),
      load<u32>(argument + MAX_ARGUMENTS * 4),
      PACK_ESCAPED,
      load<u32>(argument + MAX_ARGUMENTS * 8),
      out,
    )
    if (out == 0) return 0
  }
  return out
}

/** 0x20 to 0x7E only. */
function isPrintable(at: u32, end: u32): bool {
  for (; at < end; at++) if (<u32>load<u8>(at) - 0x20 > 0x5e) return false
  return true
}

/** 0x21 to 0x7E only, as the kernel leaves between quotes. */
function isGraphic(at: u32, end: u32): bool {
  for (; at < end; at++) if (<u32>load<u8>(at) - 0x21 > 0x5d) return false
  return true
}

/** `(null)`, `(none)` or `?`. */
function isWordForNothing(at: u32, length: u32): bool {
  if (length == 1) return load<u8>(at) == 0x3f
  if (length != 6) return false
  const word = maskedLoad(at, 6)
  return word == 0x296c6c756e28 || word == 0x29656e6f6e28
}

/** An even, positive number of upper-case hex digits. */
function isHex(at: u32, end: u32): bool {
  const length = end - at
  if (length < 2 || (length & 1) != 0) return false
  for (; at < end; at++) {
    const c: u32 = load<u8>(at)
    if (c - 0x30 > 9 && c - 0x41 > 5) return false
  }
  return true
}

// @ts-ignore: decorator
@inline
function hexValue(c: u32): u32 {
  return c <= 0x39 ? c - 0x30 : c - 0x37
}

/** Valid UTF-8, without the code points that stand for bytes that are not (src/text.ts). */
function isText(from: u32, end: u32): bool {
  let at = from
  while (at < end) {
    const first: u32 = load<u8>(at)
    if (first < 0x80) {
      at++
      continue
    }
    if (first < 0xc2 || first > 0xf4) return false
    const length: u32 = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
    if (at + length > end) return false
    let point = first & (length == 2 ? 0x1f : length == 3 ? 0x0f : 0x07)
    for (let k: u32 = 1; k < length; k++) {
      const byte: u32 = load<u8>(at + k)
      if ((byte & 0xc0) != 0x80) return false
      point = (point << 6) | (byte & 0x3f)
    }
    if (length == 3 && (point < 0x800 || (point >= 0xd800 && point <= 0xdfff))) return false
    if (length == 4 && (point < 0x10000 || point > 0x10ffff)) return false
    if (point >= 0xef80 && point <= 0xefff) return false
    at += length
  }
  return true
}
