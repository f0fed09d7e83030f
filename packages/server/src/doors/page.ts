/** The incidents as one plain page without scripts. */
import { type IncidentSummary, namesOf } from '@auspex/detect'
import { html } from 'hono/html'

const STYLE = `
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #8884; vertical-align: top; }
  code { font: 13px ui-monospace, monospace; }
  :root { color-scheme: light dark; }
`

const COMMANDS_SHOWN = 12

const row = (incident: IncidentSummary) => {
  const commands = namesOf(incident, 'Process')
  const more = commands.length - COMMANDS_SHOWN
  return html`<tr>
    <td>${incident.number}</td>
    <td>${incident.severity}</td>
    <td>${incident.title}</td>
    <td>${namesOf(incident, 'Host').join(', ')}</td>
    <td>${namesOf(incident, 'Account').join(', ')}</td>
    <td>${incident.rowCount}</td>
    <td>
      ${commands.slice(0, COMMANDS_SHOWN).map((command) => html`<code>${command}</code><br />`)}
      ${more > 0 ? `and ${more} more` : ''}
    </td>
    <td><time>${incident.firstActivityTime}</time></td>
  </tr>`
}

export function incidentsPage(incidents: readonly IncidentSummary[]) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Incidents - Auspex</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <main>
          <h1>Incidents</h1>
          ${
            incidents.length === 0
              ? html`<p>None yet: no enabled rule has found anything in the data.</p>`
              : html`<table>
                  <thead>
                    <tr>
                      <th>No.</th><th>Severity</th><th>Title</th><th>Host</th><th>User</th>
                      <th>Commands</th><th>Which</th><th>First seen (UTC)</th>
                    </tr>
                  </thead>
                  <tbody>${incidents.map(row)}</tbody>
                </table>`
          }
        </main>
      </body>
    </html>`
}
