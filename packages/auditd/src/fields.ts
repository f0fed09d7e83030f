/**
 * The fields that audit records carry, as data: name, kind, meaning.
 *
 * The kind says how a value is written in the log, and so how it is read:
 * - `text`      as it stands
 * - `escaped`   an untrusted string: `"quoted"`, or bare upper-case hex when it has a byte outside
 *               0x21..0x7e or a `"` in it (kernel: audit_log_untrustedstring; user space:
 *               audit_encode_value of libaudit)
 * - `key`       escaped; several keys are parted by a byte 0x01
 * - `title`     escaped; arguments are parted by NUL
 * - `keys`      TTY input: always hex in TTY records, quoted or hex in USER_TTY
 * - the others  numbers and words that `interpret` translates
 *
 * Sources: the field dictionary of the audit documentation project, the kernel's audit_log_format calls
 * (kernel/audit*.c, security/lsm_audit.c, security/apparmor, security/integrity, net/netfilter), and the
 * records of PAM, shadow, systemd, sudo, libvirt and OpenSSH.
 *
 * A field that is not in this list is kept all the same: in the column `AdditionalFields`.
 */
export type FieldKind =
  | 'text'
  | 'escaped'
  | 'key'
  | 'title'
  | 'keys'
  | 'argument'
  | 'uid'
  | 'gid'
  | 'pid'
  | 'session'
  | 'arch'
  | 'syscall'
  | 'exit'
  | 'errno'
  | 'success'
  | 'mode'
  | 'perm'
  | 'saddr'
  | 'capability'
  | 'capabilities'
  | 'signal'
  | 'list'
  | 'prom'
  | 'family'
  | 'proto'
  | 'icmptype'
  | 'hook'
  | 'action'
  | 'macproto'
  | 'personality'
  | 'seccomp'
  | 'openflags'
  | 'mmapflags'
  | 'resolve'
  | 'ioctl'
  | 'fanotify'
  | 'trust'
  | 'label'
  | 'addr'

export interface FieldInfo {
  readonly name: string
  readonly kind: FieldKind
  readonly meaning: string
}

type Row = readonly [name: string, kind: FieldKind, meaning: string]

