/**
 * What an event is about, as data: its category and action by system call, or by record type where there is no
 * system call or the record says more than the call does.
 */
export interface Meaning {
  readonly category: string
  readonly action: string
}

const SYSCALLS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  process: {
    execute: 'execve execveat',
    fork: 'fork vfork clone clone3',
    exit: 'exit exit_group',
    signal: 'kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal',
    trace: 'ptrace process_vm_readv process_vm_writev pidfd_getfd kcmp',
    'set-personality': 'personality',
    'set-priority': 'setpriority nice sched_setscheduler sched_setparam sched_setattr ioprio_set',
    'set-limit': 'setrlimit prlimit64',
    'change-namespace': 'unshare setns',
    control: 'prctl arch_prctl seccomp',
  },
  privilege: {
    'change-user': 'setuid setreuid setresuid setfsuid setuid32 setreuid32 setresuid32 setfsuid32',
    'change-group':
      'setgid setregid setresgid setfsgid setgroups setgid32 setregid32 setresgid32 setfsgid32 setgroups32',
    'set-capabilities': 'capset',
  },
  file: {
    open: 'open openat openat2 creat open_by_handle_at open_tree',
    read: 'read pread pread64 readv readlink readlinkat getxattr lgetxattr fgetxattr',
    write: 'write pwrite pwrite64 writev',
    truncate: 'truncate ftruncate truncate64 ftruncate64 fallocate',
    delete: 'unlink unlinkat rmdir',
    rename: 'rename renameat renameat2',
    link: 'link linkat symlink symlinkat',
    'create-directory': 'mkdir mkdirat',
    'create-device': 'mknod mknodat',
    'change-permissions': 'chmod fchmod fchmodat fchmodat2',
    'change-owner': 'chown fchown lchown fchownat chown32 fchown32 lchown32',
    'change-attributes':
      'setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr setxattrat removexattrat',
    'change-time': 'utime utimes futimesat utimensat utimensat_time64',
    inspect: 'stat lstat fstat newfstatat statx access faccessat faccessat2 getdents getdents64',
    'change-directory': 'chdir fchdir',
    'change-root': 'chroot pivot_root',
    watch: 'inotify_add_watch fanotify_mark fanotify_init',
  },
  memory: {
    map: 'mmap mmap2 mprotect pkey_mprotect mremap',
    'create-memory-file': 'memfd_create memfd_secret',
  },
  network: {
    connect: 'connect',
    bind: 'bind',
    listen: 'listen',
    accept: 'accept accept4',
    send: 'send sendto sendmsg sendmmsg',
    receive: 'recv recvfrom recvmsg recvmmsg',
    'open-socket': 'socket socketpair socketcall',
    'set-option': 'setsockopt',
  },
  system: {
    mount: 'mount fsmount move_mount mount_setattr fsopen fsconfig',
    unmount: 'umount umount2',
    'load-module': 'init_module finit_module',
    'unload-module': 'delete_module',
    'load-kernel': 'kexec_load kexec_file_load',
    reboot: 'reboot',
    'set-time': 'settimeofday stime clock_settime clock_settime64 adjtimex clock_adjtime clock_adjtime64',
    'set-hostname': 'sethostname setdomainname',
    'load-bpf': 'bpf',
    'open-performance-event': 'perf_event_open',
    'change-swap': 'swapon swapoff',
    'set-quota': 'quotactl quotactl_fd',
    account: 'acct',
    'use-io-uring': 'io_uring_setup io_uring_enter io_uring_register',
    'use-key': 'add_key request_key keyctl',
  },
}

