import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, dateFromTicks, parseDatetime, ticksFromDate } from '@auspex/kql'
import { openStore, type Store } from '@auspex/store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ControlDatabase, openControl } from '../control/database.js'
import { readIncidents } from '../incidents/read.js'
import { readRule } from '../rules/read.js'
import type { AnalyticsRule } from '../rules/rule.js'
import { Detection } from './detection.js'

const rule = (more = '') =>
  readRule(
    `id: rule-1
name: Commands of root
description: d
severity: High
queryFrequency: 30m
queryPeriod: 30m
triggerOperator: gt
triggerThreshold: 0
query: LinuxAuditLog_CL | where RecordType_s == "EXECVE" | project TimeGenerated, Computer, a0_s
entityMappings:
  - {entityType: Host, fieldMappings: [{identifier: FullName, columnName: Computer}]}
  - {entityType: Process, fieldMappings: [{identifier: CommandLine, columnName: a0_s}]}
${more}`,
    'rule.yaml',
  )

let folder: string
let store: Store
let control: ControlDatabase
let now = 0n
let ids = 0
let position = 0n

const at = (text: string) => parseDatetime(text)!

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'auspex-detect-'))
  now = at('2026-03-01T12:00:00Z')
  store = await openStore({ directory: folder, clock: () => dateFromTicks(now).getTime() })
  control = openControl(join(folder, 'control.db'))
  ids = 0
  position = 0n
})
afterEach(async () => {
  await store.close()
  await control.destroy()
  rmSync(folder, { recursive: true, force: true })
})

const detection = (...rules: AnalyticsRule[]) =>
  new Detection({
    store,
    control,
    rules,
    compile: async (text, options) => compile(text, options),
    now: () => now,
    newId: () => `id-${++ids}`,
  })

/** Commands at their times, as `['2026-03-01T11:00:00Z', 'id']`. */
async function ran(...commands: [string, string][]): Promise<void> {
  await store.ingest({
    source: 'test',
    from: position,
    to: position + BigInt(commands.length),
    tables: [
      {
        table: 'LinuxAuditLog_CL',
        rowCount: commands.length,
        columns: new Map<string, unknown[]>([
          ['TimeGenerated', commands.map(([time]) => at(time))],
          ['RecordType_s', commands.map(() => 'EXECVE')],
          ['Computer', commands.map(() => 'web-1')],
          ['a0_s', commands.map(([, command]) => command)],
        ]),
      },
    ],
  })
  position += BigInt(commands.length)
}

async function found(): Promise<string[][]> {
  const incidents = await readIncidents(control, 100)
  return incidents
    .toReversed()
    .map(({ alerts }) =>
      alerts.flatMap(({ columns, rows }) => rows.map((row) => row[columns.indexOf('a0_s')] ?? '')),
    )
}

test('a history is run in slots of its own time range, once', async () => {
  await ran(['2025-01-01T00:00:00Z', 'a'], ['2025-01-01T00:29:59Z', 'b'], ['2025-01-01T00:30:00Z', 'c'])
  const first = await detection(rule()).pass()
  expect(first.failures).toEqual([])
  expect(first.incidents.map(({ number }) => number)).toEqual([1, 2])
  expect(await found()).toEqual([['a', 'b'], ['c']])
  expect((await detection(rule()).pass()).incidents).toEqual([])
})

test('after the history the schedule goes on: a slot is run when it and the delay have passed', async () => {
  await ran(['2026-03-01T11:59:00Z', 'a'])
  await detection(rule()).pass()
  await ran(['2026-03-01T12:10:00Z', 'b'])
  now = at('2026-03-01T12:30:00Z')
  expect((await detection(rule()).pass()).runs).toBe(0)
  now = at('2026-03-01T12:34:01Z')
  expect((await detection(rule()).pass()).runs).toBe(1)
  expect(await found()).toEqual([['a'], ['b']])
})

test('rows that come late are found, and those that were looked at are not looked at again', async () => {
  await ran(['2026-03-01T11:00:00Z', 'a'], ['2026-03-01T11:50:00Z', 'b'])
  await detection(rule()).pass()
  await ran(['2026-03-01T11:00:01Z', 'late'])
  await detection(rule()).pass()
  expect(await found()).toEqual([['a'], ['b'], ['late']])
})

