/** Numbers of a record, written in words: the arguments of a system call and the values of fields. */
import type { ByteWriter } from '../byte-writer.js'
import {
  CAPABILITIES,
  CLONE_FLAGS,
  IOCTL_REQUESTS,
  type Names,
  PERSONALITIES,
  SCHEDULERS,
  SHARED_MEMORY_FLAGS,
  SIGNALS,
} from '../names/constants.js'
import { type ArgumentKind, ENUMS, FLAGS, SOCKET_OPTIONS_BY_LEVEL } from './kinds.js'

const PIPE = 0x7c

/** Names of ids, for values that are users or groups. */
export interface IdWriter {
  user(out: ByteWriter, id: number): void
  group(out: ByteWriter, id: number): void
}

/** A number of up to 64 bits, as it is written in a record. */
export class HexNumber {
  low = 0
  high = 0

  /** Reads hex digits up to the first byte that is none. */
  read(bytes: Uint8Array, start: number, end: number): void {
    let low = 0
    let high = 0
    for (let at = start; at < end; at++) {
      const digit = hexDigit(bytes[at]!)
      if (digit < 0) break
      high = ((high << 4) | (low >>> 28)) >>> 0
      low = ((low << 4) | digit) >>> 0
    }
    this.low = low
    this.high = high
  }

  /** The value, or -1 where it has more than 32 bits. */
  get small(): number {
    return this.high === 0 ? this.low : -1
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/** The argument of a system call, in words; `bytes[start, end)` is how it is written, `other` the one it hangs on. */
export function writeArgument(
  out: ByteWriter,
  kind: ArgumentKind,
  value: HexNumber,
  bytes: Uint8Array,
  start: number,
  end: number,
  other: number,
  ids: IdWriter,
): void {
  const hex = () => writeHex(out, bytes, start, end)
  switch (kind) {
    case 'directory':
      if (value.low === 0xffffff9c) out.text('AT_FDCWD')
      else hex()
      return
    case 'user':
      ids.user(out, value.low)
      return
    case 'group':
      ids.group(out, value.low)
      return
    case 'permissions':
      writePermissions(out, value.low, '0')
      return
    case 'mode':
      writeMode(out, value.low)
      return
    case 'mode-of-creation':
      if ((other & 0x40) !== 0) writePermissions(out, value.low, '0')
      else hex()
      return
    case 'access':
      if ((value.low & 0xf) === 0) out.text('F_OK')
      else if ((value.low & 7) === 0) hex()
      else writeBits(out, value.low, ACCESS)
      return
    case 'exit':
      out.text(value.small === 0 ? 'EXIT_SUCCESS' : value.small === 1 ? 'EXIT_FAILURE' : 'UNKNOWN')
      return
    case 'clone-flags': {
      const some = writeBits(out, value.low, CLONE_FLAGS)
      const signal = (value.low & 0xff) === 0 ? undefined : SIGNALS.get(value.low & 0xff)
      if (signal !== undefined) {
        if (some) out.byte(PIPE)
        out.text(signal)
      } else if (!some) hex()
      return
    }
    case 'ioctl': {
      const name = IOCTL_REQUESTS.get(value.low)
      out.text(name ?? `0x${value.low.toString(16)}`)
      return
    }
    case 'personality':
      writePersonality(out, value, bytes, start, end)
      return
    case 'shared-memory': {
      const some = writeBits(out, value.low, SHARED_MEMORY_FLAGS)
      if (some) out.byte(PIPE)
      writeOctal(out, value.low & 0o777, 4)
      return
    }
    case 'scheduler': {
      const name = SCHEDULERS.get(value.low & 0xf)
      if (name === undefined) out.text(`unknown-scheduler-policy(0x${digits(bytes, start, end)})`)
      else out.text((value.low & 0x40000000) === 0 ? name : `${name}|SCHED_RESET_ON_FORK`)
      return
    }
    case 'fcntl-argument':
      if (other === F_SETFD && value.small === 1) out.text('FD_CLOEXEC')
      else hex()
      return
    case 'prctl-argument':
      if (other === PR_SET_PDEATHSIG) writeEnum(out, ENUMS.signal, value, bytes, start, end)
      else if (other === PR_CAPBSET_READ || other === PR_CAPBSET_DROP) {
        out.text(CAPABILITIES.get(value.small) ?? `unknown-capability(0x${digits(bytes, start, end)})`)
      } else hex()
      return
    case 'socket-option': {
      const options = SOCKET_OPTIONS_BY_LEVEL.get(other)
      if (options === undefined) hex()
      else writeEnum(out, options, value, bytes, start, end)
      return
    }
    default:
      if (kind in ENUMS) writeEnum(out, ENUMS[kind as keyof typeof ENUMS], value, bytes, start, end)
      else writeFlags(out, kind as keyof typeof FLAGS, value.low, bytes, start, end)
  }
}

const ACCESS: Names = new Map([
  [1, 'X_OK'],
  [2, 'W_OK'],
  [4, 'R_OK'],
])
const F_SETFD = 2
const PR_SET_PDEATHSIG = 1
const PR_CAPBSET_READ = 23
const PR_CAPBSET_DROP = 24
const ADDR_NO_RANDOMIZE = 0x0040000

function writeEnum(
  out: ByteWriter,
  shape: { readonly names: Names; readonly unknown: string },
  value: HexNumber,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  const name = shape.names.get(value.small)
  if (name !== undefined) out.text(name)
  else out.text(shape.unknown.replace('%x', digits(bytes, start, end)).replace('%d', String(value.low | 0)))
}

export function writeFlags(
  out: ByteWriter,
  kind: keyof typeof FLAGS,
  value: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  const shape = FLAGS[kind]
  const base = shape.base !== undefined && (value & shape.base.of) === 0
  if (base) out.text(shape.base!.name)
  const some = writeBits(out, value, shape.names, base)
  if (base || some) return
  if (shape.none !== undefined) out.text(shape.none)
  else writeHex(out, bytes, start, end)
}

/** Names of the bits that are set, parted by `|`; whether there was any. */
function writeBits(out: ByteWriter, value: number, names: Names, more = false): boolean {
  let some = more
  for (const [bit, name] of names) {
    if ((value & bit) === 0) continue
    if (some) out.byte(PIPE)
    some = true
    out.text(name)
  }
  return some
}

function writePersonality(
  out: ByteWriter,
  value: HexNumber,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  const name = value.high === 0 ? PERSONALITIES.get(value.low & 0xff) : undefined
  if (name === undefined) out.text(`unknown-personality(0x${digits(bytes, start, end)})`)
  else out.text((value.low & ADDR_NO_RANDOMIZE) === 0 ? name : `${name}|~ADDR_NO_RANDOMIZE`)
}

export function writeHex(out: ByteWriter, bytes: Uint8Array, start: number, end: number): void {
  out.text('0x')
  out.copy(bytes, start, end)
}

function digits(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end))
}

