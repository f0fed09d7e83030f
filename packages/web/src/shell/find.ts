/** What of the data has a name like this: users and hosts by KQL, incidents by their number or title. */
import { listIncidents } from '../api/incidents'
import type { IconName } from '../design/icons'
import { askKql } from '../kql/ask'
import { stringLiteral } from '../kql/text'

export interface Thing {
  readonly group: string
  readonly label: string
  readonly hint?: string
  readonly icon: IconName
  readonly href: string
}

async function incidents(text: string, signal: AbortSignal): Promise<Thing[]> {
  const number = /^#?(\d+)$/.exec(text)?.[1]
  const { items } = await listIncidents(
    { text: text.replace(/^#/, ''), sort: '-activity' },
    { limit: 6 },
    signal,
  )
  const numbered: Thing[] =
    number === undefined
      ? []
      : [{ group: 'Incidents', label: `#${number}`, icon: 'incidents', href: `/incidents/${number}` }]
  return [
    ...numbered,
    ...items.map(
      ({ number: found, title, severity }): Thing => ({
        group: 'Incidents',
        label: `#${found} ${title}`,
        hint: severity,
        icon: 'incidents',
        href: `/incidents/${found}`,
      }),
    ),
  ]
}

async function people(text: string, signal: AbortSignal): Promise<Thing[]> {
  const wanted = stringLiteral(text)
  const rows = await askKql(
    `AuditEvent
| where TimeGenerated > ago(90d)
| where AuditUser contains ${wanted} or Computer contains ${wanted}
| summarize Events = count() by AuditUser, Computer
| top 20 by Events`,
    { signal },
  )
  const names = (column: string) =>
    [...new Set(rows.map((row) => String(row[column])))].filter((name) =>
      name.toLowerCase().includes(text.toLowerCase()),
    )
  return [
    ...names('AuditUser').map(
      (name): Thing => ({
        group: 'Users',
        label: name,
        icon: name === 'root' ? 'root' : 'user',
        href: `/sessions?user=${encodeURIComponent(name)}`,
      }),
    ),
    ...names('Computer').map(
      (name): Thing => ({
        group: 'Hosts',
        label: name,
        icon: 'host',
        href: `/hosts/${encodeURIComponent(name)}`,
      }),
    ),
  ]
}

export async function findThings(text: string, signal: AbortSignal): Promise<Thing[]> {
  if (text.includes('|')) return []
  const found = await Promise.allSettled([incidents(text, signal), people(text, signal)])
  return found.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
}
