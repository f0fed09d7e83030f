/**
 * The compiled kernel (kernel/kernel.ts) and what it writes down of a line, as views on its memory.
 * Where there is no WebAssembly, or not the 128-bit part of it, there is no kernel: all lines are then read by
 * src/record.ts, with the same result.
 */
import { Buffer } from 'node:buffer'
import { FORMS, type Packing, type SlotKind } from './forms.js'
import { KERNEL_CODE } from './kernel-code.js'

/** What `scan` answers. */
export const NO_LINE = 0
export const KNOWN = 1
export const NEW = 2
export const DECLINED = 3

export const MAX_PARTS = 8
const MAX_SLOTS = 16
const MAX_CHUNKS = 64
const MAX_ARGUMENTS = 4096
const MAX_FIELDS = 4608
const FIELD_BYTES = 24

/** As much of the global as is used here: the types of Node do not have it. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

interface KernelCode {
  readonly memory: { readonly buffer: ArrayBuffer }
  line(): number
  input(): number
  inputCapacity(): number
  execArguments(): number
  record(): number
  start(): void
  forget(): void
  addType(length: number, form: number): void
  addMark(form: number, length: number, kind: number, slot: number, packed: number): void
  learn(part: number, fields: number): number
  fieldsOf(phrase: number): number
  fill(): number
  scan(at: number, limit: number): number
  pack(place: number): number
  clear(): void
  rows(): number
  rowCounts(): number
  texts(): number
  textStarts(): number
  textsCount(): number
}

/** Rows of one form, each column a copy. */
export interface FormRows {
  readonly rowCount: number
  readonly place: Int32Array<ArrayBuffer>
  /** Milliseconds since 1970. */
  readonly time: BigInt64Array<ArrayBuffer>
  readonly serial: BigInt64Array<ArrayBuffer>
  /** By slot: numbers, `ABSENT` where there is none; or the numbers of texts, 0 where there is none. */
  readonly slots: readonly BigInt64Array<ArrayBuffer>[]
}

/** Distinct texts in UTF-8: text i is `bytes[starts[i], starts[i + 1])`; the first one is empty. */
export interface Texts {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly starts: Uint32Array<ArrayBuffer>
}

export const ABSENT = -(2n ** 63n)

const KIND_NUMBERS: Readonly<Record<SlotKind, number>> = {
  decimal: 1,
  hex: 2,
  text: 3,
  braces: 4,
  arguments: 6,
}
const BEGIN = 5
const BEGIN_ENRICHED = 7
const PACKING_NUMBERS: Readonly<Record<Packing, number>> = {
  id: 0,
  number: 1,
  escaped: 2,
  bare: 3,
  hexed: 4,
  title: 5,
  arguments: 6,
}

/** What `pack` answers. */
export const PACK_DECLINED = 0
export const PACKED = 1
export const PACK_FULL = 2

const MAX_ROWS = 8192
export const ROW_SLOTS = 10
const ROW_BYTES = 20 + ROW_SLOTS * 8

let compiled: object | undefined
let tried = false

function kernelModule(): object | undefined {
  if (tried) return compiled
  tried = true
  try {
    compiled = new WebAssembly.Module(Buffer.from(KERNEL_CODE, 'base64'))
  } catch {
    compiled = undefined
  }
  return compiled
}

/** The fields of a phrase. A slot's value is where the kernel says; other places count from the chunk's beginning. */
export interface PhraseFields {
  /** False: a line with it must be read by src/record.ts. */
  readonly plain: boolean
  readonly count: number
  readonly fieldId: Int16Array
  readonly flags: Uint8Array
  readonly chunk: Uint8Array
  readonly slot: Int8Array
  readonly nameStart: Int32Array
  readonly nameEnd: Int32Array
  readonly valueStart: Int32Array
  readonly valueEnd: Int32Array
}

const IDLE: Kernel[] = []

