/** An incident as one HTML page that needs nothing else: to read, to mail, to print. Secrets in it are masked. */
import { entityName, type Incident } from '@auspex/detect'
import type { SessionDetail } from '@auspex/sessions'

const STYLE = `
:root { color-scheme: light dark; --dim: #556; --line: #ddd; --bad: #b00020; --bg: #fff; --fg: #111 }
@media (prefers-color-scheme: dark) { :root { --dim: #9ab; --line: #333; --bad: #ff7b7b; --bg: #14161a; --fg: #e8e8ea } }
body { font: 14px/1.5 system-ui, sans-serif; background: var(--bg); color: var(--fg); max-width: 76rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem; margin: 0 } h2 { font-size: 1.1rem; margin: 1.8rem 0 .4rem } h3 { font-size: 1rem }
table { border-collapse: collapse; width: 100% }
th, td { padding: .2rem .8rem .2rem 0; vertical-align: top; border-bottom: 1px solid var(--line); text-align: left }
td.text { font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; width: 100% }
td.time { white-space: nowrap } .dim { color: var(--dim) } .alert { color: var(--bad) }
`

export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)

const clock = (iso: string) => `${iso.slice(0, 19).replace('T', ' ')}`

const table = (head: readonly string[], rows: readonly string[][]): string =>
  `<table><thead><tr>${head.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead><tbody>${rows
    .map((cells) => `<tr>${cells.join('')}</tr>`)
    .join('\n')}</tbody></table>`

const cell = (text: string, kind = '') => `<td${kind === '' ? '' : ` class="${kind}"`}>${escaped(text)}</td>`

function sessionPart({ session, timeline, lines }: SessionDetail): string {
  const outcomes = new Map(lines.map(({ id, outcome }) => [id, outcome]))
  const rows = timeline.map((item) => [
    cell(item.timeKnown ? clock(item.time) : '', 'time'),
    cell(item.user),
    cell(item.text, item.kind === 'alert' ? 'text alert' : 'text'),
    cell(outcomes.get(item.id) ?? item.kind),
  ])
  const from = session.sourceAddress === '' ? '' : ` from ${session.sourceAddress}`
  const reasons = session.risk.reasons.map(({ text }) => `<li>${escaped(text)}</li>`).join('')
  return `<h2>Session ${session.session} of ${escaped(session.user)} on ${escaped(session.computer)}</h2>
<p>${escaped(session.method)}${escaped(from)}, ${clock(session.start)} to ${clock(session.end ?? session.lastActivity)} UTC. Became: ${escaped(session.became.join(', ') || 'nobody')}. Risk ${session.risk.score} (${session.risk.level}).</p>
<ul>${reasons}</ul>
${table(['Time (UTC)', 'User', 'What', ''], rows)}`
}

export function renderReport(incident: Incident, sessions: readonly SessionDetail[]): string {
  const entities = incident.entities.map((entity) => [
    cell(entity.type),
    cell(entityName(entity), 'text'),
    cell(entity.host ?? ''),
    cell(entity.columns?.join(', ') ?? ''),
  ])
  const alerts = incident.alerts.map((alert) => [
    cell(clock(alert.startTime), 'time'),
    cell(alert.severity),
    cell(alert.displayName),
    cell(`${alert.rowCount} rows of the rule ${alert.ruleName}`),
  ])
  const comments = incident.comments.map(({ createdTime, author, message }) => [
    cell(clock(createdTime), 'time'),
    cell(author),
    cell(message, 'text'),
  ])
  const title = `Incident ${incident.number}: ${incident.title}`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>
<h1>${escaped(title)}</h1>
<p class="dim">${incident.severity}, ${incident.status}. ${clock(incident.firstActivityTime)} to ${clock(incident.lastActivityTime)} UTC. ${escaped(incident.techniques.join(', '))}</p>
<p>${escaped(incident.description)}</p>
<h2>Entities</h2>${table(['Type', 'Name', 'Host', 'From'], entities)}
<h2>Alerts</h2>${table(['Time (UTC)', 'Severity', 'Alert', ''], alerts)}
${comments.length === 0 ? '' : `<h2>Comments</h2>${table(['Time (UTC)', 'By', 'Comment'], comments)}`}
${sessions.map(sessionPart).join('\n')}
<p class="dim">Typed lines have the times of the commands that they started: the kernel stamps keys when it writes them out. Secrets are masked; the raw records beside this page are not.</p>
</body></html>
`
}
