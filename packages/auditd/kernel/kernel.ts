/**
 * The inner loop of reading audit logs, in AssemblyScript: cuts a line into what it has in common with many
 * others (its *phrases*) and what is its own (its *slots*).
 *
 *     type=SYSCALL msg=audit(1580291194.240:77): arch=c000003e syscall=59 success=yes exit=0 a0=55d1 ... pid=12
 *      auid=1000 uid=0 ... ses=3 comm="cat" exe="/usr/bin/cat" key="etc"<1D>ARCH=x86_64 SYSCALL=execve AUID="al"
 *
 * is, with slots in brackets, four phrases: `type=SYSCALL msg=audit([id]): arch=c000003e ... exit=[exit] a0=[a0]
 * ... pid=[pid]`, ` auid=1000 uid=0 ... ses=[ses]`, ` comm="cat" ... key="etc"`, and the appendix from 0x1D on.
 * Which names are slots, and which begin a phrase, is said by the caller for each form (kind of record).
 *
 * A phrase that was met before has a number; whatever is to be known of it, its reader found out when it was
 * new. This code understands nothing of audit syntax beyond that, and declines every line that is not plain.
 * Its caller reads such a line by itself (src/record.ts).
 *
 */
import {
  MAX_FORMS,
  MAX_PARTS,
  MAX_CHUNKS,
  MARK_BYTES,
  FORM_BYTES,
  TYPE_SLOTS,
  TYPE_BYTES,
  PHRASE_SLOTS,
  MAX_PHRASES,
  PHRASE_HEAP,
  PHRASE_BYTES,
  FIELD_BYTES,
  INPUT_CAPACITY,
  KIND_DECIMAL,
  KIND_HEX,
  KIND_BRACES,
  KIND_BEGIN,
  KIND_ARGUMENTS,
  MAX_ARGUMENTS,
  KIND_BEGIN_ENRICHED,
  NO_LINE,
  KNOWN,
  NEW,
  DECLINED,
  SPACE,
  GS,
  QUOTE,
  APOSTROPHE,
  EQUALS,
  BRACE,
  CLOSE_BRACE,
  NEWLINE,
  base,
  LINE,
  FORMS,
  ARGUMENTS,
  A_START,
  RECORD,
  R_NAME_START,
  R_NAME_END,
  R_VALUE_START,
  R_VALUE_END,
  R_ID,
  R_FLAGS,
  LAST,
  TYPES,
  PHRASES,
  PHRASE_TABLE,
  HEAP,
  INPUT,
  END,
  L_END,
  L_FORM,
  L_PARTS,
  L_CHUNKS,
  L_TIME,
  L_SERIAL,
  L_ID_START,
  L_SERIAL_START,
  L_ID_END,
  L_REGULAR,
  L_APPENDIX,
  L_PART_PHRASE,
  L_PART_CHUNK,
  L_PART_HASH,
  L_CHUNK_START,
  L_CHUNK_END,
  L_CHUNK_SLOT,
  L_SLOT_START,
  L_SLOT_END,
  L_SLOT_QUOTED,
  L_SLOT_NUMBER,
} from './memory'

export { clear, pack, rowCounts, rows, texts, textsCount, textStarts } from './pack'

let phraseCount: u32 = 0
let heapUsed: u32 = 0

export function line(): u32 {
  return LINE
}
export function input(): u32 {
  return INPUT
}
export function execArguments(): u32 {
  return ARGUMENTS
}
export function record(): u32 {
  return RECORD
}
export function inputCapacity(): u32 {
  return INPUT_CAPACITY
}

/** Makes room for the memory laid out above. */
export function start(): void {
  const pages = <i32>((END + 0xffff) >>> 16) - memory.size()
  if (pages > 0) memory.grow(pages)
}

/** Forgets all phrases. */
export function forget(): void {
  for (let id: u32 = 0; id < phraseCount; id++) {
    store<u32>(PHRASE_TABLE + load<u32>(PHRASES + id * PHRASE_BYTES, 24) * 4, 0)
  }
  memory.fill(LAST, 0, MAX_FORMS * MAX_PARTS * 4)
  phraseCount = 0
  heapUsed = 0
}

