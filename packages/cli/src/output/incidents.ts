import { type Incident, namesOf, rowsBehind } from '@auspex/detect'
import { renderTable } from './table.js'

const HEADER = ['No.', 'Severity', 'Title', 'Host', 'User', 'Commands', 'Time (UTC)']

const shortTime = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 19)}`

export function renderIncidents(incidents: readonly Incident[], width: number | undefined): string {
  const rows = incidents.map((incident) => [
    String(incident.number),
    incident.severity,
    incident.title,
    namesOf(incident, 'Host').join(', '),
    namesOf(incident, 'Account').join(', '),
    String(rowsBehind(incident)),
    shortTime(incident.firstActivityTime),
  ])
  return renderTable(HEADER, rows, { columns: width, right: new Set([0, 5]) })
}
