import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, dateFromTicks, parseDatetime, ticksToIso } from '@auspex/kql'
import { openStore, type Store } from '@auspex/store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ControlDatabase, openControl } from '../control/database.js'
import { Incidents } from '../incidents/incidents.js'
import { readRule } from '../rules/read.js'
import type { AnalyticsRule } from '../rules/rule.js'
import { Detection, type DetectionParts } from './detection.js'
import { pastRuns } from './history.js'

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
let disabled: string[] = []
let incidents: Incidents

const at = (text: string) => parseDatetime(text)!

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'auspex-detect-'))
  now = at('2026-03-01T12:00:00Z')
  store = await openStore({ directory: folder, clock: () => dateFromTicks(now).getTime() })
  control = openControl(join(folder, 'control.db'))
  ids = 0
  position = 0n
  disabled = []
  incidents = new Incidents({ control, now: () => ticksToIso(now), newId: () => `id-${++ids}` })
})
afterEach(async () => {
  await store.close()
  await control.destroy()
  rmSync(folder, { recursive: true, force: true })
})

const detection = (...rules: AnalyticsRule[]) => detectionWith({}, ...rules)

const detectionWith = (parts: Partial<DetectionParts>, ...rules: AnalyticsRule[]) =>
  new Detection({
    store,
    control,
    rules: () => rules,
    schema: () => store.schema(),
    compile: async (text, options) => compile(text, options),
    now: () => now,
    newId: () => `id-${++ids}`,
    disable: async (rule, reason) => void disabled.push(`${rule.id}: ${reason}`),
    ...parts,
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

/** The commands behind the alerts of each incident. */
async function found(): Promise<string[][]> {
  const { incidents: list } = await incidents.list({}, { ascending: true })
  const commands: string[][] = []
  for (const { number } of list) {
    const ofIncident: string[] = []
    for (const { id } of await incidents.alerts(number)) {
      const { columns, rows } = await incidents.alertRows(id)
      ofIncident.push(...rows.map((row) => row[columns.indexOf('a0_s')] ?? ''))
    }
    commands.push(ofIncident)
  }
  return commands
}

const query = async (text: string) =>
  (await store.query(compile(text, { schema: store.schema(), now }))).collect()

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
    detectionWith({ store: dying }, rule()).pass().then(resolve, resolve)
  })
  expect(taken).toEqual(new Error('killed'))
  await detection(rule()).pass()
  expect(await query('SecurityAlert | count')).toEqual([[1n]])
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

test('a row from far in the future is found now, and not again when its time has come', async () => {
  await ran(['2026-03-01T11:59:00Z', 'a'], ['2026-03-01T18:00:00Z', 'future'])
  await detection(rule()).pass()
  expect(await found()).toEqual([['a'], ['future']])
  now = at('2026-03-02T12:00:00Z')
  await detection(rule()).pass()
  expect(await found()).toEqual([['a'], ['future']])
})

test('a late row is put together with the rows that were there', async () => {
  const pairs: AnalyticsRule = {
    ...rule(),
    query:
      'LinuxAuditLog_CL | summarize N = count(), TimeGenerated = max(TimeGenerated), a0_s = max(a0_s) by Computer | where N >= 2',
  }
  await ran(['2026-03-01T11:00:00Z', 'a'], ['2026-03-01T11:50:00Z', 'z'])
  await detection(pairs).pass()
  expect(await found()).toEqual([])
  await ran(['2026-03-01T11:00:01Z', 'b'])
  await detection(pairs).pass()
  expect(await found()).toEqual([['b']])
})

test('a near-real-time rule looks at what arrived, whatever its time, once', async () => {
  const nrt: AnalyticsRule = { ...rule(), kind: 'NRT' }
  await ran(['2025-01-01T00:00:00Z', 'a'], ['2026-03-01T11:00:00Z', 'b'])
  await detection(nrt).pass()
  await detection(nrt).pass()
  now = at('2026-03-01T12:00:20Z')
  await ran(['2024-01-01T00:00:00Z', 'c'])
  await detection(nrt).pass()
  expect(await found()).toEqual([['a', 'b'], ['c']])
})

