/**
 * Names of the kernel's numbers: a number stands before the first name of each unbroken run.
 *
 * Found by asking `ausearch -i` of audit 3.0.9 for every value, and checked against the kernel's headers, which
 * win: SIGPWR (ausearch: IGPWR), CLONE_NEWCGROUP (CLONE_STOPPED, gone since Linux 2.6.38), O_LARGEFILE, the
 * alarm clocks and what else is younger than ausearch.
 */
export type Names = ReadonlyMap<number, string>

function names(list: string): Names {
  const map = new Map<number, string>()
  let next = 0
  for (const word of list.trim().split(/\s+/)) {
    if (/^(?:0x[0-9a-f]+|[0-9]+)$/.test(word)) next = Number(word)
    else map.set(next++, word)
  }
  return map
}

export const BPF_COMMANDS: Names = names(`
  0 BPF_MAP_CREATE BPF_MAP_LOOKUP_ELEM BPF_MAP_UPDATE_ELEM BPF_MAP_DELETE_ELEM BPF_MAP_GET_NEXT_KEY
  BPF_PROG_LOAD BPF_OBJ_PIN BPF_OBJ_GET BPF_PROG_ATTACH BPF_PROG_DETACH BPF_PROG_TEST_RUN
  BPF_PROG_GET_NEXT_ID BPF_MAP_GET_NEXT_ID BPF_PROG_GET_FD_BY_ID BPF_MAP_GET_FD_BY_ID
  BPF_OBJ_GET_INFO_BY_FD BPF_PROG_QUERY BPF_RAW_TRACEPOINT_OPEN BPF_BTF_LOAD BPF_BTF_GET_FD_BY_ID
  BPF_TASK_FD_QUERY BPF_MAP_LOOKUP_AND_DELETE_ELEM BPF_MAP_FREEZE BPF_BTF_GET_NEXT_ID`)

export const CAPABILITIES: Names = names(`
  0 chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable
  net_bind_service net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot
  sys_ptrace sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease
  audit_write audit_control setfcap mac_override mac_admin syslog wake_alarm block_suspend audit_read
  perfmon bpf checkpoint_restore`)

export const CLOCKS: Names = names(`
  0 CLOCK_REALTIME CLOCK_MONOTONIC CLOCK_PROCESS_CPUTIME_ID CLOCK_THREAD_CPUTIME_ID CLOCK_MONOTONIC_RAW
  CLOCK_REALTIME_COARSE CLOCK_MONOTONIC_COARSE CLOCK_BOOTTIME CLOCK_REALTIME_ALARM CLOCK_BOOTTIME_ALARM 11
  CLOCK_TAI`)

export const CLONE_FLAGS: Names = names(`
  0x100 CLONE_VM 0x200 CLONE_FS 0x400 CLONE_FILES 0x800 CLONE_SIGHAND 0x2000 CLONE_PTRACE 0x4000
  CLONE_VFORK 0x8000 CLONE_PARENT 0x10000 CLONE_THREAD 0x20000 CLONE_NEWNS 0x40000 CLONE_SYSVSEM 0x80000
  CLONE_SETTLS 0x100000 CLONE_PARENT_SETTID 0x200000 CLONE_CHILD_CLEARTID 0x400000 CLONE_DETACHED 0x800000
  CLONE_UNTRACED 0x1000000 CLONE_CHILD_SETTID 0x2000000 CLONE_NEWCGROUP 0x4000000 CLONE_NEWUTS 0x8000000
  CLONE_NEWIPC 0x10000000 CLONE_NEWUSER 0x20000000 CLONE_NEWPID 0x40000000 CLONE_NEWNET 0x80000000
  CLONE_IO`)

export const EPOLL_OPERATIONS: Names = names(`
  1 EPOLL_CTL_ADD EPOLL_CTL_DEL EPOLL_CTL_MOD`)

export const ETHERNET_TYPES: Names = names(`
  0x800 IP 0x806 ARP 0x86dd IPV6`)

export const FCNTL_COMMANDS: Names = names(`
  0 F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_GETLK F_SETLK F_SETLKW F_SETOWN F_GETOWN F_SETSIG F_GETSIG
  F_GETLK64 F_SETLK64 F_SETLKW64 F_SETOWN_EX F_GETOWN_EX F_GETOWNER_UIDS 1024 F_SETLEASE F_GETLEASE
  F_NOTIFY 1029 F_CANCELLK F_DUPFD_CLOEXEC F_SETPIPE_SZ F_GETPIPE_SZ F_ADD_SEALS F_GET_SEALS F_GET_RW_HINT
  F_SET_RW_HINT F_GET_FILE_RW_HINT F_SET_FILE_RW_HINT`)

