/**
 * A record in words. What two lines have in common (their phrases, see src/plain) is the same text for both: it is
 * made once, and only the values of the slots are written anew.
 */
import type { Buffer } from 'node:buffer'
import { ByteWriter } from '../byte-writer.js'
import { ArgumentName } from '../execve.js'
import { FIELD_KIND_LISTS, type FieldKind, fieldKinds } from '../fields.js'
import type { IdNames } from '../host-names.js'
import type { Phrase } from '../plain/phrase.js'
import { type AuditRecord, ENRICHED, QUOTED } from '../record.js'
import type { PlainLine } from '../record-reader.js'
import { TimeText } from './time-text.js'
import { type SyscallInfo, ValueWriter } from './values.js'

const ARGUMENT = new ArgumentName()

/** The kinds of a record's fields that are shown otherwise than as they are written. */
const LEFT_ALONE: ReadonlySet<FieldKind> = new Set(['text', 'pid', 'label', 'addr', 'errno'])
/** Which fields are left alone, for each list of kinds. */
const ALONE = new Map(
  FIELD_KIND_LISTS.map((kinds) => [kinds, Uint8Array.from(kinds, (kind) => (LEFT_ALONE.has(kind) ? 1 : 0))]),
)

/** A phrase in words, beside a certain appendix: the text before each slot, and behind the last one. */
interface Words {
  readonly texts: readonly Buffer[]
  /** By text: the slot behind it; -1 for none. */
  readonly slots: readonly number[]
  /** By text: which of the record's fields the slot is, its number, and how it is shown. */
  readonly fields: readonly number[]
  readonly ids: readonly number[]
  readonly kinds: readonly (FieldKind | undefined)[]
  readonly syscall: SyscallInfo | undefined
}

/** What is known of a phrase: its words beside the appendices that it was seen with. */
class PhraseWords {
  /** False: it has translations among its fields, which are not separated from the record's own. */
  readonly simple: boolean
  #last: Phrase | undefined
  #lastWords: Words | undefined
  readonly #all = new Map<Phrase | undefined, Words>()

  constructor(phrase: Phrase) {
    this.simple = phrase.flags.every((flags) => (flags & ENRICHED) === 0)
  }

  beside(appendix: Phrase | undefined): Words | undefined {
    if (appendix === this.#last && this.#lastWords !== undefined) return this.#lastWords
    this.#last = appendix
    this.#lastWords = this.#all.get(appendix)
    return this.#lastWords
  }

  remember(appendix: Phrase | undefined, words: Words): void {
    if (this.#all.size >= 4096) this.#all.clear()
    this.#all.set(appendix, words)
    this.#last = appendix
    this.#lastWords = words
  }
}

export class BodyWriter {
  readonly #values: ValueWriter
  readonly #time: TimeText
  readonly #scratch = new ByteWriter()

  constructor(names: IdNames, timeZone: string) {
    this.#values = new ValueWriter(names)
    this.#time = new TimeText(timeZone)
  }

  /** Writes the record as a line. */
  record(out: ByteWriter, record: AuditRecord, type: string): void {
    const { bytes } = record
    if (record.nodeEnd > record.nodeStart) {
      out.text('node=')
      out.copy(bytes, record.nodeStart, record.nodeEnd)
      out.byte(0x20)
    }
    out.text('type=')
    out.text(type)
    out.text(' msg=audit(')
    this.#time.write(out, record.timestamp)
    out.byte(0x3a)
    out.copy(bytes, record.serialStart, record.idEnd)
    out.text(') : ')
    this.#body(out, record, type)
    out.byte(0x0a)
  }

  /** The same for a plain line, which the record has been pointed at. */
  line(out: ByteWriter, line: PlainLine, record: AuditRecord, type: string): void {
    const { bytes } = record
    const parts = this.#ownParts(line)
    if (parts < 0) {
      this.record(out, record, type)
      return
    }
    out.copy(bytes, record.start, record.idStart)
    this.#time.write(out, record.timestamp)
    out.byte(0x3a)
    out.copy(bytes, record.serialStart, record.idEnd)
    out.text(') : ')
    const appendix = parts < line.parts ? line.phrase(parts) : undefined
    const lastAppendix = parts < line.parts ? line.phrase(line.parts - 1) : undefined
    let syscall: SyscallInfo | undefined
    let begun = false
    let endsInKeys = false
    let field = 0
    for (let part = 0; part < parts; part++) {
      const phrase = line.phrase(part)
      const known = phrase.facts as PhraseWords
      // What is said of the call stands at the appendix's beginning, what is said of users at its end.
      const beside = part === 0 ? appendix : lastAppendix
      let words = known.beside(beside)
      if (words === undefined) {
        if (!begun) this.#values.begin(record)
        begun = true
        words = this.#words(line, record, type, part, field)
        known.remember(beside, words)
      }
      if (words.syscall !== undefined) syscall = words.syscall
      const { texts, slots, fields, ids, kinds } = words
      for (let t = 0; t < texts.length; t++) {
        const text = texts[t]!
        if (text.length > 0) {
          out.copy(text, 0, text.length)
          endsInKeys = false
        }
        const slot = slots[t]!
        if (slot < 0) continue
        const kind = kinds[t]
        const i = field + fields[t]!
        if (kind === undefined) {
          const quoted = record.flags[i]! & QUOTED
          out.copy(bytes, record.valueStart[i]! - quoted, record.valueEnd[i]! + quoted)
          endsInKeys = false
        } else {
          if (kind === 'saddr' && !begun) {
            this.#values.begin(record)
            begun = true
          }
          this.#values.write(out, record, i, ids[t]!, kind, syscall)
          endsInKeys = kind === 'keys'
        }
      }
      field += phrase.count
    }
    if (type === 'EXECVE') this.#arguments(out, record, field)
    if (!endsInKeys) out.byte(0x20)
    out.byte(0x0a)
  }

  /** How many of the line's phrases are the record's own, and no appendix; -1 where that is not so simple. */
  #ownParts(line: PlainLine): number {
    const { kernel } = line
    const own = line.ownParts
    for (let part = 0; part < own; part++) {
      const phrase = line.phrase(part)
      phrase.facts ??= new PhraseWords(phrase)
      if (!(phrase.facts as PhraseWords).simple) return -1
    }
    if (own === line.parts) return own
    return kernel.bytes[kernel.chunkStart[kernel.firstChunk[own]!]! - 1] === 0x20 ? -1 : own
  }

  /** @param field the record's first field of this part */
  #words(line: PlainLine, record: AuditRecord, type: string, part: number, field: number): Words {
    const { kernel } = line
    const phrase = line.phrase(part)
    const kinds = fieldKinds(type)
    const alone = ALONE.get(kinds)!
    const syscall = type === 'SYSCALL' && part === 0 ? this.#values.syscallOf(record) : undefined
    const out = this.#scratch
    const words = {
      texts: [] as Buffer[],
      slots: [] as number[],
      fields: [] as number[],
      ids: [] as number[],
      kinds: [] as (FieldKind | undefined)[],
      syscall,
    }
    let k = 0
    // The line's first chunk is its header.
    const first = kernel.firstChunk[part]!
    for (let chunk = part === 0 ? first + 1 : first; chunk < kernel.firstChunk[part + 1]!; chunk++) {
      let at = kernel.chunkStart[chunk]!
      if (part === 0 && chunk === first + 1) at += 3
      let slotField = -1
      for (; k < phrase.count && phrase.chunk[k] === chunk - first; k++) {
        const i = field + k
        if (phrase.slot[k]! >= 0) {
          slotField = k
          continue
        }
        const id = record.fieldId[i]!
        if (id < 0 || alone[id] === 1) continue
        const quoted = record.flags[i]! & QUOTED
        out.copy(record.bytes, at, record.valueStart[i]! - quoted)
        at = record.valueEnd[i]! + quoted
        this.#values.write(out, record, i, id, kinds[id]!, syscall)
      }
      const end = kernel.chunkEnd[chunk]!
      if (end > at) out.copy(record.bytes, at, end)
      words.texts.push(out.take())
      const id = slotField < 0 ? -1 : phrase.fieldId[slotField]!
      words.slots.push(slotField < 0 ? -1 : kernel.chunkSlot[chunk]!)
      words.fields.push(slotField)
      words.ids.push(id)
      words.kinds.push(id < 0 || alone[id] === 1 ? undefined : kinds[id]!)
    }
    return words
  }

