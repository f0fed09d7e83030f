/**
 * The compiled kernel (kernel/kernel.ts) and what it writes down of a line, as views on its memory.
 * Where there is no WebAssembly, or not the 128-bit part of it, there is no kernel: all lines are then read by
 * src/record.ts, with the same result.
 */
import { Buffer } from 'node:buffer'
import { FORMS, type SlotKind } from './forms.js'
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
  addMark(form: number, length: number, kind: number, slot: number): void
  learn(part: number, fields: number): number
  fieldsOf(phrase: number): number
  fill(): number
  scan(at: number, limit: number): number
}

const KIND_NUMBERS: Readonly<Record<SlotKind, number>> = {
  decimal: 1,
  hex: 2,
  text: 3,
  braces: 4,
  arguments: 6,
}
const BEGIN = 5

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

export class Kernel {
  readonly #code: KernelCode
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
  readonly phrases: Int32Array
  /** By part: the number of its first chunk; one more than there are parts. */
  readonly firstChunk: Int32Array
  readonly chunkStart: Int32Array
  readonly chunkEnd: Int32Array
  readonly chunkSlot: Int32Array
  readonly slotStart: Int32Array
  readonly slotEnd: Int32Array
  readonly slotQuoted: Int32Array
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

  /** Undefined where it can not run. */
  static make(): Kernel | undefined {
    const module = kernelModule()
    return module && new Kernel(module)
  }

  private constructor(module: object) {
    const code = new WebAssembly.Instance(module).exports as KernelCode
    code.start()
    this.#code = code
    const memory = code.memory.buffer
    this.bytes = Buffer.from(memory)
    this.input = code.input()
    this.inputCapacity = code.inputCapacity()
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
    at += 20
    this.phrases = ints(MAX_PARTS)
    this.firstChunk = ints(MAX_PARTS + 2)
    at += MAX_PARTS * 8
    this.chunkStart = ints(MAX_CHUNKS)
    this.chunkEnd = ints(MAX_CHUNKS)
    this.chunkSlot = ints(MAX_CHUNKS)
    this.slotStart = ints(MAX_SLOTS)
    this.slotEnd = ints(MAX_SLOTS)
    this.slotQuoted = ints(MAX_SLOTS)
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
        if ('begins' in mark) this.#code.addMark(form, this.#put(`${mark.begins}=`), BEGIN, -1)
        else {
          const name = mark.enriched ? mark.slot.toUpperCase() : mark.slot
          this.#code.addMark(form, this.#put(`${name}=`), KIND_NUMBERS[mark.kind], slot++)
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

  /** Forgets all phrases. */
  forget(): void {
    this.#code.forget()
  }
}
