/**
 * Each report against aureport on each sample, row by row: against what it prints now where it is installed, else
 * against the digests of what it printed (cases/aureport.json).
 */
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile, formatValue } from '@auspex/kql'
import { Workspace } from '@auspex/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contentFolders, reportsFolder } from '../../content.js'
import { type Report, readReports, reportQuery } from './reports.js'

const SAMPLES = [
  'admin-day',
  'intrusion',
  'line-editing',
  'persistence',
  'ssh-session-enriched',
  'ssh-session-raw',
  'tamper',
]
const AUREPORT = '/sbin/aureport'
const isInstalled = existsSync(AUREPORT)
const golden = fileURLToPath(new URL('cases/aureport.json', import.meta.url))

interface Reported {
  readonly rows: number
  readonly digest: string
}
const EXPECTED = JSON.parse(readFileSync(golden, 'utf8')) as Record<string, Record<string, Reported>>

/** How aureport is asked for a report, and the columns that it prints between the time and the event. */
const ASKED: Readonly<Record<string, { flags: string[]; columns: string[] }>> = {
  accounts: {
    flags: ['-m'],
    columns: ['AuditId', 'Address', 'Terminal', 'Executable', 'Account', 'Success'],
  },
  anomalies: { flags: ['-n'], columns: ['RecordType', 'Executable', 'Terminal', 'Host', 'AuditId'] },
  auth: { flags: ['-au'], columns: ['Account', 'Host', 'Terminal', 'Executable', 'Success'] },
  commands: { flags: ['--comm'], columns: ['Command', 'Terminal', 'Host', 'AuditId'] },
  config: { flags: ['-c'], columns: ['RecordType', 'AuditId', 'Success'] },
  executables: { flags: ['-x'], columns: ['Executable', 'Terminal', 'Host', 'AuditId'] },
  hosts: { flags: ['-h'], columns: ['Host', 'Syscall', 'AuditId'] },
  keys: { flags: ['-k'], columns: ['Key', 'Success', 'Executable', 'AuditId'] },
  login: { flags: ['-l'], columns: ['User', 'Host', 'Terminal', 'Executable', 'Success'] },
  processes: { flags: ['-p'], columns: ['ProcessId', 'Executable', 'Syscall', 'AuditId'] },
  syscalls: { flags: ['-s'], columns: ['Syscall', 'ProcessId', 'Command', 'AuditId'] },
  terminals: { flags: ['-tm'], columns: ['Terminal', 'Host', 'Executable', 'AuditId'] },
  users: { flags: ['-u'], columns: ['AuditId', 'Terminal', 'Host', 'Executable'] },
}

const sampleFile = (name: string) =>
  fileURLToPath(new URL(`../../../../../content/samples/${name}.log`, import.meta.url))

function aureport(sample: string, flags: readonly string[]): string[] {
  const options = { encoding: 'utf8', env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' } } as const
  // It ends with 1 where it found nothing.
  return spawnSync(AUREPORT, ['-if', sampleFile(sample), ...flags], options).stdout.split('\n')
}

const reported = (lines: readonly string[]): Reported => ({
  rows: lines.length,
  digest: createHash('sha256').update(lines.toSorted().join('\n')).digest('hex').slice(0, 16),
})

/** aureport has several words for nothing; here it is `?`, and call 0 stands for no call. */
const word = (text: string) => (text === '' || text === '(null)' ? '?' : text === 'unset' ? '-1' : text)

let directory: string
let workspace: Workspace
let reports: Map<string, Report>
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'auspex-reports-'))
  reports = new Map((await readReports(reportsFolder())).map((report) => [report.name, report]))
  workspace = await Workspace.open({
    directory,
    content: contentFolders(),
    compile: async (text, options) => compile(text, options),
    tell: async () => {
      throw new Error('nothing here asks an editor')
    },
    now: () => new Date('2026-11-28T00:00:00Z'),
    newId: randomUUID,
    randomBytes,
    hostName: 'test',
  })
  for (const sample of SAMPLES) await workspace.import(sampleFile(sample), { computer: sample })
}, 120_000)
afterAll(async () => {
  await workspace.close()
  rmSync(directory, { recursive: true })
})

async function rowsOf(
  name: string,
  choice: Parameters<typeof reportQuery>[1],
): Promise<Map<string, string>[]> {
  const { columns, rows } = await workspace.query(
    reportQuery(reports.get(name)!, choice),
    {},
    { user: 'test', client: 'test' },
  )
  return rows.map(
    (row) => new Map(columns.map((column, i) => [column.name, formatValue(column.type, row[i]!)])),
  )
}

/** `21:41:24 alice 127.0.0.1 ssh /usr/sbin/sshd yes 2746` */
async function detailed(name: string, computer: string): Promise<string[]> {
  const { columns } = ASKED[name]!
  const lines = (await rowsOf(name, { computer })).map((row) =>
    [
      row.get('Time')!.slice(11, 19),
      ...columns.map((column) => word(row.get(column)! || (column === 'Syscall' ? '0' : ''))),
      row.get('Event')!.split(':')[1],
    ].join(' '),
  )
  // aureport takes call 0 for no call.
  return name === 'syscalls' ? lines.filter((line) => line.split(' ')[1] !== '0') : lines
}

const detailedByAureport = (sample: string, flags: readonly string[]) =>
  aureport(sample, flags)
    .filter((line) => /^\d+\. /.test(line))
    .map((line) => line.split(' ').slice(2).map(word).join(' '))

/** `3  alice` */
const totalsByAureport = (sample: string, flags: readonly string[]) =>
  aureport(sample, [...flags, '--summary']).filter((line) => /^\d+ {2}/.test(line))

const figuresByAureport = (sample: string, flags: readonly string[]) =>
  aureport(sample, ['--summary', ...flags])
    .filter((line) => line.startsWith('Number of '))
    .map((line) => line.replace(':', ''))

const figures = async (computer: string, choice: { success?: boolean } = {}) =>
  (await rowsOf('summary', { computer, ...choice })).map((row) => `${row.get('Figure')} ${row.get('Count')}`)

describe.each(SAMPLES)('%s', (sample) => {
  const check = (what: string, ours: readonly string[], theirs: () => readonly string[]) => {
    if (isInstalled) {
      const lines = theirs()
      expect(ours.toSorted()).toEqual(lines.toSorted())
      expect(reported(lines)).toEqual(EXPECTED[sample]?.[what])
    } else expect(reported(ours)).toEqual(EXPECTED[sample]?.[what])
  }

  test.each(Object.keys(ASKED))('%s', async (name) => {
    const { flags } = ASKED[name]!
    check(name, await detailed(name, sample), () => detailedByAureport(sample, flags))
  })

  test('files, by their totals', async () => {
    const totals = await rowsOf('files', { computer: sample, totals: true })
    const ours = totals.map((row) => `${row.get('Total')}  ${row.get('File')}`)
    check('files', ours, () => totalsByAureport(sample, ['-f']))
  })

  test('summary, also of what failed', async () => {
    check('summary', await figures(sample), () => figuresByAureport(sample, []))
    const failed = await figures(sample, { success: false })
    check('failed', failed, () => figuresByAureport(sample, ['--failed']))
  })
})

test('every report but tty is held to aureport', () => {
  expect([...reports.keys()].toSorted()).toEqual([...Object.keys(ASKED), 'files', 'summary'].toSorted())
})
