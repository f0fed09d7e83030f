/**
 * Plain lines become packed rows of LinuxAuditLog_CL (see packed-forms.ts), without a string being made for a line.
 *
 * What a phrase says in columns is asked of `LinuxAuditLogRows`, once, with the first line that has it: so a packed
 * row says what the same line says unpacked. A line is left to be unpacked where that is not certain.
 */
import { Buffer, isUtf8 } from 'node:buffer'
import { FIELDS } from '../fields.js'
import { decodeHex, isHex } from '../hex.js'
import type { IdNames, ProcessNames } from '../host-names.js'
import { ARCHITECTURES } from '../names/architectures.js'
import { syscallName } from '../names/syscalls.js'
import { FORMS } from '../plain/forms.js'
import { type Kernel, PACK_DECLINED, PACK_FULL, type Texts } from '../plain/kernel.js'
import type { Phrase } from '../plain/phrase.js'
import { type AuditRecord, ENRICHED } from '../record.js'
import type { PlainLine } from '../record-reader.js'
import { socketAddressText } from '../socket-address.js'
import type { PackedPart, PackedRows } from '../table.js'
import { decodeText } from '../text.js'
import { FRIENDLY_NAMES, fieldColumnName } from './columns.js'
import {
  ADDRESS_WORDS,
  APPENDIX,
  ENTRY_SEPARATOR,
  PACKED_FORM_LIST,
  type PackedForm,
  pieceNames,
  type SharedEntry,
  VALUE_SEPARATOR,
} from './packed-forms.js'
import { LinuxAuditLogRows } from './rows.js'

/** Columns that are made of the row's own time and serial, or of the pieces. */
const OF_THE_ROW: ReadonlySet<string> = new Set([
  'TimeGenerated',
  'Timestamp_t',
  'AuditID_s',
  'SerialNumber_s',
  'RawData',
  'parent_process_s',
])
const OF_THE_HEADER: ReadonlySet<string> = new Set(['Computer', 'RecordType_s', 'AdditionalMessage_s'])
const OF_THE_CALL: ReadonlySet<string> = new Set(['architecture_s', 'syscall_name_s'])
const NAMES_OF_IDS: ReadonlySet<string> = new Set(FRIENDLY_NAMES.map(([, column]) => column))

/** What a phrase, beside a phrase of the appendix, says: as text, and where it is in the batch. */
interface Entry {
  readonly text: string
  /** The program's short name, as the process is to be remembered by. */
  readonly comm: string | undefined
  batch: number
  place: number
}

class PhraseEntries {
  #beside: Phrase | undefined
  #last: Entry | null | undefined
  readonly #all = new Map<Phrase | undefined, Entry | null>()

