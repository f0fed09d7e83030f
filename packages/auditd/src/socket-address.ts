/**
 * The socket address of a SOCKADDR record: the kernel's struct sockaddr, as hex.
 *
 * The family is in the byte order of the host that wrote it, the port and the address in network order. A
 * record does not say its host's order; a family above 255 shows that it was big endian.
 */
import type { Buffer } from 'node:buffer'
import { SOCKET_FAMILIES } from './names/constants.js'
import { decodeText } from './text.js'

export interface SocketAddress {
  /** `inet`, `inet6`, `local`, `netlink`, `packet`, `vsock`, ... or `unknown-family(N)`. */
  readonly family: string
  /** IP address, path of a local socket (`@` begins an abstract one), or context id of a vsock. */
  readonly address?: string
  readonly port?: number
  /** Netlink: protocol and port id. Packet: frame type and interface number. */
  readonly details?: Readonly<Record<string, number>>
  /** The structure was cut short. */
  readonly short?: true
}

const LOCAL = 1
const INET = 2
const INET6 = 10
const NETLINK = 16
const PACKET = 17
const VSOCK = 40

export function decodeSocketAddress(bytes: Buffer): SocketAddress {
  if (bytes.length < 2) return { family: 'unspec', short: true }
  const little = bytes.readUInt16LE(0)
  const big = little > 0xff && (little & 0xff) === 0
  const number = big ? little >> 8 : little
  const family = SOCKET_FAMILIES.get(number) ?? `unknown-family(${number})`
  const int = (at: number) => (big ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at))
  const short = (length: number) => bytes.length < length
  switch (number) {
    case LOCAL:
      return bytes.length < 3 ? { family, short: true } : { family, address: localPath(bytes) }
    case INET:
      if (short(8)) return { family, short: true }
      return { family, address: bytes.subarray(4, 8).join('.'), port: bytes.readUInt16BE(2) }
    case INET6:
      if (short(24)) return { family, short: true }
      return { family, address: inet6Text(bytes), port: bytes.readUInt16BE(2) }
    case NETLINK:
      if (short(12)) return { family, short: true }
      return { family, details: { pid: int(4), groups: int(8) } }
    case PACKET:
      if (short(8)) return { family, short: true }
      return { family, details: { protocol: bytes.readUInt16BE(2), interface: int(4) } }
    case VSOCK:
      if (short(12)) return { family, short: true }
      return { family, address: String(int(8)), port: int(4) }
    default:
      return { family }
  }
}

/** A path ends at its NUL; an abstract name begins with one and is written with `@`, as in ss(8). */
function localPath(bytes: Buffer): string {
  const abstract = bytes[2] === 0 && bytes.length > 3
  const start = abstract ? 3 : 2
  let end = bytes.indexOf(0, start)
  if (end < 0) end = bytes.length
  return (abstract ? '@' : '') + decodeText(bytes, start, end)
}

/** RFC 5952: the longest run of zero groups is `::`; IPv4-mapped addresses end in dotted form. */
function inet6Text(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(8 + 2 * i))
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  const words = groups.map((group) => group.toString(16))
  if (mapped) return `::ffff:${bytes.subarray(20, 24).join('.')}`
  let from = -1
  let length = 1
  for (let i = 0; i < 8; i++) {
    let run = 0
    while (i + run < 8 && groups[i + run] === 0) run++
    if (run > length) {
      from = i
      length = run
    }
    i += run
  }
  if (from < 0) return words.join(':')
  return `${words.slice(0, from).join(':')}::${words.slice(from + length).join(':')}`
}

/** A socket address in the words of `ausearch -i`. */
export function socketAddressText(bytes: Buffer): string {
  const address = decodeSocketAddress(bytes)
  const family = `saddr_fam=${address.family}`
  if (address.family.startsWith('unknown')) return address.family
  if (address.short === true)
    return `{ ${family} ${address.family === 'netlink' ? '' : 'sockaddr '}len too short }`
  switch (address.family) {
    case 'local':
      return `{ ${family} path=${address.address} }`
    case 'inet':
    case 'inet6':
      return `{ ${family} laddr=${address.address} lport=${address.port} }`
    case 'netlink':
      return `{ ${family} nlnk-fam=16 nlnk-pid=${address.details!.pid} }`
    case 'packet':
      return `{ ${family} protocol=0x${address.details!.protocol!.toString(16).padStart(4, '0')} interface=${address.details!.interface} }`
    case 'vsock':
      return `{ ${family} cid=${address.address} port=${address.port} }`
    default:
      return `{ ${family} (unsupported) }`
  }
}