export const FILE_LISTS: Names = names(`
  0 user task 4 exit exclude filesystem`)

export const ICMP_TYPES: Names = names(`
  0 echo-reply 3 destination-unreachable source-quench redirect 8 echo 11 time-exceeded parameter-problem
  timestamp-request timestamp-reply info-request info-reply address-mask-request address-mask-reply`)

export const IOCTL_REQUESTS: Names = names(`
  0x4b3a KDSETMODE KDGETMODE 0x5309 CDROMEJECT 0x530f CDROMEJECT_SW 0x5311 CDROM_GET_UPC 0x5316 CDROMSEEK
  0x5401 TCGETS TCSETS TCSETSW TCSETSF 0x5409 TCSBRK 0x540b TCFLSH 0x540e TIOCSCTTY TIOCGPGRP TIOCSPGRP
  0x5413 TIOCGWINSZ TIOCSWINSZ 0x541b TIOCINQ 0x5421 FIONBIO TIOCNOTTY 0x8901 FIOSETOWN 0x8903 FIOGETOWN
  0x8910 SIOCGIFNAME 0x8927 SIOCGIFHWADDR 0x8933 SIOCGIFINDEX 0x89a2 SIOCBRADDIF 0x40045431 TIOCSPTLCK
  0x80045430 TIOCGPTN TIOCSPTLCK`)

export const IPV6_OPTIONS: Names = names(`
  1 IPV6_ADDRFORM IPV6_2292PKTINFO IPV6_2292HOPOPTS IPV6_2292DSTOPTS IPV6_2292RTHDR IPV6_2292PKTOPTIONS
  IPV6_CHECKSUM IPV6_2292HOPLIMIT IPV6_NEXTHOP IPV6_AUTHHDR IPV6_FLOWINFO 16 IPV6_UNICAST_HOPS
  IPV6_MULTICAST_IF IPV6_MULTICAST_HOPS IPV6_MULTICAST_LOOP IPV6_ADD_MEMBERSHIP IPV6_DROP_MEMBERSHIP
  IPV6_ROUTER_ALERT IPV6_MTU_DISCOVER IPV6_MTU IPV6_RECVERR IPV6_V6ONLY IPV6_JOIN_ANYCAST
  IPV6_LEAVE_ANYCAST IPV6_MULTICAST_ALL IPV6_ROUTER_ALERT_ISOLATE 32 IPV6_FLOWLABEL_MGR IPV6_FLOWINFO_SEND
  IPV6_IPSEC_POLICY IPV6_XFRM_POLICY IPV6_HDRINCL 42 MCAST_JOIN_GROUP MCAST_BLOCK_SOURCE
  MCAST_UNBLOCK_SOURCE MCAST_LEAVE_GROUP MCAST_JOIN_SOURCE_GROUP MCAST_LEAVE_SOURCE_GROUP MCAST_MSFILTER
  IPV6_RECVPKTINFO IPV6_PKTINFO IPV6_RECVHOPLIMIT IPV6_HOPLIMIT IPV6_RECVHOPOPTS IPV6_HOPOPTS
  IPV6_RTHDRDSTOPTS IPV6_RECVRTHDR IPV6_RTHDR IPV6_RECVDSTOPTS IPV6_DSTOPTS IPV6_RECVPATHMTU IPV6_PATHMTU
  IPV6_DONTFRAG IPV6_USE_MIN_MTU IP6T_SO_SET_REPLACE IP6T_SO_SET_ADD_COUNTERS IPV6_RECVTCLASS IPV6_TCLASS
  IP6T_SO_GET_REVISION_MATCH IP6T_SO_GET_REVISION_TARGET IPV6_AUTOFLOWLABEL 72 IPV6_ADDR_PREFERENCES
  IPV6_MINHOPCOUNT IPV6_ORIGDSTADDR IPV6_TRANSPARENT IPV6_UNICAST_IF IPV6_RECVFRAGSIZE IPV6_FREEBIND 80
  IP6T_SO_ORIGINAL_DST`)

