import { expect, test } from 'vitest'
import type { Row } from '../entities/extract.js'
import { readRule } from '../rules/read.js'
import { alertsOf as foundAlerts, type RunResult } from './make.js'

const rule = (more: string) =>
  readRule(
    `id: r1
name: Root shell
description: d
severity: High
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
query: T
${more}`,
    'rule.yaml',
  )

const row = (cells: Record<string, string>): Row => new Map(Object.entries(cells))

const result = (rows: Row[]): RunResult => ({
  columns: ['TimeGenerated', 'Computer', 'User'],
  rows,
  rowCount: rows.length,
  start: '2026-01-01T00:00:00.0000000Z',
  end: '2026-01-01T01:00:00.0000000Z',
})

const alertsOf = (...args: Parameters<typeof foundAlerts>) => foundAlerts(...args).map(({ alert }) => alert)

const ids = () => {
  let n = 0
  return () => `id-${++n}`
}

const NOW = '2026-01-01T01:05:00.0000000Z'
const rows = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    row({
      TimeGenerated: `2026-01-01T00:00:00.${String(i).padStart(7, '0')}Z`,
      Computer: 'web-1',
      User: `u${i}`,
    }),
  )

test('no alert below the threshold', () => {
  expect(alertsOf(rule(''), result([]), NOW, ids())).toEqual([])
})

test('a single alert has the rows’ own time range and all their entities once', () => {
  const mapped = rule(`entityMappings:
  - {entityType: Host, fieldMappings: [{identifier: FullName, columnName: Computer}]}
  - {entityType: Account, fieldMappings: [{identifier: FullName, columnName: User}]}
`)
  const [alert, ...others] = alertsOf(mapped, result(rows(3)), NOW, ids())
  expect(others).toEqual([])
  expect(alert).toMatchObject({
    id: 'id-1',
    rowCount: 3,
    startTime: '2026-01-01T00:00:00.0000000Z',
    endTime: '2026-01-01T00:00:00.0000002Z',
    entities: [
      { type: 'Host', identifiers: { FullName: 'web-1' } },
      { type: 'Account', identifiers: { FullName: 'u0' } },
      { type: 'Account', identifiers: { FullName: 'u1' } },
      { type: 'Account', identifiers: { FullName: 'u2' } },
    ],
  })
})

test('root is somebody, unset is nobody', () => {
  const mapped = rule(`entityMappings:
  - {entityType: Account, fieldMappings: [{identifier: FullName, columnName: User}]}
`)
  const found = alertsOf(
    mapped,
    result([row({ User: 'root' }), row({ User: 'unset' }), row({ User: '' })]),
    NOW,
    ids(),
  )
  expect(found[0]?.entities).toEqual([
    { type: 'Account', identifiers: { FullName: 'root' }, columns: ['User'] },
  ])
})

test('the old entity columns count only where there are no mappings', () => {
  const custom: RunResult = {
    ...result([row({ AccountCustomEntity: 'alice', HostCustomEntity: 'web-1' })]),
    columns: ['AccountCustomEntity', 'HostCustomEntity'],
  }
  expect(alertsOf(rule(''), custom, NOW, ids())[0]?.entities).toEqual([
    {
      type: 'Account',
      identifiers: { FullName: 'alice' },
      host: 'web-1',
      columns: ['AccountCustomEntity'],
    },
    { type: 'Host', identifiers: { FullName: 'web-1' }, columns: ['HostCustomEntity'] },
  ])
  const mapped = rule(`entityMappings:
  - {entityType: Host, fieldMappings: [{identifier: FullName, columnName: HostCustomEntity}]}
`)
  expect(alertsOf(mapped, custom, NOW, ids())[0]?.entities).toHaveLength(1)
})

test('an alert a row, and alert 150 stands for the rest', () => {
  const perResult = rule('eventGroupingSettings: {aggregationKind: AlertPerResult}\n')
  expect(alertsOf(perResult, result(rows(150)), NOW, ids())).toHaveLength(150)
  const found = alertsOf(perResult, result(rows(200)), NOW, ids())
  expect(found).toHaveLength(150)
  expect(found.map(({ rowCount }) => rowCount).reduce((a, b) => a + b)).toBe(200)
  expect(found.at(-1)?.rowCount).toBe(51)
})

test('placeholders in the name are filled from the first row', () => {
  const named = rule(
    'alertDetailsOverride: {alertDisplayNameFormat: "{{User}} on {{ Computer }}, {{None}}"}\n',
  )
  expect(alertsOf(named, result(rows(1)), NOW, ids())[0]?.displayName).toBe('u0 on web-1, ')
})
