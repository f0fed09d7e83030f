import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AuditLogInterpreter } from './interpreter.js'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const SAMPLES = ['enriched', 'raw'].map((format) => ({
  log: path(`../../../../content/samples/ssh-session-${format}.log`),
  expected: path(`cases/ssh-session-${format}.ausearch.txt`),
}))
const NAMES = {
  users: new Map([
    [0, 'root'],
    [1, 'daemon'],
  ]),
  groups: new Map([
    [0, 'root'],
    [42, 'shadow'],
    [5, 'tty'],
    [43, 'utmp'],
  ]),
}

function interpret(input: Uint8Array | string, names = NAMES): string {
  const interpreter = new AuditLogInterpreter(names)
  const bytes = typeof input === 'string' ? Buffer.from(input, 'latin1') : input
  return Buffer.concat([interpreter.push(bytes), interpreter.end()]).toString('latin1')
}

/** Without the separators, and without LOGIN records, which ausearch takes for events of their own. */
const comparable = (text: string) =>
  text.split('\n').filter((line) => line !== '----' && !line.startsWith('type=LOGIN '))
const login = (text: string) => text.split('\n').filter((line) => line.startsWith('type=LOGIN '))

const hasAusearch = spawnSync('ausearch', ['--version']).status === 0

describe('AuditLogInterpreter', () => {
  it.each(SAMPLES)('prints what ausearch -i printed: $expected', ({ log, expected }) => {
    const printed = readFileSync(expected, 'latin1')
    const ours = interpret(readFileSync(log))
    expect(comparable(ours)).toEqual(comparable(printed))
    expect(login(ours)).toEqual(login(printed))
  })

  it.runIf(hasAusearch).each(SAMPLES)('prints what the ausearch of this machine prints: $log', ({ log }) => {
    const table = (file: string) =>
      new Map(
        readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .reverse()
          .map((line) => [Number(line.split(':')[2]), line.split(':')[0]!] as const),
      )
    const env = { ...process.env, TZ: 'UTC', LC_ALL: 'C' }
    const printed = execFileSync('ausearch', ['-if', log, '-i'], { encoding: 'latin1', env })
    const ours = interpret(readFileSync(log), { users: table('/etc/passwd'), groups: table('/etc/group') })
    expect(comparable(ours)).toEqual(comparable(printed))
  })

  it('shows the arguments of system calls as ausearch does, but for the differences that are written down', () => {
    const cases = readFileSync(path('cases/arguments.ausearch.txt'), 'latin1').trimEnd().split('\n')
    const input = cases.map((line, i) => {
      const [syscall, value] = line.split(' ')
      const time = `${1600000000 + Math.floor(i / 1000)}.${String(i % 1000).padStart(3, '0')}`
      return `type=SYSCALL msg=audit(${time}:${i}): arch=c000003e syscall=${syscall} a0=${value} a1=${value} a2=${value} a3=${value} items=0\n`
    })
    const ours = comparable(interpret(input.join('')))
    const unexplained = cases.flatMap((line, i) => {
      const printed = line.split(' ').slice(2)
      const own = /arch=x86_64 (.*) items=0/.exec(ours[i]!)![1]!.split(' ')
      return printed.flatMap((word, at) => {
        if (word === own[at] || isUser(word)) return []
        const call = printed[0]!.slice('syscall='.length)
        const known = DIFFERENCES.some(
          (d) => d.calls.split(' ').includes(call) && d.ausearch.test(word) && d.ours.test(own[at]!),
        )
        return known ? [] : [`${call}: ${word} / ${own[at]}`]
      })
    })
    expect(unexplained).toEqual([])
  })

  it('prints unruly records with their values in words and everything else as it was', () => {
    const cases: [string, string][] = [
      [
        'type=USER_LOGIN msg=audit(1600000000.100:1): pid=1 uid=0 auid=1000 msg=\'op=login id=1000 exe="/usr/sbin/sshd" acct=28756E6B6E6F776E207573657229 res=failed\'\x1dUID="root" AUID="al" ID=626F6220',
        "type=USER_LOGIN msg=audit(09/13/20 12:26:40.100:1) : pid=1 uid=root auid=al msg='op=login id=bob  exe=/usr/sbin/sshd acct=(unknown user) res=failed' ",
      ],
      [
        'node=n type=AVC msg=audit(1600000000.100:1): apparmor="DENIED" operation="open" name=2F612F620A pid=3 dev="dm-0" fsuid=0',
        'node=n type=AVC msg=audit(09/13/20 12:26:40.100:1) : apparmor=DENIED operation=open name=/a/b\\012 pid=3 dev="dm-0" fsuid=root ',
      ],
      [
        'type=SYSCALL msg=audit(1600000000.100:1): arch=40000003 syscall=102 success=no exit=-13 a0=3 a1=7ff key=6576696C01726F6F74',
        'type=SYSCALL msg=audit(09/13/20 12:26:40.100:1) : arch=i386 syscall=socketcall(connect) success=no exit=EACCES(Permission denied) a0=connect a1=0x7ff key=evil key=root ',
      ],
      [
        'type=PATH msg=audit(1600000000.100:1): item=0 name=(null) mode=0104755 ouid=4294967295 cap_fp=3000 cap_fe=1',
        'type=PATH msg=audit(09/13/20 12:26:40.100:1) : item=0 name=(null) mode=file,suid,755 ouid=unset cap_fp=net_admin,net_raw cap_fe=1 ',
      ],
      [
        'type=SOCKADDR msg=audit(1600000000.100:1): saddr=0A000016000000000000000000000000000000000000000100000000',
        'type=SOCKADDR msg=audit(09/13/20 12:26:40.100:1) : saddr={ saddr_fam=inet6 laddr=::1 lport=22 } ',
      ],
      [
        'type=SECCOMP msg=audit(1600000000.100:1): uid=0 ses=4294967295 sig=31 arch=c000003e syscall=59 code=0x50000',
        'type=SECCOMP msg=audit(09/13/20 12:26:40.100:1) : uid=root ses=unset sig=SIGSYS arch=x86_64 syscall=execve code=errno ',
      ],
      [
        'type=CWD msg=audit(1600000000.100:1):  cwd="/"',
        'type=CWD msg=audit(09/13/20 12:26:40.100:1) :  cwd=/ ',
      ],
      [
        'type=TTY msg=audit(1600000000.100:1): tty pid=1 comm="a b" data=6C730D',
        'type=TTY msg=audit(09/13/20 12:26:40.100:1) : tty pid=1 comm=a b data="ls",<ret>',
      ],
      [
        'type=CONFIG_CHANGE msg=audit(1600000000.100:1): auid=0 op=remove rule key="k" list=4 res=1',
        'type=CONFIG_CHANGE msg=audit(09/13/20 12:26:40.100:1) : auid=root op=remove rule key=k list=exit res=yes ',
      ],
      [
        'type=EXECVE msg=audit(1600000000.100:1): argc=3 a0="sh" a1=2D6320C3A90A a2_len=8 a2[0]=4142 a40="x"',
        'type=EXECVE msg=audit(09/13/20 12:26:40.100:1) : argc=3 a0=sh a1=-c \u00c3\u00a9\\012 a2_len=8 a2[0]=AB a40=x ',
      ],
    ]
    for (const [input, output] of cases) expect(interpret(`${input}\n`)).toBe(`----\n${output}\n`)
  })

  it('takes any bytes, and prints each record once', () => {
    const sample = readFileSync(SAMPLES[0]!.log).subarray(0, 8000)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(sample.length - 1), fc.nat(255)), { maxLength: 60 }),
        (changes) => {
          const input = Buffer.from(sample)
          for (const [at, byte] of changes) input[at] = byte
          const interpreter = new AuditLogInterpreter(NAMES)
          const text = Buffer.concat([interpreter.push(input), interpreter.end()]).toString('latin1')
          const records = text.split('\n').filter((line) => line !== '' && line !== '----').length
          const lines = input
            .toString('latin1')
            .replace(/\n$/, '')
            .split('\n')
            .filter((line) => line !== '').length
          expect(records + interpreter.linesWithoutRecord).toBeLessThanOrEqual(lines)
        },
      ),
      { numRuns: 60, seed: 5 },
    )
  })
})

