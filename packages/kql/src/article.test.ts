import { beforeAll, describe, expect, it } from 'vitest'
import { openDuckDB } from './duckdb.testing.js'
import { compile, type DatabaseSchema, formatValue, parseDatetime } from './index.js'

/** The three queries of the article that Auspex answers to, word for word. */
const QUERIES = {
  netstat: `LinuxAuditLog_CL
| where TimeGenerated >= ago(1h)
| where Computer == "LinuxServerApp1"
| where a0_s == "netstat" and a1_s != ""`,
  console: `LinuxAuditLog_CL
| where TimeGenerated >= ago(4h)
| where RecordType_s == "EXECVE"
| where a0_s in ('vim','vmstat','lsof','tcpdump','netstat','htop','iotop','iostat','finger','apt','apt-get') and a1_s != "" and a2_s !in ('update','dist-upgrade','-qq')
| extend ConsoleCommand = strcat(a0_s," ",a1_s," ",a2_s," ",a3_s)
| where ConsoleCommand !contains "apt-get -qq"
| project TimeGenerated, SerialNumber_s, Computer, RecordType_s, ConsoleCommand, a0_s, a1_s, a2_s`,
  detection: `LinuxAuditLog_CL
//| where TimeGenerated >= ago(1h)
| where RecordType_s == "EXECVE"
| where a0_s in ('vim','vmstat','lsof','tcpdump','netstat','htop','iotop','iostat','finger','apt','apt-get') and a1_s != "" and a2_s !in ('update','dist-upgrade','-qq')
| extend ConsoleCommand = strcat(a0_s," ",a1_s," ",a2_s," ",a3_s)
| where ConsoleCommand !contains "apt-get -qq"
| project TimeGenerated, SerialNumber_s, Computer, RecordType_s, ConsoleCommand, a0_s, a1_s, a2_s
| join kind= inner
(
LinuxAuditLog_CL
| where RecordType_s in ('USER_START','USER_LOGIN','USER_END','USER_CMD', 'USER_AUTH', 'USER_ACCT', 'SYSCALL', 'PROCTITLE', 'PATH', 'LOGIN', 'EXECVE', 'CWD', 'CRED_REFR', 'CRED_DISP', 'CRED_ACQ')
| project TimeGenerated, RecordType_s, SerialNumber_s, audit_user_s, user_name_s , tty_s, success_s
)
on SerialNumber_s
| summarize makeset(RecordType_s1), makeset(tty_s), makeset(success_s), User = makeset(user_name_s), AuditUser = makeset(audit_user_s) by TimeGenerated, SerialNumber_s, Computer, RecordType_s, ConsoleCommand
| extend User = tostring(User[0]), Audit_User = tostring(AuditUser[0])
| extend HostCustomEntity = Computer
| extend AccountCustomEntity = Audit_User
| extend URLCustomEntity = ConsoleCommand`,
}

const STRINGS = [
  'SerialNumber_s',
  'Computer',
  'RecordType_s',
  'a0_s',
  'a1_s',
  'a2_s',
  'a3_s',
  'audit_user_s',
  'user_name_s',
  'tty_s',
  'success_s',
] as const
type Field = (typeof STRINGS)[number]

const schema: DatabaseSchema = {
  name: 'auspex',
  tables: [
    {
      name: 'LinuxAuditLog_CL',
      columns: [
        { name: 'TimeGenerated', type: 'datetime' },
        ...STRINGS.map((name) => ({ name, type: 'string' as const })),
      ],
    },
  ],
}

const event = (
  serial: string,
  command: readonly string[],
  user: string,
  auditUser: string,
): Partial<Record<Field, string>>[] => [
  {
    RecordType_s: 'SYSCALL',
    SerialNumber_s: serial,
    user_name_s: user,
    audit_user_s: auditUser,
    tty_s: 'pts0',
    success_s: 'yes',
  },
  {
    RecordType_s: 'EXECVE',
    SerialNumber_s: serial,
    a0_s: command[0] ?? '',
    a1_s: command[1] ?? '',
    a2_s: command[2] ?? '',
  },
  { RecordType_s: 'CWD', SerialNumber_s: serial },
  { RecordType_s: 'PATH', SerialNumber_s: serial },
  { RecordType_s: 'PATH', SerialNumber_s: serial },
  { RecordType_s: 'PROCTITLE', SerialNumber_s: serial },
]

