/**
 * Writes an audit log like that of a busy server, the same one for the same seed.
 *
 *     node bench/auditd/generate.mjs FILE [MEGABYTES = 200] [SEED = 1]
 *
 * Mix, by events: 35 % execs (of those 1 % with arguments over several records), 25 % opens, 10 % connects, 6 %
 * deletions and changes of mode, 8 % changes of identity, 15 % user-space records of logins and services, 1 %
 * AppArmor decisions. 30 % of the log is in blocks with log_format=ENRICHED, the rest RAW. The records of 2 % of
 * the events lie between those of the next. 500 events a second of log time. Formats are those of Linux 6 and
 * audit 3, as in the logs of content/samples.
 */
import { closeSync, openSync, writeSync } from 'node:fs'

const [file, megabytes = '200', seed = '1'] = process.argv.slice(2)
if (file === undefined) {
  process.stderr.write('usage: node bench/auditd/generate.mjs FILE [MEGABYTES] [SEED]\n')
  process.exit(2)
}

let state = Number(seed) >>> 0
/** mulberry32: 0 <= x < 1 */
function random() {
  state = (state + 0x6d2b79f5) >>> 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}
const below = (n) => Math.floor(random() * n)
const pick = (list) => list[below(list.length)]

const USERS = new Map([
  [0, 'root'],
  [33, 'www-data'],
  [113, 'postgres'],
  [1000, 'alice'],
  [1001, 'bob'],
  [1002, 'carol'],
])
const UNSET = 4294967295
const nameOf = (id) => (id === UNSET ? 'unset' : (USERS.get(id) ?? `unknown(${id})`))
const KEYS = [
  '"T1059_Command_Execution"',
  '"T1003_Credential_Dumping"',
  '"rootcmd"',
  '(null)',
  '(null)',
  '6576696C01726F6F74',
]
const FILES = [
  '/etc/passwd',
  '/etc/shadow',
  '/var/log/syslog',
  '/home/alice/Meine Daten.txt',
  '/srv/www/index.html',
  '/tmp/x.o',
]
const COMMANDS = [
  ['/usr/bin/ls', ['ls', '-la']],
  ['/usr/bin/cat', ['cat', '/etc/passwd']],
  ['/usr/bin/bash', ['bash', '-c', 'for i in 1 2 3; do echo "$i"; done']],
  ['/usr/bin/grep', ['grep', '-rn', 'some words', '/var/log']],
  ['/usr/bin/curl', ['curl', '-s', 'http://10.0.0.7:8080/api/v1/items?page=3']],
  ['/usr/bin/python3.11', ['python3', '/opt/app/job.py', '--out', '/tmp/out file.json']],
  ['/usr/bin/git', ['git', 'commit', '-m', 'fix: handle "quoted" arguments']],
  [
    '/usr/lib/gcc/x86_64-linux-gnu/12/cc1',
    ['cc1', '-quiet', '-I.', '-O2', '-Wall', 'module.c', '-o', '/tmp/cc.s'],
  ],
]
const TYPED = [
  'ls -la\r',
  'cd /etc\r',
  'vi hosts\r\x1b:wq\r',
  'sudo su -\r',
  'gre\x7fep root pas\tswd\r',
  '\x1b[A\x1b[A\r',
  'héllo\r',
]

