/** Which open incident of the same rule, if any, does a new alert belong to? */
import type { Alert } from '../alerts/alert.js'
import { type Entity, entityKey } from '../entities/entity.js'
import type { Grouping } from '../rules/rule.js'
import type { IncidentStatus } from './incident.js'

export const ALERTS_PER_INCIDENT = 150

/** What grouping has to know of an incident. */
export interface Candidate {
  readonly number: number
  readonly status: IncidentStatus
  readonly lastActivityTime: string
  readonly alerts: readonly Alert[]
}

const keys = (entities: readonly Entity[]) => new Set(entities.map(entityKey))

const equal = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
  a.size === b.size && [...a].every((key) => b.has(key))

const sameDetail = (alert: Alert, other: Alert, key: string) =>
  equal(new Set(alert.customDetails[key] ?? []), new Set(other.customDetails[key] ?? []))

function matches(grouping: Grouping, alert: Alert, other: Alert): boolean {
  switch (grouping.matchingMethod) {
    case 'AnyAlert':
      return true
    case 'AllEntities':
      return equal(keys(alert.entities), keys(other.entities))
    case 'Selected': {
      const selected = (entities: readonly Entity[]) =>
        keys(entities.filter(({ type }) => (grouping.groupByEntities as readonly string[]).includes(type)))
      return (
        equal(selected(alert.entities), selected(other.entities)) &&
        grouping.groupByAlertDetails.every((detail) =>
          detail === 'Severity' ? alert.severity === other.severity : alert.displayName === other.displayName,
        ) &&
        grouping.groupByCustomDetails.every((key) => sameDetail(alert, other, key))
      )
    }
  }
}

/** Times in minutes before the alert's end that grouping looks back. */
export const lookbackStart = (grouping: Grouping, alert: Alert): number =>
  Date.parse(alert.endTime) - grouping.lookback * 60_000

/**
 * `candidates` are the rule's incidents, newest first. An incident that is full, closed (unless the rule
 * reopens) or whose last alert lies before the look-back does not take the alert.
 */
export function incidentFor<T extends Candidate>(
  grouping: Grouping,
  alert: Alert,
  candidates: readonly T[],
): T | undefined {
  if (!grouping.enabled) return undefined
  const oldest = lookbackStart(grouping, alert)
  return candidates.find(
    (incident) =>
      (incident.status !== 'Closed' || grouping.reopenClosedIncident) &&
      incident.alerts.length < ALERTS_PER_INCIDENT &&
      Date.parse(incident.lastActivityTime) >= oldest &&
      incident.alerts.some((other) => matches(grouping, alert, other)),
  )
}
