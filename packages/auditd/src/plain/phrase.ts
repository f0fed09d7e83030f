/**
 * What is known of a phrase: which fields it has, and where. It is found out once, by reading a line that the
 * phrase is in as any line can be read (src/record.ts), and holds for all lines with that phrase.
 */
import { FIELD_COUNT, fieldId } from '../field-ids.js'
import { type AuditRecord, ENRICHED, QUOTED } from '../record.js'
import { FORMS } from './forms.js'
import type { Kernel, PhraseFields } from './kernel.js'

/** By form: the field of each slot, and whether the slot is its translation. */
const SLOTS = FORMS.map(({ marks }) =>
  marks.flatMap((mark) =>
    'slot' in mark ? [{ field: fieldId(mark.slot), enriched: mark.enriched === true }] : [],
  ),
)

/** How many slots the lines of a form have. */
export const SLOT_COUNTS: readonly number[] = SLOTS.map((slots) => slots.length)

const EXECVE = FORMS.findIndex(({ name }) => name === 'EXECVE')
/** The slot of all arguments. */
const ARGUMENTS = 1
const A0 = fieldId('a0')
/** Arguments that are fields of their own. */
const ARGUMENT_FIELDS = FIELD_COUNT - A0

/** Where a part of the line's header lies, from the beginning of the line on. */
interface HeaderPlaces {
  readonly nodeStart: number
  readonly nodeEnd: number
  readonly typeStart: number
  readonly typeEnd: number
}

export class Phrase implements PhraseFields {
  readonly plain: boolean
  readonly form: number
  readonly count: number
  readonly fieldId: Int16Array
  readonly flags: Uint8Array
  readonly chunk: Uint8Array
  readonly slot: Int8Array
  readonly nameStart: Int32Array
  readonly nameEnd: Int32Array
  readonly valueStart: Int32Array
  readonly valueEnd: Int32Array
  readonly header: HeaderPlaces | undefined
  /** Words before the first field: chunk and places; undefined if there are none. */
  readonly message: readonly [chunk: number, start: number, end: number] | undefined
  /** What a reader knows besides. */
  facts: unknown = undefined

  constructor(kernel: Kernel, part: number, record: AuditRecord, plain: boolean) {
    this.plain = plain
    this.form = kernel.header[1]!
    const first = kernel.firstChunk[part]!
    const last = kernel.firstChunk[part + 1]!
    const fields: number[] = []
    const chunks: number[] = []
    if (plain) {
      for (let i = 0; i < record.fieldCount; i++) {
        if (this.form === EXECVE && record.nameStart[i]! >= kernel.slotStart[ARGUMENTS]!) continue
        const at = chunkOf(kernel, first, last, record.nameStart[i]!)
        if (at < 0) continue
        fields.push(i)
        chunks.push(at)
      }
    }
    const base = (k: number) => kernel.chunkStart[chunks[k]!]!
    this.count = fields.length
    this.fieldId = Int16Array.from(fields, (i) => record.fieldId[i]!)
    this.flags = Uint8Array.from(fields, (i) => record.flags[i]!)
    this.chunk = Uint8Array.from(chunks, (at) => at - first)
    this.slot = Int8Array.from(fields, (i, k) =>
      record.valueStart[i]! >= kernel.chunkEnd[chunks[k]!]! && kernel.chunkSlot[chunks[k]!]! >= 0
        ? kernel.chunkSlot[chunks[k]!]!
        : -1,
    )
    for (let k = 0; k < this.count; k++) if (this.slot[k]! >= 0) this.flags[k]! &= ~QUOTED
    this.nameStart = Int32Array.from(fields, (i, k) => record.nameStart[i]! - base(k))
    this.nameEnd = Int32Array.from(fields, (i, k) => record.nameEnd[i]! - base(k))
    this.valueStart = Int32Array.from(fields, (i, k) => record.valueStart[i]! - base(k))
    this.valueEnd = Int32Array.from(fields, (i, k) => record.valueEnd[i]! - base(k))
    if (part === 0) {
      const { start, nodeStart, nodeEnd, typeStart, typeEnd } = record
      this.header = {
        nodeStart: nodeStart - start,
        nodeEnd: nodeEnd - start,
        typeStart: typeStart - start,
        typeEnd: typeEnd - start,
      }
    } else this.header = undefined
    const message =
      record.messageEnd > record.messageStart ? chunkOf(kernel, first, last, record.messageStart) : -1
    this.message =
      message < 0
        ? undefined
        : [
            message - first,
            record.messageStart - kernel.chunkStart[message]!,
            record.messageEnd - kernel.chunkStart[message]!,
          ]
  }
}

/** Which of the chunks holds the byte; -1 if none does. */
function chunkOf(kernel: Kernel, first: number, last: number, byte: number): number {
  for (let at = first; at < last; at++) {
    if (byte >= kernel.chunkStart[at]! && byte < kernel.chunkEnd[at]!) return at
  }
  return -1
}

/**
 * Which parts of the scanned line are as the kernel takes them to be: `record` is the same line, read the slow
 * way. A part is not if a field begins in one chunk of it and ends in another (but in a slot), if a slot is not
 * the field that it stands for, or if there are brackets or words that mean something outside of it.
 */