const RECORDS = [
  ...event('101', ['netstat', '-an'], 'root', 'alice'),
  ...event('102', ['ls', '-la'], 'root', 'alice'),
  ...event('103', ['apt-get', '-qq', 'install'], 'root', 'bob'),
  ...event('104', ['apt', 'install', 'nmap'], 'root', 'bob'),
  ...event('105', ['apt', '-y', 'update'], 'root', 'bob'),
  ...event('106', ['vim'], 'root', 'carol'),
]
const AT = parseDatetime('2020-03-19T22:00:00Z')!
const NOW = parseDatetime('2020-03-19T22:30:00Z')!

let run: (kql: string) => Promise<{ columns: string[]; rows: string[][] }>

beforeAll(async () => {
  const connection = await openDuckDB()
  const columns = STRINGS.map((name) => `"${name}" VARCHAR NOT NULL DEFAULT ''`).join(', ')
  await connection.run(
    `CREATE TABLE "LinuxAuditLog_CL" ("TimeGenerated" BIGINT, ${columns}, "_RowId" BIGINT)`,
  )
  // Stored out of order, so that only _RowId tells which record came first.
  for (const [i, record] of [...RECORDS.entries()].reverse()) {
    const values = STRINGS.map((name) => (name === 'Computer' ? 'LinuxServerApp1' : (record[name] ?? '')))
    const list = values.map((value) => `'${value}'`).join(', ')
    await connection.run(`INSERT INTO "LinuxAuditLog_CL" VALUES (${AT}, ${list}, ${i})`)
  }
  run = async (kql) => {
    const query = compile(kql, { schema, now: NOW })
    const reader = await connection.runAndReadAll(query.sql)
    return {
      columns: query.columns.map((column) => column.name),
      rows: reader
        .getRows()
        .map((row) => row.map((cell, i) => formatValue(query.columns[i]!.type, cell as string))),
    }
  }
})

describe("the article's queries", () => {
  it('finds the command', async () => {
    const { columns, rows } = await run(QUERIES.netstat)
    expect(columns).toEqual(['TimeGenerated', ...STRINGS])
    expect(rows).toHaveLength(1)
    expect(rows[0]).toContain('netstat')
  })

  it('builds the console command and leaves out the package manager running by itself', async () => {
    const { columns, rows } = await run(QUERIES.console)
    expect(columns).toEqual([
      'TimeGenerated',
      'SerialNumber_s',
      'Computer',
      'RecordType_s',
      'ConsoleCommand',
      'a0_s',
      'a1_s',
      'a2_s',
    ])
    expect(rows.map((row) => row[4]).sort()).toEqual(['apt install nmap ', 'netstat -an  '])
  })

  it('ties each command to the records of its event, in the order they came', async () => {
    const { columns, rows } = await run(QUERIES.detection)
    expect(columns).toEqual([
      'TimeGenerated',
      'SerialNumber_s',
      'Computer',
      'RecordType_s',
      'ConsoleCommand',
      'set_RecordType_s1',
      'set_tty_s',
      'set_success_s',
      'User',
      'AuditUser',
      'Audit_User',
      'HostCustomEntity',
      'AccountCustomEntity',
      'URLCustomEntity',
    ])
    const time = '2020-03-19T22:00:00.0000000Z'
    const types = '["SYSCALL","EXECVE","CWD","PATH","PROCTITLE"]'
    const host = 'LinuxServerApp1'
    expect(rows.sort()).toEqual([
      [
        time,
        '101',
        host,
        'EXECVE',
        'netstat -an  ',
        types,
        '["pts0",""]',
        '["yes",""]',
        'root',
        '["alice",""]',
        'alice',
        host,
        'alice',
        'netstat -an  ',
      ],
      [
        time,
        '104',
        host,
        'EXECVE',
        'apt install nmap ',
        types,
        '["pts0",""]',
        '["yes",""]',
        'root',
        '["bob",""]',
        'bob',
        host,
        'bob',
        'apt install nmap ',
      ],
    ])
  })

  it('is one statement of few selects', () => {
    const { sql, tables } = compile(QUERIES.detection, { schema, now: NOW })
    expect(sql.match(/\bSELECT\b/g)).toHaveLength(4)
    expect(tables).toEqual(['LinuxAuditLog_CL'])
  })
})