test('alerts and incidents become rows of their tables, once', async () => {
  await ran(['2026-03-01T11:00:00Z', 'a'])
  await detection(rule()).pass()
  await detection(rule()).pass()
  const query = async (text: string) => {
    const result = await store.query(
      compile(text, { schema: store.schema(), now: ticksFromDate(new Date(0)) }),
    )
    return result.collect()
  }
  expect(await query('SecurityAlert | project AlertSeverity, CompromisedEntity')).toEqual([['High', 'web-1']])
  expect(await query('SecurityIncident | project IncidentNumber, Title, Status')).toEqual([
    [1, 'Commands of root', 'New'],
  ])
})

test('an outbox entry that the store has already is not stored again', async () => {
  await ran(['2026-03-01T11:00:00Z', 'a'])
  const taken = await new Promise<unknown>((resolve) => {
    // The store takes the batch; then the process dies before the outbox is emptied.
    const dying = new Proxy(store, {
      get(target, name) {
        if (name !== 'ingest') {
          const value = Reflect.get(target, name)
          return typeof value === 'function' ? value.bind(target) : value
        }
        return async (batch: Parameters<Store['ingest']>[0]) => {
          await target.ingest(batch)
          throw new Error('killed')
        }
      },
    })
    const parts = { control, rules: [rule()], now: () => now, newId: () => `id-${++ids}` }
    new Detection({ ...parts, store: dying, compile: async (text, options) => compile(text, options) })
      .pass()
      .then(resolve, resolve)
  })
  expect(taken).toEqual(new Error('killed'))
  await detection(rule()).pass()
  const compiled = compile('SecurityAlert | count', { schema: store.schema(), now })
  expect(await (await store.query(compiled)).collect()).toEqual([[1n]])
  expect(await found()).toEqual([['a']])
})

test('grouped alerts share an incident', async () => {
  const grouping = `incidentConfiguration:
  createIncident: true
  groupingConfiguration: {enabled: true, lookbackDuration: 5h, matchingMethod: Selected, groupByEntities: [Host]}
`
  await ran(['2026-03-01T10:00:00Z', 'a'], ['2026-03-01T11:00:00Z', 'b'], ['2026-03-01T11:59:00Z', 'c'])
  await detection(rule(grouping)).pass()
  expect(await found()).toEqual([['a', 'b', 'c']])
})

test('suppression holds the rule back after an alert', async () => {
  await ran(['2026-03-01T10:00:00Z', 'a'], ['2026-03-01T10:45:00Z', 'b'], ['2026-03-01T11:45:00Z', 'c'])
  await detection(rule('suppressionEnabled: true\nsuppressionDuration: 1h\n')).pass()
  expect(await found()).toEqual([['a'], ['c']])
})

test('a rule that does not compile is reported and does not stop the others', async () => {
  await ran(['2026-03-01T11:00:00Z', 'a'])
  const broken: AnalyticsRule = { ...rule(), id: 'broken', query: 'LinuxAuditLog_CL | wehre x' }
  const { failures, incidents } = await detection(broken, rule()).pass()
  expect(failures.map(({ rule }) => rule.id)).toEqual(['broken'])
  expect(incidents).toHaveLength(1)
})

test('a rule that reports an absence is run over empty slots too', async () => {
  const silence: AnalyticsRule = {
    ...rule(),
    query: 'LinuxAuditLog_CL | summarize N = count() | where N == 0',
  }
  await ran(['2026-03-01T08:00:00Z', 'a'], ['2026-03-01T11:59:00Z', 'b'])
  const { incidents, runs } = await detection(silence).pass()
  expect(runs).toBe(8)
  expect(incidents).toHaveLength(6)
})

test('a row from the future does not hold the schedule up', async () => {
  const many: AnalyticsRule = { ...rule(), triggerThreshold: 3 }
  await ran(['2099-01-01T00:00:00Z', 'future'], ['2026-03-01T11:59:00Z', 'a'])
  await detection(many).pass()
  for (let minute = 1; minute <= 9; minute++) {
    now = at(`2026-03-01T12:0${minute}:00Z`)
    await ran([`2026-03-01T12:0${minute}:00Z`, 'b'])
    await detection(many).pass()
  }
  now = at('2026-03-01T13:00:00Z')
  await detection(many).pass()
  expect(await found()).toEqual([Array.from({ length: 9 }, () => 'b')])
})
