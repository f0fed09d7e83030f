/**
 * How the arguments a0..a3 of a system call are shown, as data: call -> kind of each argument. The kinds are in
 * `kinds.ts`; an argument that is not here is shown in hex.
 *
 * Found by asking `ausearch -i` of audit 3.0.9 for every call, argument and bit. Where it is wrong the kernel's
 * signature wins; those are marked with the reason.
 */
import type { ArgumentKind } from './kinds.js'

type Kinds = readonly (ArgumentKind | undefined)[]

const hex = undefined
const DIR: Kinds = ['directory']

export const ARGUMENTS: Readonly<Record<string, Kinds>> = {
  // files
  open: [hex, 'open-flags', 'mode-of-creation'],
  openat: ['directory', hex, 'open-flags'],
  openat2: DIR,
  open_by_handle_at: [hex, hex, 'open-flags'],
  mq_open: [hex, 'open-flags', 'mode-of-creation'],
  creat: [hex, 'permissions'],
  mkdir: [hex, 'permissions'],
  mkdirat: ['directory', hex, 'permissions'],
  mknod: [hex, 'mode'],
  mknodat: ['directory', hex, 'permissions'],
  chmod: [hex, 'permissions'],
  fchmod: [hex, 'permissions'],
  fchmodat: ['directory', hex, 'permissions'],
  chown: [hex, 'user'],
  access: [hex, 'access'],
  faccessat: ['directory', hex, 'access'],
  faccessat2: ['directory', hex, 'access'],
  fchownat: DIR,
  futimesat: DIR,
  newfstatat: DIR,
  unlinkat: DIR,
  renameat: ['directory', hex, 'directory'],
  renameat2: ['directory', hex, 'directory'],
  linkat: ['directory', hex, 'directory'],
  // ausearch takes a2 for a directory as well: it is the address of the buffer.
  readlinkat: DIR,
  utimensat: DIR,
  name_to_handle_at: DIR,
  lseek: [hex, hex, 'seek'],
  fcntl: [hex, 'fcntl', 'fcntl-argument'],
  fcntl64: [hex, 'fcntl', 'fcntl-argument'],
  ioctl: [hex, 'ioctl'],
  mount: [hex, hex, hex, 'mount-flags'],
  umount2: [hex, 'umount-flags'],

  // memory
  mmap: [hex, hex, 'protection', 'mmap-flags'],
  mmap2: [hex, hex, 'protection', 'mmap-flags'],
  mprotect: [hex, hex, 'protection'],
  shmget: [hex, hex, 'shared-memory'],

  // identity
  setuid: ['user'],
  setreuid: ['user', 'user'],
  setresuid: ['user', 'user', 'user'],
  setfsuid: ['user'],
  setgid: ['group'],
  setregid: ['group', 'group'],
  setresgid: ['group', 'group', 'group'],
  setfsgid: ['group'],

  // processes
  rt_sigaction: ['signal'],
  kill: [hex, 'signal'],
  tkill: [hex, 'signal'],
  tgkill: [hex, hex, 'signal'],
  exit: ['exit'],
  exit_group: ['exit'],
  // ausearch shows a2 as the flags: they are a0 (a1 on s390), a2 is an address.
  clone: ['clone-flags'],
  unshare: ['clone-flags'],
  setns: [hex, 'clone-flags'],
  ptrace: ['ptrace'],
  prctl: ['prctl', 'prctl-argument'],
  personality: ['personality'],
  getrlimit: ['resource-limit'],
  setrlimit: ['resource-limit'],
  sched_setscheduler: [hex, 'scheduler'],
  clock_settime: ['clock'],
  epoll_ctl: [hex, 'epoll'],
  bpf: ['bpf'],

  // sockets
  socket: ['family', 'socket-type', 'protocol'],
  sendto: [hex, hex, hex, 'message-flags'],
  recvfrom: [hex, hex, hex, 'message-flags'],
  sendmsg: [hex, hex, 'message-flags'],
  recvmsg: [hex, hex, 'message-flags'],
  recvmmsg: [hex, hex, hex, 'message-flags'],
  sendmmsg: [hex, hex, hex, 'message-flags'],
  setsockopt: [hex, 'socket-level', 'socket-option'],
  getsockopt: [hex, 'socket-level', 'socket-option'],
  socketcall: ['socketcall'],
  ipc: [hex],
}
