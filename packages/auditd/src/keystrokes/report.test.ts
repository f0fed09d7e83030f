import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { LinuxAuditLogReader } from '../reader.js'
import type { TableBatch } from '../table.js'
import { renderKeystrokes } from './render.js'
import { formatTtyReportEntry, ttyReport } from './report.js'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const LOGS = [
  ['../../../../content/samples/ssh-session-enriched.log', 'cases/ssh-session-enriched.tty.txt'],
  ['../../../../content/samples/ssh-session-raw.log', 'cases/ssh-session-raw.tty.txt'],
  ['cases/keys.log', 'cases/keys.tty.txt'],
] as const

function report(log: string): string {
  const reader = new LinuxAuditLogReader({ computer: 'host' })
  reader.push(readFileSync(log))
  reader.end()
  const batches: TableBatch[] = []
  for (let result = reader.take(); result !== undefined; result = reader.take()) batches.push(result.batch)
  return ttyReport(batches)
    .map((entry, i) => `${formatTtyReportEntry(i + 1, entry)}\n`)
    .join('')
}

const hasAureport = spawnSync('aureport', ['--version']).status === 0

describe('ttyReport', () => {
  it.each(LOGS)('prints %s as aureport 3.0.9 printed it', (log, expected) => {
    expect(report(path(log))).toBe(readFileSync(path(expected), 'utf8'))
  })

  it.runIf(hasAureport).each(LOGS)('prints %s as the aureport of this machine does', (log) => {
    const printed = execFileSync('aureport', ['-if', path(log), '--tty'], { encoding: 'utf8' })
    expect(report(path(log))).toBe(printed.split('\n').slice(5).join('\n'))
  })

  it('keeps the time zone that was asked for', () => {
    const entry = {
      timestamp: 1795383690373,
      serial: '1',
      auid: '0',
      terminal: '?',
      session: '1',
      comm: 'sh',
      data: 'a',
    }
    expect(formatTtyReportEntry(1, entry, 'Asia/Tokyo')).toBe('1. 11/23/26 06:41:30 1 0 ? 1 sh "a"')
  })

  it('keeps what aureport drops: all of a USER_TTY line, all TTY records of an event, a SYSCALL first', () => {
    const reader = new LinuxAuditLogReader({ computer: 'host' })
    reader.push(
      Buffer.from(
        [
          'type=USER_TTY msg=audit(1600000000.123:10): pid=10 uid=0 auid=1000 ses=3 data="ls -la /tmp"',
          'type=TTY msg=audit(1600000004.123:14): tty pid=10 uid=0 auid=1000 ses=3 major=136 minor=2 comm="a" data=61',
          'type=TTY msg=audit(1600000004.123:14): tty pid=10 uid=0 auid=1000 ses=3 major=136 minor=2 comm="a" data=62',
          'type=SYSCALL msg=audit(1600000004.123:14): pid=10 auid=4294967295 tty=pts7 ses=14 comm="b"',
          '',
        ].join('\n'),
      ),
    )
    const lines = ttyReport([reader.take()!.batch]).map((entry, i) => formatTtyReportEntry(i + 1, entry))
    expect(lines).toEqual([
      '1. 09/13/20 12:26:40 10 1000 ? 3 ? "ls -la /tmp"',
      '2. 09/13/20 12:26:44 14 -1 pts7 14 b "a"',
      '3. 09/13/20 12:26:44 14 -1 pts7 14 b "b"',
    ])
  })
})

describe('renderKeystrokes', () => {
  it('takes the longest key and quotes the rest', () => {
    const data = Buffer.from('a"\\\x1b[A\x1b[200~\u00e9\x7f\r', 'utf8')
    expect(renderKeystrokes(data)).toBe('"a\\"\\\\",<up>,<esc>,"[200~\\303\\251",<backspace>,<ret>')
  })
})