/** Says of the type whose name stands at the head of the input that its records have that form. */
export function addType(length: u32, form: u32): void {
  const a = maskedLoad(INPUT, length)
  const b = length > 8 ? maskedLoad(INPUT + 8, length - 8) : 0
  const c = length > 16 ? maskedLoad(INPUT + 16, length - 16) : 0
  let slot = typeSlot(a, b, c)
  while (load<i32>(TYPES + slot * TYPE_BYTES, 24) != 0) slot = (slot + 1) & (TYPE_SLOTS - 1)
  const at = TYPES + slot * TYPE_BYTES
  store<u64>(at, a)
  store<u64>(at, b, 8)
  store<u64>(at, c, 16)
  store<i32>(at, form + 1, 24)
}

/** Adds a mark, whose name with its `=` stands at the head of the input, to a form. */
export function addMark(form: u32, length: u32, kind: u32, slot: i32, packed: u32): void {
  const at = FORMS + form * FORM_BYTES
  const count = load<u32>(at)
  const mark = at + 16 + count * MARK_BYTES
  const bytes = length < 8 ? length : 8
  const mask: u64 = bytes == 8 ? ~(<u64>0) : ((<u64>1) << (bytes * 8)) - 1
  store<u64>(mark, load<u64>(INPUT) & mask)
  store<u64>(mark, mask, 8)
  store<u32>(mark, length, 16)
  store<u32>(mark, kind, 20)
  store<i32>(mark, slot, 24)
  store<u32>(mark, packed, 28)
  store<u32>(at, count + 1)
  if (kind == KIND_BEGIN) store<u32>(at, load<u32>(at, 4) + 1, 4)
}

/**
 * Gives part `part` of the line a number, so that it is known from now on; -1 when there is no room. The caller then
 * writes its fields to where `fieldsOf` says. Fewer than no fields: lines with it are declined.
 */
export function learn(part: u32, fields: i32): i32 {
  const room: u32 = fields < 0 ? 0 : fields * FIELD_BYTES
  const first = load<u32>(L_PART_CHUNK + part * 4)
  const last = load<u32>(L_PART_CHUNK + part * 4, 4)
  let size: u32 = 0
  for (let c = first; c < last; c++) size += chunkEnd(c) - chunkStart(c) + 8
  if (phraseCount >= MAX_PHRASES || heapUsed + size + 64 + room > PHRASE_HEAP) return -1
  const id = phraseCount++
  const hash = load<u64>(L_PART_HASH + part * 8)
  const phrase = PHRASES + id * PHRASE_BYTES
  store<u64>(phrase, hash)
  store<u32>(phrase, HEAP + heapUsed, 8)
  store<u32>(phrase, last - first, 12)
  let at = HEAP + heapUsed
  for (let c = first; c < last; c++) {
    const length = chunkEnd(c) - chunkStart(c)
    store<u32>(at, length)
    store<i32>(at, load<i32>(L_CHUNK_SLOT + c * 4), 4)
    memory.copy(at + 8, chunkStart(c), length)
    at += length + 8
  }
  heapUsed = (heapUsed + size + 7) & ~7
  store<u32>(phrase, HEAP + heapUsed, 16)
  store<i32>(phrase, fields, 20)
  heapUsed += room
  let slot = <u32>(hash ^ (hash >> 32)) & (PHRASE_SLOTS - 1)
  while (load<u32>(PHRASE_TABLE + slot * 4) != 0) slot = (slot + 1) & (PHRASE_SLOTS - 1)
  store<u32>(PHRASE_TABLE + slot * 4, id + 1)
  store<u32>(phrase, slot, 24)
  store<u32>(phrase, load<u32>(L_FORM) * MAX_PARTS + part, 28)
  store<u32>(L_PART_PHRASE + part * 4, id)
  return id
}

export function fieldsOf(phrase: u32): u32 {
  return load<u32>(PHRASES + phrase * PHRASE_BYTES, 16)
}

