import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitRules } from './fit.js'
import { CHECKS, lintRules } from './lint.js'
import { lintFiles } from './lint-files.js'

const OUR_RULES = new URL('../../../../content/audit-rules/', import.meta.url)

const NOBODY = { users: new Set(['root']), groups: new Set(['root']), exists: () => true }

/** Each check, with a file that it speaks of (at line:column) and one that it does not. */
const cases: readonly (readonly [check: string, at: string, bad: string, good: string])[] = [
  [
    'exit-positive',
    '1:41',
    '-a always,exit -F arch=b64 -S setuid -F exit=EPERM',
    '-a always,exit -F arch=b64 -S setuid -F exit=-EPERM',
  ],
  [
    'value-misread',
    '1:42',
    '-a always,exit -F arch=b64 -S connect -F saddr_fam=inet',
    '-a always,exit -F arch=b64 -S connect -F saddr_fam=2',
  ],
  [
    'value-misread',
    '1:39',
    '-a always,exit -F arch=b64 -S open -F auid=4294967296',
    '-a always,exit -F arch=b64 -S open -F auid=4294967295',
  ],
  ['path-wildcard', '1:4', '-w /etc/*.conf -p wa', '-w /etc/host.conf -p wa'],
  [
    'user-unknown',
    '1:39',
    '-a always,exit -F arch=b64 -S open -F uid=ntp',
    '-a always,exit -F arch=b64 -S open -F uid=root',
  ],
  ['carriage-return', '2:1', '-D\n-b 8192\r\n', '-D\n-b 8192\n'],
  [
    'exclude-blinds',
    '1:22',
    '-a always,exclude -F msgtype=CWD',
    '-a always,exclude -F msgtype=CWD -F exe=/usr/bin/true',
  ],
  [
    'never-blinds',
    '1:30',
    '-a never,exit -F arch=b64 -F dir=/dev/shm/',
    '-a never,exit -F arch=b64 -F dir=/srv/scratch',
  ],
  ['never-task', '1:1', '-a never,task', '-a never,task -F uid=33'],
  [
    'never-late',
    '2:1',
    '-w /etc/passwd -p wa\n-a never,exit -F exe=/usr/bin/true',
    '-a never,exit -F exe=/usr/bin/true\n-w /etc/passwd -p wa',
  ],
  [
    'arch-twin',
    '1:19',
    '-a always,exit -F arch=b64 -S execve',
    '-a always,exit -F arch=b64 -S execve\n-a always,exit -F arch=b32 -S execve',
  ],
  [
    'arch-twin',
    '1:19',
    '-a always,exit -F arch=b64 -S open,creat\n-a always,exit -F arch=b32 -S open',
    '-a always,exit -F arch=b64 -S open,creat\n-a always,exit -F arch=b32 -S creat,open',
  ],
  [
    'call-around',
    '1:31',
    '-a always,exit -F arch=b64 -S execve',
    '-a always,exit -F arch=b64 -S execve,execveat',
  ],
  [
    'auid-minimum',
    '1:39',
    '-a always,exit -F arch=b64 -S open -F auid>=500 -F auid!=unset',
    '-a always,exit -F arch=b64 -S open -F auid>=1000 -F auid!=unset',
  ],
  [
    'auid-unset',
    '1:39',
    '-a always,exit -F arch=b64 -S open -F auid>=1000',
    '-a always,exit -F arch=b64 -S open -F auid>=1000 -F auid!=4294967295',
  ],
  ['watch-reads', '1:1', '-w /etc/shadow', '-w /etc/shadow -p wa'],
  [
    'duplicate',
    '2:1',
    '-w /etc/passwd -p wa\n-w /etc/passwd -p aw',
    '-w /etc/passwd -p wa -k a\n-w /etc/passwd -p wa -k b',
  ],
  [
    'never-reached',
    '2:1',
    '-w /etc/ -p wa -k a\n-w /etc/passwd -p wa -k b\n',
    '-w /etc/passwd -p wa -k b\n-w /etc/ -p r -k a\n',
  ],
  [
    'never-reached',
    '2:1',
    '-a always,exit -F dir=/etc -F perm=wa -k a\n-w /etc/passwd -p wa -k b\n',
    '-w /etc/passwd -p wa -k b\n-a always,exit -F dir=/etc -F perm=wa -k a\n',
  ],
  [
    'never-reached',
    '2:1',
    '-a always,exit -F dir=/home -F uid=0 -C auid!=obj_uid -k a\n-a always,exit -F dir=/home/x -F uid=0 -C auid!=obj_uid -k b',
    '-a always,exit -F dir=/home -F uid=0 -C auid!=obj_uid -k a\n-a always,exit -F dir=/home/x -F uid=0 -k b',
  ],
  [
    'key-taken',
    '2:1',
    '-a always,exit -F arch=b64 -S execve -F euid=0\n-w /usr/bin/curl -p x',
    '-w /usr/bin/curl -p x\n-a always,exit -F arch=b64 -S execve -F euid=0',
  ],
  ['key-missing', '1:1', '-w /etc/passwd -p wa', '-w /etc/passwd -p wa -k x'],
  [
    'key-technique-missing',
    '1:25',
    '-w /etc/passwd -p wa -k passwd',
    '-w /etc/passwd -p wa -k T1136.001_Account',
  ],
  [
    'key-technique-retired',
    '1:26',
    '-w /etc/crontab -p wa -k T1168_Job',
    '-w /etc/crontab -p wa -k T1053.003_Cron',
  ],
  [
    'key-technique-unknown',
    '1:26',
    '-w /etc/crontab -p wa -k TT1053_Job',
    '-w /etc/crontab -p wa -k T1053_Job',
  ],
  ['watch-old', '1:1', '-w /etc/crontab -p wa', '-a always,exit -F arch=b64 -F path=/etc/crontab -F perm=wa'],
  ['arch-missing', '1:19', '-a always,exit -S open', '-a always,exit -F arch=b64 -S open'],
  ['every-call', '1:1', '-a always,exit -F auid>=1000', '-a always,exit -F auid>=1000 -F dir=/srv'],
  [
    'busy',
    '1:31',
    '-a always,exit -F arch=b64 -S connect',
    '-a always,exit -F arch=b64 -S connect -F auid>=1000',
  ],
  [
    'mergeable',
    '2:1',
    '-a always,exit -F arch=b64 -S chmod -k x\n-a always,exit -F arch=b64 -S fchmod -k x',
    '-a always,exit -F arch=b64 -S chmod,fchmod -k x',
  ],
  ['errors-hidden', '1:1', '-i', '-c'],
  ['locked-early', '1:1', '-e 2\n-w /etc/passwd', '-w /etc/passwd\n-e 2'],
  ['auditing-off', '1:1', '-e 0', '-e 1'],
  ['backlog-small', '1:1', '-b 320', '-b 8192'],
  ['number-large', '1:1', '-b 99999999999', '-b 8192'],
  ['panic', '1:1', '-f 2', '-f 1'],
  ['rate-limit', '1:1', '-r 100', '-r 0'],
  ['command-line-only', '1:1', '-l', '-D'],
]