const FILE_TYPES: ReadonlyMap<number, string> = new Map([
  [0o10, 'file'],
  [0o04, 'dir'],
  [0o14, 'socket'],
  [0o12, 'link'],
  [0o06, 'block'],
  [0o02, 'character'],
  [0o01, 'fifo'],
])

/** Mode of a file: `file,644`, `dir,sticky,777`. */
export function writeMode(out: ByteWriter, mode: number): void {
  const type = FILE_TYPES.get((mode >>> 12) & 0o17)
  if (type !== undefined) out.text(type)
  else writeOctal(out, (mode >>> 12) & 0o17, 3)
  out.byte(0x2c)
  writePermissions(out, mode, '')
}

function writePermissions(out: ByteWriter, mode: number, prefix: string): void {
  if ((mode & 0o4000) !== 0) out.text('suid,')
  if ((mode & 0o2000) !== 0) out.text('sgid,')
  if ((mode & 0o1000) !== 0) out.text('sticky,')
  out.text(prefix)
  writeOctal(out, mode & 0o777, 3)
}

function writeOctal(out: ByteWriter, value: number, width: number): void {
  for (let shift = 3 * (width - 1); shift >= 0; shift -= 3) out.byte(0x30 + ((value >>> shift) & 7))
}

/** Capability sets that were shown lately: hosts have few different ones, and full ones have 41 names. */
const CAPABILITY_SETS = new Map<number, string>()

/** A capability set: names parted by commas, or `none`. */
export function writeCapabilities(out: ByteWriter, value: HexNumber): void {
  if (value.low === 0 && value.high === 0) {
    out.text('none')
    return
  }
  const key = value.high * 2 ** 32 + value.low
  let text = CAPABILITY_SETS.get(key)
  if (text === undefined) {
    const names: string[] = []
    for (const [bit, name] of CAPABILITIES) {
      if ((((bit < 32 ? value.low : value.high) >>> (bit & 31)) & 1) === 1) names.push(name)
    }
    text = names.length === 0 ? 'none' : names.join(',')
    if (CAPABILITY_SETS.size >= 1000) CAPABILITY_SETS.clear()
    if (value.high < 2 ** 20) CAPABILITY_SETS.set(key, text)
  }
  out.text(text)
}

export { writePersonality }