/** Writes the fields of the line's phrases, which are all known, in their order; answers how many they are. */
export function fill(): u32 {
  const parts = load<u32>(L_PARTS)
  let n: u32 = 0
  for (let part: u32 = 0; part < parts; part++) {
    const phrase = PHRASES + load<u32>(L_PART_PHRASE + part * 4) * PHRASE_BYTES
    const chunks = L_CHUNK_START + load<u32>(L_PART_CHUNK + part * 4) * 4
    let field = load<u32>(phrase, 16)
    const last = field + load<u32>(phrase, 20) * FIELD_BYTES
    for (; field < last; field += FIELD_BYTES, n++) {
      const base = load<u32>(chunks + load<u8>(field, 19) * 4)
      const slot = load<i32>(field, 20)
      store<u32>(R_NAME_START + n * 4, base + load<u32>(field))
      store<u32>(R_NAME_END + n * 4, base + load<u32>(field, 4))
      store<u16>(R_ID + n * 2, load<u16>(field, 16))
      if (slot < 0) {
        store<u32>(R_VALUE_START + n * 4, base + load<u32>(field, 8))
        store<u32>(R_VALUE_END + n * 4, base + load<u32>(field, 12))
        store<u8>(R_FLAGS + n, load<u8>(field, 18))
      } else {
        store<u32>(R_VALUE_START + n * 4, load<u32>(L_SLOT_START + slot * 4))
        store<u32>(R_VALUE_END + n * 4, load<u32>(L_SLOT_END + slot * 4))
        store<u8>(R_FLAGS + n, load<u8>(field, 18) | load<u8>(L_SLOT_QUOTED + slot * 4))
      }
    }
  }
  return n
}

/** Reads the line that begins at `at`; it must end before `limit`. */
export function scan(at: u32, limit: u32): u32 {
  const end = find(at, limit, NEWLINE)
  if (end >= limit) return NO_LINE
  store<u32>(L_END, end)
  if (end - at < 36) return DECLINED
  const last: u32 = load<u8>(end - 1)
  if (last == SPACE || last == 0x0d) return DECLINED
  return scanHeader(at, end)
}

function scanHeader(start: u32, end: u32): u32 {
  let at = start
  if (load<u32>(at) == 0x65646f6e && load<u8>(at, 4) == EQUALS) {
    // node=NAME type=
    at = find(at, end, SPACE) + 1
    if (at + 20 >= end) return DECLINED
  }
  if (load<u32>(at) != 0x65707974 || load<u8>(at, 4) != EQUALS) return DECLINED
  const type = at + 5
  const typeEnd = find(type, end, SPACE)
  const length = typeEnd - type
  if (length == 0 || length > 24) return DECLINED
  const form = formOf(type, length)
  if (form < 0) return DECLINED
  at = typeEnd
  // " msg=audit("
  if (at + 30 > end || load<u64>(at) != 0x6475613d67736d20 || load<u32>(at, 7) != 0x28746964) return DECLINED
  at += 11
  const id = at
  let seconds: u32 = 0
  if (load<u8>(at) == 0x30) return DECLINED
  for (let i = 0; i < 10; i++) {
    const digit: u32 = load<u8>(at++) - 0x30
    if (digit > 9) return DECLINED
    seconds = seconds * 10 + digit
  }
  if (load<u8>(at++) != 0x2e) return DECLINED
  let millis: u32 = 0
  for (let i = 0; i < 3; i++) {
    const digit: u32 = load<u8>(at++) - 0x30
    if (digit > 9) return DECLINED
    millis = millis * 10 + digit
  }
  if (load<u8>(at++) != 0x3a) return DECLINED
  const serialStart = at
  let serial: u64 = 0
  while (true) {
    const digit: u32 = load<u8>(at) - 0x30
    if (digit > 9) break
    serial = serial * 10 + digit
    at++
  }
  const digits = at - serialStart
  if (digits == 0 || digits > 15 || (digits > 1 && load<u8>(serialStart) == 0x30)) return DECLINED
  // "): "
  if ((load<u32>(at) & 0xffffff) != 0x203a29 || at + 3 >= end) return DECLINED
  store<i32>(L_FORM, form)
  store<f64>(L_TIME, <f64>seconds * 1000 + <f64>millis)
  store<f64>(L_SERIAL, <f64>serial)
  store<u32>(L_ID_START, id)
  store<u32>(L_SERIAL_START, serialStart)
  store<u32>(L_ID_END, at)
  if (load<u32>(FORMS + <u32>form * FORM_BYTES, 16 + MARK_BYTES + 20) == KIND_ARGUMENTS) {
    return scanExec(start, id, at, end) ? recognise() : DECLINED
  }
  if (scanBody(start, id, at, end, FORMS + <u32>form * FORM_BYTES, false)) return recognise()
  // A mark is missing, or stands elsewhere than usual: every name is compared with every mark.
  return scanBody(start, id, at, end, FORMS + <u32>form * FORM_BYTES, true) ? recognise() : DECLINED
}

