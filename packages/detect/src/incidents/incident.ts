import type { Alert } from '../alerts/alert.js'
import { type Entity, entityKey, entityName } from '../alerts/entities.js'
import type { EntityType } from '../entities/types.js'
import type { Severity } from '../rules/vocabulary.js'

export const STATUSES = ['New', 'Active', 'Closed'] as const
export type IncidentStatus = (typeof STATUSES)[number]

export interface Incident {
  readonly number: number
  readonly id: string
  readonly title: string
  readonly description: string
  readonly severity: Severity
  readonly status: IncidentStatus
  readonly ruleId: string
  readonly createdTime: string
  readonly lastModifiedTime: string
  readonly firstActivityTime: string
  readonly lastActivityTime: string
  readonly alerts: readonly Alert[]
}

/** The distinct entities of all the incident's alerts. */
export function incidentEntities(incident: Incident): Entity[] {
  const found = new Map<string, Entity>()
  for (const alert of incident.alerts) {
    for (const entity of alert.entities) found.set(entityKey(entity), entity)
  }
  return [...found.values()]
}

/** Names of the incident's entities of a type, for a table's cell. */
export const namesOf = (incident: Incident, type: EntityType): string[] =>
  incidentEntities(incident)
    .filter((entity) => entity.type === type)
    .map(entityName)

/** Result rows behind the incident: for a rule over commands, the commands that were run. */
export const rowsBehind = (incident: Incident): number =>
  incident.alerts.reduce((sum, alert) => sum + alert.rowCount, 0)
