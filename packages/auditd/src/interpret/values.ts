/**
 * One field in words: what `ausearch -i` shows for its value. Quotes are left out; the appendix of an ENRICHED line
 * comes first, then the names handed in.
 */
import type { Buffer } from 'node:buffer'
import type { ByteWriter } from '../byte-writer.js'
import { FIELD_COUNT, fieldId } from '../field-ids.js'
import type { FieldKind } from '../fields.js'
import { decodeHex, isHex } from '../hex.js'
import type { IdNames } from '../host-names.js'
import { renderKeystrokes } from '../keystrokes/render.js'
import { ARCHITECTURES } from '../names/architectures.js'
import {
  CAPABILITIES,
  ERRORS,
  ETHERNET_TYPES,
  FILE_LISTS,
  ICMP_TYPES,
  type Names,
  NETFILTER_ACTIONS,
  NETFILTER_FAMILIES,
  NETFILTER_HOOKS,
  PROTOCOLS,
  SECCOMP_ACTIONS,
  SIGNALS,
} from '../names/constants.js'
import { MULTIPLEXED } from '../names/multiplexed.js'
import { syscallName } from '../names/syscalls.js'
import { type AuditRecord, ENRICHED, QUOTED } from '../record.js'
import { socketAddressText } from '../socket-address.js'
import { encodeText } from '../text.js'
import { cachedText } from '../text-cache.js'
import { ARGUMENTS } from './arguments.js'
import type { ArgumentKind } from './kinds.js'
import {
  HexNumber,
  type IdWriter,
  writeArgument,
  writeCapabilities,
  writeFlags,
  writeHex,
  writeMode,
  writePersonality,
} from './numbers.js'

const A0 = fieldId('a0')
const ARCH = fieldId('arch')
const SYSCALL = fieldId('syscall')

/** A system call: its name, and how its arguments are shown. */
export interface SyscallInfo {
  readonly name: string
  readonly kinds: readonly (ArgumentKind | undefined)[]
}

const UNSET = 0xffffffff

export class ValueWriter {
  readonly #names: IdNames
  readonly #ids: IdWriter
  readonly #syscalls = new Map<number, SyscallInfo>()
  readonly #number = new HexNumber()
  readonly #enriched = new Int32Array(FIELD_COUNT)
  readonly #enrichedIn = new Int32Array(FIELD_COUNT)
  #recordNumber = 0
  #firstEnriched = 0

