import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SerialGaps } from '../events/serials.js'
import { LinuxAuditLogReader, type ReaderPosition, type TableReaderOptions } from '../reader.js'
import type { Problem, TableBatch } from '../table.js'
import { AUDIT_EVENT_COLUMNS } from './columns.js'
import { techniquesOf } from './techniques.js'

const sample = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../../content/samples/${name}`, import.meta.url)))

type Row = Record<string, unknown>

function rowsOf(batch: TableBatch | undefined): Row[] {
  return Array.from({ length: batch?.rowCount ?? 0 }, (_, i) => {
    const row: Row = {}
    for (const [name, cells] of batch!.columns) {
      const type = AUDIT_EVENT_COLUMNS.find((column) => column.name === name)?.type
      if (cells[i] !== undefined) row[name] = type === 'dynamic' ? JSON.parse(cells[i] as string) : cells[i]
    }
    return row
  })
}

function eventsOf(input: string | Uint8Array, options: Partial<TableReaderOptions> = {}) {
  const reader = new LinuxAuditLogReader({ computer: 'host', events: true, ...options })
  reader.push(typeof input === 'string' ? Buffer.from(input) : input)
  reader.end()
  const events: Row[] = []
  const problems: Problem[] = []
  for (let result = reader.take(); result !== undefined; result = reader.take()) {
    events.push(...rowsOf(result.events))
    problems.push(...result.problems)
  }
  return { events, problems }
}

const byId = (events: Row[]) => events.toSorted((a, b) => String(a.EventId).localeCompare(String(b.EventId)))
const lines = (...list: string[]) => `${list.join('\n')}\n`
const at = (serial: number, seconds = 1600000000) => `msg=audit(${seconds}.000:${serial}):`

describe('AuditEvent rows', () => {
  it('are one for each event of the real logs, whatever the order of the records within 100 lines', () => {
    for (const name of ['ssh-session-enriched.log', 'ssh-session-raw.log']) {
      const text = sample(name).toString('latin1')
      const { events } = eventsOf(text)
      expect(events).toHaveLength(new Set(text.match(/audit\([^)]*\)/g)).size)
      const list = text.trimEnd().split('\n')
      let seed = 7
      const random = () => {
        seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
        return seed / 0x7fffffff
      }
      const shuffled = list
        .map((line, i) => [i + random() * 100, line] as const)
        .sort(([a], [b]) => a - b)
        .map(([, line]) => line)
      const again = eventsOf(lines(...shuffled))
      const withoutOrder = (rows: Row[]) =>
        byId(rows).map((row) => ({ ...row, RecordTypes: (row.RecordTypes as string[]).toSorted() }))
      const late = again.problems.filter((problem) => problem.reason === 'late-record')
      expect(late).toEqual([])
      expect(withoutOrder(again.events)).toEqual(withoutOrder(events))
    }
  })

  it('say who did what', () => {
    const { events } = eventsOf(sample('ssh-session-enriched.log'))
    const cat = events.find((event) => String(event.CommandLine).startsWith('cat /etc/shadow'))
    expect(cat).toMatchObject({
      Category: 'process',
      Action: 'execute',
      Result: 'success',
      AuditUser: 'alice',
      AuditUserId: 1001,
      User: 'root',
      UserId: 0,
      SessionId: 14,
      Terminal: 'pts/2',
      ProcessName: 'cat',
      Executable: '/usr/bin/cat',
      Arguments: ['cat', '/etc/shadow'],
      WorkingDirectory: '/root',
      Syscall: 'execve',
      Architecture: 'x86_64',
      ExitCode: 0,
    })
    const refused = events.find((event) => event.Action === 'login' && event.Result === 'failure')
    expect(refused).toMatchObject({ TargetUser: 'alice', SourceAddress: '127.0.0.1', AuditUser: 'unset' })
    expect(refused).not.toHaveProperty('AuditUserId')
    const curl = events.find((event) => event.ProcessName === 'curl' && event.DestinationPort === 9)
    expect(curl).toMatchObject({ DestinationAddress: '127.0.0.1', Action: 'connect', AuditUser: 'bob' })
    const moved = events.find((event) => event.Action === 'rename')
    expect((moved!.Files as { role: string; path: string }[]).map((file) => [file.role, file.path])).toEqual([
      ['parent', '/home/bob'],
      ['parent', '/home/bob'],
      ['delete', '/home/bob/x'],
      ['create', '/home/bob/z'],
    ])
  })

  it('join 12,000 arguments that came in pieces and in several records', () => {
    const args = Array.from({ length: 12_000 }, (_, i) => (i % 7 === 3 ? '' : `arg ${i} é`))
    const hex = (text: string) => (text === '' ? '""' : Buffer.from(text).toString('hex').toUpperCase())
    const records: string[] = [
      `type=SYSCALL ${at(1)} arch=c000003e syscall=59 success=yes exit=0 items=0 pid=1 key=(null)`,
    ]
    for (let i = 0; i < args.length; i += 300) {
      const part = args.slice(i, i + 300).map((arg, j) => {
        if ((i + j) % 50 !== 0) return `a${i + j}=${hex(arg)}`
        const digits = hex(arg)
        return `a${i + j}_len=${digits.length} a${i + j}[0]=${digits.slice(0, -2)} a${i + j}[1]=${digits.slice(-2)}`
      })
      records.push(`type=EXECVE ${at(1)} ${i === 0 ? `argc=${args.length} ` : ''}${part.join(' ')}`)
    }
    records.push(`type=PROCTITLE ${at(1)} proctitle="x"`)
    const { events } = eventsOf(lines(...records))
    expect(events).toHaveLength(1)
    expect(events[0]!.Arguments).toEqual(args)
  })

  it('mask secrets in command lines and keystrokes, and say what an open asked for', () => {
    const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase()
    const { events } = eventsOf(
      lines(
        `type=SYSCALL ${at(1)} arch=c000003e syscall=59 success=yes exit=0 items=0 pid=1 comm="mysql" key=(null)`,
        `type=EXECVE ${at(1)} argc=3 a0="mysql" a1="-pS3cret" a2=${hex('a b')}`,
        `type=PROCTITLE ${at(1)} proctitle=${hex('mysql\0-pS3cret')}`,
        `type=SYSCALL ${at(2)} arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7f a2=241 items=0 pid=1 comm="mysql" key=(null)`,
        `type=PROCTITLE ${at(2)} proctitle=${hex('mysql\0-pS3cret')}`,
        `type=USER_CMD ${at(3)} pid=1 uid=0 msg='cwd="/" cmd=${hex('curl -u a:S3cret x')} res=success'`,
        `type=TTY ${at(4)} tty pid=10 uid=0 auid=1000 ses=3 major=136 minor=2 comm="bash" data=${hex('export TOKEN=S3cret\rlsx\x7f\r')}`,
        `type=TTY ${at(5)} tty pid=11 uid=0 auid=1000 ses=3 major=136 minor=2 comm="sudo" data=${hex('S3cret\r')}`,
      ),
    )
    expect(JSON.stringify(events)).not.toContain('S3cret')
    const byPlace = (serial: number) => events.find((event) => event.Serial === serial)
    expect(byPlace(1)).toMatchObject({
      Arguments: ['mysql', '-p********', 'a b'],
      CommandLine: 'mysql -p******** a b',
    })
    expect(byPlace(2)).toMatchObject({ CommandLine: 'mysql -p********', FileAccess: 'write' })
    expect(byPlace(3)).toMatchObject({ CommandLine: 'curl -u a:******** x' })
    expect(byPlace(4)).toMatchObject({ Keystrokes: 'export TOKEN=********\nls' })
    expect(byPlace(5)).toMatchObject({ Keystrokes: '(7 keys read by sudo)' })
  })

  it('keep what other tools drop: AppArmor, node=, unknown types, records in between, late ones', () => {
    const { events, problems } = eventsOf(
      lines(
        `node=a type=AVC ${at(5)} apparmor="DENIED" operation="open" profile="p" name="/etc/x" pid=3 comm="c" fsuid=0 ouid=0`,
        `node=b type=SYSCALL ${at(5)} arch=c00000b7 syscall=221 success=no exit=-13 items=2 pid=9 auid=0 ses=1 key="k"`,
        `node=a type=SYSCALL ${at(5)} arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c items=1 pid=3 comm="c" key=(null)`,
        `node=b type=PROCTITLE ${at(5)} proctitle="late"`,
        `node=a type=PROCTITLE ${at(5)} proctitle="c"`,
        `node=b type=PATH ${at(5)} item=1 name="b" nametype=NORMAL`,
        `type=UNKNOWN[1399] ${at(6)} foo=bar`,
        `node=a type=PATH ${at(5)} item=0 name="/etc/x" nametype=NORMAL`,
        `node=a type=EOE ${at(5)} `,
        `node=b type=PATH ${at(5)} item=0 name="a" nametype=PARENT`,
        `node=a type=CWD ${at(5)} cwd="/"`,
      ),
    )
    expect(byId(events).map((event) => event.EventId)).toEqual([
      'a/1600000000.000:5',
      'b/1600000000.000:5',
      'host/1600000000.000:6',
    ])
    expect(byId(events)[0]).toMatchObject({
      Category: 'access-control',
      Action: 'decide',
      Result: 'failure',
      ProcessName: 'c',
      Files: [{ path: '/etc/x', role: 'normal' }],
    })
    expect(byId(events)[1]).toMatchObject({
      Syscall: 'execve',
      Architecture: 'aarch64',
      Files: [{ path: 'a' }, { path: 'b' }],
    })
    expect(problems).toMatchObject([{ reason: 'late-record', event: 'a/1600000000.000:5', line: 11 }])
  })

  it('are not held back for long, nor forever', () => {
    const records = [`type=SYSCALL ${at(1)} arch=c000003e syscall=2 items=9 pid=1`]
    for (let i = 0; i < 3000; i++)
      records.push(`type=USER_CMD ${at(i + 2, 1600000000 + i)} pid=1 msg='cmd="a"'`)
    const reader = new LinuxAuditLogReader({ computer: 'host', events: true })
    reader.push(Buffer.from(lines(...records)))
    const events = rowsOf(reader.take()!.events)
    expect(events.map((event) => event.Serial)).toContain(1)
    expect(events).toHaveLength(3001)
  })

  it('come exactly once, as do record rows, when the reader dies anywhere and starts again', () => {
    const input = Buffer.from(
      sample('ssh-session-raw.log')
        .toString('latin1')
        .split('\n')
        .slice(0, 160)
        .map((line, i) => [i + ((i * 37) % 11), line] as const)
        .sort(([a], [b]) => a - b)
        .map(([, line]) => line)
        .join('\n'),
    )
    const whole = eventsOf(input)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 40 }), (sizes) => {
        const raw: unknown[] = []
        const events: Row[] = []
        let position: ReaderPosition | undefined
        let cut = 0
        // Each life of the reader takes one result, and all that it had beyond that is lost.
        for (let life = 0; ; life++) {
          const reader = new LinuxAuditLogReader({
            computer: 'host',
            events: true,
            ...(position === undefined
              ? {}
              : { resume: JSON.parse(JSON.stringify(position)) as ReaderPosition }),
          })
          const last = life >= sizes.length
          cut = last
            ? input.length
            : Math.min(input.length, Math.max(cut, position?.rowsFrom ?? 0) + sizes[life]!)
          reader.push(input.subarray(position?.readFrom ?? 0, cut))
          if (last) reader.end()
          for (let result = reader.take(); result !== undefined; result = reader.take()) {
            raw.push(...(result.batch.columns.get('RawData') ?? []))
            events.push(...rowsOf(result.events))
            position = result.position
          }
          if (last) break
        }
        expect(raw).toEqual(input.toString('latin1').trimEnd().split('\n'))
        expect(byId(events)).toEqual(byId(whole.events))
      }),
      { numRuns: 40, seed: 3 },
    )
  })
})

describe('SerialGaps', () => {
  const gaps = (serials: number[]) => {
    const state = new SerialGaps()
    for (const serial of serials) state.see('h', serial)
    return state.take(true).map(({ first, last }) => [first, last])
  }

  it('counts what never came, not what came late', () => {
    expect(gaps([5, 6, 7])).toEqual([])
    expect(gaps([5, 9, 7, 8, 6])).toEqual([])
    expect(gaps([5, 9, 7])).toEqual([
      [6, 6],
      [8, 8],
    ])
  })

  it('goes round at 32 bits and starts again at boot', () => {
    expect(gaps([4294967293, 4294967295, 0, 2])).toEqual([
      [4294967294, 4294967294],
      [1, 1],
    ])
    expect(gaps([900_000, 900_002, 3, 4])).toEqual([[900_001, 900_001]])
  })
})

describe('techniquesOf', () => {
  it('brings retired ids up to date and ignores what is no id', () => {
    expect(
      techniquesOf(['T1166_Seuid_and_Setgid', 'TT1087_x', 'T1043_Commonly_Used_Port', 'susp', 'T1059.004']),
    ).toEqual(['T1548.001', 'T1087', 'T1059.004'])
  })
})
