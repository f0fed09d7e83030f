/**
 * How rows of LinuxAuditLog_CL look when they are packed, as data: for who stores them (`packed.ts` makes them).
 *
 * A row of a form has numbers and texts of its own (the slots of src/plain/forms.ts), and entries that it shares
 * with other rows: what its phrases say. An entry is text: `name 0x1F value`, parted by 0x1E. Its names are columns
 * of the table, and `_0`, `_1`, ..., `_appendix`: pieces of the line itself. `raw` says how those and the slots are
 * put together to the line as it was, byte for byte.
 */
import { FORMS, type Packing, type Slot } from '../plain/forms.js'
import { fieldColumnName } from './columns.js'

export const ENTRY_SEPARATOR = '\x1e'
export const VALUE_SEPARATOR = '\x1f'
export const APPENDIX = '_appendix'

export type RawStep =
  /** A piece of a shared entry. */
  | { readonly shared: string; readonly piece: string }
  /** `1580291194.240:23096492` */
  | { readonly id: true }
  /** The slot's value as it is written, if the piece before it is not empty. */
  | { readonly slot: string; readonly packing: Packing; readonly after: { shared: string; piece: string } }

export interface PackedSlot {
  readonly name: string
  readonly packing: Packing | 'derived'
  /** Numbers: in which base they are written. */
  readonly base: 10 | 16
  /** The column that it is. Arguments are many columns: `a0_s` and so on. */
  readonly column: string
}

export interface SharedEntry {
  readonly name: string
  /** The phrase that it is made of. */
  readonly part: number
  /** Number of the phrase of the appendix that belongs to it; -1 for none. */
  readonly appendix: number
}

export interface PackedForm {
  readonly name: string
  readonly slots: readonly PackedSlot[]
  readonly shared: readonly SharedEntry[]
  readonly raw: readonly RawStep[]
}

const shared = (name: string, part: number, appendix = -1): SharedEntry => ({ name, part, appendix })

/** By form: what is shared. Forms that are not here are not packed. */
const SHARED: Readonly<Record<string, readonly SharedEntry[]>> = {
  SYSCALL: [shared('call', 0, 0), shared('who', 1, 1), shared('program', 2)],
  PATH: [shared('file', 0, 0)],
  CWD: [shared('head', 0)],
  PROCTITLE: [shared('head', 0)],
  EXECVE: [shared('head', 0)],
  SOCKADDR: [shared('head', 0, 0)],
  BPRM_FCAPS: [shared('capabilities', 0)],
  TTY: [shared('head', 0), shared('who', 1, 0), shared('terminal', 2)],
  USER: [shared('head', 0), shared('who', 1, 0), shared('said', 2)],
}

/** Slots that are no marks of the form: the kernel or the packer adds them. */
const ADDED: Readonly<Record<string, readonly PackedSlot[]>> = {
  SYSCALL: [{ name: 'parent', packing: 'derived', base: 10, column: 'parent_process_s' }],
  EXECVE: [{ name: 'first', packing: 'number', base: 10, column: '' }],
}

/** Name of the slot that holds an address in words. */
export const ADDRESS_WORDS = 'words'

function slotOf({ slot, kind, packing, enriched }: Slot): PackedSlot {
  const base = kind === 'hex' ? 16 : 10
  if (packing === 'arguments') return { name: 'arguments', packing, base, column: '' }
  if (enriched) return { name: ADDRESS_WORDS, packing, base, column: 'socket_address_s' }
  return { name: slot, packing, base, column: fieldColumnName(slot) }
}

/** By form and part: how many pieces its phrase has before the last one. */
export function pieceNames(
  marks: (typeof FORMS)[number]['marks'],
  part: number,
): { slot: number; piece: string }[] {
  const pieces: { slot: number; piece: string }[] = []
  let at = 0
  let slot = 0
  // The line's header, before its id, is a piece of the first phrase.
  let piece = 1
  for (const mark of marks) {
    if ('begins' in mark) {
      if (!mark.enriched) {
        at++
        piece = 0
      }
      continue
    }
    if (at === part && !mark.enriched) pieces.push({ slot, piece: `_${piece++}` })
    slot++
  }
  const last = pieces.length + (part === 0 ? 1 : 0)
  return [...pieces, { slot: -1, piece: `_${last}` }]
}

function packedForm(form: (typeof FORMS)[number]): PackedForm | undefined {
  const entries = SHARED[form.name]
  if (entries === undefined) return undefined
  const slots = form.marks.flatMap((mark) => ('slot' in mark ? [slotOf(mark)] : []))
  const raw: RawStep[] = [{ shared: entries[0]!.name, piece: '_0' }, { id: true }]
  for (const { name, part } of entries) {
    for (const { slot, piece } of pieceNames(form.marks, part)) {
      raw.push({ shared: name, piece })
      if (slot < 0) continue
      raw.push({
        slot: slots[slot]!.name,
        packing: slots[slot]!.packing as Packing,
        after: { shared: name, piece },
      })
    }
  }
  for (const { name, appendix } of entries) {
    if (appendix >= 0) raw.push({ shared: name, piece: APPENDIX })
  }
  const enriched = form.marks.find((mark) => 'slot' in mark && mark.enriched)
  if (enriched !== undefined) {
    const slot = slotOf(enriched as Slot)
    raw.push({
      slot: slot.name,
      packing: slot.packing as Packing,
      after: { shared: entries.find(({ appendix }) => appendix >= 0)!.name, piece: APPENDIX },
    })
  }
  return { name: form.name, slots: [...slots, ...(ADDED[form.name] ?? [])], shared: entries, raw }
}

/** In the order of FORMS; undefined for a form that is not packed. */
export const PACKED_FORM_LIST: readonly (PackedForm | undefined)[] = FORMS.map(packedForm)

export const PACKED_FORMS: readonly PackedForm[] = PACKED_FORM_LIST.filter((form) => form !== undefined)

/** The record types that each form has. */
export const PACKED_FORM_TYPES: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  FORMS.map(({ name, types }) => [name, types]),
)
