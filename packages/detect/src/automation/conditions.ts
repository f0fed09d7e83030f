/** Whether the conditions of an automation rule hold for an incident and what was done to it. */
import type { Alert } from '../alerts/alert.js'
import { type Entity, plainIdentifiers } from '../entities/entity.js'
import type { Actor, Change } from '../incidents/change.js'
import type { Incident } from '../incidents/incident.js'
import type { Condition, Operator, Property } from './rule.js'

/** What conditions look at. `incident` is missing for an alert that has none. */
export interface Subject {
  readonly incident: Incident | undefined
  readonly alerts: readonly Alert[]
  readonly changes: readonly Change[]
  readonly actor: Actor
}

const PRODUCT = 'Auspex'

/** Properties of entities: the type, and the identifiers that hold the value. */
const OF_ENTITIES: Readonly<Partial<Record<Property, readonly [type: string, ...identifiers: string[]]>>> = {
  AccountName: ['Account', 'Name'],
  AccountNTDomain: ['Account', 'NTDomain'],
  AccountUPNSuffix: ['Account', 'UPNSuffix'],
  AccountSid: ['Account', 'Sid'],
  HostName: ['Host', 'HostName', 'FullName'],
  HostNTDomain: ['Host', 'NTDomain'],
  HostOSVersion: ['Host', 'OSVersion'],
  IPAddress: ['IP', 'Address'],
  FileName: ['File', 'Name'],
  FileDirectory: ['File', 'Directory'],
  FileHashValue: ['FileHash', 'Value'],
  ProcessCommandLine: ['Process', 'CommandLine'],
  ProcessId: ['Process', 'ProcessId'],
  Url: ['URL', 'Url'],
  DNSDomainName: ['DNS', 'DomainName'],
}

function ofEntities(entities: readonly Entity[], [type, ...names]: readonly [string, ...string[]]): string[] {
  return entities
    .filter((entity) => entity.type === type)
    .flatMap(({ identifiers }) => {
      const plain = plainIdentifiers(type, identifiers)
      return names.map((name) => plain[name]).find((value) => value !== undefined) ?? []
    })
}

/** The values of a property; none where there is nothing of the kind. */
export function valuesOf(property: Property, { incident, alerts, actor }: Subject): string[] {
  const place = OF_ENTITIES[property]
  if (place !== undefined) {
    return ofEntities(incident?.entities ?? alerts.flatMap(({ entities }) => entities), place)
  }
  switch (property) {
    case 'IncidentTitle':
      return incident === undefined ? [] : [incident.title]
    case 'IncidentDescription':
      return incident === undefined ? [] : [incident.description]
    case 'IncidentSeverity':
      return incident === undefined ? [] : [incident.severity]
    case 'IncidentStatus':
      return incident === undefined ? [] : [incident.status]
    case 'IncidentRelatedAnalyticRuleIds':
      return [...(incident?.ruleIds ?? [])]
    case 'IncidentTactics':
      return [...(incident?.tactics ?? [])]
    case 'IncidentLabel':
      return incident?.labels.map(({ name }) => name) ?? []
    case 'IncidentUpdatedBySource':
      return [actor.kind]
    case 'IncidentCustomDetailsKey':
      return alerts.flatMap(({ customDetails }) => Object.keys(customDetails))
    case 'IncidentCustomDetailsValue':
      return alerts.flatMap(({ customDetails }) => Object.values(customDetails).flat())
    case 'AlertAnalyticRuleIds':
      return alerts.map(({ ruleId }) => ruleId)
    default:
      return [PRODUCT]
  }
}

const lower = (text: string) => text.toLowerCase()

const COMPARE: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  Equals: (value, wanted) => value === wanted,
  Contains: (value, wanted) => value.includes(wanted),
  StartsWith: (value, wanted) => value.startsWith(wanted),
  EndsWith: (value, wanted) => value.endsWith(wanted),
}

/** Any value fits any of the wanted ones, whatever the case; of a `Not…`, none fits any. */
export function compares(operator: Operator, values: readonly string[], wanted: readonly string[]): boolean {
  const isNot = operator.startsWith('Not')
  const compare = COMPARE[isNot ? operator.slice('Not'.length) : operator]!
  const fits = values.some((value) => wanted.some((word) => compare(lower(value), lower(word))))
  return fits !== isNot
}

const CHANGED = { IncidentSeverity: 'severity', IncidentStatus: 'status', IncidentOwner: 'owner' } as const
const ADDED = { Alerts: 'alert', Labels: 'label', Tactics: 'tactic', Comments: 'comment' } as const

export function holds(condition: Condition, subject: Subject): boolean {
  switch (condition.conditionType) {
    case 'Property': {
      const { propertyName, operator, propertyValues } = condition.conditionProperties
      return compares(operator, valuesOf(propertyName, subject), propertyValues)
    }
    case 'PropertyChanged': {
      const { propertyName, changeType, operator, propertyValues } = condition.conditionProperties
      return subject.changes.some((change) => {
        if (change.kind !== 'changed' || change.property !== CHANGED[propertyName]) return false
        if (changeType == null || propertyValues == null || propertyValues.length === 0) return true
        const value = (changeType === 'ChangedFrom' ? change.from : change.to) ?? ''
        return compares(operator ?? 'Equals', [value], propertyValues)
      })
    }
    case 'PropertyArrayChanged': {
      const what = ADDED[condition.conditionProperties.arrayType]
      return subject.changes.some((change) => change.kind === 'added' && change.what === what)
    }
    case 'Boolean': {
      const { operator, innerConditions } = condition.conditionProperties
      return operator === 'And'
        ? innerConditions.every((inner) => holds(inner, subject))
        : innerConditions.some((inner) => holds(inner, subject))
    }
  }
}