/** The kernel's untrusted string: quoted, or hex where that would be ambiguous. */
function escaped(text) {
  return /^[!#-~]*$/.test(text) ? `"${text}"` : hex(text)
}
const hex = (text) => Buffer.from(text).toString('hex').toUpperCase()

let time = 1_700_000_000_000
let serial = 1000
let pid = 2000
let enriched = false
const suffix = (text) => (enriched ? `\x1d${text}` : '')

function subject() {
  const login = random() < 0.75
  const auid = login ? pick([1000, 1001, 1002]) : UNSET
  pid += 1 + below(3)
  const uid = login ? (random() < 0.7 ? auid : 0) : pick([0, 33, 113])
  return {
    auid,
    uid,
    ses: login ? 1 + below(900) : UNSET,
    tty: login ? `pts${below(20)}` : '(none)',
    pid,
    ppid: 2000 + below(9000),
  }
}

function syscall(s, name, number, result, args, items, comm, exe, key) {
  const ids = ['uid', 'gid', 'euid', 'suid', 'fsuid', 'egid', 'sgid', 'fsgid']
  const a = args.map((value, i) => `a${i}=${value}`).join(' ')
  return `arch=c000003e syscall=${number} success=${result < 0 ? 'no' : 'yes'} exit=${result} ${a} items=${items} ppid=${s.ppid} pid=${s.pid} auid=${s.auid} ${ids.map((id) => `${id}=${s.uid}`).join(' ')} tty=${s.tty} ses=${s.ses} comm=${escaped(comm)} exe=${escaped(exe)} subj=unconfined key=${key}${suffix(`ARCH=x86_64 SYSCALL=${name} AUID="${nameOf(s.auid)}" ${ids.map((id) => `${id.toUpperCase()}="${nameOf(s.uid)}"`).join(' ')}`)}`
}
const path = (item, name, type) =>
  `item=${item} name=${escaped(name)} inode=${1000 + below(900000)} dev=fd:00 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=${type} cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0${suffix('OUID="root" OGID="root"')}`
const pointer = () =>
  `7ff${below(2 ** 32)
    .toString(16)
    .padStart(8, '0')}0`

function exec() {
  const s = subject()
  const [exe, argv] = pick(COMMANDS)
  const args =
    random() < 0.01 ? [...argv, ...Array.from({ length: 700 }, (_, i) => `/srv/data/file-${i}.csv`)] : argv
  const records = [
    [
      'SYSCALL',
      syscall(s, 'execve', 59, 0, [pointer(), pointer(), pointer(), '8'], 2, argv[0], exe, pick(KEYS)),
    ],
  ]
  for (let from = 0; from < args.length; ) {
    let text = from === 0 ? `argc=${args.length}` : ''
    while (from < args.length && text.length < 7000)
      text += `${text === '' ? '' : ' '}a${from}=${escaped(args[from++])}`
    records.push(['EXECVE', text])
  }
  records.push([
    'CWD',
    `cwd=${escaped(pick(['/root', '/home/alice', '/srv/www', '/home/alice/Meine Daten']))}`,
  ])
  records.push(['PATH', path(0, exe, 'NORMAL')], ['PATH', path(1, '/lib64/ld-linux-x86-64.so.2', 'NORMAL')])
  records.push(['PROCTITLE', `proctitle=${hex(args.join('\0')).slice(0, 256)}`])
  return records
}

function fileCall() {
  const s = subject()
  const [name, number, args, type] = pick([
    ['openat', 257, ['ffffff9c', pointer(), '80000', '0'], 'NORMAL'],
    ['openat', 257, ['ffffff9c', pointer(), '241', '1b6'], 'CREATE'],
    ['openat', 257, ['ffffff9c', pointer(), '0', '0'], 'NORMAL'],
    ['unlink', 87, [pointer(), '0', '0', '0'], 'DELETE'],
    ['chmod', 90, [pointer(), '1ed', '0', '0'], 'NORMAL'],
  ])
  return [
    [
      'SYSCALL',
      syscall(s, name, number, random() < 0.1 ? -13 : 3, args, 1, 'worker', '/usr/sbin/worker', pick(KEYS)),
    ],
    ['CWD', 'cwd="/"'],
    ['PATH', path(0, pick(FILES), type)],
    ['PROCTITLE', `proctitle=${hex('/usr/sbin/worker\0--daemon')}`],
  ]
}

function connect() {
  const s = subject()
  const inet = random() < 0.6
  const address = inet
    ? `0200${(1 + below(65535)).toString(16).toUpperCase().padStart(4, '0')}0A0000070000000000000000`
    : `0100${hex('/run/systemd/journal/socket')}00`
  return [
    [
      'SYSCALL',
      syscall(s, 'connect', 42, 0, ['3', pointer(), '10', '0'], 0, 'curl', '/usr/bin/curl', pick(KEYS)),
    ],
    [
      'SOCKADDR',
      `saddr=${address}${suffix(inet ? `SADDR={ saddr_fam=inet laddr=10.0.0.7 lport=${Number.parseInt(address.slice(4, 8), 16)} }` : 'SADDR={ saddr_fam=local path=/run/systemd/journal/socket }')}`,
    ],
    ['PROCTITLE', `proctitle=${hex('curl\0-s\0http://10.0.0.7:8080/')}`],
  ]
}

function identity() {
  const s = subject()
  return [
    [
      'SYSCALL',
      syscall(
        s,
        'setresuid',
        117,
        0,
        ['ffffffff', '0', 'ffffffff', '0'],
        0,
        'sudo',
        '/usr/bin/sudo',
        pick(KEYS),
      ),
    ],
    ['PROCTITLE', `proctitle=${hex('sudo\0su\0-')}`],
  ]
}

function userSpace() {
  const s = subject()
  const head = `pid=${s.pid} uid=${s.uid} auid=${s.auid} ses=${s.ses} subj=unconfined`
  const tail = suffix(`UID="${nameOf(s.uid)}" AUID="${nameOf(s.auid)}"`)
  if (random() < 0.3) {
    return [
      [
        'TTY',
        `tty pid=${s.pid} uid=${s.uid} auid=${s.auid} ses=${s.ses} major=136 minor=${below(20)} comm="bash" data=${hex(pick(TYPED) + pick(TYPED))}${tail}`,
      ],
    ]
  }
  const [type, op] = pick([
    ['USER_AUTH', 'PAM:authentication'],
    ['USER_LOGIN', 'login'],
    ['USER_START', 'PAM:session_open'],
    ['CRED_ACQ', 'PAM:setcred'],
  ])
  return [
    [
      type,
      `${head} msg='op=${op} grantors=pam_permit,pam_unix acct="${nameOf(pick([1000, 1001, 1002]))}" exe="/usr/sbin/sshd" hostname=10.0.3.${below(250)} addr=10.0.3.${below(250)} terminal=ssh res=${random() < 0.9 ? 'success' : 'failed'}'${tail}`,
    ],
  ]
}

function appArmor() {
  const s = subject()
  return [
    [
      'AVC',
      `apparmor="DENIED" operation="open" class="file" profile="/usr/sbin/cupsd" name="/etc/paperspecs" pid=${s.pid} comm="cupsd" requested_mask="r" denied_mask="r" fsuid=0 ouid=0${suffix('FSUID="root" OUID="root"')}`,
    ],
    [
      'SYSCALL',
      syscall(
        s,
        'openat',
        257,
        -13,
        ['ffffff9c', pointer(), '0', '0'],
        0,
        'cupsd',
        '/usr/sbin/cupsd',
        '(null)',
      ),
    ],
    ['PROCTITLE', `proctitle=${hex('/usr/sbin/cupsd\0-l')}`],
  ]
}

function event() {
  const r = random()
  if (r < 0.35) return exec()
  if (r < 0.66) return fileCall()
  if (r < 0.76) return connect()
  if (r < 0.84) return identity()
  if (r < 0.99) return userSpace()
  return appArmor()
}

function lines() {
  time += 1 + below(3)
  const id = `${Math.floor(time / 1000)}.${String(time % 1000).padStart(3, '0')}:${serial++}`
  return event().map(([type, body]) => `type=${type} msg=audit(${id}): ${body}\n`)
}

const fd = openSync(file, 'w')
const total = Number(megabytes) * 1e6
let written = 0
let buffer = ''
let events = 0
while (written + buffer.length < total) {
  if (events % 20_000 === 0) enriched = random() < 0.3
  let list = lines()
  events++
  if (random() < 0.02) {
    const next = lines()
    events++
    // The last record of the first event comes in the middle of the second.
    list = [...list.slice(0, -1), ...next.slice(0, 1), ...list.slice(-1), ...next.slice(1)]
  }
  buffer += list.join('')
  if (buffer.length > 1 << 20) {
    written += writeSync(fd, buffer)
    buffer = ''
  }
}
written += writeSync(fd, buffer)
closeSync(fd)
process.stderr.write(`${JSON.stringify({ file, bytes: written, events, seed: Number(seed) })}\n`)