  constructor(names: IdNames) {
    this.#names = names
    this.#ids = {
      user: (out, id) => this.#writeId(out, this.#names.users, id),
      group: (out, id) => this.#writeId(out, this.#names.groups, id),
    }
  }

  /** Index of the first field of the appendix; the number of fields if there is none. */
  get firstEnriched(): number {
    return this.#firstEnriched
  }

  /** Looks through the record's appendix: to be called before its values are written. */
  begin(record: AuditRecord): void {
    this.#recordNumber++
    let i = record.fieldCount
    while (i > 0 && (record.flags[i - 1]! & ENRICHED) !== 0) {
      i--
      const id = record.fieldId[i]!
      if (id < 0) continue
      this.#enriched[id] = i
      this.#enrichedIn[id] = this.#recordNumber
    }
    this.#firstEnriched = i
  }

  #enrichedAt(id: number): number {
    return this.#enrichedIn[id] === this.#recordNumber ? this.#enriched[id]! : -1
  }

  /**
   * Writes the value of field `i`.
   * @param syscall of a SYSCALL record, whose arguments are shown as its
   */
  write(
    out: ByteWriter,
    record: AuditRecord,
    i: number,
    id: number,
    kind: FieldKind,
    syscall: SyscallInfo | undefined,
  ): void {
    const { bytes } = record
    const start = record.valueStart[i]!
    const end = record.valueEnd[i]!
    const number = this.#number
    switch (kind) {
      case 'escaped':
      case 'key':
      case 'title':
        this.#escaped(out, record, i, kind)
        return
      case 'uid':
      case 'gid': {
        const enriched = this.#enrichedAt(id)
        if (enriched >= 0) this.#escaped(out, record, enriched, 'escaped')
        else if (isDecimal(bytes, start, end)) {
          ;(kind === 'uid' ? this.#ids.user : this.#ids.group)(out, decimal(bytes, start, end) | 0)
        } else out.copy(bytes, start, end)
        return
      }
      case 'session':
        if (end - start === 10 && decimal(bytes, start, end) === UNSET) out.text('unset')
        else out.copy(bytes, start, end)
        return
      case 'arch': {
        const enriched = this.#enrichedAt(id)
        if (enriched >= 0) out.copy(bytes, record.valueStart[enriched]!, record.valueEnd[enriched]!)
        else {
          const value = cachedText(bytes, start, end)
          out.text(ARCHITECTURES.get(value) ?? `unknown-elf-type(${value})`)
        }
        return
      }
      case 'syscall': {
        const info = syscall ?? this.syscallOf(record)
        out.text(info.name)
        const calls = MULTIPLEXED[info.name]
        const a0 = calls === undefined ? -1 : record.find(A0)
        if (a0 >= 0) {
          number.read(bytes, record.valueStart[a0]!, record.valueEnd[a0]!)
          out.text(`(${calls!.get(number.small) ?? 'unknown'})`)
        }
        return
      }
      case 'argument': {
        const index = id - A0
        const argument = index < 4 ? syscall?.kinds[index] : undefined
        if (argument === undefined) {
          if (index < 4) writeHex(out, bytes, start, end)
          else out.copy(bytes, start, end)
          return
        }
        const other = HANGS_ON.get(argument)
        let otherValue = 0
        if (other !== undefined) {
          const at = record.find(A0 + other)
          if (at >= 0) {
            number.read(bytes, record.valueStart[at]!, record.valueEnd[at]!)
            otherValue = number.low
          }
        }
        number.read(bytes, start, end)
        writeArgument(out, argument, number, bytes, start, end, otherValue, this.#ids)
        return
      }
      case 'exit':
        writeExit(out, bytes, start, end)
        return
      case 'success':
        if (isDecimal(bytes, start, end)) {
          const value = decimal(bytes, start, end)
          out.text(value === 0 ? 'no' : value === 1 ? 'yes' : 'unset')
        } else out.copy(bytes, start, end)
        return
      case 'mode':
        writeMode(out, octal(bytes, start, end))
        return
      case 'perm':
        writePerm(out, decimal(bytes, start, end))
        return
      case 'saddr':
        this.#socketAddress(out, record, i, id)
        return
      case 'capability':
        writeName(out, CAPABILITIES, bytes, start, end, 'unknown-capability')
        return
      case 'capabilities':
        number.read(bytes, start, end)
        writeCapabilities(out, number)
        return
      case 'signal':
        writeName(out, SIGNALS, bytes, start, end, 'unknown-signal')
        return
      case 'list':
        writeName(out, FILE_LISTS, bytes, start, end, 'unknown-list')
        return
      case 'family':
        writeName(out, NETFILTER_FAMILIES, bytes, start, end, 'unknown-netfilter-protocol')
        return
      case 'proto':
        out.text(PROTOCOLS.get(decimal(bytes, start, end)) ?? 'undefined protocol')
        return
      case 'icmptype':
        writeName(out, ICMP_TYPES, bytes, start, end, 'unknown-icmp-type')
        return
      case 'hook':
        writeName(out, NETFILTER_HOOKS, bytes, start, end, 'unknown-hook')
        return
      case 'action':
        writeName(out, NETFILTER_ACTIONS, bytes, start, end, 'unknown-action')
        return
      case 'prom':
        out.text(decimal(bytes, start, end) === 0 ? 'no' : 'yes')
        return
      case 'macproto':
        number.read(bytes, afterPrefix(bytes, start, end), end)
        out.text(ETHERNET_TYPES.get(number.small) ?? 'UNKNOWN')
        return
      case 'personality':
        number.read(bytes, start, end)
        writePersonality(out, number, bytes, start, end)
        return
      case 'seccomp': {
        number.read(bytes, afterPrefix(bytes, start, end), end)
        const action = SECCOMP_ACTIONS.get((number.low & 0x7fff0000) >>> 0)
        if (action === undefined) out.text(`unknown-seccomp-code(${bytes.toString('latin1', start, end)})`)
        else out.text(action)
        return
      }
      case 'openflags':
        number.read(bytes, afterPrefix(bytes, start, end), end)
        writeFlags(out, 'open-flags', number.low, bytes, start, end)
        return
      case 'mmapflags':
        number.read(bytes, afterPrefix(bytes, start, end), end)
        writeFlags(out, 'mmap-flags', number.low, bytes, start, end)
        return
      case 'resolve':
        number.read(bytes, afterPrefix(bytes, start, end), end)
        writeFlags(out, 'resolve', number.low, bytes, start, end)
        return
      case 'ioctl':
        number.read(bytes, afterPrefix(bytes, start, end), end)
        writeArgument(out, 'ioctl', number, bytes, start, end, 0, this.#ids)
        return
      case 'fanotify': {
        const value = decimal(bytes, start, end)
        out.text(value === 1 ? 'allow' : value === 2 ? 'deny' : 'unknown')
        return
      }
      case 'keys':
        this.#keystrokes(out, record, i)
        return
      default:
        out.copy(bytes, start, end)
    }
  }

  #escaped(out: ByteWriter, record: AuditRecord, i: number, kind: FieldKind): void {
    const { bytes } = record
    const start = record.valueStart[i]!
    const end = record.valueEnd[i]!
    const hex = (record.flags[i]! & QUOTED) === 0 && isHex(bytes, start, end)
    if (!hex) {
      out.copy(bytes, start, end)
      return
    }
    for (const byte of decodeHex(bytes, start, end)) {
      if (byte === 0 && kind === 'title') out.byte(0x20)
      else if (byte === 1 && kind === 'key') out.text(' key=')
      else if (byte < 0x20) out.text(`\\${byte.toString(8).padStart(3, '0')}`)
      else out.byte(byte)
    }
  }

  #keystrokes(out: ByteWriter, record: AuditRecord, i: number): void {
    const start = record.valueStart[i]!
    const end = record.valueEnd[i]!
    if ((record.flags[i]! & QUOTED) === 0 && isHex(record.bytes, start, end)) {
      out.text(renderKeystrokes(decodeHex(record.bytes, start, end)))
    } else {
      out.byte(0x22)
      out.copy(record.bytes, start, end)
      out.byte(0x22)
    }
  }

  #socketAddress(out: ByteWriter, record: AuditRecord, i: number, id: number): void {
    const { bytes } = record
    const enriched = this.#enrichedAt(id)
    if (enriched >= 0) {
      out.copy(bytes, record.valueStart[enriched]!, record.valueEnd[enriched]!)
      return
    }
    const start = record.valueStart[i]!
    const end = record.valueEnd[i]!
    if (isHex(bytes, start, end)) {
      const text = encodeText(socketAddressText(decodeHex(bytes, start, end)))
      out.copy(text, 0, text.length)
    } else out.copy(bytes, start, end)
  }

  /** The call that a record is about: its name, and how its arguments are shown. */
  syscallOf(record: AuditRecord): SyscallInfo {
    const { bytes } = record
    const arch = record.find(ARCH)
    const syscall = record.find(SYSCALL)
    const number = this.#number
    if (arch >= 0) number.read(bytes, record.valueStart[arch]!, record.valueEnd[arch]!)
    const call = syscall < 0 ? -1 : decimal(bytes, record.valueStart[syscall]!, record.valueEnd[syscall]!)
    const key = (arch < 0 ? 0 : number.low) * 8192 + (call & 8191)
    const known = call < 8192 ? this.#syscalls.get(key) : undefined
    if (known !== undefined) return known
    const enriched = this.#enrichedAt(SYSCALL)
    const architecture =
      arch < 0
        ? ''
        : (ARCHITECTURES.get(bytes.toString('latin1', record.valueStart[arch]!, record.valueEnd[arch]!)) ??
          '')
    const name =
      syscallName(architecture, call) ??
      (enriched < 0
        ? syscall < 0
          ? ''
          : `unknown-syscall(${call})`
        : bytes.toString('latin1', record.valueStart[enriched]!, record.valueEnd[enriched]!))
    const info = { name, kinds: ARGUMENTS[name] ?? [] }
    if (call >= 0 && call < 8192 && this.#syscalls.size < 10_000) this.#syscalls.set(key, info)
    return info
  }

  #writeId(out: ByteWriter, names: ReadonlyMap<number, string> | undefined, id: number): void {
    if ((id | 0) === -1) out.text('unset')
    else out.text(names?.get(id >>> 0) ?? `unknown(${id | 0})`)
  }
}