  /** Null: its lines are not packed. */
  find(appendix: Phrase | undefined): Entry | null | undefined {
    if (appendix === this.#beside && this.#last !== undefined) return this.#last
    this.#beside = appendix
    this.#last = this.#all.get(appendix)
    return this.#last
  }

  add(appendix: Phrase | undefined, entry: Entry | null): void {
    if (this.#all.size >= 4096) this.#all.clear()
    this.#all.set(appendix, entry)
    this.#beside = appendix
    this.#last = entry
  }
}

/** The rows of a form in the batch that grows. */
class FormState {
  readonly form: PackedForm
  readonly number: number
  readonly parts: number
  readonly appendices: number
  readonly pieces: readonly (readonly { slot: number; piece: string }[])[]
  index: number[][]
  lists: string[][]
  readonly pidSlot: number
  readonly ppidSlot: number
  /** Numbers of the parents' names, or of addresses in words. */
  extra: number[] = []

  constructor(form: PackedForm, number: number) {
    const { marks } = FORMS[number]!
    this.form = form
    this.number = number
    this.parts = 1 + marks.filter((mark) => 'begins' in mark && !mark.enriched).length
    this.appendices = 1 + Math.max(...form.shared.map(({ appendix }) => appendix))
    this.pieces = form.shared.map(({ part }) => pieceNames(marks, part))
    this.index = form.shared.map(() => [])
    this.lists = form.shared.map(() => [])
    this.pidSlot = form.slots.findIndex(({ name }) => name === 'pid')
    this.ppidSlot = form.slots.findIndex(({ name }) => name === 'ppid')
  }
}

export type Packed = 'packed' | 'declined' | 'full'

export class RowPacker {
  readonly #kernel: Kernel
  readonly #processes: ProcessNames
  /** Makes columns of a line, to see what its phrases say. */
  readonly #model: LinuxAuditLogRows
  readonly #forms: readonly (FormState | undefined)[]
  readonly #entries: Entry[] = []
  #batch = 1
  /** Texts beside the kernel's: names of processes, addresses in words. */
  #extra = new Map<string, number>()
  #addresses = new Map<string, string>()
  rowCount = 0

  constructor(kernel: Kernel, computer: string, names: IdNames, processes: ProcessNames) {
    this.#kernel = kernel
    this.#processes = processes
    this.#model = new LinuxAuditLogRows(computer, names, 1)
    this.#forms = PACKED_FORM_LIST.map((form, number) => form && new FormState(form, number))
  }

  /**
   * Adds the line, which the record has been pointed at.
   * @param place of its row in the batch
   */
  add(line: PlainLine, record: AuditRecord, type: string, host: string, place: number): Packed {
    const state = this.#forms[line.form]
    if (state === undefined) return 'declined'
    const own = line.ownParts
    const appendices = line.parts - own
    if (own !== state.parts || appendices > state.appendices) return 'declined'
    // An appendix that does not say the address in words.
    if (line.form === SOCKADDR && appendices > 0 && this.#kernel.slotStart[1]! < 0) return 'declined'
    if (!this.#findEntries(state, line) && !this.#learn(state, line, record, type, host)) return 'declined'
    const { shared } = state.form
    const kernel = this.#kernel
    const answer = kernel.pack(place)
    if (answer === PACK_DECLINED) return 'declined'
    if (answer === PACK_FULL) return 'full'
    this.rowCount++
    const row = kernel.rowCount(state.number) - 1
    let comm: string | undefined
    for (let i = 0; i < shared.length; i++) {
      const entry = this.#entries[i]!
      if (entry.batch !== this.#batch) {
        entry.batch = this.#batch
        entry.place = state.lists[i]!.push(entry.text) - 1
      }
      state.index[i]![row] = entry.place
      comm ??= entry.comm
    }
    if (comm !== undefined && kernel.slotStart[state.pidSlot]! >= 0) {
      this.#processes.learn(host, this.#number(state.pidSlot), comm)
    }
    if (state.ppidSlot >= 0) {
      const parent = this.#processes.find(host, this.#number(state.ppidSlot))
      state.extra[row] = parent === undefined ? -1 : this.#extraText(parent)
    } else if (line.form === SOCKADDR) {
      state.extra[row] = appendices > 0 ? -1 : this.#extraText(this.#addressWords())
    }
    return 'packed'
  }

  #number(slot: number): number {
    return this.#kernel.slotStart[slot]! < 0 ? Number.NaN : Number(this.#kernel.slotNumber[slot]!)
  }

  /** Finds what the line's phrases say; false if that is not known, or of one of them can not be. */
  #findEntries(state: FormState, line: PlainLine): boolean {
    const { shared } = state.form
    const own = line.ownParts
    for (let i = 0; i < shared.length; i++) {
      const { part, appendix } = shared[i]!
      const beside = appendix >= 0 && own + appendix < line.parts ? line.phrase(own + appendix) : undefined
      const entry = (line.phrase(part).facts as PhraseEntries | undefined)?.find(beside)
      if (entry === undefined || entry === null) return false
      this.#entries[i] = entry
    }
    return true
  }

  /** Finds out what is not known yet; false if the line is not to be packed. */
  #learn(state: FormState, line: PlainLine, record: AuditRecord, type: string, host: string): boolean {
    const { shared } = state.form
    const own = line.ownParts
    const unknown: { entries: PhraseEntries; beside: Phrase | undefined; i: number }[] = []
    for (const [i, { part, appendix }] of shared.entries()) {
      const phrase = line.phrase(part)
      const beside = appendix >= 0 && own + appendix < line.parts ? line.phrase(own + appendix) : undefined
      phrase.facts ??= new PhraseEntries()
      const entries = phrase.facts as PhraseEntries
      const entry = entries.find(beside)
      if (entry === null) return false
      if (entry === undefined) unknown.push({ entries, beside, i })
      else this.#entries[i] = entry
    }
    this.#model.addRecord(record, type, host, '')
    const columns = new Map<string, string>()
    for (const [name, cells] of this.#model.take().columns) {
      if (cells[0] !== undefined && !OF_THE_ROW.has(name)) columns.set(name, String(cells[0]))
    }
    if (!isSimple(state, line, columns)) {
      // Which phrase it is that is not simple shows when all the others are known to be.
      if (unknown.length === 1) unknown[0]!.entries.add(unknown[0]!.beside, null)
      return false
    }
    let packed = true
    for (const { entries, beside, i } of unknown) {
      const entry = this.#entry(state, i, line, columns)
      entries.add(beside, entry)
      if (entry === null) packed = false
      else this.#entries[i] = entry
    }
    return packed
  }

  #extraText(text: string): number {
    let number = this.#extra.get(text)
    if (number === undefined) {
      number = this.#extra.size
      this.#extra.set(text, number)
    }
    return number
  }