const RECORD_TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  authentication: {
    login: 'USER_LOGIN LOGIN',
    logout: 'USER_LOGOUT',
    authenticate: 'USER_AUTH GRP_AUTH CRYPTO_LOGIN',
    'check-account': 'USER_ACCT',
    'acquire-credentials': 'CRED_ACQ',
    'refresh-credentials': 'CRED_REFR',
    'dispose-credentials': 'CRED_DISP',
    'report-error': 'USER_ERR',
    'change-credentials': 'USER_CHAUTHTOK GRP_CHAUTHTOK',
    'switch-user': 'CHUSER_ID',
    'switch-group': 'CHGRP_ID',
  },
  session: { start: 'USER_START', end: 'USER_END', 'assign-role': 'USER_ROLE_CHANGE' },
  keystrokes: { type: 'TTY USER_TTY' },
  process: { execute: 'USER_CMD', crash: 'ANOM_ABEND', 'violate-seccomp': 'SECCOMP' },
  account: {
    'add-user': 'ADD_USER',
    'delete-user': 'DEL_USER',
    'add-group': 'ADD_GROUP',
    'delete-group': 'DEL_GROUP',
    'change-user': 'USER_MGMT',
    'change-group': 'GRP_MGMT',
    lock: 'ACCT_LOCK',
    unlock: 'ACCT_UNLOCK',
    'assign-role': 'ROLE_ASSIGN',
    'remove-role': 'ROLE_REMOVE',
    'change-role': 'ROLE_MODIFY',
  },
  service: { start: 'SERVICE_START', stop: 'SERVICE_STOP' },
  system: {
    boot: 'SYSTEM_BOOT',
    shutdown: 'SYSTEM_SHUTDOWN',
    'change-runlevel': 'SYSTEM_RUNLEVEL',
    'change-configuration': 'USYS_CONFIG',
    'update-software': 'SOFTWARE_UPDATE',
    'use-device': 'USER_DEVICE',
    'load-module': 'KERN_MODULE',
    'set-time': 'TIME_INJOFFSET TIME_ADJNTPVAL',
    'load-bpf': 'BPF',
    kernel: 'KERNEL',
    test: 'TEST',
  },
  audit: {
    'start-daemon': 'DAEMON_START',
    'stop-daemon': 'DAEMON_END',
    'abort-daemon': 'DAEMON_ABORT',
    'configure-daemon': 'DAEMON_CONFIG DAEMON_RECONFIG',
    'rotate-log': 'DAEMON_ROTATE',
    'resume-log': 'DAEMON_RESUME',
    'accept-connection': 'DAEMON_ACCEPT',
    'close-connection': 'DAEMON_CLOSE',
    'report-error': 'DAEMON_ERR',
    'change-configuration': 'CONFIG_CHANGE',
    'change-feature': 'FEATURE_CHANGE',
    listen: 'EVENT_LISTENER',
    replace: 'REPLACE',
  },
  network: {
    'packet-filtered': 'NETFILTER_PKT',
    'change-firewall': 'NETFILTER_CFG',
    'listen-promiscuously': 'ANOM_PROMISCUOUS',
  },
  'access-control': {
    decide: 'AVC USER_AVC AVC_PATH IPE_ACCESS LANDLOCK_ACCESS',
    'report-error': 'SELINUX_ERR USER_SELINUX_ERR',
    'load-policy': 'MAC_POLICY_LOAD USER_MAC_POLICY_LOAD IPE_POLICY_LOAD',
    'change-status': 'MAC_STATUS USER_MAC_STATUS',
    'change-configuration': 'MAC_CONFIG_CHANGE USER_MAC_CONFIG_CHANGE IPE_CONFIG_CHANGE',
    'answer-fanotify': 'FANOTIFY',
  },
  integrity: {
    verify:
      'INTEGRITY_DATA INTEGRITY_METADATA INTEGRITY_STATUS INTEGRITY_HASH INTEGRITY_PCR INTEGRITY_RULE INTEGRITY_EVM_XATTR INTEGRITY_POLICY_RULE',
  },
  cryptography: {
    'use-key': 'CRYPTO_KEY_USER',
    'start-session': 'CRYPTO_SESSION',
    'negotiate-key': 'CRYPTO_IKE_SA CRYPTO_IPSEC_SA',
  },
  virtualisation: {
    control: 'VIRT_CONTROL',
    'assign-resource': 'VIRT_RESOURCE',
    'assign-label': 'VIRT_MACHINE_ID',
  },
}

function byName(table: Readonly<Record<string, Readonly<Record<string, string>>>>): Map<string, Meaning> {
  const meanings = new Map<string, Meaning>()
  for (const [category, actions] of Object.entries(table)) {
    for (const [action, names] of Object.entries(actions)) {
      for (const name of names.split(' ')) meanings.set(name, { category, action })
    }
  }
  return meanings
}

const BY_SYSCALL = byName(SYSCALLS)
const BY_RECORD_TYPE = byName(RECORD_TYPES)

/** What a system call does; a call that is not in the table is its own action. */
export function syscallMeaning(syscall: string): Meaning {
  return BY_SYSCALL.get(syscall) ?? { category: 'syscall', action: syscall }
}

/** What a record type says that happened; undefined for the ones that only describe a system call. */
export function recordMeaning(recordType: string): Meaning | undefined {
  const known = BY_RECORD_TYPE.get(recordType)
  if (known !== undefined) return known
  if (recordType.startsWith('ANOM_')) return { category: 'anomaly', action: dashed(recordType.slice(5)) }
  if (recordType.startsWith('RESP_')) return { category: 'response', action: dashed(recordType.slice(5)) }
  if (recordType.startsWith('CRYPTO_'))
    return { category: 'cryptography', action: dashed(recordType.slice(7)) }
  if (recordType.startsWith('MAC_'))
    return { category: 'access-control', action: dashed(recordType.slice(4)) }
  if (recordType.startsWith('VIRT_'))
    return { category: 'virtualisation', action: dashed(recordType.slice(5)) }
  return undefined
}

function dashed(name: string): string {
  return name.toLowerCase().replaceAll('_', '-')
}