export const IP_OPTIONS: Names = names(`
  1 IP_TOS IP_TTL IP_HDRINCL IP_OPTIONS IP_ROUTER_ALERT IP_RECVOPTS IP_RETOPTS IP_PKTINFO IP_PKTOPTIONS
  IP_MTU_DISCOVER IP_RECVERR IP_RECVTTL IP_RECVTOS IP_MTU IP_FREEBIND IP_IPSEC_POLICY IP_XFRM_POLICY
  IP_PASSSEC IP_TRANSPARENT IP_ORIGDSTADDR IP_MINTTL IP_NODEFRAG IP_CHECKSUM IP_BIND_ADDRESS_NO_PORT
  IP_RECVFRAGSIZE 32 IP_MULTICAST_IF IP_MULTICAST_TTL IP_MULTICAST_LOOP IP_ADD_MEMBERSHIP
  IP_DROP_MEMBERSHIP IP_UNBLOCK_SOURCE IP_BLOCK_SOURCE IP_ADD_SOURCE_MEMBERSHIP IP_DROP_SOURCE_MEMBERSHIP
  IP_MSFILTER MCAST_JOIN_GROUP MCAST_BLOCK_SOURCE MCAST_UNBLOCK_SOURCE MCAST_LEAVE_GROUP
  MCAST_JOIN_SOURCE_GROUP MCAST_LEAVE_SOURCE_GROUP MCAST_MSFILTER IP_MULTICAST_ALL IP_UNICAST_IF 64
  IPT_SO_SET_REPLACE IPT_SO_SET_ADD_COUNTERS IPT_SO_GET_REVISION_TARGET`)

export const MESSAGE_FLAGS: Names = names(`
  0x1 MSG_OOB MSG_PEEK 0x4 MSG_DONTROUTE 0x8 MSG_CTRUNC 0x10 MSG_PROXY 0x20 MSG_TRUNC 0x40 MSG_DONTWAIT
  0x80 MSG_EOR 0x100 MSG_WAITALL 0x200 MSG_FIN 0x400 MSG_SYN 0x800 MSG_CONFIRM 0x1000 MSG_RST 0x2000
  MSG_ERRQUEUE 0x4000 MSG_NOSIGNAL 0x8000 MSG_MORE 0x10000 MSG_WAITFORONE 0x20000 MSG_SENDPAGE_NOTLAST
  0x40000 MSG_BATCH 0x20000000 MSG_FASTOPEN 0x40000000 MSG_CMSG_CLOEXEC 0x80000000 MSG_CMSG_COMPAT`)

export const MMAP_FLAGS: Names = names(`
  0x1 MAP_SHARED MAP_PRIVATE 0x10 MAP_FIXED 0x20 MAP_ANONYMOUS 0x40 MAP_32BIT 0x100 MAP_GROWSDOWN 0x800
  MAP_DENYWRITE 0x1000 MAP_EXECUTABLE 0x2000 MAP_LOCKED 0x4000 MAP_NORESERVE 0x8000 MAP_POPULATE 0x10000
  MAP_NONBLOCK 0x20000 MAP_STACK 0x40000 MAP_HUGETLB 0x80000 MAP_SYNC 0x100000 MAP_FIXED_NOREPLACE
  0x4000000 MAP_UNINITIALIZED`)

export const MOUNT_FLAGS: Names = names(`
  0x1 MS_RDONLY MS_NOSUID 0x4 MS_NODEV 0x8 MS_NOEXEC 0x10 MS_SYNCHRONOUS 0x20 MS_REMOUNT 0x40 MS_MANDLOCK
  0x80 MS_DIRSYNC 0x400 MS_NOATIME 0x800 MS_NODIRATIME 0x1000 MS_BIND 0x2000 MS_MOVE 0x4000 MS_REC 0x8000
  MS_SILENT 0x10000 MS_POSIXACL 0x20000 MS_UNBINDABLE 0x40000 MS_PRIVATE 0x80000 MS_SLAVE 0x100000
  MS_SHARED 0x200000 MS_RELATIME 0x400000 MS_KERNMOUNT 0x800000 MS_I_VERSION 0x1000000 MS_STRICTATIME
  0x2000000 MS_LAZYTIME 0x4000000 MS_SUBMOUNT 0x8000000 MS_SNAP_STABLE 0x10000000 MS_NOSEC 0x20000000
  MS_BORN 0x40000000 MS_ACTIVE 0x80000000 MS_NOUSER`)

export const NETFILTER_ACTIONS: Names = names(`
  0 ACCEPT DROP REJECT`)

export const NETFILTER_FAMILIES: Names = names(`
  0 unspecified inet ipv4 arp 5 netdev 7 bridge 10 ipv6 12 decnet`)

export const NETFILTER_HOOKS: Names = names(`
  0 PREROUTING INPUT FORWARD OUTPUT POSTROUTING BROUTING`)