/** Arguments that mean something only together with another one, by its number. */
const HANGS_ON: ReadonlyMap<ArgumentKind, number> = new Map([
  ['mode-of-creation', 1],
  ['fcntl-argument', 1],
  ['prctl-argument', 0],
  ['socket-option', 1],
])

function isDecimal(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] === 0x2d ? start + 1 : start
  for (let at = first; at < end; at++) if (bytes[at]! < 0x30 || bytes[at]! > 0x39) return false
  return end > first
}

/** Leading decimal digits, with a sign. */
function decimal(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === 0x2d
  let value = 0
  for (let at = negative ? start + 1 : start; at < end; at++) {
    const digit = bytes[at]! - 0x30
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  return negative ? -value : value
}

function octal(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - 0x30
    if (digit < 0 || digit > 7) break
    value = (value << 3) | digit
  }
  return value
}

function afterPrefix(bytes: Uint8Array, start: number, end: number): number {
  return end - start > 2 && bytes[start] === 0x30 && bytes[start + 1] === 0x78 ? start + 2 : start
}

function writeName(
  out: ByteWriter,
  names: Names,
  bytes: Buffer,
  start: number,
  end: number,
  unknown: string,
): void {
  const name = names.get(decimal(bytes, start, end))
  out.text(name ?? `${unknown}(${bytes.toString('latin1', start, end)})`)
}

/** `EACCES(Permission denied)` for a negative value, else the value. */
function writeExit(out: ByteWriter, bytes: Buffer, start: number, end: number): void {
  const value = decimal(bytes, start, end)
  const error = value < 0 ? ERRORS.get(-value) : undefined
  if (error === undefined) out.copy(bytes, start, end)
  else {
    out.text(error[0])
    out.byte(0x28)
    out.text(error[1])
    out.byte(0x29)
  }
}

const PERMS = [
  [4, 'read'],
  [2, 'write'],
  [1, 'exec'],
  [8, 'attr'],
] as const

function writePerm(out: ByteWriter, value: number): void {
  const bits = value === 0 ? 15 : value
  out.text(
    PERMS.filter(([bit]) => (bits & bit) !== 0)
      .map(([, name]) => name)
      .join(','),
  )
}
