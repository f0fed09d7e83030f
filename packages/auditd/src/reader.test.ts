import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LINUX_AUDIT_LOG_COLUMNS } from './linux-audit-log/columns.js'
import { LinuxAuditLogReader, type TableReaderOptions } from './reader.js'
import type { Problem } from './table.js'
import { decodeText, encodeText } from './text.js'

const sample = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../content/samples/${name}`, import.meta.url)))

type Row = Record<string, unknown>

interface Read {
  rows: Row[]
  bytes: number
  lines: number
  unparsed: number
  problems: Problem[]
}

function read(chunks: Iterable<Uint8Array>, options: Partial<TableReaderOptions> = {}): Read {
  const reader = new LinuxAuditLogReader({ computer: 'host', ...options })
  const all: Read = { rows: [], bytes: 0, lines: 0, unparsed: 0, problems: [] }
  const drain = () => {
    for (let result = reader.take(); result !== undefined; result = reader.take()) {
      all.bytes += result.bytes
      all.lines += result.lines
      all.unparsed += result.unparsed
      all.problems.push(...result.problems)
      for (let i = 0; i < result.batch.rowCount; i++) {
        const row: Row = {}
        for (const [name, cells] of result.batch.columns) if (cells[i] !== undefined) row[name] = cells[i]
        all.rows.push(row)
      }
    }
  }
  for (const chunk of chunks) {
    reader.push(chunk)
    drain()
  }
  reader.end()
  drain()
  return all
}

const readText = (text: string, options: Partial<TableReaderOptions> = {}) =>
  read([Buffer.from(text, 'utf8')], options)
const onlyRow = (line: string, options: Partial<TableReaderOptions> = {}) => {
  const { rows } = readText(`${line}\n`, options)
  expect(rows).toHaveLength(1)
  return rows[0]!
}

const HEAD = 'msg=audit(1580291194.240:23096492):'

describe('LinuxAuditLogReader', () => {
  it.each(['ssh-session-enriched.log', 'ssh-session-raw.log'])(
    'reads every line of %s, however it is cut',
    (name) => {
      const bytes = sample(name)
      const whole = read([bytes])
      expect(whole).toMatchObject({ bytes: bytes.length, lines: 877, unparsed: 0, problems: [] })
      expect(whole.rows).toHaveLength(877)
      for (const size of [3, 1000]) {
        const chunks: Uint8Array[] = []
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
        expect(read(chunks)).toEqual(whole)
      }
      expect(whole.rows.map((row) => row.RawData).join('\n')).toBe(bytes.toString().trimEnd())
    },
  )

  it('says who it was: from the appendix, from a table, or else by number', () => {
    const enriched = read([sample('ssh-session-enriched.log')]).rows.find((row) => row.RecordType_s === 'TTY')
    expect(enriched).toMatchObject({
      auid_s: '1001',
      audit_user_s: 'alice',
      user_name_s: 'root',
      comm_s: 'bash',
    })
    const raw = [sample('ssh-session-raw.log')]
    const byTable = read(raw, { users: new Map([[1001, 'alice']]) }).rows.find(
      (row) => row.RecordType_s === 'TTY',
    )
    expect(byTable).toMatchObject({ auid_s: '1001', audit_user_s: 'alice', user_name_s: '0' })
    const login = read(raw).rows.find((row) => row.RecordType_s === 'LOGIN')
    expect(login).toMatchObject({ old_auid_s: '4294967295', old_audit_user_s: 'unset', audit_user_s: '1001' })
  })

  it('decodes what the kernel escapes and leaves the rest alone', () => {
    expect(
      onlyRow(`type=USER_CMD ${HEAD} pid=1 msg='cwd="/home/a" cmd=7375202D exe="/usr/bin/sudo" res=success'`),
    ).toEqual({
      TimeGenerated: 1580291194240,
      Timestamp_t: 1580291194240,
      Computer: 'host',
      RecordType_s: 'USER_CMD',
      AuditID_s: '1580291194.240:23096492',
      SerialNumber_s: '23096492',
      RawData: `type=USER_CMD ${HEAD} pid=1 msg='cwd="/home/a" cmd=7375202D exe="/usr/bin/sudo" res=success'`,
      pid_s: '1',
      process_name_s: 'sudo',
      cwd_s: '/home/a',
      cmd_s: 'su -',
      exe_s: '/usr/bin/sudo',
      res_s: 'success',
    })
    expect(onlyRow(`type=PROCTITLE ${HEAD} proctitle=2F62696E2F7368002D63006C73`).proctitle_s).toBe(
      '/bin/sh -c ls',
    )
    expect(onlyRow(`type=SYSCALL ${HEAD} a0=61 key=6576696C01726F6F74636D64 comm="6162"`)).toMatchObject({
      a0_s: '61',
      key_s: 'evil,rootcmd',
      comm_s: '6162',
    })
  })

  it('joins the pieces of long arguments and keeps those without a column', () => {
    const row = onlyRow(
      `type=EXECVE ${HEAD} argc=40 a0="sh" a1_len=8 a1[0]=C3 a1[1]=A92078 a33="x" a34[0]=2062 a34[1]="c"`,
    )
    expect(row).toMatchObject({ argc_s: '40', a0_s: 'sh', a1_s: 'é x' })
    expect(JSON.parse(row.AdditionalFields as string)).toEqual({ a1_len: '8', a33: 'x', a34: ' bc' })
  })

  it('keeps second occurrences, unknown names and strange names in AdditionalFields', () => {
    const row = onlyRow(
      `node=web1 type=USER_LOGIN ${HEAD} pid=1 uid=0 msg='op=login pid=2 pid=3 foo=bar x[1].y="z" acct=root'\x1dUID="root" FOO="b"`,
    )
    expect(row).toMatchObject({
      Computer: 'web1',
      pid_s: '1',
      user_name_s: 'root',
      acct_s: 'root',
      op_s: 'login',
    })
    expect(JSON.parse(row.AdditionalFields as string)).toEqual({
      pid: ['2', '3'],
      foo: 'bar',
      'x[1].y': 'z',
      FOO: 'b',
    })
  })

  it('reads an appendix whose separator was lost', () => {
    const row = onlyRow(`type=TTY ${HEAD} tty pid=1 uid=0 auid=1000 data=6C730DUID="root" AUID="al"`)
    expect(row).toMatchObject({
      data_s: 'ls\r',
      user_name_s: 'root',
      audit_user_s: 'al',
      AdditionalMessage_s: 'tty',
    })
    expect(
      onlyRow(`type=SYSCALL ${HEAD} arch=c000003e syscall=59 key=(null)ARCH=x86_64 SYSCALL=execve`),
    ).toMatchObject({
      key_s: '(null)',
      architecture_s: 'x86_64',
      syscall_name_s: 'execve',
    })
    expect(
      onlyRow(`type=SOCKADDR ${HEAD} saddr=0200ADDAB1AASADDR={ saddr_fam=inet laddr=1.2.3.4 lport=1 }`),
    ).toMatchObject({
      saddr_s: '0200ADDAB1AA',
      socket_address_s: '{ saddr_fam=inet laddr=1.2.3.4 lport=1 }',
    })
  })

  it('reads SELinux, AppArmor, old PAM and other unruly records', () => {
    expect(
      onlyRow(
        `type=AVC ${HEAD} avc:  denied  { read write } for  pid=1 comm="a" tcontext=u:r:t:s0 permissive=0`,
      ),
    ).toMatchObject({ seresult_s: 'denied', seperms_s: 'read,write', pid_s: '1', tcontext_s: 'u:r:t:s0' })
    expect(
      onlyRow(
        `type=AVC ${HEAD} apparmor="DENIED" operation="open" profile="/usr/bin/man//&man_groff" info="Failed name lookup - x" name=2F612062`,
      ),
    ).toMatchObject({
      apparmor_s: 'DENIED',
      profile_s: '/usr/bin/man//&man_groff',
      info_s: 'Failed name lookup - x',
      name_s: '/a b',
    })
    expect(
      onlyRow(
        `type=USER_AUTH ${HEAD} user pid=1 msg='PAM: authentication acct="a'b" : exe="/bin/su" (hostname=?, addr=1.2.3.4, terminal=pts/1 res=success)'`,
      ),
    ).toMatchObject({
      acct_s: "a'b",
      exe_s: '/bin/su',
      hostname_s: '?',
      addr_s: '1.2.3.4',
      terminal_s: 'pts/1',
      res_s: 'success',
      AdditionalMessage_s: 'user',
    })
    expect(onlyRow(`type=CONFIG_CHANGE ${HEAD} op=remove rule key="k" list=4 res=1`)).toMatchObject({
      op_s: 'remove rule',
      key_s: 'k',
      list_s: '4',
    })
    expect(onlyRow(`type=DAEMON_END ${HEAD} op=terminate auid=0 pid=1 subj= res=success`)).toMatchObject({
      subj_s: '',
      res_s: 'success',
    })
    expect(onlyRow(`type=SYSCALL ${HEAD} subj==/usr/bin/man//&man_groff (enforce) key=(null)`)).toMatchObject(
      {
        subj_s: '=/usr/bin/man//&man_groff (enforce)',
        key_s: '(null)',
      },
    )
    expect(onlyRow(`type=UNKNOWN[1334] ${HEAD} prog-id=7 op=LOAD`)).toMatchObject({
      RecordType_s: 'BPF',
      prog_id_s: '7',
    })
    expect(
      onlyRow('type=DAEMON_CONFIG msg=audit(1490239800.477:34) config changed, auid=0 res=success'),
    ).toMatchObject({
      AdditionalMessage_s: 'config changed,',
      auid_s: '0',
    })
    expect(onlyRow(`type=SYSCALL ${HEAD} exe="/bin/grep" key=65786563013634626974"`)).toMatchObject({
      key_s: 'exec,64bit',
    })
    expect(onlyRow(`type=USER ${HEAD} pid=1 msg='hello world'`)).toMatchObject({
      AdditionalMessage_s: 'hello world',
    })
    expect(onlyRow(`Nov 22 21:41:30 h audispd: node=n type=CWD ${HEAD} cwd="/"`)).toMatchObject({
      Computer: 'n',
      cwd_s: '/',
    })
    expect(onlyRow(`2026-11-22T21:41:30.1+00:00 web3 audisp-syslog: type=CWD ${HEAD} cwd="/"`)).toMatchObject(
      {
        Computer: 'web3',
      },
    )
    expect(onlyRow(`type=SYSCALL ${HEAD} arch=80000016 syscall=11 saddr=0200003501020304`)).toMatchObject({
      architecture_s: 's390x',
      syscall_name_s: 'execve',
      socket_address_s: '{ saddr_fam=inet laddr=1.2.3.4 lport=53 }',
    })
    expect(
      onlyRow(`Feb  5 10:00:00 h kernel: [1.2] audit: type=1400 audit(1.5:2): apparmor="STATUS"`),
    ).toMatchObject({
      RecordType_s: 'AVC',
      TimeGenerated: 1500,
      Computer: 'h',
    })
  })

  it('makes a row of every line that is no record, and loses no other', () => {
    const good = `type=CWD ${HEAD} cwd="/"`
    const { rows, unparsed, problems, bytes } = readText(
      `\x00junk\n${good}\n\n${'x'.repeat(300)}\n${good}\ntype=CWD msg=au`,
      {
        maxLineBytes: 200,
      },
    )
    expect(rows.map((row) => row.RecordType_s)).toEqual(['UNPARSED', 'CWD', 'UNPARSED', 'CWD', 'UNPARSED'])
    expect(rows.map((row) => row.TimeGenerated)).toEqual(new Array(5).fill(1580291194240))
    expect(rows[2]!.RawData).toBe('x'.repeat(200))
    expect(unparsed).toBe(3)
    expect(bytes).toBe(5 + 1 + 2 * (good.length + 1) + 1 + 301 + 15)
    expect(problems).toEqual([
      { line: 1, byte: 0, reason: 'not-an-audit-record' },
      { line: 4, byte: 7 + good.length + 1, reason: 'line-too-long' },
      { line: 6, byte: bytes - 15, reason: 'torn-at-end' },
    ])
  })

  it('takes a last line without a newline, if it is whole', () => {
    expect(readText(`type=CWD ${HEAD} cwd="/"`)).toMatchObject({
      unparsed: 0,
      problems: [{ line: 1, byte: 0, reason: 'no-newline-at-end' }],
    })
    expect(readText(`type=CWD ${HEAD} cwd="/us`)).toMatchObject({
      unparsed: 1,
      problems: [{ reason: 'torn-at-end' }],
    })
    expect(readText('')).toMatchObject({ rows: [], bytes: 0, problems: [] })
  })

  it('has a fixed set of columns, none of which differs from another by case alone', () => {
    const names = LINUX_AUDIT_LOG_COLUMNS.map((column) => column.name)
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length)
    expect(names.length).toBeLessThanOrEqual(400)
    for (const name of names) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_]{0,44}$/)
  })

  it('survives any damage to real records, and accounts for every byte', () => {
    const bytes = Buffer.concat([
      sample('ssh-session-enriched.log').subarray(0, 12_000),
      sample('ssh-session-raw.log').subarray(0, 12_000),
    ])
    const damage = fc.array(
      fc.record({
        at: fc.nat(bytes.length - 1),
        drop: fc.nat(200),
        put: fc.oneof(
          fc.uint8Array({ maxLength: 20 }),
          fc
            .constantFrom('"', "'", '\x1d', '\n', '=', ' ', 'msg=', "msg='", '{ ', '(', 'a7[0]=', 'AUID=')
            .map((text) => Buffer.from(text)),
        ),
      }),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(damage, fc.integer({ min: 1, max: 20_000 }), (cuts, size) => {
        let input = bytes
        for (const { at, drop, put } of cuts) {
          input = Buffer.concat([input.subarray(0, at), put, input.subarray(at + drop)])
        }
        const chunks: Uint8Array[] = []
        for (let at = 0; at < input.length; at += size) chunks.push(input.subarray(at, at + size))
        const all = read(chunks, { maxLineBytes: 4096 })
        expect(all.bytes).toBe(input.length)
        expect(all.unparsed).toBe(all.rows.filter((row) => row.RecordType_s === 'UNPARSED').length)
        const lines = input.toString('latin1').replace(/\n$/, '').split('\n')
        expect(all.rows.map((row) => encodeText(row.RawData as string).toString('latin1'))).toEqual(
          lines.filter((line) => /[^ \r]/.test(line.slice(0, 4096))).map((line) => line.slice(0, 4096)),
        )
      }),
      { numRuns: 60, seed: 1 },
    )
  })
})

describe('decodeText and encodeText', () => {
  it('are each other’s inverse on any bytes', () => {
    const bytes = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 6 }),
        fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
        fc
          .constantFrom(
            [0xee, 0xbe, 0x80],
            [0xee, 0xbf, 0xbf],
            [0xc3],
            [0xed, 0xa0, 0x80],
            [0xf4, 0x90, 0x80, 0x80],
          )
          .map((list) => Uint8Array.from(list)),
      ),
    )
    fc.assert(
      fc.property(bytes, (parts) => {
        const input = Buffer.concat(parts)
        expect(encodeText(decodeText(input)).equals(input)).toBe(true)
      }),
    )
  })

  it('leave valid UTF-8 as it is', () => {
    expect(decodeText(Buffer.from('héé 漢 😀'))).toBe('héé 漢 😀')
    expect(decodeText(Buffer.from([0x61, 0xff, 0xc3]))).toBe('a\uefff\uefc3')
  })
})