export function plainParts(kernel: Kernel, record: AuditRecord, parsed: boolean): boolean[] {
  const parts = kernel.header[2]!
  const plain = new Array<boolean>(parts).fill(parsed && !record.unclosed)
  if (!plain[0]) return plain
  const form = kernel.header[1]!
  const expected = SLOTS[form]!
  const partOf = (chunk: number) => {
    let part = 0
    while (part + 1 < parts && kernel.firstChunk[part + 1]! <= chunk) part++
    return part
  }
  const chunkCount = kernel.header[3]!
  const filled = new Array<boolean>(chunkCount).fill(false)
  let args = 0
  for (let i = 0; i < record.fieldCount; i++) {
    if (form === EXECVE && record.nameStart[i]! >= kernel.slotStart[ARGUMENTS]!) {
      if (!isArgument(kernel, record, i, args++)) plain.fill(false)
      continue
    }
    const chunk = chunkOf(kernel, 0, chunkCount, record.nameStart[i]!)
    if (chunk < 0) {
      plain.fill(false)
      continue
    }
    const part = partOf(chunk)
    const quoted = (record.flags[i]! & QUOTED) !== 0
    const end = kernel.chunkEnd[chunk]!
    if (record.valueEnd[i]! + (quoted ? 1 : 0) <= end && record.valueStart[i]! <= end) {
      // A field that ends with its chunk has no value where a slot follows.
      if (kernel.chunkSlot[chunk]! < 0 || record.valueEnd[i]! < end) continue
    }
    const slot = kernel.chunkSlot[chunk]!
    const isSlot =
      slot >= 0 &&
      !filled[chunk] &&
      record.nameEnd[i] === end - 1 &&
      record.fieldId[i] === expected[slot]!.field &&
      ((record.flags[i]! & ENRICHED) !== 0) === expected[slot]!.enriched &&
      record.valueStart[i] === kernel.slotStart[slot] &&
      record.valueEnd[i] === kernel.slotEnd[slot] &&
      quoted === (kernel.slotQuoted[slot] !== 0)
    if (isSlot) filled[chunk] = true
    else plain[part] = false
  }
  if (form === EXECVE) {
    if (args !== kernel.argumentNumbers[1]) plain.fill(false)
    filled[chunkCount - 2] = true
  }
  for (let chunk = 0; chunk < chunkCount; chunk++) {
    const part = partOf(chunk)
    if (kernel.chunkSlot[chunk]! >= 0 && !filled[chunk]) plain[part] = false
    const text = kernel.bytes.toString('latin1', kernel.chunkStart[chunk], kernel.chunkEnd[chunk])
    if (text.includes(' (')) plain[part] = false
  }
  if (record.messageEnd > record.messageStart) {
    const chunk = chunkOf(kernel, 0, chunkCount, record.messageStart)
    const inside = chunk >= 0 && record.messageEnd <= kernel.chunkEnd[chunk]!
    if (!inside || partOf(chunk) !== 0) plain.fill(false)
  }
  return plain
}

function isArgument(kernel: Kernel, record: AuditRecord, i: number, n: number): boolean {
  const number = kernel.argumentNumbers[0]! + n
  return (
    n < kernel.argumentNumbers[1]! &&
    record.fieldId[i] === (number < ARGUMENT_FIELDS ? A0 + number : -1) &&
    (record.flags[i]! & ~QUOTED) === 0 &&
    record.valueStart[i] === kernel.argumentStart[n] &&
    record.valueEnd[i] === kernel.argumentEnd[n] &&
    ((record.flags[i]! & QUOTED) !== 0) === (kernel.argumentQuoted[n] !== 0)
  )
}

/** Points the record at the scanned line, whose phrases are all plain: as `AuditRecord.parse` would. */
export function fillRecord(record: AuditRecord, kernel: Kernel, start: number, head: Phrase): void {
  const header = head.header!
  record.bytes = kernel.bytes
  record.start = start
  record.end = kernel.header[0]!
  record.unclosed = false
  record.nodeStart = start + header.nodeStart
  record.nodeEnd = start + header.nodeEnd
  record.typeStart = start + header.typeStart
  record.typeEnd = start + header.typeEnd
  record.idStart = kernel.id[0]!
  record.serialStart = kernel.id[1]!
  record.idEnd = kernel.id[2]!
  record.timestamp = kernel.numbers[0]!
  record.serial = kernel.numbers[1]!
  record.messageStart = record.messageEnd = record.idEnd + 2
  const { message } = head
  if (message !== undefined) {
    const base = kernel.chunkStart[message[0]]!
    record.messageStart = base + message[1]
    record.messageEnd = base + message[2]
  }
  record.nameStart = kernel.nameStart
  record.nameEnd = kernel.nameEnd
  record.valueStart = kernel.valueStart
  record.valueEnd = kernel.valueEnd
  record.fieldId = kernel.fieldId
  record.flags = kernel.flags
  const count = kernel.fill()
  record.fieldCount = head.form === EXECVE ? fillArguments(record, kernel, count) : count
}

function fillArguments(record: AuditRecord, kernel: Kernel, from: number): number {
  const firstNumber = kernel.argumentNumbers[0]!
  const count = kernel.argumentNumbers[1]!
  const { argumentStart, argumentEnd, argumentQuoted } = kernel
  let at = kernel.slotStart[ARGUMENTS]!
  let n = from
  for (let i = 0; i < count; i++, n++) {
    const number = firstNumber + i
    const quoted = argumentQuoted[i]!
    record.nameStart[n] = at
    record.nameEnd[n] = argumentStart[i]! - quoted - 1
    record.valueStart[n] = argumentStart[i]!
    record.valueEnd[n] = argumentEnd[i]!
    record.fieldId[n] = number < ARGUMENT_FIELDS ? A0 + number : -1
    record.flags[n] = quoted
    at = argumentEnd[i]! + quoted + 1
  }
  return n
}