/**
 * Cuts the line at the form's marks. Unless `anyOrder`, the marks are taken to come in their order, each once, and
 * the answer is false where they do not.
 */
function scanBody(start: u32, id: u32, body: u32, end: u32, form: u32, anyOrder: bool): bool {
  const markCount = load<u32>(form)
  const marks = form + 16
  const marksEnd = marks + markCount * MARK_BYTES
  for (let i: u32 = 0; i < markCount; i++) store<i32>(L_SLOT_START + i * 4, -1)
  store<u32>(L_PART_CHUNK, 0)
  store<u32>(L_CHUNK_START, start)
  store<u32>(L_CHUNK_END, id)
  store<i32>(L_CHUNK_SLOT, -1)
  let parts: u32 = 1
  let chunks: u32 = 1
  let chunk = body
  let next = marks
  let before: u32 = 0
  let begun: u32 = 0
  let regular: u32 = 1
  let appendix: u32 = 0
  let at = body + 2
  while (at < end) {
    // The next blank, separator or apostrophe: a name may follow it.
    let mask: i32 = 0
    while (true) {
      const block = v128.load(at)
      mask = i8x16.bitmask(
        v128.or(
          v128.or(i8x16.eq(block, i8x16.splat(0x20)), i8x16.eq(block, i8x16.splat(0x1d))),
          i8x16.eq(block, i8x16.splat(0x27)),
        ),
      )
      if (mask != 0) break
      at += 16
      if (at >= end) break
    }
    if (mask == 0) break
    while (true) {
      const place = at + ctz(mask)
      if (place >= end) {
        at = end
        break
      }
      let mark: u32 = 0
      if (load<u8>(place) == GS) {
        if (parts >= MAX_PARTS || chunks + 2 >= MAX_CHUNKS) return false
        chunks = closeChunk(chunks, chunk, place, -1)
        store<u32>(L_PART_CHUNK + parts * 4, chunks)
        parts++
        chunk = place
        if (appendix == 0) appendix = parts - 1
        else regular = 0
        // Of the translations that follow, only those are cut out that are marks of their own.
        if (!anyOrder && next < marksEnd && !isEnriched(next)) return false
        const name = load<u64>(place + 1)
        for (let m = marks; m < marksEnd; m += MARK_BYTES) {
          if (isEnriched(m) && (name & load<u64>(m, 8)) == load<u64>(m)) mark = m
        }
        if (mark != 0 && load<u32>(mark, 20) != KIND_BRACES) mark = 0
        if (next < marksEnd && mark == next) next += MARK_BYTES
      } else if (appendix != 0) {
        const name = load<u64>(place + 1)
        for (let m = marks; m < marksEnd; m += MARK_BYTES) {
          if (load<u32>(m, 20) == KIND_BEGIN_ENRICHED && (name & load<u64>(m, 8)) == load<u64>(m)) mark = m
        }
      } else {
        const name = load<u64>(place + 1)
        if (!anyOrder) {
          if (next < marksEnd && (name & load<u64>(next, 8)) == load<u64>(next)) {
            mark = next
            next += MARK_BYTES
          }
        } else {
          for (let m = marks; m < marksEnd; m += MARK_BYTES) {
            if ((name & load<u64>(m, 8)) == load<u64>(m) && !isEnriched(m)) {
              mark = m
              break
            }
          }
          if (mark != 0 && load<i32>(mark, 24) >= 0 && load<i32>(L_SLOT_START + load<u32>(mark, 24) * 4) >= 0) mark = 0
        }
      }
      if (mark == 0) {
        mask &= mask - 1
        if (mask != 0) continue
        at += 16
        break
      }
      const length = load<u32>(mark, 16)
      const value = place + 1 + length
      if (length > 8 && load<u8>(value - 1) != EQUALS) return false
      const kind = load<u32>(mark, 20)
      if (parts >= MAX_PARTS || chunks + 2 >= MAX_CHUNKS) return false
      if (mark <= before) regular = 0
      before = mark
      if (kind == KIND_BEGIN || kind == KIND_BEGIN_ENRICHED) {
        if (kind == KIND_BEGIN) begun++
        chunks = closeChunk(chunks, chunk, place, -1)
        store<u32>(L_PART_CHUNK + parts * 4, chunks)
        parts++
        chunk = place
        mask &= mask - 1
        if (mask != 0) continue
        at += 16
        break
      }
      const slot = load<i32>(mark, 24)
      const valueEnd = scanValue(value, end, kind, slot)
      if (valueEnd == 0) return false
      chunks = closeChunk(chunks, chunk, value, slot)
      if (load<u32>(L_SLOT_QUOTED + slot * 4) != 0) {
        // The quotes are the slot's.
        chunk = valueEnd + 1
      } else chunk = valueEnd
      at = chunk
      break
    }
  }
  if (!anyOrder && next < marksEnd && !isEnriched(next)) return false
  if (begun != load<u32>(form, 4)) regular = 0
  store<u32>(L_REGULAR, regular)
  store<u32>(L_APPENDIX, appendix == 0 ? parts : appendix)
  chunks = closeChunk(chunks, chunk, end, -1)
  store<u32>(L_PART_CHUNK + parts * 4, chunks)
  store<u32>(L_PARTS, parts)
  store<u32>(L_CHUNKS, chunks)
  return true
}