const ROWS: readonly Row[] = [
  // who
  ['auid', 'uid', 'user id of the login (who really did it); stays the same through su and sudo'],
  ['uid', 'uid', 'user id of the process'],
  ['euid', 'uid', 'effective user id'],
  ['suid', 'uid', 'saved user id'],
  ['fsuid', 'uid', 'user id for file access'],
  ['ouid', 'uid', 'user id that owns the file'],
  ['oauid', 'uid', 'login user id of the target process'],
  ['iuid', 'uid', 'user id that owns the IPC object'],
  ['inode_uid', 'uid', 'user id that owns the inode'],
  ['obj_uid', 'uid', 'user id of the object'],
  ['sauid', 'uid', 'login user id of the sender'],
  ['old-auid', 'uid', 'login user id before the change'],
  ['id', 'uid', 'user id that an account or login record is about'],
  ['gid', 'gid', 'group id of the process'],
  ['egid', 'gid', 'effective group id'],
  ['sgid', 'gid', 'saved group id'],
  ['fsgid', 'gid', 'group id for file access'],
  ['ogid', 'gid', 'group id that owns the file'],
  ['igid', 'gid', 'group id that owns the IPC object'],
  ['inode_gid', 'gid', 'group id that owns the inode'],
  ['obj_gid', 'gid', 'group id of the object'],
  ['new_gid', 'gid', 'group id being assigned'],
  ['ses', 'session', 'login session number'],
  ['old-ses', 'text', 'login session number before the change'],
  ['oses', 'text', 'login session number of the target process'],
  ['acct', 'escaped', 'account that the record is about'],
  ['user', 'text', 'account named at authentication'],
  ['grp', 'escaped', 'group that the record is about'],
  ['new_group', 'escaped', 'group after the change'],
  ['old_group', 'escaped', 'group before the change'],
  ['subj', 'label', 'security label of the process'],
  ['obj', 'label', 'security label of the object'],
  ['role', 'text', 'SELinux role'],
  ['seuser', 'text', 'SELinux user'],
  ['old-seuser', 'text', 'SELinux user before the change'],
  ['new-seuser', 'text', 'SELinux user after the change'],
  ['old-role', 'text', 'SELinux role before the change'],
  ['new-role', 'text', 'SELinux role after the change'],
  ['range', 'text', 'SELinux range'],
  ['old-range', 'text', 'SELinux range before the change'],
  ['new-range', 'text', 'SELinux range after the change'],

  // the process
  ['pid', 'pid', 'process id'],
  ['ppid', 'pid', 'parent process id'],
  ['opid', 'pid', 'process id of the target'],
  ['spid', 'pid', 'process id of the sender'],
  ['comm', 'escaped', 'short name of the process (at most 15 bytes)'],
  ['ocomm', 'escaped', 'short name of the target process'],
  ['exe', 'escaped', 'path of the executable'],
  ['cmd', 'escaped', 'command that is run'],
  ['cwd', 'escaped', 'working directory'],
  [
    'proctitle',
    'title',
    'command line as the process shows it, arguments parted by blanks; at most 128 bytes',
  ],
  ['argc', 'text', 'number of arguments of the exec'],
  ['tty', 'text', 'terminal of the process'],
  ['terminal', 'text', 'terminal that the user works on'],
  ['cgroup', 'escaped', 'control group'],
  ['per', 'personality', 'personality of the process (hex)'],
  ['compat', 'text', 'whether the call came through the compatibility ABI'],
  ['ip', 'text', 'instruction pointer (seccomp) or network address of a printer'],

  // the system call
  ['arch', 'arch', 'architecture and bit width of the call (hex)'],
  ['syscall', 'syscall', 'number of the system call'],
  ['success', 'text', 'whether the call succeeded: yes or no'],
  ['exit', 'exit', 'return value; negative is an error number'],
  ['items', 'text', 'number of PATH records of the event'],
  ['item', 'text', 'number of this PATH record'],
  ['key', 'key', 'keys of the rule that matched, parted by commas'],
  ['uring_op', 'text', 'io_uring operation'],
  ['nargs', 'text', 'number of arguments of a socket call'],
  ['sig', 'signal', 'signal number'],
  ['sigev_signo', 'signal', 'signal of a message queue notification'],
  ['code', 'seccomp', 'seccomp action (hex)'],
  ['ioctlcmd', 'ioctl', 'ioctl request'],
  ['errno', 'errno', 'error number'],
  ['error', 'errno', 'error number (AppArmor)'],

  // files
  ['name', 'escaped', 'file name'],
  ['path', 'escaped', 'path name'],
  ['dir', 'escaped', 'directory'],
  ['file', 'escaped', 'file'],
  ['watch', 'escaped', 'watched file name'],
  ['inode', 'text', 'inode number'],
  ['ino', 'text', 'inode number'],
  ['parent', 'text', 'inode number of the parent directory'],
  ['dev', 'text', 'device: major and minor in hex, or its name'],
  ['rdev', 'text', 'device that a special file stands for'],
  ['mode', 'mode', 'type and permissions (octal)'],
  ['nametype', 'text', 'role of the file in the call: NORMAL, PARENT, CREATE, DELETE, UNKNOWN'],
  ['cap_fp', 'capabilities', 'capabilities of the file: permitted (hex)'],
  ['cap_fi', 'capabilities', 'capabilities of the file: inheritable (hex)'],
  ['cap_fe', 'text', 'capabilities of the file: effective bit'],
  ['cap_fver', 'text', 'version of the file capabilities'],
  ['cap_frootid', 'text', 'user id of the name space root that the file capabilities are for'],
  ['oflag', 'openflags', 'flags of open (hex)'],
  ['flags', 'mmapflags', 'flags of mmap (hex)'],
  ['resolve', 'resolve', 'resolve flags of openat2 (hex)'],
  ['fd', 'text', 'file descriptor'],
  ['fd0', 'text', 'first file descriptor of a pipe'],
  ['fd1', 'text', 'second file descriptor of a pipe'],
  ['perm', 'perm', 'permissions that a watch asks for'],
  ['perm_mask', 'perm', 'permissions that triggered a watch'],
  ['device', 'escaped', 'device name'],
  ['resp', 'fanotify', 'answer of a fanotify listener'],
  ['fan_type', 'text', 'kind of the fanotify answer'],
  ['fan_info', 'text', 'rule number of the fanotify answer (hex)'],
  ['subj_trust', 'trust', 'whether the listener trusts the process'],
  ['obj_trust', 'trust', 'whether the listener trusts the file'],
  ['hash', 'text', 'digest of the file'],
  ['cause', 'text', 'cause of an integrity failure'],
  ['func', 'text', 'integrity policy hook'],
  ['mask', 'text', 'integrity policy access mask'],
  ['pcr', 'text', 'platform configuration register'],
  ['measure', 'text', 'whether the integrity policy measures'],

  // capabilities of processes
  ['capability', 'capability', 'number of a capability'],
  ['capname', 'escaped', 'name of a capability (AppArmor)'],
  ['cap_pi', 'capabilities', 'process capabilities set by capset: inheritable (hex)'],
  ['cap_pp', 'capabilities', 'process capabilities set by capset: permitted (hex)'],
  ['cap_pe', 'capabilities', 'process capabilities set by capset: effective (hex)'],
  ['cap_pa', 'capabilities', 'process capabilities set by capset: ambient (hex)'],
  ['fver', 'text', 'version of the file capabilities of the program'],
  ['fp', 'capabilities', 'permitted capabilities of the program (hex); in CRYPTO records a key fingerprint'],
  ['fi', 'capabilities', 'inheritable capabilities of the program (hex)'],
  ['fe', 'text', 'effective bit of the capabilities of the program'],
  ['frootid', 'text', 'user id of the name space root of the program'],
  ['old_pp', 'capabilities', 'permitted capabilities before the exec (hex)'],
  ['old_pi', 'capabilities', 'inheritable capabilities before the exec (hex)'],
  ['old_pe', 'capabilities', 'effective capabilities before the exec (hex)'],
  ['old_pa', 'capabilities', 'ambient capabilities before the exec (hex)'],
  ['new_pp', 'capabilities', 'permitted capabilities after the exec, older kernels (hex)'],
  ['new_pi', 'capabilities', 'inheritable capabilities after the exec, older kernels (hex)'],
  ['new_pe', 'capabilities', 'effective capabilities after the exec, older kernels (hex)'],
  ['pp', 'capabilities', 'permitted capabilities after the exec (hex)'],
  ['pi', 'capabilities', 'inheritable capabilities after the exec (hex)'],
  ['pe', 'capabilities', 'effective capabilities after the exec (hex)'],
  ['pa', 'capabilities', 'ambient capabilities after the exec (hex)'],

  // network
  ['saddr', 'saddr', 'socket address structure (hex)'],
  ['fam', 'text', 'address family'],
  ['addr', 'addr', 'remote address of the user'],
  ['hostname', 'text', 'remote host name of the user'],
  ['daddr', 'text', 'destination address'],
  ['laddr', 'text', 'local address'],
  ['faddr', 'text', 'foreign address'],
  ['src', 'text', 'source address or port'],
  ['dest', 'text', 'destination port'],
  ['dport', 'text', 'destination port'],
  ['sport', 'text', 'source port'],
  ['lport', 'text', 'local port'],
  ['rport', 'text', 'remote port'],
  ['fport', 'text', 'foreign port'],
  ['family', 'family', 'protocol family'],
  ['proto', 'proto', 'protocol number'],
  ['protocol', 'text', 'protocol number (AppArmor)'],
  ['sock_type', 'text', 'socket type (AppArmor)'],
  ['icmptype', 'icmptype', 'ICMP message type'],
  ['icmpcode', 'text', 'ICMP message code'],
  ['hook', 'hook', 'netfilter hook'],
  ['action', 'action', 'netfilter verdict; in other records the action as text'],
  ['table', 'text', 'netfilter table'],
  ['entries', 'text', 'number of netfilter entries'],
  ['inif', 'text', 'interface in'],
  ['outif', 'text', 'interface out'],
  ['netif', 'text', 'network interface'],
  ['smac', 'text', 'source MAC address'],
  ['dmac', 'text', 'destination MAC address'],
  ['macproto', 'macproto', 'type of the Ethernet frame'],
  ['ipid', 'text', 'IP fragment identifier'],
  ['len', 'text', 'length'],
  ['mark', 'text', 'packet mark'],
  ['secmark', 'text', 'packet security mark'],
  ['prom', 'prom', 'promiscuous mode flag'],
  ['old_prom', 'prom', 'promiscuous mode flag before the change'],
  ['nlnk-fam', 'text', 'netlink protocol'],
  ['nlnk-grp', 'text', 'netlink group'],
  ['nlnk-pid', 'text', 'process id of the netlink sender'],
  ['nl-mcgrp', 'text', 'netlink multicast group'],
  ['net', 'text', 'network MAC address'],
  ['ipx-net', 'text', 'IPX network number'],
  ['spi', 'text', 'IPsec security parameter index'],
  ['src_prefixlen', 'text', 'IPsec source prefix length'],
  ['dst', 'text', 'destination address'],
  ['dst_prefixlen', 'text', 'IPsec destination prefix length'],
  ['seqno', 'text', 'sequence number'],

  // the terminal
  ['major', 'text', 'major device number'],
  ['minor', 'text', 'minor device number'],
  ['maj', 'text', 'major device number'],
  ['min', 'text', 'minor device number'],
  ['data', 'keys', 'input read from the terminal'],
  ['ioctl', 'text', 'ioctl that pushed the input (TIOCSTI)'],
  ['old-enabled', 'text', 'TTY audit setting before the change'],
  ['new-enabled', 'text', 'TTY audit setting after the change'],
  ['old-log_passwd', 'text', 'TTY password logging before the change'],
  ['new-log_passwd', 'text', 'TTY password logging after the change'],

  // results
  ['res', 'success', 'result: success or failed, 1 or 0'],
  ['result', 'success', 'result'],
  ['reason', 'text', 'reason of the action'],
  ['op', 'text', 'operation'],
  ['operation', 'escaped', 'operation (AppArmor)'],
  ['grantors', 'text', 'PAM modules that granted the operation'],
  ['unit', 'text', 'systemd unit'],

  // security modules
  ['scontext', 'label', 'security label of the subject'],
  ['tcontext', 'label', 'security label of the target'],
  ['tclass', 'text', 'class of the target'],
  ['seresult', 'text', 'decision of SELinux: denied or granted'],
  ['seperms', 'text', 'permissions that SELinux decided on'],
  ['seperm', 'text', 'permission that SELinux decided on'],
  ['permissive', 'text', 'whether SELinux only warned'],
  ['srawcon', 'escaped', 'label of the subject that the policy does not know'],
  ['trawcon', 'escaped', 'label of the target that the policy does not know'],
  ['invalid_context', 'escaped', 'label that was refused'],
  ['oldcontext', 'text', 'label before the transition'],
  ['newcontext', 'text', 'label after the transition'],
  ['taskcontext', 'text', 'label of the task'],
  ['lsm', 'text', 'security module'],
  ['enforcing', 'text', 'enforcement after the change'],
  ['old_enforcing', 'text', 'enforcement before the change'],
  ['old-enforcing', 'text', 'enforcement before the change'],
  ['enabled', 'text', 'whether the module is on'],
  ['bool', 'text', 'SELinux boolean'],
  ['val', 'text', 'value after the change'],
  ['old_val', 'text', 'value before the change'],
  ['apparmor', 'escaped', 'decision of AppArmor'],
  ['class', 'escaped', 'class of the mediated object or of the resource'],
  ['profile', 'escaped', 'AppArmor profile'],
  ['info', 'escaped', 'explanation of the decision'],
  ['requested_mask', 'escaped', 'access asked for'],
  ['denied_mask', 'escaped', 'access denied'],
  ['requested', 'escaped', 'access asked for'],
  ['denied', 'escaped', 'access denied'],
  ['peer', 'escaped', 'profile of the peer'],
  ['peer_addr', 'escaped', 'address of the peer'],
  ['label', 'escaped', 'label'],
  ['namespace', 'escaped', 'AppArmor name space'],
  ['target', 'escaped', 'target of the operation'],
  ['srcname', 'escaped', 'source of the mount'],
  ['fstype', 'escaped', 'type of the file system'],
  ['bus', 'text', 'bus of the message or of the device'],
  ['interface', 'escaped', 'D-Bus interface'],
  ['member', 'escaped', 'D-Bus member'],
  ['signal', 'text', 'signal (AppArmor)'],
  ['restype', 'escaped', 'type of the access decision'],
  ['default-context', 'text', 'default label'],
  ['selected-context', 'text', 'label assigned to the session'],
  ['vm-ctx', 'label', 'label of the virtual machine'],
  ['img-ctx', 'label', 'label of the disk image'],
  ['policy', 'text', 'policy'],

  // the audit system
  ['list', 'list', 'rule list'],
  ['audit_enabled', 'text', 'state of the audit system after the change'],
  ['audit_backlog_limit', 'text', 'backlog limit after the change'],
  ['audit_backlog_wait_time', 'text', 'backlog wait time after the change'],
  ['audit_failure', 'text', 'failure mode after the change'],
  ['audit_rate_limit', 'text', 'rate limit after the change'],
  ['audit_pid', 'text', 'process id of the daemon after the change'],
  ['audit_lost', 'text', 'lost records counter after the change'],
  ['old-actions', 'text', 'seccomp actions logged before the change'],
  ['old', 'text', 'value before the change'],
  ['new', 'text', 'value after the change'],
  ['feature', 'text', 'kernel feature that changes'],
  ['old_lock', 'text', 'lock of the feature before the change'],
  ['new_lock', 'text', 'lock of the feature after the change'],
  ['ver', 'text', 'version of the daemon or of the kernel'],
  ['format', 'text', 'log format of the daemon'],
  ['kernel', 'text', 'version of the kernel'],
  ['state', 'text', 'state that results'],
  ['added', 'text', 'number of new files'],
  ['removed', 'text', 'number of deleted files'],
  ['changed', 'text', 'number of changed files'],
  ['old-level', 'text', 'run level before the change'],
  ['new-level', 'text', 'run level after the change'],

  // cryptography and keys
  ['cipher', 'text', 'cipher'],
  ['ksize', 'text', 'size of the key'],
  ['mac', 'text', 'message authentication code'],
  ['pfs', 'text', 'key exchange'],
  ['kind', 'text', 'server or client, private or session'],
  ['direction', 'text', 'direction'],

  // virtual machines, devices, software
  ['vm', 'escaped', 'virtual machine'],
  ['uuid', 'text', 'UUID'],
  ['virt', 'text', 'kind of virtualisation'],
  ['vm-pid', 'pid', 'process id of the virtual machine'],
  ['model', 'text', 'security model'],
  ['resrc', 'text', 'resource that is assigned'],
  ['category', 'text', 'category of the resource'],
  ['acl', 'text', 'access mode of the resource'],
  ['old-chardev', 'escaped', 'character device before the change'],
  ['new-chardev', 'escaped', 'character device after the change'],
  ['old-disk', 'escaped', 'disk before the change'],
  ['new-disk', 'escaped', 'disk after the change'],
  ['old-fs', 'escaped', 'file system before the change'],
  ['new-fs', 'escaped', 'file system after the change'],
  ['old-net', 'escaped', 'network before the change'],
  ['new-net', 'escaped', 'network after the change'],
  ['old-rng', 'escaped', 'random number device before the change'],
  ['new-rng', 'escaped', 'random number device after the change'],
  ['old-mem', 'text', 'memory before the change (KiB)'],
  ['new-mem', 'text', 'memory after the change (KiB)'],
  ['old-vcpu', 'text', 'number of processors before the change'],
  ['new-vcpu', 'text', 'number of processors after the change'],
  ['sw', 'escaped', 'software that is updated'],
  ['sw_type', 'text', 'type of the software package'],
  ['key_enforce', 'text', 'whether signatures are enforced'],
  ['gpg_res', 'success', 'result of the signature check'],
  ['root_dir', 'escaped', 'root directory of the update'],
  ['printer', 'text', 'printer'],
  ['uri', 'text', 'URI of the printer'],
  ['banners', 'text', 'banners on the printed page'],

  // time, IPC, BPF, device mapper, others
  ['sec', 'text', 'seconds'],
  ['nsec', 'text', 'nanoseconds'],
  ['qbytes', 'text', 'size of the message queue (hex)'],
  ['mqdes', 'text', 'message queue descriptor'],
  ['msg_prio', 'text', 'message priority'],
  ['msg_len', 'text', 'message length'],
  ['mq_flags', 'text', 'message queue flags'],
  ['mq_maxmsg', 'text', 'most messages of the queue'],
  ['mq_msgsize', 'text', 'largest message of the queue'],
  ['mq_curmsgs', 'text', 'messages in the queue'],
  ['prog-id', 'text', 'id of the BPF program'],
  ['module', 'text', 'device mapper module'],
  ['sector', 'text', 'sector'],
  ['msg', 'text', 'text of the message'],
  ['contid', 'text', 'container id'],
  ['old-contid', 'text', 'container id before the change'],
]

