/**
 * An audit log in words, as `ausearch -i` prints it: ids as names, numbers as what they mean, hex as text.
 *
 * The records of an event stand together, the last one first, after a line `----`. A record's text stays as it
 * is but for the values of the fields that are known to be more than text; the appendix of an ENRICHED line is
 * used for them and left out. How this differs from ausearch, and why: DIFFERENCES.md.
 *
 * Bytes in, bytes out: no string is made of a record's text.
 */
import { Buffer } from 'node:buffer'
import { ByteWriter } from '../byte-writer.js'
import { EventAssembler, type EventContent } from '../events/assembler.js'
import { ArgumentName } from '../execve.js'
import { FIELD_COUNT, fieldId } from '../field-ids.js'
import { FIELD_KIND_LISTS, type FieldKind, fieldKinds } from '../fields.js'
import { decodeHex, isHex } from '../hex.js'
import type { IdNames } from '../host-names.js'
import { renderKeystrokes } from '../keystrokes/render.js'
import { LineSplitter } from '../lines.js'
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
import { AuditRecord, ENRICHED, QUOTED } from '../record.js'
import { recordTypeName } from '../record-types.js'
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

export interface InterpreterOptions extends IdNames {
  /** Zone that times are printed in. Default UTC. */
  readonly timeZone?: string
  /** Longer lines are left out. Default 1 MiB. */
  readonly maxLineBytes?: number
}

const A0 = fieldId('a0')
const ARCH = fieldId('arch')
const SYSCALL = fieldId('syscall')
const ARGUMENT = new ArgumentName()

/** The kinds of a record's fields that are shown otherwise than as they are written. */
const LEFT_ALONE: ReadonlySet<FieldKind> = new Set(['text', 'pid', 'label', 'addr', 'errno'])
/** Which fields are left alone, for each list of kinds. */
const ALONE = new Map(
  FIELD_KIND_LISTS.map((kinds) => [kinds, Uint8Array.from(kinds, (kind) => (LEFT_ALONE.has(kind) ? 1 : 0))]),
)

interface SyscallInfo {
  readonly name: string
  readonly kinds: readonly (ArgumentKind | undefined)[]
}

/** Where the interpreted records of an event lie: record i is `slabs[i][starts[i], ends[i])`. */
class InterpretedEvent implements EventContent {
  readonly slabs: Buffer[] = []
  readonly starts: number[] = []
  readonly ends: number[] = []
  /** No more records will come. */
  ended = false
  readonly #interpret: (record: AuditRecord, type: string, event: InterpretedEvent) => void

  constructor(interpret: (record: AuditRecord, type: string, event: InterpretedEvent) => void) {
    this.#interpret = interpret
  }

  absorb(record: AuditRecord, type: string): void {
    this.#interpret(record, type, this)
  }
}

/** Interpreted records are written one behind the other into slabs of this size. */
const SLAB_BYTES = 1 << 18
/** What is left of a slab that is not begun on another record with. */
const SLAB_REST = 1 << 14

const UNSET = 0xffffffff
const SEPARATOR = Buffer.from('----\n', 'latin1')

export class AuditLogInterpreter {
  readonly #names: IdNames
  readonly #lines: LineSplitter
  readonly #assembler: EventAssembler<InterpretedEvent>
  /** Events in the order of their first records, which is the order that they are printed in. */
  #events: InterpretedEvent[] = []
  #nextEvent = 0
  readonly #record = new AuditRecord()
  readonly #slab = new ByteWriter(SLAB_BYTES)
  readonly #out = new ByteWriter(1 << 16)
  readonly #time: TimeText
  readonly #syscalls = new Map<number, SyscallInfo>()
  readonly #typeNames = new Map<string, string>()
  readonly #number = new HexNumber()
  readonly #enriched = new Int32Array(FIELD_COUNT)
  readonly #enrichedIn = new Int32Array(FIELD_COUNT)
  #recordNumber = 0
  /** Index of the first field of the appendix; the number of fields if there is none. */
  #firstEnriched = 0
  #byte = 0
  readonly #ids: IdWriter
  #linesWithoutRecord = 0