export const OPEN_FLAGS: Names = names(`
  0x40 O_CREAT 0x80 O_EXCL 0x100 O_NOCTTY 0x200 O_TRUNC 0x400 O_APPEND 0x800 O_NONBLOCK 0x1000 O_DSYNC
  0x2000 O_ASYNC 0x4000 O_DIRECT 0x8000 O_LARGEFILE 0x10000 O_DIRECTORY 0x20000 O_NOFOLLOW 0x40000
  O_NOATIME 0x80000 O_CLOEXEC 0x100000 __O_SYNC 0x200000 O_PATH 0x400000 __O_TMPFILE`)

export const PACKET_OPTIONS: Names = names(`
  1 PACKET_ADD_MEMBERSHIP PACKET_DROP_MEMBERSHIP PACKET_RECV_OUTPUT 5 PACKET_RX_RING PACKET_STATISTICS
  PACKET_COPY_THRESH PACKET_AUXDATA PACKET_ORIGDEV PACKET_VERSION PACKET_HDRLEN PACKET_RESERVE
  PACKET_TX_RING PACKET_LOSS PACKET_VNET_HDR PACKET_TX_TIMESTAMP PACKET_TIMESTAMP PACKET_FANOUT
  PACKET_TX_HAS_OFF PACKET_QDISC_BYPASS PACKET_ROLLOVER_STATS PACKET_FANOUT_DATA PACKET_IGNORE_OUTGOING`)

export const PERSONALITIES: Names = names(`
  0 PER_LINUX PER_SVR4 PER_SVR3 PER_SCOSVR3 PER_WYSEV386 PER_ISCR4 PER_BSD PER_XENIX PER_LINUX32 PER_IRIX32
  PER_IRIXN32 PER_IRIX64 PER_RISCOS PER_SOLARIS PER_UW7 PER_OSF4 PER_HPUX`)

export const PRCTL_OPTIONS: Names = names(`
  1 PR_SET_PDEATHSIG PR_GET_PDEATHSIG PR_GET_DUMPABLE PR_SET_DUMPABLE PR_GET_UNALIGN PR_SET_UNALIGN
  PR_GET_KEEPCAPS PR_SET_KEEPCAPS PR_GET_FPEMU PR_SET_FPEMU PR_GET_FPEXC PR_SET_FPEXC PR_GET_TIMING
  PR_SET_TIMING PR_SET_NAME PR_GET_NAME 19 PR_GET_ENDIAN PR_SET_ENDIAN PR_GET_SECCOMP PR_SET_SECCOMP
  PR_CAPBSET_READ PR_CAPBSET_DROP PR_GET_TSC PR_SET_TSC PR_GET_SECUREBITS PR_SET_SECUREBITS
  PR_SET_TIMERSLACK PR_GET_TIMERSLACK PR_TASK_PERF_EVENTS_DISABLE PR_TASK_PERF_EVENTS_ENABLE PR_MCE_KILL
  PR_MCE_KILL_GET PR_SET_MM PR_SET_CHILD_SUBREAPER PR_GET_CHILD_SUBREAPER PR_SET_NO_NEW_PRIVS
  PR_GET_NO_NEW_PRIVS PR_GET_TID_ADDRESS PR_SET_THP_DISABLE PR_GET_THP_DISABLE PR_MPX_ENABLE_MANAGEMENT
  PR_MPX_DISABLE_MANAGEMENT PR_SET_FP_MODE PR_GET_FP_MODE PR_CAP_AMBIENT 50 PR_SVE_SET_VL PR_SVE_GET_VL
  PR_GET_SPECULATION_CTRL PR_SET_SPECULATION_CTRL PR_PAC_RESET_KEYS PR_SET_TAGGED_ADDR_CTRL
  PR_GET_TAGGED_ADDR_CTRL`)

export const PROTECTIONS: Names = names(`
  0x1 PROT_READ PROT_WRITE 0x4 PROT_EXEC 0x8 PROT_SEM 0x1000000 PROT_GROWSDOWN 0x2000000 PROT_GROWSUP`)

export const PROTOCOLS: Names = names(`
  0 ip icmp igmp ggp ipencap st tcp 8 egp igp 12 pup 17 udp 20 hmp 22 xns-idp 27 rdp 29 iso-tp4 33 dccp 36
  xtp ddp idpr-cmtp 41 ipv6 43 ipv6-route ipv6-frag idrp rsvp gre 50 esp ah 57 skip ipv6-icmp ipv6-nonxt
  ipv6-opts 73 rspf 81 vmtp 88 eigrp ospf 93 ax.25 ipip 97 etherip encap 103 pim 108 ipcomp 112 vrrp 115
  l2tp 124 isis 132 sctp fc 135 mobility-header udplite mpls-in-ip manet hip shim6 wesp rohc ethernet 262
  mptcp`)