/** `argc=3 a0="ls" a1="-l" a2=...`, or `a350=... ` of a record that goes on with another's arguments. */
function scanExec(start: u32, id: u32, body: u32, end: u32): bool {
  store<u32>(L_CHUNK_START, start)
  store<u32>(L_CHUNK_END, id)
  store<i32>(L_CHUNK_SLOT, -1)
  store<u32>(L_PART_CHUNK, 0)
  store<i32>(L_SLOT_START, -1)
  store<i32>(L_SLOT_START, -1, 4)
  let chunks: u32 = 1
  let chunk = body
  let at = body + 3
  // argc=
  if (load<u32>(at) == 0x63677261 && load<u8>(at, 4) == EQUALS) {
    const valueEnd = scanValue(at + 5, end, KIND_DECIMAL, 0)
    if (valueEnd == 0) return false
    chunks = closeChunk(chunks, chunk, at + 5, 0)
    chunk = valueEnd
    at = valueEnd + 1
  }
  const first = at
  if (load<u8>(at++) != 0x61) return false
  let number: u32 = 0
  const digits = at
  while (<u32>(load<u8>(at) - 0x30) <= 9) number = number * 10 + (load<u8>(at++) - 0x30)
  if (at == digits || at - digits > 6 || (at - digits > 1 && load<u8>(digits) == 0x30)) return false
  store<u32>(ARGUMENTS, number)
  let count: u32 = 0
  while (true) {
    if (load<u8>(at++) != EQUALS || at >= end || count >= MAX_ARGUMENTS) return false
    const argument = A_START + count * 4
    let c: u32 = load<u8>(at)
    let stop: u32
    if (c == QUOTE) {
      stop = find(at + 1, end, QUOTE)
      if (stop >= end) return false
      store<u32>(argument, at + 1)
      store<u32>(argument + MAX_ARGUMENTS * 4, stop)
      store<u32>(argument + MAX_ARGUMENTS * 8, 1)
      stop++
    } else {
      if (c == APOSTROPHE || c == BRACE) return false
      stop = at
      while (stop < end) {
        c = load<u8>(stop)
        if (c == SPACE) break
        if (c == QUOTE || c == APOSTROPHE || c == EQUALS || c == GS) return false
        stop++
      }
      if (stop == at) return false
      store<u32>(argument, at)
      store<u32>(argument + MAX_ARGUMENTS * 4, stop)
      store<u32>(argument + MAX_ARGUMENTS * 8, 0)
    }
    count++
    if (stop == end) break
    if (load<u8>(stop) != SPACE || load<u8>(stop, 1) != 0x61) return false
    number++
    at = writtenNumber(stop + 2, number)
    if (at == 0) return false
  }
  store<u32>(ARGUMENTS, count, 4)
  store<u32>(L_SLOT_START, first, 4)
  store<u32>(L_SLOT_END, end, 4)
  store<u32>(L_SLOT_QUOTED, 0, 4)
  chunks = closeChunk(chunks, chunk, first, 1)
  chunks = closeChunk(chunks, end, end, -1)
  store<u32>(L_PART_CHUNK, chunks, 4)
  store<u32>(L_PARTS, 1)
  store<u32>(L_CHUNKS, chunks)
  store<u32>(L_REGULAR, 1)
  store<u32>(L_APPENDIX, 1)
  return true
}

