import { expect, test } from 'vitest'
import type { Alert } from '../alerts/alert.js'
import type { Entity } from '../entities/entity.js'
import type { Grouping } from '../rules/rule.js'
import { type Candidate, incidentFor } from './grouping.js'

const host: Entity = { type: 'Host', identifiers: { FullName: 'web-1' } }
const alice: Entity = { type: 'Account', identifiers: { FullName: 'alice' } }
const bob: Entity = { type: 'Account', identifiers: { FullName: 'bob' } }

const alert = (endTime: string, ...entities: Entity[]) => ({ endTime, entities }) as unknown as Alert

const incident = (
  number: number,
  status: Candidate['status'],
  lastActivityTime: string,
  ...alerts: Alert[]
) => ({ number, status, lastActivityTime, alerts }) as unknown as Candidate

const grouping = (more: Partial<Grouping>): Grouping => ({
  enabled: true,
  reopenClosedIncident: false,
  lookback: 60,
  matchingMethod: 'AllEntities',
  groupByEntities: [],
  groupByAlertDetails: [],
  groupByCustomDetails: [],
  ...more,
})

const T0 = '2026-01-01T00:00:00.0000000Z'
const T30 = '2026-01-01T00:30:00.0000000Z'
const T90 = '2026-01-01T01:30:00.0000000Z'
const open = incident(1, 'New', T0, alert(T0, host, alice))

test('equal entities join the incident, in any order; others do not', () => {
  expect(incidentFor(grouping({}), alert(T30, alice, host), [open])?.number).toBe(1)
  expect(incidentFor(grouping({}), alert(T30, host, bob), [open])).toBeUndefined()
})

test('selected entity types, or any alert', () => {
  const byHost = grouping({ matchingMethod: 'Selected', groupByEntities: ['Host'] })
  expect(incidentFor(byHost, alert(T30, host, bob), [open])?.number).toBe(1)
  expect(incidentFor(grouping({ matchingMethod: 'AnyAlert' }), alert(T30, bob), [open])?.number).toBe(1)
})

test('not when grouping is off, the look-back is over, or the incident is closed', () => {
  expect(incidentFor(grouping({ enabled: false }), alert(T30, host, alice), [open])).toBeUndefined()
  expect(incidentFor(grouping({}), alert(T90, host, alice), [open])).toBeUndefined()
  const closed = incident(2, 'Closed', T0, alert(T0, host, alice))
  expect(incidentFor(grouping({}), alert(T30, host, alice), [closed])).toBeUndefined()
  expect(
    incidentFor(grouping({ reopenClosedIncident: true }), alert(T30, host, alice), [closed])?.number,
  ).toBe(2)
})