export const PTRACE_REQUESTS: Names = names(`
  0x0 PTRACE_TRACEME PTRACE_PEEKTEXT PTRACE_PEEKDATA PTRACE_PEEKUSER PTRACE_POKETEXT PTRACE_POKEDATA
  PTRACE_POKEUSER PTRACE_CONT PTRACE_KILL PTRACE_SINGLESTEP 0xc PTRACE_GETREGS PTRACE_SETREGS
  PTRACE_GETFPREGS PTRACE_SETFPREGS PTRACE_ATTACH PTRACE_DETACH PTRACE_GETFPXREGS PTRACE_SETFPXREGS 0x18
  PTRACE_SYSCALL PTRACE_GET_THREAD_AREA PTRACE_SET_THREAD_AREA 0x1e PTRACE_ARCH_PRCTL PTRACE_SYSEMU
  PTRACE_SYSEMU_SINGLESTEP PTRACE_SINGLEBLOCK 0x4200 PTRACE_SETOPTIONS PTRACE_GETEVENTMSG
  PTRACE_GETSIGINFO PTRACE_SETSIGINFO PTRACE_GETREGSET PTRACE_SETREGSET PTRACE_SEIZE PTRACE_INTERRUPT
  PTRACE_LISTEN PTRACE_PEEKSIGINFO PTRACE_GETSIGMASK PTRACE_SETSIGMASK PTRACE_SECCOMP_GET_FILTER
  PTRACE_SECCOMP_GET_METADATA PTRACE_GET_SYSCALL_INFO`)

export const RESOLVE_FLAGS: Names = names(`
  0x1 RESOLVE_NO_XDEV RESOLVE_NO_MAGICLINKS 0x4 RESOLVE_NO_SYMLINKS 0x8 RESOLVE_BENEATH 0x10
  RESOLVE_IN_ROOT 0x20 RESOLVE_CACHED`)

export const RESOURCE_LIMITS: Names = names(`
  0 RLIMIT_CPU RLIMIT_FSIZE RLIMIT_DATA RLIMIT_STACK RLIMIT_CORE RLIMIT_RSS RLIMIT_NPROC RLIMIT_NOFILE
  RLIMIT_MEMLOCK RLIMIT_AS RLIMIT_LOCKS RLIMIT_SIGPENDING RLIMIT_MSGQUEUE RLIMIT_NICE RLIMIT_RTPRIO
  RLIMIT_RTTIME`)

export const SCHEDULERS: Names = names(`
  0 SCHED_OTHER SCHED_FIFO SCHED_RR SCHED_BATCH 5 SCHED_IDLE SCHED_DEADLINE`)

export const SECCOMP_ACTIONS: Names = names(`
  0x0 kill 0x30000 trap 0x50000 errno 0x7fc00000 user-notify 0x7ff00000 trace 0x7ffc0000 log 0x7fff0000
  allow 0x80000000 kill`)

export const SEEK: Names = names(`
  0 SEEK_SET SEEK_CUR SEEK_END SEEK_DATA SEEK_HOLE`)

export const SHARED_MEMORY_FLAGS: Names = names(`
  0x200 IPC_CREAT 0x400 IPC_EXCL 0x800 SHM_HUGETLB 0x1000 SHM_NORESERVE`)

export const SIGNALS: Names = names(`
  0 SIG0 SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2
  SIGPIPE SIGALRM SIGTERM SIGSTKFLT SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGXCPU SIGXFSZ
  SIGVTALRM SIGPROF SIGWINCH SIGIO SIGPWR SIGSYS`)

export const SOCKET_FAMILIES: Names = names(`
  0 unspec local inet ax25 ipx appletalk netrom bridge atmpvc x25 inet6 rose decnet netbeui security key
  netlink packet ash econet atmsvc rds sna irda pppox wanpipe llc 29 can tipc bluetooth iucv rxrpc isdn
  phonet ieee802154 caif alg nfc vsock kcm qipcrtr smc xdp mctp`)

