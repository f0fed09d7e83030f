/** The reports that are KQL files (content/reports): what they are called, and the whole query of one. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Report {
  readonly name: string
  /** What it shows, in a line. */
  readonly about: string
  /** The column that its totals are by; undefined where the report is totals already. */
  readonly totalsBy: string | undefined
  /** Over `Events`, which {@link reportQuery} puts before it. */
  readonly kql: string
}

export function readReport(name: string, text: string): Report {
  const [, about] = /^\/\/ (.+)$/m.exec(text) ?? []
  const [, totalsBy] = /^\/\/ Totals by: (\w+)$/m.exec(text) ?? []
  if (about === undefined) throw new Error(`the report ${name} does not say in its first line what it shows`)
  return { name, about, totalsBy, kql: text.replace(/^\/\/.*\n/gm, '').trim() }
}

export async function readReports(folder: string): Promise<Report[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.kql')).sort()
  return Promise.all(
    files.map(async (file) =>
      readReport(file.replace(/\.kql$/, ''), await readFile(join(folder, file), 'utf8')),
    ),
  )
}

export interface ReportChoice {
  readonly computer?: string
  /** Only what went well, or what did not. */
  readonly success?: boolean
  readonly totals?: boolean
}

export function reportQuery({ kql, totalsBy }: Report, { computer, success, totals }: ReportChoice): string {
  const conditions = [
    ...(computer === undefined ? [] : [`Computer =~ ${JSON.stringify(computer)}`]),
    ...(success === undefined ? [] : [`Success == "${success ? 'yes' : 'no'}"`]),
  ]
  const events = ['AuditReportEvents()', ...conditions.map((condition) => `| where ${condition}`)].join(' ')
  const isTotals = totals === true && totalsBy !== undefined
  const tail = isTotals
    ? `\n| summarize Total = count() by ${totalsBy}\n| sort by Total desc, ${totalsBy} asc`
    : ''
  const order = totalsBy !== undefined && !isTotals ? '\n| sort by Time asc, Event asc' : ''
  return `let Events = ${events};\n${kql}${tail}${order}\n`
}