/** The place behind the number when that stands at `at`, else 0. */
function writtenNumber(at: u32, number: u32): u32 {
  let size: u32 = 1
  for (let power: u32 = 10; number >= power; power *= 10) size++
  for (let i = size; i > 0; i--) {
    if (load<u8>(at + i - 1) != 0x30 + (number % 10)) return 0
    number /= 10
  }
  return at + size
}

// @ts-ignore: decorator
@inline
function isEnriched(mark: u32): bool {
  const kind = load<u32>(mark, 20)
  return kind == KIND_BRACES || kind == KIND_BEGIN_ENRICHED
}

// @ts-ignore: decorator
@inline
function closeChunk(chunks: u32, start: u32, end: u32, slot: i32): u32 {
  store<u32>(L_CHUNK_START + chunks * 4, start)
  store<u32>(L_CHUNK_END + chunks * 4, end)
  store<i32>(L_CHUNK_SLOT + chunks * 4, slot)
  return chunks + 1
}

/** Takes note of the value from `at` on; where it ends, or 0 when it is not plain. */
function scanValue(at: u32, end: u32, kind: u32, slot: i32): u32 {
  let stop = at
  let quoted: u32 = 0
  if (kind == KIND_DECIMAL) {
    if (load<u8>(stop) == 0x2d) stop++
    const digits = stop
    let number: i64 = 0
    while (stop < end && <u32>(load<u8>(stop) - 0x30) <= 9) number = number * 10 + <i64>(load<u8>(stop++) - 0x30)
    store<i64>(L_SLOT_NUMBER + slot * 8, digits == at ? number : -number)
    if (stop == digits || stop - digits > 18) return 0
    if (load<u8>(digits) == 0x30 && (stop - digits > 1 || digits != at)) return 0
  } else if (kind == KIND_HEX) {
    let number: u64 = 0
    while (stop < end) {
      const c: u32 = load<u8>(stop)
      if (!isHexDigit(c)) break
      number = (number << 4) | (c <= 0x39 ? c - 0x30 : c - 0x57)
      stop++
    }
    store<u64>(L_SLOT_NUMBER + slot * 8, number)
    if (stop == at || stop - at > 16 || (stop - at > 1 && load<u8>(at) == 0x30)) return 0
  } else if (kind == KIND_BRACES) {
    // `{ ... }` to the end of the line, and not closed before.
    if (load<u8>(at) != BRACE || load<u8>(at, 1) != SPACE || find(at, end, GS) < end) return 0
    stop = find(at, end, CLOSE_BRACE)
    while (stop + 1 < end && load<u8>(stop, 1) != SPACE) stop = find(stop + 1, end, CLOSE_BRACE)
    if (++stop != end) return 0
  } else {
    const first: u32 = load<u8>(at)
    if (at >= end) return 0
    if (first == QUOTE) {
      quoted = 1
      at++
      stop = find(at, end, QUOTE)
      if (stop >= end) return 0
      if (!isBreak(stop + 1, end)) return 0
      store<u32>(L_SLOT_START + slot * 4, at)
      store<u32>(L_SLOT_END + slot * 4, stop)
      store<u32>(L_SLOT_QUOTED + slot * 4, 1)
      return stop
    }
    if (first == APOSTROPHE || first == BRACE) return 0
    stop = endOfWord(at, end)
    if (stop <= at) return 0
  }
  if (!isBreak(stop, end)) return 0
  store<u32>(L_SLOT_START + slot * 4, at)
  store<u32>(L_SLOT_END + slot * 4, stop)
  store<u32>(L_SLOT_QUOTED + slot * 4, quoted)
  return stop
}

