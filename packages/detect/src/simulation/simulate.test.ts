import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, parseDatetime } from '@auspex/kql'
import { openStore, type Store } from '@auspex/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readRule } from '../rules/read.js'
import { Asker } from '../runs/ask.js'
import { simulate } from './simulate.js'

const at = (text: string) => parseDatetime(text)!
const END = at('2026-03-02T00:00:00Z')

let folder: string
let store: Store
let asker: Asker

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'auspex-simulate-'))
  store = await openStore({ directory: folder, clock: () => Date.parse('2026-03-02T00:00:00Z') })
  // One command an hour, and five more at noon.
  const times = Array.from(
    { length: 24 },
    (_, hour) => at('2026-03-01T00:10:00Z') + BigInt(hour) * 36_000_000_000n,
  )
  for (let i = 1n; i <= 5n; i++) times.push(at('2026-03-01T12:10:00Z') + i)
  const columns = new Map<string, unknown[]>([['TimeGenerated', times]])
  const batch = { table: 'LinuxAuditLog_CL', rowCount: times.length, columns }
  await store.ingest({ source: 'test', from: 0n, to: 1n, tables: [batch] })
  asker = new Asker({
    store,
    schema: () => store.schema(),
    compile: async (...args) => compile(...args),
  })
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const rule = (more = '') =>
  readRule(
    `id: r
name: r
description: d
severity: Low
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 3
query: LinuxAuditLog_CL
${more}`,
    'rule.yaml',
  )

test('the last runs, on the schedule, with what each would have found', async () => {
  const seen: number[] = []
  const { runs, alerts, alertsPerDay } = await simulate(rule(), asker, {
    end: END,
    runs: 24,
    onRun: ({ rows }) => seen.push(rows),
  })
  expect(runs).toHaveLength(24)
  expect(runs.map(({ rows }) => rows)).toEqual(Array.from({ length: 24 }, (_, hour) => (hour === 12 ? 6 : 1)))
  expect(runs[12]).toEqual({
    start: '2026-03-01T12:00:00.0000000Z',
    end: '2026-03-01T13:00:00.0000000Z',
    rows: 6,
    alerts: 1,
    suppressed: false,
  })
  expect([alerts, alertsPerDay, seen.length]).toEqual([1, 1, 24])
})

test('an alert a row, suppression, and fifty runs by default', async () => {
  const each = rule(
    'eventGroupingSettings: {aggregationKind: AlertPerResult}\nsuppressionEnabled: true\nsuppressionDuration: 2h\n',
  )
  const { runs, alerts } = await simulate({ ...each, triggerThreshold: 0 }, asker, { end: END })
  expect(runs).toHaveLength(50)
  expect(alerts).toBe(8 + 5)
  expect(runs.slice(26, 32).map(({ suppressed, alerts: n }) => (suppressed ? 's' : n))).toEqual([
    1,
    's',
    's',
    1,
    's',
    's',
  ])
})