  /** The arguments of an exec: fields from `from` on. */
  #arguments(out: ByteWriter, record: AuditRecord, from: number): void {
    let at = record.nameStart[from]!
    for (let i = from; i < record.fieldCount; i++) {
      const quoted = record.flags[i]! & QUOTED
      out.copy(record.bytes, at, record.valueStart[i]! - quoted)
      at = record.valueEnd[i]! + quoted
      this.#values.write(out, record, i, record.fieldId[i]!, 'escaped', undefined)
    }
  }

  #body(out: ByteWriter, record: AuditRecord, type: string): void {
    const { bytes } = record
    let at = record.idEnd + 1
    if (bytes[at] === 0x3a) at++
    if (bytes[at] === 0x20) at++
    this.#values.begin(record)
    const syscall = type === 'SYSCALL' ? this.#values.syscallOf(record) : undefined
    const execve = type === 'EXECVE'
    const kinds = fieldKinds(type)
    const alone = ALONE.get(kinds)!
    let endsInKeys = false
    for (let i = 0; i < record.fieldCount; i++) {
      if ((record.flags[i]! & ENRICHED) !== 0) continue
      const id = record.fieldId[i]!
      if (id >= 0 ? alone[id] === 1 : !execve || !ARGUMENT.read(record, i)) continue
      const kind = id >= 0 ? kinds[id]! : 'escaped'
      const quoted = record.flags[i]! & QUOTED
      out.copy(bytes, at, record.valueStart[i]! - quoted)
      at = record.valueEnd[i]! + quoted
      this.#values.write(out, record, i, id, kind, syscall)
      endsInKeys = kind === 'keys'
    }
    const end = this.#bodyEnd(record)
    if (end > at) {
      out.copy(bytes, at, end)
      endsInKeys = false
    }
    if (!endsInKeys) out.byte(0x20)
  }

  /** Where the record's own text ends and auditd's appendix begins. */
  #bodyEnd(record: AuditRecord): number {
    const first = this.#values.firstEnriched
    if (first < record.fieldCount) {
      let end = record.nameStart[first]!
      while (end > record.start && (record.bytes[end - 1] === 0x1d || record.bytes[end - 1] === 0x20)) end--
      return end
    }
    return record.end
  }
}