/** Where the blank or separator behind a word stands, or the end; 0 if there is a quote or a `=` in the word. */
function endOfWord(at: u32, end: u32): u32 {
  while (at < end) {
    const block = v128.load(at)
    const breaks = v128.or(i8x16.eq(block, i8x16.splat(0x20)), i8x16.eq(block, i8x16.splat(0x1d)))
    const syntax = v128.or(
      v128.or(i8x16.eq(block, i8x16.splat(0x22)), i8x16.eq(block, i8x16.splat(0x27))),
      i8x16.eq(block, i8x16.splat(0x3d)),
    )
    const mask = i8x16.bitmask(v128.or(breaks, syntax))
    if (mask != 0) {
      const place = at + ctz(mask)
      if (place >= end) return end
      const c: u32 = load<u8>(place)
      return c == SPACE || c == GS ? place : 0
    }
    at += 16
  }
  return end
}

// @ts-ignore: decorator
@inline
function isBreak(at: u32, end: u32): bool {
  if (at >= end) return true
  const c: u32 = load<u8>(at)
  return c == SPACE || c == GS
}

// @ts-ignore: decorator
@inline
function isHexDigit(c: u32): bool {
  return c - 0x30 <= 9 || c - 0x61 <= 5
}

/** Gives each part of the line the number of its phrase. */
function recognise(): u32 {
  const parts = load<u32>(L_PARTS)
  const before = LAST + load<u32>(L_FORM) * (MAX_PARTS * 4)
  let answer = KNOWN
  for (let part: u32 = 0; part < parts; part++) {
    const first = load<u32>(L_PART_CHUNK + part * 4)
    const last = load<u32>(L_PART_CHUNK + part * 4, 4)
    const kind = load<u32>(L_FORM) * MAX_PARTS + part
    const seen = load<u32>(before + part * 4)
    if (seen != 0) {
      const phrase = PHRASES + (seen - 1) * PHRASE_BYTES
      if (load<u32>(phrase, 12) == last - first && isPhrase(load<u32>(phrase, 8), first, last)) {
        store<u32>(L_PART_PHRASE + part * 4, seen - 1)
        if (load<i32>(phrase, 20) < 0 && answer == KNOWN) answer = DECLINED
        continue
      }
    }
    let hash: u64 = kind + 0x9e3779b97f4a7c15
    for (let c = first; c < last; c++) hash = hashChunk(hash, c)
    hash ^= hash >> 29
    store<u64>(L_PART_HASH + part * 8, hash)
    const id = phraseOf(hash, kind, first, last)
    store<i32>(L_PART_PHRASE + part * 4, id)
    store<i32>(before + part * 4, id + 1)
    if (id < 0) answer = NEW
    else if (load<i32>(PHRASES + id * PHRASE_BYTES, 20) < 0 && answer == KNOWN) answer = DECLINED
  }
  return answer
}

