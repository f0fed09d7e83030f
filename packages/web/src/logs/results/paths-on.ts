/** Where one can go on from a row: to the whole event that it is a part of, to the session it happened in. */
import type { IconName } from '../../design/icons'
import type { Cell, Column } from '../../kql/answer'
import { stringLiteral } from '../../kql/text'

export interface PathOn {
  readonly label: string
  readonly href: string
  readonly icon: IconName
}

const queryHref = (query: string) => `/logs?${new URLSearchParams({ q: query, t: 'all' })}`

export function pathsOn(columns: readonly Column[], cells: readonly Cell[]): PathOn[] {
  const text = (name: string): string => {
    const cell = cells[columns.findIndex((column) => column.name === name)]
    return cell === null || cell === undefined ? '' : String(cell)
  }
  const computer = text('Computer')
  const host = computer === '' ? '' : ` and Computer == ${stringLiteral(computer)}`
  const paths: PathOn[] = []
  const auditId = text('AuditID_s')
  if (auditId !== '') {
    const query = `LinuxAuditLog_CL\n| where AuditID_s == ${stringLiteral(auditId)}${host}`
    paths.push({ label: 'Records of this event', icon: 'logs', href: queryHref(query) })
  }
  const serial = text('Serial')
  const time = text('TimeGenerated')
  if (auditId === '' && serial !== '' && time !== '') {
    const query = `LinuxAuditLog_CL\n| where SerialNumber_s == ${stringLiteral(serial)} and TimeGenerated == datetime(${time})${host}`
    paths.push({ label: 'Records of this event', icon: 'logs', href: queryHref(query) })
  }
  const incident = text('IncidentNumber')
  if (incident !== '')
    paths.push({ label: `Incident ${incident}`, icon: 'incidents', href: `/incidents/${incident}` })
  return paths
}
