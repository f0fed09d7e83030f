import { type IncidentSummary, namesOf } from '@auspex/detect'
import { renderTable } from './table.js'

const HEADER = ['No.', 'Severity', 'Title', 'Host', 'User', 'Events', 'Time (UTC)']

const shortTime = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 19)}`

export function renderIncidents(incidents: readonly IncidentSummary[], width: number | undefined): string {
  const rows = incidents.map((incident) => [
    String(incident.number),
    incident.severity,
    incident.title,
    namesOf(incident, 'Host').join(', '),
    namesOf(incident, 'Account').join(', '),
    String(incident.rowCount),
    shortTime(incident.firstActivityTime),
  ])
  return renderTable(HEADER, rows, { columns: width, right: new Set([0, 5]) })
}
