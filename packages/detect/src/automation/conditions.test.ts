import { describe, expect, test } from 'vitest'
import type { Change } from '../incidents/change.js'
import type { Incident } from '../incidents/incident.js'
import { compares, holds, type Subject } from './conditions.js'
import type { Condition, Operator } from './rule.js'

const entity = (type: string, identifiers: Record<string, string>) => ({ type, identifiers })
const subject = (changes: readonly Change[] = []): Subject => ({
  incident: {
    title: 'alice holds a root shell',
    severity: 'Medium',
    status: 'New',
    ruleIds: ['r-1'],
    tactics: ['Execution'],
    labels: [],
    entities: [
      entity('Account', { FullName: 'CORP\\alice' }),
      entity('Account', { Name: 'root' }),
      entity('Host', { FullName: 'web-1.example.org' }),
      entity('File', { Name: '/etc/shadow' }),
      entity('Process', { CommandLine: 'cat /etc/shadow' }),
    ],
  } as unknown as Incident,
  alerts: [],
  changes,
  actor: { kind: 'user', name: 'carol' },
})

const property = (propertyName: string, operator: Operator, ...propertyValues: string[]) =>
  ({
    conditionType: 'Property',
    conditionProperties: { propertyName, operator, propertyValues },
  }) as Condition
const boolean = (operator: 'And' | 'Or', ...innerConditions: Condition[]): Condition => ({
  conditionType: 'Boolean',
  conditionProperties: { operator, innerConditions },
})
const changed = (propertyName: string, changeType?: string, ...propertyValues: string[]) =>
  ({
    conditionType: 'PropertyChanged',
    conditionProperties: { propertyName, changeType, propertyValues },
  }) as Condition
const added = (arrayType: string) =>
  ({
    conditionType: 'PropertyArrayChanged',
    conditionProperties: { arrayType, changeType: 'Added' },
  }) as Condition

test.each<[Operator, string[], string[], boolean]>([
  ['Equals', ['Alice'], ['alice', 'bob'], true],
  ['Equals', [], ['alice'], false],
  ['NotEquals', ['alice', 'root'], ['bob'], true],
  ['NotEquals', ['alice', 'bob'], ['bob'], false],
  ['NotEquals', [], ['bob'], true],
  ['Contains', ['cat /etc/shadow'], ['SHADOW'], true],
  ['NotContains', ['cat /etc/shadow'], ['shadow'], false],
  ['StartsWith', ['web-1'], ['web'], true],
  ['NotStartsWith', ['web-1'], ['db'], true],
  ['EndsWith', ['web-1'], ['-1'], true],
  ['NotEndsWith', ['web-1'], ['-1'], false],
])('%s %j %j: %s', (operator, values, wanted, result) => {
  expect(compares(operator, values, wanted)).toBe(result)
})

describe('conditions', () => {
  test.each<[Condition, boolean]>([
    [property('AccountName', 'Equals', 'alice'), true],
    [property('AccountNTDomain', 'Equals', 'corp'), true],
    [property('HostName', 'StartsWith', 'web-1'), true],
    [property('FileName', 'Equals', 'shadow'), true],
    [property('FileDirectory', 'Equals', '/etc'), true],
    [property('ProcessCommandLine', 'Contains', '/etc/shadow'), true],
    [property('IncidentSeverity', 'NotEquals', 'Medium'), false],
    [property('IncidentLabel', 'Equals', 'x'), false],
    [property('IncidentUpdatedBySource', 'Equals', 'user'), true],
    [
      boolean('Or', property('AccountName', 'Equals', 'bob'), property('IPAddress', 'NotEquals', '::1')),
      true,
    ],
    [
      boolean('And', property('AccountName', 'Equals', 'bob'), property('IPAddress', 'NotEquals', '::1')),
      false,
    ],
  ])('%j: %s', (condition, result) => {
    expect(holds(condition, subject())).toBe(result)
  })

  test('look at what an update did', () => {
    const closed = subject([
      { kind: 'changed', property: 'status', from: 'Active', to: 'Closed' },
      { kind: 'added', what: 'label', value: 'x' },
    ])
    expect(holds(changed('IncidentStatus'), closed)).toBe(true)
    expect(holds(changed('IncidentStatus', 'ChangedTo', 'closed'), closed)).toBe(true)
    expect(holds(changed('IncidentStatus', 'ChangedFrom', 'New'), closed)).toBe(false)
    expect(holds(changed('IncidentOwner'), closed)).toBe(false)
    expect(holds(added('Labels'), closed)).toBe(true)
    expect(holds(added('Alerts'), closed)).toBe(false)
  })
})
