import { formatTtyReportEntry, type TableBatch, ttyReport } from '@auspex/auditd'
import { openDesk } from '../../desk.js'
import type { Effects, ExitCode } from '../../effects.js'
import { printable } from '../../output/table.js'

export interface ReportTtyArguments {
  readonly directory: string
  readonly computer: string | undefined
}

const HEADER = `
TTY Report
===============================================
# date time event auid term sess comm data
===============================================
`

/** A TTY record names no terminal: the SYSCALL record of its event does, and is asked for behind it. */
const kql = (computer: string | undefined) => `
let Records = LinuxAuditLog_CL${computer === undefined ? '' : `\n| where Computer == ${JSON.stringify(computer)}`};
let Typed = Records
| where RecordType_s in ("TTY", "USER_TTY");
Records
| where RecordType_s in ("TTY", "USER_TTY") or (RecordType_s == "SYSCALL" and AuditID_s in (Typed | project AuditID_s))
| sort by TimeGenerated asc, tolong(SerialNumber_s) asc, RecordType_s desc
| project Computer, Time = (TimeGenerated - datetime(1970-01-01)) / 1ms, AuditID_s, SerialNumber_s, RecordType_s, auid_s, ses_s, comm_s, tty_s, data_s`

/** What was typed, as `aureport --tty` prints it. */
export async function reportTty(args: ReportTtyArguments, effects: Effects): Promise<ExitCode> {
  const desk = await openDesk(args.directory, effects, false)
  try {
    const { columns, rows, truncated } = await desk.query(kql(args.computer))
    const cells = new Map<string, unknown[]>(
      columns.map(({ name }, i) => [name === 'Time' ? 'TimeGenerated' : name, rows.map((row) => row[i])]),
    )
    const batch: TableBatch = { table: 'LinuxAuditLog_CL', rowCount: rows.length, columns: cells }
    const entries = ttyReport([batch])
    if (entries.length === 0) {
      effects.out.write('No keystrokes: no TTY or USER_TTY record is in the data. Is pam_tty_audit set up?\n')
      return 0
    }
    effects.out.write(HEADER)
    entries.forEach((entry, i) => {
      effects.out.write(`${printable(formatTtyReportEntry(i + 1, entry, effects.timeZone))}\n`)
    })
    if (truncated)
      effects.err.write('only a part of the records was looked at: name a host with --computer\n')
    return 0
  } finally {
    await desk.close()
  }
}
