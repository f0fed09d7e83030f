/**
 * How numbers are shown, as data: names for values, names for bits, and what is shown where there is no name.
 * The words are those of `ausearch -i`.
 */
import {
  BPF_COMMANDS,
  CLOCKS,
  EPOLL_OPERATIONS,
  FCNTL_COMMANDS,
  IP_OPTIONS,
  IPV6_OPTIONS,
  MESSAGE_FLAGS,
  MMAP_FLAGS,
  MOUNT_FLAGS,
  type Names,
  OPEN_FLAGS,
  PACKET_OPTIONS,
  PRCTL_OPTIONS,
  PROTECTIONS,
  PROTOCOLS,
  PTRACE_REQUESTS,
  RESOLVE_FLAGS,
  RESOURCE_LIMITS,
  SEEK,
  SIGNALS,
  SOCKET_FAMILIES,
  SOCKET_LEVELS,
  SOCKET_OPTIONS,
  SOCKET_TYPES,
  TCP_OPTIONS,
  UDP_OPTIONS,
  UMOUNT_FLAGS,
} from '../names/constants.js'
import { MULTIPLEXED } from '../names/multiplexed.js'

export type ArgumentKind =
  | 'directory'
  | 'user'
  | 'group'
  | 'permissions'
  | 'mode'
  | 'mode-of-creation'
  | 'access'
  | 'exit'
  | 'clone-flags'
  | 'fcntl-argument'
  | 'prctl-argument'
  | 'socket-option'
  | 'ioctl'
  | 'personality'
  | 'shared-memory'
  | 'scheduler'
  | EnumKind
  | FlagsKind

type EnumKind =
  | 'signal'
  | 'seek'
  | 'fcntl'
  | 'ptrace'
  | 'prctl'
  | 'resource-limit'
  | 'clock'
  | 'epoll'
  | 'bpf'
  | 'family'
  | 'socket-type'
  | 'protocol'
  | 'socket-level'
  | 'socketcall'

type FlagsKind =
  | 'open-flags'
  | 'message-flags'
  | 'mount-flags'
  | 'umount-flags'
  | 'protection'
  | 'mmap-flags'
  | 'resolve'

interface EnumShape {
  readonly names: Names
  /** What stands for a value without a name; `%x` is the value in hex, `%d` as a signed 32-bit number. */
  readonly unknown: string
}

export const ENUMS: Readonly<Record<EnumKind, EnumShape>> = {
  signal: { names: SIGNALS, unknown: 'unknown-signal(0x%x)' },
  seek: { names: SEEK, unknown: 'unknown-whence(%x)' },
  fcntl: { names: FCNTL_COMMANDS, unknown: 'unknown-fcntl-command(%d)' },
  ptrace: { names: PTRACE_REQUESTS, unknown: 'unknown-ptrace(0x%x)' },
  prctl: { names: PRCTL_OPTIONS, unknown: 'unknown-prctl-option(0x%x)' },
  'resource-limit': { names: RESOURCE_LIMITS, unknown: 'unknown-rlimit(0x%x)' },
  clock: { names: CLOCKS, unknown: 'unknown-clk_id(0x%x)' },
  epoll: { names: EPOLL_OPERATIONS, unknown: 'unknown-epoll_ctl-operation(%d)' },
  bpf: { names: BPF_COMMANDS, unknown: 'unknown-bpf-cmd(%x)' },
  family: { names: SOCKET_FAMILIES, unknown: 'unknown-family(0x%x)' },
  'socket-type': { names: SOCKET_TYPES, unknown: 'unknown-type(%x)' },
  protocol: { names: PROTOCOLS, unknown: 'unknown-proto(%x)' },
  'socket-level': { names: SOCKET_LEVELS, unknown: 'unknown-sockopt-level(0x%x)' },
  socketcall: { names: MULTIPLEXED.socketcall!, unknown: 'unknown-socketcall(%x)' },
}

interface FlagsShape {
  readonly names: Names
  /** What stands first where none of the bits of `of` is set. */
  readonly base?: { readonly of: number; readonly name: string }
  /** What stands where nothing else does; without it the value in hex. */
  readonly none?: string
}

export const FLAGS: Readonly<Record<FlagsKind, FlagsShape>> = {
  'open-flags': {
    names: new Map([[1, 'O_WRONLY'], [2, 'O_RDWR'], ...OPEN_FLAGS]),
    base: { of: 3, name: 'O_RDONLY' },
  },
  'message-flags': { names: MESSAGE_FLAGS },
  'mount-flags': { names: MOUNT_FLAGS },
  'umount-flags': { names: UMOUNT_FLAGS },
  protection: { names: PROTECTIONS, none: 'PROT_NONE' },
  'mmap-flags': { names: MMAP_FLAGS, base: { of: 0xf, name: 'MAP_FILE' } },
  resolve: { names: RESOLVE_FLAGS },
}

/** Names of options by the level they belong to, and what an unknown one is called. */
export const SOCKET_OPTIONS_BY_LEVEL: ReadonlyMap<number, EnumShape> = new Map([
  [0, { names: IP_OPTIONS, unknown: 'unknown-ipopt-name(0x%x)' }],
  [1, { names: SOCKET_OPTIONS, unknown: 'unknown-sockopt-name(0x%x)' }],
  [6, { names: TCP_OPTIONS, unknown: 'unknown-tcpopt-name(0x%x)' }],
  [17, { names: UDP_OPTIONS, unknown: 'unknown-udpopt-name(0x%x)' }],
  [41, { names: IPV6_OPTIONS, unknown: 'unknown-ip6opt-name(0x%x)' }],
  [263, { names: PACKET_OPTIONS, unknown: 'unknown-pktopt-name(0x%x)' }],
])