/** Number of EXECVE arguments that have a column of their own: `a0` to `a31`. */
export const ARGUMENT_COLUMNS = 32

export const FIELDS: readonly FieldInfo[] = [
  ...ROWS.map(([name, kind, meaning]) => ({ name, kind, meaning })),
  ...Array.from({ length: ARGUMENT_COLUMNS }, (_, i) => ({
    name: `a${i}`,
    kind: 'argument' as const,
    meaning:
      i < 4
        ? `argument ${i} of the system call (hex), or of the exec (text)`
        : `argument ${i} of the exec, or of a socket call`,
  })),
]

/**
 * Where the same name is written differently in a record type: record type -> field -> kind.
 * `a0`..`aN` are text in EXECVE and hex numbers elsewhere.
 */
export const FIELD_KINDS_BY_RECORD: Readonly<Record<string, Readonly<Record<string, FieldKind>>>> = {
  EXECVE: Object.fromEntries(Array.from({ length: ARGUMENT_COLUMNS }, (_, i) => [`a${i}`, 'escaped'])),
  CRYPTO_KEY_USER: { fp: 'text' },
  CRYPTO_SESSION: { fp: 'text' },
  CRYPTO_IKE_SA: { fp: 'text' },
  CRYPTO_IPSEC_SA: { fp: 'text' },
}

const KINDS: readonly FieldKind[] = FIELDS.map((field) => field.kind)
const KINDS_BY_RECORD = new Map(
  Object.entries(FIELD_KINDS_BY_RECORD).map(([type, kinds]) => [
    type,
    FIELDS.map((field) => kinds[field.name] ?? field.kind),
  ]),
)

/** The kinds of all fields, in the order of `FIELDS`, in records of a type. */
export function fieldKinds(recordType: string): readonly FieldKind[] {
  return KINDS_BY_RECORD.get(recordType) ?? KINDS
}

/** Every list that `fieldKinds` may give. */
export const FIELD_KIND_LISTS: readonly (readonly FieldKind[])[] = [KINDS, ...KINDS_BY_RECORD.values()]

/**
 * Names that an ENRICHED line appends, in capitals, for the fields that auditd translates: ids, `arch`,
 * `syscall`, `saddr`. Source: auditd's log_format=ENRICHED (auditd.conf(5)).
 */
export const ENRICHED_KINDS: ReadonlySet<FieldKind> = new Set(['uid', 'gid', 'arch', 'syscall', 'saddr'])
