/**
 * The report of `aureport --tty`: who typed what on which terminal.
 *
 * A TTY record knows neither the terminal's name nor, always, the session; the SYSCALL record of the same event
 * does, and wins. Where aureport 3.0.9 differs, we do not follow it: it drops an event whose SYSCALL record comes
 * first, the second TTY record of an event, and what follows the last blank of a USER_TTY record's quoted text.
 */
import type { TableBatch } from '../table.js'
import { encodeText } from '../text.js'
import { renderKeystrokes } from './render.js'

export interface TtyReportEntry {
  /** Milliseconds since 1970. */
  readonly timestamp: number
  readonly serial: string
  readonly auid: string
  /** `pts2`, `(none)`, or `?` where no record of the event names it. */
  readonly terminal: string
  readonly session: string
  readonly comm: string
  /** The input, decoded; `encodeText` gives its bytes. */
  readonly data: string
}

type Draft = { -readonly [K in keyof TtyReportEntry]: TtyReportEntry[K] }

/** The entries of the report from batches of LinuxAuditLog_CL, in the order of the log. */
export function ttyReport(batches: Iterable<TableBatch>): TtyReportEntry[] {
  const entries: Draft[] = []
  const byEvent = new Map<string, Draft[]>()
  for (const batch of batches) {
    const cell = (column: string, row: number) => batch.columns.get(column)?.[row] as string | undefined
    for (let row = 0; row < batch.rowCount; row++) {
      const type = cell('RecordType_s', row)
      if (type !== 'TTY' && type !== 'USER_TTY' && type !== 'SYSCALL') continue
      const event = `${cell('Computer', row)} ${cell('AuditID_s', row)}`
      const drafts = byEvent.get(event)
      if (type === 'SYSCALL') {
        for (const draft of drafts ?? []) {
          draft.auid = cell('auid_s', row) ?? draft.auid
          draft.session = cell('ses_s', row) ?? draft.session
          draft.comm = cell('comm_s', row) ?? draft.comm
          draft.terminal = cell('tty_s', row) ?? draft.terminal
        }
        continue
      }
      const draft: Draft = {
        timestamp: batch.columns.get('TimeGenerated')?.[row] as number,
        serial: cell('SerialNumber_s', row) ?? '',
        auid: cell('auid_s', row) ?? '',
        terminal: '?',
        session: cell('ses_s', row) ?? '',
        comm: cell('comm_s', row) ?? '?',
        data: cell('data_s', row) ?? '',
      }
      entries.push(draft)
      if (drafts === undefined) byEvent.set(event, [draft])
      else drafts.push(draft)
    }
  }
  return entries
}

/** One line as aureport prints it, with its number and the time in the zone asked for. */
export function formatTtyReportEntry(number: number, entry: TtyReportEntry, timeZone = 'UTC'): string {
  const auid = entry.auid === '4294967295' ? '-1' : entry.auid
  const data = renderKeystrokes(encodeText(entry.data))
  const when = formatTime(entry.timestamp, timeZone)
  return `${number}. ${when} ${entry.serial} ${auid} ${entry.terminal} ${entry.session} ${entry.comm} ${data}`
}

/** `11/22/26 21:41:30` */
function formatTime(timestamp: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: '2-digit',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
    .format(timestamp)
    .replace(',', '')
}