function hashChunk(seed: u64, c: u32): u64 {
  let at = chunkStart(c)
  const end = chunkEnd(c)
  let a = seed ^ (<u64>(end - at) << 8) ^ load<u8>(L_CHUNK_SLOT + c * 4)
  let b = seed
  while (at + 16 <= end) {
    a = (a ^ load<u64>(at)) * 0x9fb21c651e98df25
    b = (b ^ load<u64>(at, 8)) * 0xff51afd7ed558ccd
    a ^= a >> 32
    b ^= b >> 32
    at += 16
  }
  if (at + 8 <= end) {
    a = (a ^ load<u64>(at)) * 0x9fb21c651e98df25
    a ^= a >> 32
    at += 8
  }
  if (at < end) {
    b = (b ^ maskedLoad(at, end - at)) * 0xff51afd7ed558ccd
    b ^= b >> 32
  }
  return (a ^ (b * 0x9e3779b97f4a7c15)) * 0xff51afd7ed558ccd
}

function phraseOf(hash: u64, kind: u32, first: u32, last: u32): i32 {
  let slot = <u32>(hash ^ (hash >> 32)) & (PHRASE_SLOTS - 1)
  while (true) {
    const id = load<u32>(PHRASE_TABLE + slot * 4)
    if (id == 0) return -1
    const phrase = PHRASES + (id - 1) * PHRASE_BYTES
    if (
      load<u64>(phrase) == hash &&
      load<u32>(phrase, 28) == kind &&
      load<u32>(phrase, 12) == last - first &&
      isPhrase(load<u32>(phrase, 8), first, last)
    ) {
      return id - 1
    }
    slot = (slot + 1) & (PHRASE_SLOTS - 1)
  }
}

function isPhrase(at: u32, first: u32, last: u32): bool {
  for (let c = first; c < last; c++) {
    const start = chunkStart(c)
    const length = chunkEnd(c) - start
    if (load<u32>(at) != length || load<i32>(at, 4) != load<i32>(L_CHUNK_SLOT + c * 4)) return false
    at += 8
    if (!equal(at, start, length)) return false
    at += length
  }
  return true
}

// @ts-ignore: decorator
@inline
function chunkStart(c: u32): u32 {
  return load<u32>(L_CHUNK_START + c * 4)
}

// @ts-ignore: decorator
@inline
function chunkEnd(c: u32): u32 {
  return load<u32>(L_CHUNK_END + c * 4)
}

/** `length` bytes, at most 8, the others zero. */
// @ts-ignore: decorator
@inline
export function maskedLoad(at: u32, length: u32): u64 {
  return length >= 8 ? load<u64>(at) : load<u64>(at) & (((<u64>1) << (length * 8)) - 1)
}

export function equal(a: u32, b: u32, length: u32): bool {
  let i: u32 = 0
  while (i + 16 <= length) {
    if (v128.any_true(v128.xor(v128.load(a + i), v128.load(b + i)))) return false
    i += 16
  }
  while (i + 8 <= length) {
    if (load<u64>(a + i) != load<u64>(b + i)) return false
    i += 8
  }
  return i >= length || maskedLoad(a + i, length - i) == maskedLoad(b + i, length - i)
}

/** Where the byte next stands; `end` if it does not. */
function find(at: u32, end: u32, byte: u32): u32 {
  const wanted = i8x16.splat(<i8>byte)
  while (at < end) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(at), wanted))
    if (mask != 0) {
      const place = at + ctz(mask)
      return place < end ? place : end
    }
    at += 16
  }
  return end
}

function typeSlot(a: u64, b: u64, c: u64): u32 {
  const hash = (a ^ (b * 31) ^ (c * 131)) * 0x9e3779b97f4a7c15
  return <u32>(hash >> 56) & (TYPE_SLOTS - 1)
}

/** The form of the type whose name is `length` bytes at `at`; -1 if it has none. */
function formOf(at: u32, length: u32): i32 {
  const a = maskedLoad(at, length)
  const b = length > 8 ? maskedLoad(at + 8, length - 8) : 0
  const c = length > 16 ? maskedLoad(at + 16, length - 16) : 0
  let slot = typeSlot(a, b, c)
  while (true) {
    const type = TYPES + slot * TYPE_BYTES
    const form = load<i32>(type, 24)
    if (form == 0) return -1
    if (load<u64>(type) == a && load<u64>(type, 8) == b && load<u64>(type, 16) == c) return form - 1
    slot = (slot + 1) & (TYPE_SLOTS - 1)
  }
}
