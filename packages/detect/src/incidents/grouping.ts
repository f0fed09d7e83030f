/** Which open incident of the same rule, if any, does a new alert belong to? */
import type { Alert } from '../alerts/alert.js'
import { type Entity, entityKey } from '../alerts/entities.js'
import type { Grouping } from '../rules/rule.js'
import type { Incident } from './incident.js'

export const ALERTS_PER_INCIDENT = 150

const keys = (entities: readonly Entity[]) => new Set(entities.map(entityKey))

const equal = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
  a.size === b.size && [...a].every((key) => b.has(key))

function matches(grouping: Grouping, alert: Alert, other: Alert): boolean {
  switch (grouping.matchingMethod) {
    case 'AnyAlert':
      return true
    case 'AllEntities':
      return equal(keys(alert.entities), keys(other.entities))
    case 'Selected': {
      const selected = (entities: readonly Entity[]) =>
        keys(
          entities.filter((entity) => (grouping.groupByEntities as readonly string[]).includes(entity.type)),
        )
      return equal(selected(alert.entities), selected(other.entities))
    }
  }
}

/**
 * `candidates` are the rule's incidents, newest first. An incident that is full, closed (unless the rule
 * reopens) or whose last alert lies before the look-back does not take the alert.
 */
export function incidentFor(
  grouping: Grouping,
  alert: Alert,
  candidates: readonly Incident[],
): Incident | undefined {
  if (!grouping.enabled) return undefined
  const oldest = Date.parse(alert.endTime) - grouping.lookback * 60_000
  return candidates.find(
    (incident) =>
      (incident.status !== 'Closed' || grouping.reopenClosedIncident) &&
      incident.alerts.length < ALERTS_PER_INCIDENT &&
      Date.parse(incident.lastActivityTime) >= oldest &&
      incident.alerts.some((other) => matches(grouping, alert, other)),
  )
}