/** The tables of this machine's users are not part of the case. */
function isUser(word: string): boolean {
  return /^a[0-3]=(?:[a-z_-]+|unknown\(-?[0-9]+\))$/.test(word)
}

/** As in DIFFERENCES.md. */
const DIFFERENCES = [
  { calls: 'clone', ausearch: /^a[02]=/, ours: /^a[02]=/ },
  { calls: 'readlinkat', ausearch: /^a2=AT_FDCWD$/, ours: /^a2=0x/ },
  { calls: 'fcntl', ausearch: /^a2=/, ours: /^a2=0x/ },
  { calls: 'kill tkill tgkill rt_sigaction unshare setns', ausearch: /IGPWR$/, ours: /SIGPWR$/ },
  { calls: 'unshare setns', ausearch: /CLONE_STOPPED/, ours: /CLONE_NEWCGROUP/ },
  { calls: 'open openat mq_open open_by_handle_at', ausearch: /=O_/, ours: /\|O_LARGEFILE/ },
  { calls: 'mmap mprotect', ausearch: /=PROT_/, ours: /PROT_(?:SEM|GROWSDOWN|GROWSUP)/ },
  { calls: 'lseek', ausearch: /^a2=SEEK_/, ours: /^a2=unknown-whence/ },
  { calls: 'personality', ausearch: /^a0=unknown-personality/, ours: /^a0=PER_/ },
  { calls: 'socket', ausearch: /^a0=unknown-family/, ours: /^a0=(?:unspec|mctp)$/ },
  { calls: 'clock_settime', ausearch: /^a0=unknown-clk_id/, ours: /^a0=CLOCK_/ },
]