export const SOCKET_LEVELS: Names = names(`
  0 ip SOL_SOCKET igmp ggp ipencap st tcp 8 egp igp 12 pup 17 udp 20 hmp 22 xns-idp 27 rdp 29 iso-tp4 33
  dccp 36 xtp ddp idpr-cmtp 41 ipv6 43 ipv6-route ipv6-frag idrp rsvp gre 50 esp ah 57 skip ipv6-icmp
  ipv6-nonxt ipv6-opts 73 rspf 81 vmtp 88 eigrp ospf 93 ax.25 ipip 97 etherip encap 103 pim 108 ipcomp 112
  vrrp 115 l2tp 124 isis 132 sctp fc 135 mobility-header udplite mpls-in-ip manet hip shim6 wesp rohc
  ethernet 255 SOL_RAW SOL_IPX SOL_AX25 SOL_ATALK SOL_NETROM SOL_ROSE SOL_DECNET mptcp SOL_PACKET SOL_ATM
  SOL_AAL SOL_IRDA SOL_NETBEUI SOL_LLC SOL_DCCP SOL_NETLINK SOL_TIPC SOL_RXRPC SOL_PPPOL2TP SOL_BLUETOOTH
  SOL_PNPIPE SOL_RDS SOL_IUCV SOL_CAIF SOL_ALG SOL_NFC SOL_KCM SOL_TLS SOL_XDP`)

export const SOCKET_OPTIONS: Names = names(`
  1 SO_DEBUG SO_REUSEADDR SO_TYPE SO_ERROR SO_DONTROUTE SO_BROADCAST SO_SNDBUF SO_RCVBUF SO_KEEPALIVE
  SO_OOBINLINE SO_NO_CHECK SO_PRIORITY SO_LINGER SO_BSDCOMPAT SO_REUSEPORT SO_PASSCRED SO_PEERCRED
  SO_RCVLOWAT SO_SNDLOWAT SO_RCVTIMEO SO_SNDTIMEO SO_SECURITY_AUTHENTICATION
  SO_SECURITY_ENCRYPTION_TRANSPORT SO_SECURITY_ENCRYPTION_NETWORK SO_BINDTODEVICE SO_ATTACH_FILTER
  SO_DETACH_FILTER SO_PEERNAME SO_TIMESTAMP SO_ACCEPTCONN SO_PEERSEC SO_SNDBUFFORCE SO_RCVBUFFORCE
  SO_PASSSEC SO_TIMESTAMPNS SO_MARK SO_TIMESTAMPING SO_PROTOCOL SO_DOMAIN SO_RXQ_OVFL SO_WIFI_STATUS
  SO_PEEK_OFF SO_NOFCS SO_LOCK_FILTER SO_SELECT_ERR_QUEUE SO_BUSY_POLL SO_MAX_PACING_RATE
  SO_BPF_EXTENSIONS SO_INCOMING_CPU SO_ATTACH_BPF SO_ATTACH_REUSEPORT_CBPF SO_ATTACH_REUSEPORT_EBPF
  SO_CNX_ADVICE SCM_TIMESTAMPING_OPT_STATS SO_MEMINFO SO_INCOMING_NAPI_ID SO_COOKIE
  SCM_TIMESTAMPING_PKTINFO SO_PEERGROUPS SO_ZEROCOPY SO_TXTIME SO_BINDTOIFINDEX SO_TIMESTAMP_NEW
  SO_TIMESTAMPNS_NEW SO_TIMESTAMPING_NEW SO_RCVTIMEO_NEW SO_SNDTIMEO_NEW SO_DETACH_REUSEPORT_BPF 116
  SO_RCVLOWAT SO_SNDLOWAT SO_RCVTIMEO SO_SNDTIMEO SO_PASSCRED SO_PEERCRED`)

export const SOCKET_TYPES: Names = names(`
  1 SOCK_STREAM SOCK_DGRAM SOCK_RAW SOCK_RDM SOCK_SEQPACKET SOCK_DCCP 10 SOCK_PACKET`)

export const TCP_OPTIONS: Names = names(`
  1 TCP_NODELAY TCP_MAXSEG TCP_CORK TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT TCP_SYNCNT TCP_LINGER2
  TCP_DEFER_ACCEPT TCP_WINDOW_CLAMP TCP_INFO TCP_QUICKACK TCP_CONGESTION TCP_MD5SIG
  TCP_COOKIE_TRANSACTIONS TCP_THIN_LINEAR_TIMEOUTS TCP_THIN_DUPACK TCP_USER_TIMEOUT TCP_REPAIR
  TCP_REPAIR_QUEUE TCP_QUEUE_SEQ TCP_REPAIR_OPTIONS TCP_FASTOPEN TCP_TIMESTAMP TCP_NOTSENT_LOWAT
  TCP_CC_INFO TCP_SAVE_SYN TCP_SAVED_SYN TCP_REPAIR_WINDOW TCP_FASTOPEN_CONNECT TCP_ULP TCP_MD5SIG_EXT
  TCP_FASTOPEN_KEY TCP_FASTOPEN_NO_COOKIE TCP_ZEROCOPY_RECEIVE TCP_INQ TCP_TX_DELAY`)