export class Kernel {
  readonly #code: KernelCode
  readonly #rowCounts: Int32Array
  /** All of the kernel's memory; places in a line are offsets in it. */
  readonly bytes: Buffer
  /** Where lines to be scanned are put, and how many bytes fit. */
  readonly input: number
  readonly inputCapacity: number
  /** Where the line ends, its form, and the numbers of its parts and chunks. */
  readonly header: Int32Array
  /** Milliseconds since 1970, serial. */
  readonly numbers: Float64Array
  /** Where the id begins, the serial, and where they end. */
  readonly id: Int32Array
  /** Whether its marks come as the form says; the first part of the appendix, or the number of parts. */
  readonly order: Int32Array
  readonly phrases: Int32Array
  /** By part: the number of its first chunk; one more than there are parts. */
  readonly firstChunk: Int32Array
  readonly chunkStart: Int32Array
  readonly chunkEnd: Int32Array
  readonly chunkSlot: Int32Array
  readonly slotStart: Int32Array
  readonly slotEnd: Int32Array
  readonly slotQuoted: Int32Array
  readonly slotNumber: BigInt64Array
  /** The number of an exec record's first argument, and how many there are. */
  readonly argumentNumbers: Int32Array
  readonly argumentStart: Int32Array
  readonly argumentEnd: Int32Array
  readonly argumentQuoted: Int32Array
  /** What `fill` makes of the line, as the arrays of an `AuditRecord`. */
  readonly nameStart: Int32Array<ArrayBuffer>
  readonly nameEnd: Int32Array<ArrayBuffer>
  readonly valueStart: Int32Array<ArrayBuffer>
  readonly valueEnd: Int32Array<ArrayBuffer>
  readonly fieldId: Int16Array<ArrayBuffer>
  readonly flags: Uint8Array<ArrayBuffer>

  /** One that is free, or a new one; undefined where it can not run. */
  static take(): Kernel | undefined {
    const idle = IDLE.pop()
    if (idle !== undefined) return idle
    const module = kernelModule()
    return module && new Kernel(module)
  }

  /** Gives it back, to be used for another log: making one costs milliseconds. */
  release(): void {
    this.forget()
    this.clear()
    if (IDLE.length < 2) IDLE.push(this)
  }

  private constructor(module: object) {
    const code = new WebAssembly.Instance(module).exports as KernelCode
    code.start()
    this.#code = code
    const memory = code.memory.buffer
    this.bytes = Buffer.from(memory)
    this.input = code.input()
    this.inputCapacity = code.inputCapacity()
    this.#rowCounts = new Int32Array(memory, code.rowCounts(), FORMS.length)
    let at = code.line()
    const ints = (count: number) => {
      const view = new Int32Array(memory, at, count)
      at += count * 4
      return view
    }
    this.header = ints(4)
    this.numbers = new Float64Array(memory, at, 2)
    at += 16
    this.id = ints(3)
    this.order = ints(2)
    at += 12
    this.phrases = ints(MAX_PARTS)
    this.firstChunk = ints(MAX_PARTS + 2)
    at += MAX_PARTS * 8
    this.chunkStart = ints(MAX_CHUNKS)
    this.chunkEnd = ints(MAX_CHUNKS)
    this.chunkSlot = ints(MAX_CHUNKS)
    this.slotStart = ints(MAX_SLOTS)
    this.slotEnd = ints(MAX_SLOTS)
    this.slotQuoted = ints(MAX_SLOTS)
    this.slotNumber = new BigInt64Array(memory, at, MAX_SLOTS)
    at = code.execArguments()
    this.argumentNumbers = ints(2)
    this.argumentStart = ints(MAX_ARGUMENTS)
    this.argumentEnd = ints(MAX_ARGUMENTS)
    this.argumentQuoted = ints(MAX_ARGUMENTS)
    at = code.record()
    this.nameStart = ints(MAX_FIELDS)
    this.nameEnd = ints(MAX_FIELDS)
    this.valueStart = ints(MAX_FIELDS)
    this.valueEnd = ints(MAX_FIELDS)
    this.fieldId = new Int16Array(memory, at, MAX_FIELDS)
    this.flags = new Uint8Array(memory, at + MAX_FIELDS * 2, MAX_FIELDS)
    this.#describeForms()
  }

