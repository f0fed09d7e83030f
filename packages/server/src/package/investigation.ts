/**
 * The investigation package of an incident: everything that somebody needs who takes the case over, in one zip. Its
 * raw records hold keystrokes as they were, so that they are evidence; the package is therefore for administrators, and
 * that it was made is in QueryLog.
 */
import { createHash } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Incident, Incidents } from '@auspex/detect'
import type { SessionDetail, SessionService, SessionView } from '@auspex/sessions'
import { zip } from 'fflate'
import { renderReport } from './report.js'

const MAX_SESSIONS = 20
const MAX_RECORD_BYTES = 256 << 20
const PAGE = 1000
const REQUESTER = { user: 'package', client: 'package' }

const csvCell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
const csv = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  `${[head, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`
const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`

interface Source {
  readonly incidents: Pick<Incidents, 'activities' | 'alertRows'>
  readonly sessions: Pick<SessionService, 'view' | 'rawRecords'>
  query(
    text: string,
    options: Record<string, never>,
    requester: typeof REQUESTER,
  ): Promise<{ readonly rows: readonly (readonly unknown[])[] }>
}

/** The sessions that the incident's alerts fell in. */
async function sessionsOf(incident: Incident, source: Source): Promise<string[]> {
  if (incident.alerts.length === 0) return []
  const ids = incident.alerts.map(({ id }) => JSON.stringify(id)).join(', ')
  const { rows } = await source.query(
    `AuditSession | where array_length(set_intersect(Alerts, dynamic([${ids}]))) > 0 | sort by RiskScore desc, TimeGenerated asc | take ${MAX_SESSIONS} | project SessionUid`,
    {},
    REQUESTER,
  )
  return rows.map(([uid]) => String(uid))
}

/** A line a process, indented under the one that started it. */
function processTree(view: SessionView): string {
  const lines: string[] = []
  const walk = (parent: number | undefined, depth: number) => {
    let cursor: string | undefined
    do {
      const page = view.processes(parent, cursor, PAGE)
      for (const process of page.items) {
        const what = process.commandLine || process.name || '(not in the log)'
        lines.push(`${'  '.repeat(depth)}${process.pid} ${what}`)
        if (process.children > 0 && depth < 200) walk(process.index, depth + 1)
      }
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
  }
  walk(undefined, 0)
  return `${lines.join('\n')}\n`
}

async function rawRecords(uid: string, { sessions }: Source, signal: AbortSignal): Promise<string> {
  const lines: string[] = []
  let bytes = 0
  let cursor: string | undefined
  do {
    const page = await sessions.rawRecords(uid, REQUESTER, cursor, PAGE, signal)
    for (const { raw } of page.items) {
      bytes += raw.length + 1
      if (bytes > MAX_RECORD_BYTES) {
        lines.push(`# more than ${MAX_RECORD_BYTES} bytes: the rest is in LinuxAuditLog_CL`)
        return `${lines.join('\n')}\n`
      }
      lines.push(raw)
    }
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  return `${lines.join('\n')}\n`
}

/** File name to content, without the list of digests. */
export async function packageFiles(
  incident: Incident,
  source: Source,
  signal: AbortSignal,
): Promise<{ files: Map<string, string>; sessions: readonly SessionDetail[] }> {
  const { incidents, sessions } = source
  const files = new Map<string, string>()
  const { alerts, ...rest } = incident
  files.set('incident.json', json(rest))
  files.set('alerts.json', json(alerts))
  files.set('activity.json', json(await incidents.activities(incident.number)))
  for (const { id } of alerts) {
    const { columns, rows } = await incidents.alertRows(id)
    files.set(`alerts/${id}.csv`, csv(columns, rows))
  }
  const details: SessionDetail[] = []
  for (const uid of await sessionsOf(incident, source)) {
    const view = await sessions.view(uid, signal)
    const detail = view.detail()
    details.push(detail)
    const folder = `sessions/${uid}`
    files.set(`${folder}/session.json`, json(detail.session))
    files.set(
      `${folder}/commands.csv`,
      csv(
        [
          'Time',
          'User',
          'EffectiveUser',
          'ProcessId',
          'ParentProcessId',
          'CommandLine',
          'Directory',
          'Origin',
        ],
        view
          .commands()
          .map((command) => [
            command.time,
            command.user,
            command.effectiveUser,
            String(command.pid),
            String(command.ppid ?? ''),
            command.commandLine,
            command.directory,
            command.origin,
          ]),
      ),
    )
    files.set(
      `${folder}/keystrokes.csv`,
      csv(
        ['Time', 'User', 'Reader', 'Terminal', 'Text', 'Outcome', 'Confidence'],
        view
          .lines()
          .map((line) => [
            line.time ?? '',
            line.user,
            line.reader,
            line.terminal,
            line.text,
            line.outcome,
            String(line.confidence),
          ]),
      ),
    )
    files.set(`${folder}/processes.txt`, processTree(view))
    files.set(`${folder}/records.log`, await rawRecords(uid, source, signal))
  }
  files.set('report.html', renderReport(incident, details))
  return { files, sessions: details }
}

export interface CollectParts {
  readonly source: Source
  /** Where packages are kept. */
  readonly folder: string
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Writes the zip, with `SHA256SUMS` as `sha256sum -c` reads it. */
export async function collectPackage(
  incident: Incident,
  run: string,
  { source, folder }: CollectParts,
  signal: AbortSignal,
): Promise<{ file: string; summary: string }> {
  const { files, sessions } = await packageFiles(incident, source, signal)
  const bytes = new Map([...files].map(([name, text]) => [name, new TextEncoder().encode(text)]))
  const sums = [...bytes].map(([name, content]) => `${sha256(content)}  ${name}\n`).join('')
  bytes.set('SHA256SUMS', new TextEncoder().encode(sums))
  const packed = await new Promise<Uint8Array>((resolve, reject) => {
    zip(Object.fromEntries(bytes), { level: 6 }, (error, data) => (error ? reject(error) : resolve(data)))
  })
  const file = `incident-${incident.number}-${run.replace(/[^A-Za-z0-9-]/g, '').slice(0, 60)}.zip`
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, file)
  await writeFile(`${path}.part`, packed, { mode: 0o600 })
  await rename(`${path}.part`, path)
  const count = sessions.length === 1 ? '1 session' : `${sessions.length} sessions`
  return { file, summary: `${bytes.size} files, ${count}, ${packed.length} bytes, SHA-256 ${sha256(packed)}` }
}
