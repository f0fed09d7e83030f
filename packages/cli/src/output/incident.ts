/** One incident as a person reads it. */
import { type Activity, actorText, type Change, type Entity, entityName, type Incident } from '@auspex/detect'
import { printable } from './table.js'

const time = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 19)}`

function duration(seconds: number): string {
  const [d, h, m] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ]
  if (d > 0) return `${d} d ${h} h`
  return h > 0 ? `${h} h ${m} min` : `${m} min`
}

/** `alice on web-1 (AuditUser, User)` */
function entityText(entity: Entity): string {
  const host = entity.host === undefined ? '' : ` on ${entity.host}`
  const columns = entity.columns?.length ? ` (${entity.columns.join(', ')})` : ''
  return printable(`${entityName(entity)}${host}${columns}`)
}

function entityLines(entities: readonly Entity[]): string[] {
  const types = [...new Set(entities.map(({ type }) => type))]
  return types.flatMap((type) =>
    entities
      .filter((entity) => entity.type === type)
      .map((entity, i) => `  ${(i === 0 ? type : '').padEnd(10)}${entityText(entity)}`),
  )
}

function sla({ sla, status }: Incident): string[] {
  const lines: string[] = []
  if (sla.acknowledgeBy !== null) {
    const done = sla.secondsToAcknowledge === null ? 'not yet' : `after ${duration(sla.secondsToAcknowledge)}`
    lines.push(`Taken on   ${done}, due ${time(sla.acknowledgeBy)}${sla.isAcknowledgeLate ? ' - LATE' : ''}`)
  }
  if (sla.closeBy !== null) {
    const done =
      status === 'Closed' && sla.secondsToClose !== null ? `after ${duration(sla.secondsToClose)}` : 'not yet'
    lines.push(`Closed     ${done}, due ${time(sla.closeBy)}${sla.isCloseLate ? ' - LATE' : ''}`)
  }
  return lines
}

const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', title, ...lines])

export function renderIncident(incident: Incident): string {
  const { classification, classificationReason: reason, classificationComment: said } = incident
  const outcome =
    classification === null
      ? ''
      : ` - ${classification}${reason === null ? '' : `, ${reason}`}${said ? `: ${said}` : ''}`
  const lines = [
    `Incident ${incident.number}: ${incident.title}`,
    '',
    `Status     ${incident.status}${outcome}`,
    `Severity   ${incident.severity}`,
    `Owner      ${incident.owner?.name ?? 'nobody'}`,
    ...(incident.labels.length === 0
      ? []
      : [`Labels     ${incident.labels.map(({ name }) => name).join(', ')}`]),
    `Activity   ${time(incident.firstActivityTime)} to ${time(incident.lastActivityTime)} (UTC)`,
    `Created    ${time(incident.createdTime)}, changed ${time(incident.lastModifiedTime)} by ${incident.modifiedBy}`,
    ...sla(incident),
    `Tactics    ${[...incident.tactics, ...incident.techniques].join(', ')}`,
    ...section(
      'Description',
      incident.description
        .trim()
        .split('\n')
        .map((line) => `  ${line}`),
    ),
    ...section('Entities', entityLines(incident.entities)),
    ...section(
      `Alerts (${incident.alertCount}), ${incident.rowCount} events`,
      incident.alerts.map(
        (alert) =>
          `  ${time(alert.startTime)}  ${alert.severity.padEnd(13)} ${alert.displayName}  [${alert.id}]`,
      ),
    ),
    ...section(
      'Tasks',
      incident.tasks.map(
        ({ id, title, status }) => `  [${status === 'Completed' ? 'x' : ' '}] ${title}  [${id}]`,
      ),
    ),
    ...section(
      'Comments',
      incident.comments.flatMap(({ author, createdTime, message }) => [
        `  ${time(createdTime)}  ${author}:`,
        ...message.split('\n').map((line) => `    ${line}`),
      ]),
    ),
  ]
  return `${lines.map(printable).join('\n')}\n`
}

function changeText(change: Change): string {
  switch (change.kind) {
    case 'created':
      return 'opened it'
    case 'changed':
      return `changed ${change.property} from ${change.from ?? 'nothing'} to ${change.to ?? 'nothing'}`
    case 'playbook':
      return `playbook ${change.playbook} ${change.outcome}${change.message ? `: ${change.message}` : ''}`
    case 'revealed':
      return `looked at ${change.what}`
    default:
      return `${change.kind} ${change.what} ${change.what === 'alert' ? change.title : change.value}`
  }
}

export const renderActivities = (activities: readonly Activity[]): string =>
  activities
    .map(
      ({ time: at, actor, change }) =>
        `${time(at)}  ${printable(actorText(actor))}  ${printable(changeText(change))}\n`,
    )
    .join('')