export const UDP_OPTIONS: Names = names(`
  1 UDP_CORK 100 UDP_ENCAP`)

export const UMOUNT_FLAGS: Names = names(`
  0x1 MNT_FORCE MNT_DETACH 0x4 MNT_EXPIRE 0x8 UMOUNT_NOFOLLOW 0x80000000 UMOUNT_UNUSED`)

/** Error numbers: name, and the words of the C library. */
export const ERRORS: ReadonlyMap<number, readonly [name: string, meaning: string]> = new Map([
  [1, ['EPERM', 'Operation not permitted']],
  [2, ['ENOENT', 'No such file or directory']],
  [3, ['ESRCH', 'No such process']],
  [4, ['EINTR', 'Interrupted system call']],
  [5, ['EIO', 'Input/output error']],
  [6, ['ENXIO', 'No such device or address']],
  [7, ['E2BIG', 'Argument list too long']],
  [8, ['ENOEXEC', 'Exec format error']],
  [9, ['EBADF', 'Bad file descriptor']],
  [10, ['ECHILD', 'No child processes']],
  [11, ['EAGAIN', 'Resource temporarily unavailable']],
  [12, ['ENOMEM', 'Cannot allocate memory']],
  [13, ['EACCES', 'Permission denied']],
  [14, ['EFAULT', 'Bad address']],
  [15, ['ENOTBLK', 'Block device required']],
  [16, ['EBUSY', 'Device or resource busy']],
  [17, ['EEXIST', 'File exists']],
  [18, ['EXDEV', 'Invalid cross-device link']],
  [19, ['ENODEV', 'No such device']],
  [20, ['ENOTDIR', 'Not a directory']],
  [21, ['EISDIR', 'Is a directory']],
  [22, ['EINVAL', 'Invalid argument']],
  [23, ['ENFILE', 'Too many open files in system']],
  [24, ['EMFILE', 'Too many open files']],
  [25, ['ENOTTY', 'Inappropriate ioctl for device']],
  [26, ['ETXTBSY', 'Text file busy']],
  [27, ['EFBIG', 'File too large']],
  [28, ['ENOSPC', 'No space left on device']],
  [29, ['ESPIPE', 'Illegal seek']],
  [30, ['EROFS', 'Read-only file system']],
  [31, ['EMLINK', 'Too many links']],
  [32, ['EPIPE', 'Broken pipe']],
  [33, ['EDOM', 'Numerical argument out of domain']],
  [34, ['ERANGE', 'Numerical result out of range']],
  [35, ['EDEADLK', 'Resource deadlock avoided']],
  [36, ['ENAMETOOLONG', 'File name too long']],
  [37, ['ENOLCK', 'No locks available']],
  [38, ['ENOSYS', 'Function not implemented']],
  [39, ['ENOTEMPTY', 'Directory not empty']],
  [40, ['ELOOP', 'Too many levels of symbolic links']],
  [42, ['ENOMSG', 'No message of desired type']],
  [43, ['EIDRM', 'Identifier removed']],
  [44, ['ECHRNG', 'Channel number out of range']],
  [45, ['EL2NSYNC', 'Level 2 not synchronized']],
  [46, ['EL3HLT', 'Level 3 halted']],
  [47, ['EL3RST', 'Level 3 reset']],
  [48, ['ELNRNG', 'Link number out of range']],
  [49, ['EUNATCH', 'Protocol driver not attached']],
  [50, ['ENOCSI', 'No CSI structure available']],
  [51, ['EL2HLT', 'Level 2 halted']],
  [52, ['EBADE', 'Invalid exchange']],
  [53, ['EBADR', 'Invalid request descriptor']],
  [54, ['EXFULL', 'Exchange full']],
  [55, ['ENOANO', 'No anode']],
  [56, ['EBADRQC', 'Invalid request code']],
  [57, ['EBADSLT', 'Invalid slot']],
  [59, ['EBFONT', 'Bad font file format']],
  [60, ['ENOSTR', 'Device not a stream']],
  [61, ['ENODATA', 'No data available']],
  [62, ['ETIME', 'Timer expired']],
  [63, ['ENOSR', 'Out of streams resources']],
  [64, ['ENONET', 'Machine is not on the network']],
  [65, ['ENOPKG', 'Package not installed']],
  [66, ['EREMOTE', 'Object is remote']],
  [67, ['ENOLINK', 'Link has been severed']],
  [68, ['EADV', 'Advertise error']],
  [69, ['ESRMNT', 'Srmount error']],
  [70, ['ECOMM', 'Communication error on send']],
  [71, ['EPROTO', 'Protocol error']],
  [72, ['EMULTIHOP', 'Multihop attempted']],
  [73, ['EDOTDOT', 'RFS specific error']],
  [74, ['EBADMSG', 'Bad message']],
  [75, ['EOVERFLOW', 'Value too large for defined data type']],
  [76, ['ENOTUNIQ', 'Name not unique on network']],
  [77, ['EBADFD', 'File descriptor in bad state']],
  [78, ['EREMCHG', 'Remote address changed']],
  [79, ['ELIBACC', 'Can not access a needed shared library']],
  [80, ['ELIBBAD', 'Accessing a corrupted shared library']],
  [81, ['ELIBSCN', '.lib section in a.out corrupted']],
  [82, ['ELIBMAX', 'Attempting to link in too many shared libraries']],
  [83, ['ELIBEXEC', 'Cannot exec a shared library directly']],
  [84, ['EILSEQ', 'Invalid or incomplete multibyte or wide character']],
  [85, ['ERESTART', 'Interrupted system call should be restarted']],
  [86, ['ESTRPIPE', 'Streams pipe error']],
  [87, ['EUSERS', 'Too many users']],
  [88, ['ENOTSOCK', 'Socket operation on non-socket']],
  [89, ['EDESTADDRREQ', 'Destination address required']],
  [90, ['EMSGSIZE', 'Message too long']],
  [91, ['EPROTOTYPE', 'Protocol wrong type for socket']],
  [92, ['ENOPROTOOPT', 'Protocol not available']],
  [93, ['EPROTONOSUPPORT', 'Protocol not supported']],
  [94, ['ESOCKTNOSUPPORT', 'Socket type not supported']],
  [95, ['EOPNOTSUPP', 'Operation not supported']],
  [96, ['EPFNOSUPPORT', 'Protocol family not supported']],
  [97, ['EAFNOSUPPORT', 'Address family not supported by protocol']],
  [98, ['EADDRINUSE', 'Address already in use']],
  [99, ['EADDRNOTAVAIL', 'Cannot assign requested address']],
  [100, ['ENETDOWN', 'Network is down']],
  [101, ['ENETUNREACH', 'Network is unreachable']],
  [102, ['ENETRESET', 'Network dropped connection on reset']],
  [103, ['ECONNABORTED', 'Software caused connection abort']],
  [104, ['ECONNRESET', 'Connection reset by peer']],
  [105, ['ENOBUFS', 'No buffer space available']],
  [106, ['EISCONN', 'Transport endpoint is already connected']],
  [107, ['ENOTCONN', 'Transport endpoint is not connected']],
  [108, ['ESHUTDOWN', 'Cannot send after transport endpoint shutdown']],
  [109, ['ETOOMANYREFS', 'Too many references: cannot splice']],
  [110, ['ETIMEDOUT', 'Connection timed out']],
  [111, ['ECONNREFUSED', 'Connection refused']],
  [112, ['EHOSTDOWN', 'Host is down']],
  [113, ['EHOSTUNREACH', 'No route to host']],
  [114, ['EALREADY', 'Operation already in progress']],
  [115, ['EINPROGRESS', 'Operation now in progress']],
  [116, ['ESTALE', 'Stale file handle']],
  [117, ['EUCLEAN', 'Structure needs cleaning']],
  [118, ['ENOTNAM', 'Not a XENIX named type file']],
  [119, ['ENAVAIL', 'No XENIX semaphores available']],
  [120, ['EISNAM', 'Is a named type file']],
  [121, ['EREMOTEIO', 'Remote I/O error']],
  [122, ['EDQUOT', 'Disk quota exceeded']],
  [123, ['ENOMEDIUM', 'No medium found']],
  [124, ['EMEDIUMTYPE', 'Wrong medium type']],
  [125, ['ECANCELED', 'Operation canceled']],
  [126, ['ENOKEY', 'Required key not available']],
  [127, ['EKEYEXPIRED', 'Key has expired']],
  [128, ['EKEYREVOKED', 'Key has been revoked']],
  [129, ['EKEYREJECTED', 'Key was rejected by service']],
  [130, ['EOWNERDEAD', 'Owner died']],
  [131, ['ENOTRECOVERABLE', 'State not recoverable']],
  [132, ['ERFKILL', 'Operation not possible due to RF-kill']],
  [133, ['EHWPOISON', 'Memory page has hardware error']],
])