  /** What the address of the SOCKADDR line says, which its log leaves to its reader. */
  #addressWords(): string {
    const { bytes, slotStart, slotEnd } = this.#kernel
    const [start, end] = [slotStart[0]!, slotEnd[0]!]
    const hex = bytes.toString('latin1', start, end)
    let words = this.#addresses.get(hex)
    if (words === undefined) {
      words = isHex(bytes, start, end) ? socketAddressText(decodeHex(bytes, start, end)) : ''
      if (this.#addresses.size >= 10_000) this.#addresses.clear()
      this.#addresses.set(hex, words)
    }
    return words
  }

  /** What a phrase of the line says; null if that can not be written down. */
  #entry(state: FormState, i: number, line: PlainLine, columns: ReadonlyMap<string, string>): Entry | null {
    const parts: string[] = []
    const say = (name: string, value: string) => parts.push(`${name}${VALUE_SEPARATOR}${value}`)
    const entry = state.form.shared[i]!
    const pieces = this.#pieces(state, i, line, entry)
    if (pieces === undefined) return null
    for (const [name, value] of pieces) say(name, value)
    for (const [name, value] of columns) {
      if (ownerOf(state, line, name) !== entry) continue
      if (value.includes(ENTRY_SEPARATOR) || value.includes(VALUE_SEPARATOR)) return null
      say(name, value)
    }
    const comm = ownerOf(state, line, 'comm_s') === entry ? columns.get('comm_s') : undefined
    return { text: parts.join(ENTRY_SEPARATOR), comm, batch: 0, place: 0 }
  }

  #pieces(
    state: FormState,
    i: number,
    line: PlainLine,
    { part, appendix }: SharedEntry,
  ): Map<string, string> | undefined {
    const { kernel } = line
    const pieces = new Map<string, string>()
    let valid = true
    const put = (name: string, chunk: number) => {
      const bytes = kernel.bytes.subarray(kernel.chunkStart[chunk], kernel.chunkEnd[chunk])
      const text = decodeText(kernel.bytes, kernel.chunkStart[chunk], kernel.chunkEnd[chunk])
      valid &&= isUtf8(bytes) && Buffer.byteLength(text) === bytes.length
      valid &&= !text.includes(ENTRY_SEPARATOR) && !text.includes(VALUE_SEPARATOR)
      if (text !== '') pieces.set(name, text)
    }
    const first = kernel.firstChunk[part]!
    if (part === 0) put('_0', first)
    for (let chunk = part === 0 ? first + 1 : first; chunk < kernel.firstChunk[part + 1]!; chunk++) {
      const slot = kernel.chunkSlot[chunk]!
      const piece = state.pieces[i]!.find((known) => known.slot === slot)
      if (piece === undefined) return undefined
      put(piece.piece, chunk)
    }
    if (appendix >= 0 && line.ownParts + appendix < line.parts) {
      put(APPENDIX, kernel.firstChunk[line.ownParts + appendix]!)
    }
    return valid ? pieces : undefined
  }

  /** The rows since the last call, with the kernel's texts; undefined if there are none. */
  take(others: Int32Array<ArrayBuffer>): PackedPart | undefined {
    if (this.rowCount === 0) return undefined
    const kernel = this.#kernel
    const known = kernel.texts()
    const firstExtra = known.starts.length - 1
    const rows: PackedRows[] = []
    for (const state of this.#forms) {
      if (state === undefined || kernel.rowCount(state.number) === 0) continue
      const { slots } = state.form
      const { rowCount, place, time, serial, slots: cells } = kernel.rows(state.number, slots.length)
      const numbers = new Map<string, BigInt64Array<ArrayBuffer>>()
      const texts = new Map<string, BigInt64Array<ArrayBuffer>>()
      for (const [i, { name, packing }] of slots.entries()) {
        const column = cells[i]!
        if (packing === 'derived' || name === ADDRESS_WORDS) {
          for (let row = 0; row < rowCount; row++) {
            const extra = state.extra[row]!
            if (extra >= 0) column[row] = BigInt(firstExtra + extra)
            else if (packing === 'derived') column[row] = 0n
          }
        }
        const isNumber = packing === 'number' || packing === 'id'
        if (isNumber) numbers.set(name, column)
        else texts.set(name, column)
      }
      const shared = new Map(
        state.form.shared.map(({ name }, i) => [
          name,
          { index: Int32Array.from(state.index[i]!), list: state.lists[i]! },
        ]),
      )
      state.lists = state.form.shared.map(() => [])
      state.index = state.form.shared.map(() => [])
      state.extra = []
      rows.push({ form: state.form.name, rowCount, place, time, serial, numbers, texts, shared })
    }
    const texts = this.#withExtra(known)
    kernel.clear()
    this.#batch++
    this.#extra = new Map()
    this.rowCount = 0
    return { rows, texts, others }
  }

  #withExtra(known: Texts): Texts {
    if (this.#extra.size === 0) return known
    const extra = Array.from(this.#extra.keys(), (text) => Buffer.from(text, 'utf8'))
    const starts = new Uint32Array(known.starts.length + extra.length)
    starts.set(known.starts)
    let at = known.starts.at(-1)!
    for (const [i, text] of extra.entries()) {
      at += text.length
      starts[known.starts.length + i] = at
    }
    const bytes = new Uint8Array(at)
    bytes.set(known.bytes)
    for (const [i, text] of extra.entries()) bytes.set(text, starts[known.starts.length - 1 + i]!)
    return { bytes, starts }
  }
}