  constructor(options: InterpreterOptions = {}) {
    this.#names = options
    this.#time = new TimeText(options.timeZone ?? 'UTC')
    this.#assembler = new EventAssembler(
      () => {
        const event = new InterpretedEvent(this.#interpretRecord)
        this.#events.push(event)
        return event
      },
      (event) => {
        event.ended = true
        this.#writeEnded()
      },
    )
    this.#ids = {
      user: (out, id) => this.#writeId(out, this.#names.users, id),
      group: (out, id) => this.#writeId(out, this.#names.groups, id),
    }
    this.#lines = new LineSplitter(
      {
        line: (bytes, start, end, consumed, whole) => {
          if (whole && this.#record.parse(bytes, start, end)) this.#onRecord()
          else if (end > start) this.#linesWithoutRecord++
          this.#byte += consumed
        },
      },
      options.maxLineBytes ?? 1 << 20,
    )
  }

  /** Lines so far that are no records: they are not printed. */
  get linesWithoutRecord(): number {
    return this.#linesWithoutRecord
  }

  /** Takes in the next bytes of the log; gives the text of the events that ended with them. */
  push(chunk: Uint8Array): Buffer {
    this.#lines.push(chunk)
    return this.#out.take()
  }

  /** End of input: the text of the events that were still open. */
  end(): Buffer {
    this.#lines.end()
    this.#assembler.closeAll()
    return this.#out.take()
  }

  #onRecord(): void {
    const record = this.#record
    const host =
      record.nodeEnd > record.nodeStart ? cachedText(record.bytes, record.nodeStart, record.nodeEnd) : ''
    const written = cachedText(record.bytes, record.typeStart, record.typeEnd)
    let type = this.#typeNames.get(written)
    if (type === undefined) {
      type = recordTypeName(written)
      if (this.#typeNames.size < 1000) this.#typeNames.set(written, type)
    }
    this.#assembler.add(record, type, host, this.#byte)
  }

  #writeEnded(): void {
    for (
      let event = this.#events[this.#nextEvent];
      event?.ended === true;
      event = this.#events[this.#nextEvent]
    ) {
      this.#write(event)
      this.#nextEvent++
    }
    if (this.#nextEvent < 1000) return
    this.#events = this.#events.slice(this.#nextEvent)
    this.#nextEvent = 0
  }

  #write(event: InterpretedEvent): void {
    this.#out.copy(SEPARATOR, 0, SEPARATOR.length)
    for (let i = event.slabs.length - 1; i >= 0; i--) {
      this.#out.copy(event.slabs[i]!, event.starts[i]!, event.ends[i]!)
    }
  }

  readonly #interpretRecord = (record: AuditRecord, type: string, event: InterpretedEvent): void => {
    const out = this.#slab
    if (out.bytes.length - out.length < SLAB_REST) out.renew(SLAB_BYTES)
    const start = out.length
    this.#interpret(out, record, type)
    event.slabs.push(out.bytes)
    event.starts.push(start)
    event.ends.push(out.length)
  }

  #interpret(out: ByteWriter, record: AuditRecord, type: string): void {
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

  #body(out: ByteWriter, record: AuditRecord, type: string): void {
    const { bytes } = record
    let at = record.idEnd + 1
    if (bytes[at] === 0x3a) at++
    if (bytes[at] === 0x20) at++
    this.#indexEnriched(record)
    const syscall = type === 'SYSCALL' ? this.#syscallOf(record) : undefined
    const execve = type === 'EXECVE'
    const kinds = fieldKinds(type)
    const alone = ALONE.get(kinds)!
    let endsInKeys = false
    for (let i = 0; i < record.fieldCount; i++) {
      if ((record.flags[i]! & ENRICHED) !== 0) continue
      const id = record.fieldId[i]!
      if (id >= 0 ? alone[id] === 1 : !execve || !ARGUMENT.read(record, i)) continue
      const kind = id >= 0 ? kinds[id]! : 'escaped'
      const quoted = (record.flags[i]! & QUOTED) === 0 ? 0 : 1
      out.copy(bytes, at, record.valueStart[i]! - quoted)
      at = record.valueEnd[i]! + quoted
      this.#value(out, record, i, id, kind, syscall)
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
    const first = this.#firstEnriched
    if (first < record.fieldCount) {
      let end = record.nameStart[first]!
      while (end > record.start && (record.bytes[end - 1] === 0x1d || record.bytes[end - 1] === 0x20)) end--
      return end
    }
    return record.end
  }

  #indexEnriched(record: AuditRecord): void {
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

  #value(
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
        const info = syscall ?? this.#syscallOf(record)
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
  #syscallOf(record: AuditRecord): SyscallInfo {
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

/** `11/22/26 21:41:30.373`; the text of the last second is kept. */
class TimeText {
  readonly #format: Intl.DateTimeFormat
  #second = Number.NaN
  #text = ''

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      year: '2-digit',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    })
  }

  write(out: ByteWriter, timestamp: number): void {
    const second = Math.floor(timestamp / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#text = `${this.#format.format(second * 1000).replace(',', '')}.`
    }
    out.text(this.#text)
    const millis = timestamp - second * 1000
    out.byte(0x30 + Math.floor(millis / 100))
    out.byte(0x30 + (Math.floor(millis / 10) % 10))
    out.byte(0x30 + (millis % 10))
  }
}