test('a rule that fails waits longer each time, and one that can not do better is turned off', async () => {
  await ran(['2026-03-01T11:00:00Z', 'a'])
  const broken: AnalyticsRule = { ...rule(), query: 'LinuxAuditLog_CL | wehre x' }
  const failedAt: number[] = []
  for (let minute = 0; minute < 40; minute++) {
    now = at('2026-03-01T12:00:00Z') + BigInt(minute) * 600_000_000n
    const { failures } = await detection(broken).pass()
    if (failures.length > 0) failedAt.push(minute)
    if (failures[0]?.isDisabled) break
  }
  expect(failedAt).toEqual([0, 1, 3, 7, 15])
  expect(disabled).toEqual([expect.stringMatching(/^rule-1: KS/)])
  expect(
    await query('SentinelHealth | summarize count() by Status, OperationName | order by OperationName asc'),
  ).toEqual([
    ['Failure', 'Analytics rule disabled', 1n],
    ['Failure', 'Scheduled analytics rule run', 5n],
  ])
})

test('a failure that passes is retried and turns nothing off', async () => {
  await ran(['2026-03-01T11:00:00Z', 'a'])
  let isBroken = true
  const flaky = {
    compile: async (...args: Parameters<typeof compile>) => {
      if (isBroken) throw new Error('the compiler ended')
      return compile(...args)
    },
  }
  for (let minute = 0; minute < 600; minute++) {
    now = at('2026-03-01T12:00:00Z') + BigInt(minute) * 600_000_000n
    await detectionWith(flaky, rule()).pass()
  }
  expect(disabled).toEqual([])
  isBroken = false
  now = at('2026-03-02T12:00:00Z')
  await detectionWith(flaky, rule()).pass()
  expect(await found()).toEqual([['a']])
})

test('a rule that was off goes on from where it is turned on again', async () => {
  await ran(['2026-03-01T11:00:00Z', 'a'])
  await detection(rule()).pass()
  await detection().pass()
  now = at('2026-03-02T12:00:00Z')
  await ran(['2026-03-02T03:00:00Z', 'while it was off'])
  await detection().pass()
  await detection(rule()).pass()
  await ran(['2026-03-02T12:01:00Z', 'b'])
  now = at('2026-03-02T13:00:00Z')
  await detection(rule()).pass()
  expect(await found()).toEqual([['a'], ['b']])
})

test('a rule that comes later looks back two weeks', async () => {
  await ran(['2026-01-01T00:00:00Z', 'old'], ['2026-02-20T00:00:00Z', 'newer'])
  await detection({ ...rule(), id: 'first', query: 'LinuxAuditLog_CL | where a0_s == ""' }).pass()
  await detection({ ...rule(), id: 'first', query: 'LinuxAuditLog_CL | where a0_s == ""' }, rule()).pass()
  expect(await found()).toEqual([['newer']])
})

test('every run has a row in SentinelHealth, and the last are kept with the rule', async () => {
  await ran(['2026-03-01T08:00:00Z', 'a'], ['2026-03-01T11:59:00Z', 'b'])
  await detection(rule()).pass()
  const runs = await pastRuns(control, 'rule-1', 10)
  expect(
    runs.map(({ outcome, windows, rowCount, alertCount }) => [outcome, windows, rowCount, alertCount]),
  ).toEqual([
    ['ran', 1, 1, 1],
    ['empty', 6, 0, 0],
    ['ran', 1, 1, 1],
  ])
  expect(
    await query(
      'SentinelHealth | extend P = ExtendedProperties | project Status, tostring(P.Outcome), tolong(P.AlertsGeneratedAmount), tostring(P.QueryPeriod) | take 1',
    ),
  ).toEqual([['Success', 'ran', 1n, 'PT30M']])
})