const SOCKADDR = FORMS.findIndex(({ name }) => name === 'SOCKADDR')
const EXECVE = FORMS.findIndex(({ name }) => name === 'EXECVE')

/** Whether every column of the line is one of a phrase or of a slot, and would be the same beside other phrases. */
function isSimple(state: FormState, line: PlainLine, columns: ReadonlyMap<string, string>): boolean {
  for (const [name, value] of columns) {
    if (line.form === EXECVE && (/^a[0-9]+_s$/.test(name) || name === 'AdditionalFields')) continue
    const slot = state.form.slots.findIndex(({ column }) => column === name)
    if (slot >= 0) {
      // A field of that name that is no slot of the line.
      if (line.kernel.slotStart[slot]! < 0 && name !== 'socket_address_s') return false
      continue
    }
    if (ownerOf(state, line, name) === undefined) return false
    if (value.includes('\0')) return false
  }
  // The names of these processes hang on the records before.
  for (const id of ['pid_s', 'opid_s', 'ppid_s']) {
    if (columns.has(id) && !state.form.slots.some(({ column }) => column === id)) return false
  }
  if (state.pidSlot >= 0 && !columns.has('comm_s') && !columns.has('exe_s')) return false
  if (!isTranslatedInPlace(state, line)) return false
  // The names of architecture and call are said with the call, not with the appendix.
  const architecture = ARCHITECTURES.get(columns.get('arch_s') ?? '')
  if (columns.get('architecture_s') !== architecture) return false
  const syscall = columns.get('syscall_s')
  return (
    syscall === undefined ||
    columns.get('syscall_name_s') === syscallName(architecture ?? '', Number(syscall))
  )
}

/** Whether each phrase of the appendix translates fields of the entry that it belongs to, and no others. */
function isTranslatedInPlace(state: FormState, line: PlainLine): boolean {
  const { shared } = state.form
  for (let part = line.ownParts; part < line.parts; part++) {
    const phrase = line.phrase(part)
    const owner = shared.find(({ appendix }) => appendix === part - line.ownParts)
    for (let k = 0; k < phrase.count; k++) {
      const id = phrase.fieldId[k]!
      if (id < 0 || owner === undefined) return false
      if (phrase.slot[k]! >= 0) continue
      if (!fieldColumns(line.phrase(owner.part)).has(fieldColumnName(FIELDS[id]!.name))) return false
    }
  }
  return true
}

/** The shared entry that says a column of the line. */
function ownerOf(state: FormState, line: PlainLine, column: string): SharedEntry | undefined {
  const { shared } = state.form
  if (OF_THE_HEADER.has(column) || OF_THE_CALL.has(column)) return shared[0]
  if (column === 'process_name_s') {
    return ownerOf(state, line, 'comm_s') ?? ownerOf(state, line, 'exe_s')
  }
  const named = NAMES_OF_IDS.has(column) && FRIENDLY_NAMES.find(([, name]) => name === column)
  if (named) {
    // Beside the appendix that translates it.
    const id = ownerOf(state, line, fieldColumnName(named[0]))
    const translated = shared.findLast(({ appendix }) => appendix >= 0)
    return id !== undefined && id === translated ? translated : undefined
  }
  return shared.find(({ part }) => fieldColumns(line.phrase(part)).has(column))
}

const columnsOfPhrases = new WeakMap<Phrase, ReadonlySet<string>>()

/** The columns of a phrase's own fields. */
function fieldColumns(phrase: Phrase): ReadonlySet<string> {
  let columns = columnsOfPhrases.get(phrase)
  if (columns === undefined) {
    const names = new Set<string>()
    for (let k = 0; k < phrase.count; k++) {
      const id = phrase.fieldId[k]!
      if (id >= 0 && phrase.slot[k]! < 0 && (phrase.flags[k]! & ENRICHED) === 0) {
        names.add(fieldColumnName(FIELDS[id]!.name))
      }
    }
    columns = names
    columnsOfPhrases.set(phrase, columns)
  }
  return columns
}