  #describeForms(): void {
    for (const [form, { types, marks }] of FORMS.entries()) {
      for (const type of types) this.#code.addType(this.#put(type), form)
      let slot = 0
      for (const mark of marks) {
        const name = 'begins' in mark ? mark.begins : mark.slot
        const length = this.#put(`${mark.enriched ? name.toUpperCase() : name}=`)
        if ('begins' in mark) this.#code.addMark(form, length, mark.enriched ? BEGIN_ENRICHED : BEGIN, -1, 0)
        else {
          const packing = PACKING_NUMBERS[mark.packing]
          this.#code.addMark(form, length, KIND_NUMBERS[mark.kind], slot++, packing)
        }
      }
    }
  }

  #put(text: string): number {
    this.bytes.fill(0, this.input, this.input + 32)
    return this.bytes.write(text, this.input, 'latin1')
  }

  /** Scans the line at `at`, which must end before `limit`. */
  scan(at: number, limit: number): number {
    return this.#code.scan(at, limit)
  }

  /** Gives a new phrase of the scanned line its number; -1 when there is no room left. */
  learn(part: number, fields: PhraseFields): number {
    const { count } = fields
    const number = this.#code.learn(part, fields.plain ? count : -1)
    if (number < 0 || !fields.plain) return number
    const at = this.#code.fieldsOf(number)
    const table = new DataView(this.bytes.buffer, at, count * FIELD_BYTES)
    for (let k = 0; k < count; k++) {
      const field = k * FIELD_BYTES
      table.setInt32(field, fields.nameStart[k]!, true)
      table.setInt32(field + 4, fields.nameEnd[k]!, true)
      table.setInt32(field + 8, fields.valueStart[k]!, true)
      table.setInt32(field + 12, fields.valueEnd[k]!, true)
      table.setInt16(field + 16, fields.fieldId[k]!, true)
      table.setUint8(field + 18, fields.flags[k]!)
      table.setUint8(field + 19, fields.chunk[k]!)
      table.setInt32(field + 20, fields.slot[k]!, true)
    }
    return number
  }

  /** Writes the fields of the scanned line, whose phrases are all known; how many they are. */
  fill(): number {
    return this.#code.fill()
  }

  /** Adds the scanned line to the rows of its form; `place` is that of the row among all of the input. */
  pack(place: number): number {
    return this.#code.pack(place)
  }

  /** How many rows of the form were packed since the last `clear`. */
  rowCount(form: number): number {
    return this.#rowCounts[form]!
  }

  /** The rows of a form that were packed since the last `clear`. */
  rows(form: number, slotCount: number): FormRows {
    const rowCount = this.#rowCounts[form]!
    let at = this.#code.rows() + form * MAX_ROWS * ROW_BYTES
    const longs = () => {
      const column = new BigInt64Array(this.bytes.buffer, at, rowCount).slice()
      at += MAX_ROWS * 8
      return column as BigInt64Array<ArrayBuffer>
    }
    const place = new Int32Array(this.bytes.buffer, at, rowCount).slice() as Int32Array<ArrayBuffer>
    at += MAX_ROWS * 4
    const [time, serial] = [longs(), longs()]
    const slots = Array.from({ length: slotCount }, longs)
    return { rowCount, place, time, serial, slots }
  }

  /** The texts of the rows that were packed since the last `clear`. */
  texts(): Texts {
    const count = this.#code.textsCount()
    const starts = new Uint32Array(this.bytes.buffer, this.#code.textStarts(), count + 1).slice()
    const bytes = new Uint8Array(this.bytes.buffer, this.#code.texts(), starts[count]!).slice()
    return { starts: starts as Uint32Array<ArrayBuffer>, bytes: bytes as Uint8Array<ArrayBuffer> }
  }

  /** Forgets the rows and texts that were packed. */
  clear(): void {
    this.#code.clear()
  }

  /** Forgets all phrases. */
  forget(): void {
    this.#code.forget()
  }
}