describe('a check of a rules file', () => {
  it.each(cases)('%s speaks at %s of %j, not of %j', (check, at, bad, good) => {
    const places = (text: string) =>
      lintRules(text, { host: NOBODY })
        .filter((finding) => finding.check === check)
        .map((finding) => `${finding.at.line}:${finding.at.column}`)
    expect(places(bad)).toContain(at)
    expect(places(good)).toEqual([])
  })

  it('has a case here', () => {
    const untried = new Set(CHECKS.map(({ name }) => name))
    for (const [check] of cases) untried.delete(check)
    // Needs a host without the path, below.
    untried.delete('path-missing')
    expect([...untried]).toEqual([])
  })

  it('never fails, whatever the file holds', () => {
    const word = fc.constantFrom(
      ...'-a -A -d -w -W -F -S -C -k -p -D -e -b always,exit never,exclude arch=b64 auid>=1000 perm=wa path=/etc dir=/tmp key=x open all msgtype=CWD /etc wa 2 auid!=uid \t " = # \\ é'.split(
        ' ',
      ),
    )
    const file = fc.array(
      fc.array(word, { maxLength: 8 }).map((words) => words.join(' ')),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(file, (lines) => {
        const text = lines.join('\n')
        for (const { at, message } of lintRules(text, { host: NOBODY })) {
          expect(at.line).toBeLessThanOrEqual(lines.length)
          expect(at.column).toBeLessThanOrEqual((lines[at.line - 1] ?? '').length + 1)
          expect(message).not.toBe('')
        }
      }),
    )
  })
})

describe('the rules that we ship', () => {
  const names = readdirSync(OUR_RULES)
    .filter((name) => name.endsWith('.rules'))
    .sort()
  const text = names.map((name) => readFileSync(new URL(name, OUR_RULES), 'utf8')).join('')

  it('have nothing wrong, taken together', () => {
    // clone3 has its flags in memory: no rule can look at them.
    const found = lintRules(text).filter(
      ({ check, message }) => !(check === 'call-around' && message.includes('clone3')),
    )
    expect(found).toEqual([])
  })

  it('fit an ARM server, without the calls that it does not have', () => {
    const { left } = fitRules(text, 'aarch64', NOBODY)
    expect(left.every(({ check }) => check === 'syscall-unknown')).toBe(true)
    expect(
      lintRules(fitRules(text, 'aarch64', NOBODY).text, { machine: 'aarch64' }).filter(
        ({ severity }) => severity === 'error',
      ),
    ).toEqual([])
  })
})

describe('files that are loaded together', () => {
  it('are judged together, each finding at its own file', () => {
    const first = { path: 'a.rules', text: '-w /etc/passwd -p wa' }
    const second = { path: 'b.rules', text: '\n-w /etc/passwd -p wa\n-Z' }
    const found = lintFiles([first, second]).filter(({ severity }) => severity === 'error')
    expect(found.map(({ path, at, check }) => `${path}:${at.line} ${check}`)).toEqual([
      'b.rules:2 duplicate',
      'b.rules:3 option-unknown',
    ])
  })
})

describe('fitting rules to a host', () => {
  it('leaves out what is about folders and users that it does not have, and says so', () => {
    const host = { ...NOBODY, exists: (path: string) => path === '/etc' || path === '/proc' }
    const { text, left } = fitRules(
      [
        '-w /etc/passwd -p wa',
        '-a always,exit -F arch=b64 -F dir=/var/lib/cloud -F perm=r',
        '-a never,user -F uid=ntp',
        '-Z',
        '-w /proc/kcore -p r',
      ].join('\n'),
      'x86_64',
      host,
    )
    expect(left.map(({ check, at }) => [check, at.line])).toEqual([
      ['path-missing', 2],
      ['user-unknown', 3],
      ['option-unknown', 4],
      ['path-missing', 5],
    ])
    expect(text.split('\n').map((line) => line.startsWith('#'))).toEqual([false, true, true, true, true])
  })
})
