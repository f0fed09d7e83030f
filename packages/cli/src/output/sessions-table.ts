/** The list of sessions. */
import type { SessionRecord } from '@auspex/sessions'
import type { Paint } from './paint.js'
import { renderTable } from './table.js'
import { dateTimeOf, durationOf, zoneOf } from './times.js'

const NUMBERS = new Set([8, 9])

export function renderSessions(
  sessions: readonly SessionRecord[],
  width: number | undefined,
  timeZone: string,
  paint: Paint,
): string {
  const zone = sessions[0] === undefined ? timeZone : zoneOf(sessions[0].start, timeZone)
  const header = [
    'ID',
    `Start (${zone})`,
    'Length',
    'User',
    'Host',
    'How',
    'From',
    'Became',
    'Typed',
    'Ran',
    'Risk',
  ]
  const rows = sessions.map((session) => [
    session.uid,
    `${session.startKnown ? '' : '≤'}${dateTimeOf(session.start, timeZone)}`,
    lengthOf(session),
    session.user,
    session.computer,
    session.method,
    session.sourceAddress,
    session.became.join(', '),
    session.keys === 'recorded' ? String(session.typedLines) : session.keys === 'missing' ? 'missing' : '–',
    String(session.commands),
    `${String(session.risk.score).padStart(3)} ${session.risk.level}`,
  ])
  const table = renderTable(header, rows, { columns: width, right: NUMBERS })
  const [head, rule, ...lines] = table.trimEnd().split('\n')
  const colours = lines.map((line, i) => colourOf(sessions[i]!.risk.level, paint)(line))
  return `${[paint.bold(head ?? ''), rule, ...colours].join('\n')}\n`
}

export function lengthOf({ start, end, endReason, lastActivity }: SessionRecord): string {
  const length = durationOf(Date.parse(end ?? lastActivity) - Date.parse(start))
  if (end === null) return `${length}, open`
  return endReason === 'reboot' ? `${length}, reboot` : length
}

export function colourOf(level: string, paint: Paint): (text: string) => string {
  if (level === 'critical') return paint.red
  if (level === 'high') return paint.yellow
  return (text) => text
}
