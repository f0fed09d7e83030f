/** A session as one HTML page that needs nothing else: to mail, to print, to put beside a ticket. */
import type { SessionDetail, TimelineItem } from '@auspex/sessions'
import { lengthOf } from './sessions-table.js'
import { printable } from './table.js'
import { dateTimeOf, timeOf, zoneOf } from './times.js'

const STYLE = `
:root { color-scheme: light dark; --dim: #667; --line: #ddd; --warn: #a50; --bad: #b00020; --good: #0a6b2d; --bg: #fff; --fg: #111 }
@media (prefers-color-scheme: dark) { :root { --dim: #99a; --line: #333; --warn: #fb5; --bad: #ff6b6b; --good: #6fd08c; --bg: #14161a; --fg: #e8e8ea } }
body { font: 14px/1.5 system-ui, sans-serif; background: var(--bg); color: var(--fg); max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.3rem; margin: 0 } h2 { font-size: 1rem; margin: 1.6rem 0 .4rem }
p { margin: .2rem 0 } .dim { color: var(--dim) } code, .text { font: 13px/1.5 ui-monospace, monospace }
table { border-collapse: collapse; width: 100% } td { padding: .15rem .6rem .15rem 0; vertical-align: top; border-bottom: 1px solid var(--line) }
td.time, td.who, td.status { white-space: nowrap; color: var(--dim) } td.text { white-space: pre-wrap; overflow-wrap: anywhere; width: 100% }
tr.not-run .text, tr.aborted .text { text-decoration: line-through } tr.refused-login .text, tr.failure .text, tr.not-typed .text { color: var(--warn) }
tr.alert .text { color: var(--bad) } tr.login .text, tr.end .text { color: var(--good) } tr.from-typed .text, tr.shell-files, tr.login-command { color: var(--dim) }
.level-critical, .level-high { color: var(--bad); font-weight: 600 } .level-medium { color: var(--warn) }
`

const escaped = (text: string): string =>
  printable(text.replaceAll('\n', '\u2028'))
    .replaceAll('\\u2028', '\n')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

export function renderSessionHtml(detail: SessionDetail, timeZone: string): string {
  const { session, timeline, lines } = detail
  const zone = zoneOf(session.start, timeZone)
  const title = `Session ${session.uid}: ${session.user} on ${session.computer}`
  const how = [
    session.method,
    session.sourceAddress && `from ${session.sourceAddress}`,
    session.terminal && `on ${session.terminal}`,
  ]
  const byId = new Map(lines.map((line) => [line.id, line]))
  const rows = timeline.map((item) => {
    const line = byId.get(item.id)
    const status =
      line === undefined
        ? statusOf(item)
        : `${line.outcome}${line.confidence < 0.9 && line.outcome !== 'unknown' ? ` ${Math.round(line.confidence * 100)}%` : ''}${line.doubts.length > 0 ? ` (${line.doubts.join(', ')})` : ''}`
    const prompt = line === undefined ? '' : line.user === 'root' ? '# ' : '$ '
    const ending = line?.end === 'interrupt' ? ' ^C' : line?.end === 'end-of-file' ? '^D' : ''
    const clock = item.timeKnown ? timeOf(item.time, timeZone) : ''
    const indent = item.depth > 0 ? ` style="padding-left:${item.depth}rem"` : ''
    return `<tr class="${item.kind} ${escaped(item.outcome)}"><td class="time" title="${item.time}">${clock}</td><td class="who">${escaped(item.user)}</td><td class="text"${indent}>${escaped(prompt + item.text + ending)}</td><td class="status">${escaped(status)}</td></tr>`
  })
  const reasons = session.risk.reasons.map(
    ({ points, text }) => `<li>${escaped(text)} <span class="dim">${Math.round(points)}</span></li>`,
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>
<h1>${escaped(title)}</h1>
<p class="dim">${escaped(how.filter(Boolean).join(' '))} · ${session.startKnown ? '' : 'before '}${dateTimeOf(session.start, timeZone)} – ${dateTimeOf(session.end ?? session.lastActivity, timeZone)} ${zone} · ${escaped(lengthOf(session))}</p>
<h2>Risk: <span class="level-${session.risk.level}">${session.risk.score} ${session.risk.level}</span></h2>
<ul>${reasons.join('') || '<li class="dim">nothing that says something by itself</li>'}</ul>
<h2>What happened</h2>
<table>${rows.join('\n')}</table>
<p class="dim">Times are those of the commands that a typed line started: the kernel stamps keys when it writes them out. Lines without a time stand where they came in order. Secrets are masked unless they were asked for.</p>
</body></html>
`
}

function statusOf({ kind, outcome }: TimelineItem): string {
  if (kind === 'command') return outcome === 'login' ? 'by the login' : outcome
  return kind === 'note' || kind === 'alert' ? outcome : ''
}
