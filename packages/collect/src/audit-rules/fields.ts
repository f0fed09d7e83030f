/**
 * What `-F` and `-C` may name. Source: auditctl(8), the kernel's own check of a rule, and what auditctl 3.0.9 said
 * to each (`cases.json`).
 */
import type { List, Operator } from './rules.js'

/** How the value is written. */
export type ValueKind =
  | 'user'
  | 'login-user'
  | 'group'
  | 'number'
  /** auditctl takes any word and reads one that is no number as 0. */
  | 'lax-number'
  | 'exit'
  | 'argument'
  | 'architecture'
  | 'record-type'
  | 'permissions'
  | 'file-type'
  | 'file-system'
  | 'path'
  | 'label'
  | 'key'

export interface FieldInfo {
  readonly value: ValueKind
  readonly operators: readonly Operator[]
  /** Lists that take the field; undefined: all but exclude and filesystem. */
  readonly lists?: readonly List[]
}

const ANY: readonly Operator[] = ['=', '!=', '<', '>', '<=', '>=', '&', '&=']
const ORDER: readonly Operator[] = ['=', '!=', '<', '>', '<=', '>=']
const EQUALITY: readonly Operator[] = ['=', '!=']
const EQUAL: readonly Operator[] = ['=']

const ON_EXIT: readonly List[] = ['exit', 'io_uring']
const WITH_EXCLUDE: readonly List[] = ['task', 'exit', 'user', 'exclude', 'io_uring']

export const FIELDS: Readonly<Record<string, FieldInfo>> = {
  a0: { value: 'argument', operators: ANY },
  a1: { value: 'argument', operators: ANY },
  a2: { value: 'argument', operators: ANY },
  a3: { value: 'argument', operators: ANY },
  arch: { value: 'architecture', operators: EQUALITY },
  auid: { value: 'login-user', operators: ORDER, lists: WITH_EXCLUDE },
  loginuid: { value: 'login-user', operators: ORDER, lists: WITH_EXCLUDE },
  devmajor: { value: 'number', operators: ORDER, lists: ON_EXIT },
  devminor: { value: 'number', operators: ORDER, lists: ON_EXIT },
  dir: { value: 'path', operators: EQUAL, lists: ON_EXIT },
  egid: { value: 'group', operators: ORDER },
  euid: { value: 'user', operators: ORDER },
  exe: { value: 'path', operators: EQUALITY, lists: WITH_EXCLUDE },
  exit: { value: 'exit', operators: ORDER, lists: ON_EXIT },
  filetype: { value: 'file-type', operators: EQUALITY, lists: ON_EXIT },
  fsgid: { value: 'group', operators: ORDER },
  fstype: { value: 'file-system', operators: EQUALITY, lists: ['filesystem'] },
  fsuid: { value: 'user', operators: ORDER },
  gid: { value: 'group', operators: ORDER, lists: WITH_EXCLUDE },
  inode: { value: 'number', operators: EQUALITY, lists: ON_EXIT },
  key: {
    value: 'key',
    operators: EQUAL,
    lists: ['task', 'exit', 'user', 'exclude', 'filesystem', 'io_uring'],
  },
  msgtype: { value: 'record-type', operators: ORDER, lists: ['exclude', 'user'] },
  obj_gid: { value: 'group', operators: ORDER },
  obj_lev_high: { value: 'label', operators: ORDER, lists: ON_EXIT },
  obj_lev_low: { value: 'label', operators: ORDER, lists: ON_EXIT },
  obj_role: { value: 'label', operators: EQUALITY, lists: ON_EXIT },
  obj_type: { value: 'label', operators: EQUALITY, lists: ON_EXIT },
  obj_uid: { value: 'user', operators: ORDER },
  obj_user: { value: 'label', operators: EQUALITY, lists: ON_EXIT },
  path: { value: 'path', operators: EQUAL, lists: ON_EXIT },
  perm: { value: 'permissions', operators: EQUAL, lists: ON_EXIT },
  pers: { value: 'number', operators: ANY },
  pid: { value: 'number', operators: ORDER, lists: WITH_EXCLUDE },
  ppid: { value: 'number', operators: ORDER, lists: ON_EXIT },
  saddr_fam: { value: 'lax-number', operators: ORDER },
  sessionid: { value: 'lax-number', operators: ORDER, lists: ['exit', 'user', 'io_uring'] },
  sgid: { value: 'group', operators: ORDER },
  subj_clr: { value: 'label', operators: ORDER, lists: WITH_EXCLUDE },
  subj_role: { value: 'label', operators: EQUALITY, lists: WITH_EXCLUDE },
  subj_sen: { value: 'label', operators: ORDER, lists: WITH_EXCLUDE },
  subj_type: { value: 'label', operators: EQUALITY, lists: WITH_EXCLUDE },
  subj_user: { value: 'label', operators: EQUALITY, lists: WITH_EXCLUDE },
  success: { value: 'number', operators: ORDER, lists: ON_EXIT },
  suid: { value: 'user', operators: ORDER },
  uid: { value: 'user', operators: ORDER, lists: WITH_EXCLUDE },
}

/** Fields that `-C` compares: only within one of the groups. */
export const COMPARABLE: readonly (readonly string[])[] = [
  ['auid', 'uid', 'euid', 'suid', 'fsuid', 'obj_uid'],
  ['gid', 'egid', 'sgid', 'fsgid', 'obj_gid'],
]

export const FILE_TYPES: readonly string[] = ['file', 'dir', 'socket', 'link', 'character', 'block', 'fifo']

export const FILE_SYSTEMS: readonly string[] = ['debugfs', 'tracefs']

/** Values of arch beside b64, b32 and the number of the ELF machine. */
export const ARCHITECTURES: readonly string[] = [
  ...['x86_64', 'i386', 'i486', 'i586', 'i686'],
  ...['aarch64', 'armv5tejl', 'armv5tel', 'armv6l', 'armv7l'],
  ...['ppc', 'ppc64', 'ppc64le', 's390', 's390x', 'riscv32', 'riscv64', 'ia64', 'loongarch64'],
]

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/** Names of error numbers that `exit` may be compared with. Source: asm-generic/errno.h. */
export const ERRNO_NAMES: ReadonlySet<string> = new Set(
  words(`
    EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY
    EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE
    EDOM ERANGE EDEADLK EDEADLOCK EWOULDBLOCK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP ENOMSG EIDRM ECHRNG
    EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT EBFONT ENOSTR
    ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW
    ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK
    EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT
    EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN
    ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE
    EUCLEAN ENOTNAM ENAVAIL EISNAM EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED
    EKEYREJECTED EOWNERDEAD ENOTRECOVERABLE ERFKILL EHWPOISON
  `),
)
