import { beforeEach, expect, test } from 'vitest'
import type { Alert } from '../alerts/alert.js'
import type { FoundAlert } from '../alerts/make.js'
import { type ControlDatabase, openControl } from '../control/database.js'
import type { Entity } from '../entities/entity.js'
import { readRule } from '../rules/read.js'
import type { AnalyticsRule } from '../rules/rule.js'
import type { Actor } from './change.js'
import { commitAlerts } from './commit.js'
import { BadChangeError, EtagError, Incidents, NotFoundError } from './incidents.js'
import { BadPageError } from './list.js'
import { DEFAULT_SLA } from './sla.js'

const ALICE: Actor = { kind: 'user', name: 'alice' }
const BOB: Actor = { kind: 'user', name: 'bob' }

let control: ControlDatabase
let incidents: Incidents
let minute = 0
let ids = 0

const now = () => `${new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString().slice(0, -1)}0000Z`
const newId = () => `id-${++ids}`

const rule = (more: Partial<AnalyticsRule> = {}): AnalyticsRule => ({
  ...readRule(
    `id: r1
name: Rule
description: d
severity: High
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
query: T
`,
    'rule.yaml',
  ),
  ...more,
})

const grouping = (more: Partial<AnalyticsRule['grouping']>): AnalyticsRule => {
  const base = rule()
  return { ...base, grouping: { ...base.grouping, enabled: true, lookback: 60, ...more } }
}

const account = (name: string, host = 'web-1'): Entity => ({
  type: 'Account',
  identifiers: { Name: name },
  host,
})

function alert(more: Partial<Alert> = {}): FoundAlert {
  return {
    alert: {
      id: newId(),
      ruleId: 'r1',
      ruleName: 'Rule',
      displayName: 'Title',
      description: 'about 100% of it',
      severity: 'High',
      tactics: ['Execution'],
      techniques: ['T1059'],
      startTime: now(),
      endTime: now(),
      generatedTime: now(),
      entities: [account('root')],
      customDetails: {},
      properties: {},
      query: 'T',
      queryStart: now(),
      queryEnd: now(),
      rowCount: 1,
      aggregation: 'SingleAlert',
      isSummary: false,
      ...more,
    },
    rows: { columns: ['a'], rows: [['1']] },
    droppedEntities: 0,
  }
}

const raise = (by: AnalyticsRule, ...alerts: FoundAlert[]) =>
  control.transaction().execute((db) => {
    const writing = {
      actor: { kind: 'rule', name: by.name } as const,
      depth: 0,
      now: now(),
      sla: DEFAULT_SLA,
    }
    return commitAlerts(db, by, alerts, writing, newId)
  })

beforeEach(() => {
  control = openControl(':memory:')
  minute = 0
  ids = 0
  incidents = new Incidents({ control, now, newId })
})

test('each alert opens an incident that knows what it is about', async () => {
  const [number] = await raise(rule(), alert())
  expect(await incidents.get(number!)).toMatchObject({
    title: 'Title',
    severity: 'High',
    status: 'New',
    owner: null,
    modifiedBy: 'Rule - Rule',
    alertCount: 1,
    rowCount: 1,
    tactics: ['Execution'],
    entities: [account('root')],
    etag: '"1"',
    alerts: [{ ruleName: 'Rule' }],
  })
  expect(await incidents.alertRows((await incidents.alerts(number!))[0]!.id)).toEqual({
    columns: ['a'],
    rows: [['1']],
  })
})

test('grouped alerts go into one incident; another entity, a closed one and an old one do not', async () => {
  const byAll = grouping({})
  const [first] = await raise(byAll, alert())
  minute = 30
  expect(await raise(byAll, alert({ tactics: ['Impact'] }))).toEqual([first])
  // root of another host is somebody else.
  const [other] = await raise(byAll, alert({ entities: [account('root', 'db-1')] }))
  expect(other).not.toBe(first)
  expect(await incidents.get(first!)).toMatchObject({
    alertCount: 2,
    tactics: ['Execution', 'Impact'],
    etag: '"2"',
  })
  minute = 91
  const [late] = await raise(byAll, alert())
  expect(late).not.toBe(first)
  await incidents.close(late!, { classification: 'Undetermined' }, ALICE)
  const [anew] = await raise(byAll, alert())
  expect(anew).not.toBe(late)
})

test('a closed incident is opened again where the rule says so, and loses its classification', async () => {
  const reopening = grouping({ reopenClosedIncident: true })
  const [number] = await raise(reopening, alert())
  await incidents.close(number!, { classification: 'FalsePositive', reason: 'InaccurateData' }, ALICE)
  expect(await raise(reopening, alert())).toEqual([number])
  expect(await incidents.get(number!)).toMatchObject({
    status: 'Active',
    classification: null,
    closedTime: null,
  })
})

test('alerts are grouped by severity, name and custom details where those are selected', async () => {
  const selected = grouping({
    matchingMethod: 'Selected',
    groupByEntities: [],
    groupByAlertDetails: ['Severity'],
    groupByCustomDetails: ['Session'],
  })
  const [first] = await raise(selected, alert({ customDetails: { Session: ['1'] } }))
  const other = alert({ displayName: 'Other', entities: [], customDetails: { Session: ['1'] } })
  expect(await raise(selected, other)).toEqual([first])
  const [bySession] = await raise(selected, alert({ customDetails: { Session: ['2'] } }))
  const [bySeverity] = await raise(selected, alert({ severity: 'Low', customDetails: { Session: ['1'] } }))
  expect(new Set([first, bySession, bySeverity]).size).toBe(3)
})

test('an incident takes 150 alerts; what is more opens another', async () => {
  const all = grouping({ matchingMethod: 'AnyAlert' })
  const numbers = await raise(all, ...Array.from({ length: 151 }, () => alert()))
  expect(numbers).toHaveLength(2)
  expect(await incidents.list()).toMatchObject({ incidents: [{ alertCount: 1 }, { alertCount: 150 }] })
})

test('a rule that opens no incidents leaves its alerts alone', async () => {
  expect(await raise(rule({ createIncident: false }), alert())).toEqual([])
  expect((await incidents.list()).total).toBe(0)
  expect(await control.selectFrom('alert').select('incident_number').execute()).toEqual([
    { incident_number: null },
  ])
})

test('every change is in the log with who did it, and is a row of SecurityIncident', async () => {
  const [number] = await raise(rule(), alert())
  minute = 5
  await incidents.update(
    number!,
    { severity: 'Low', owner: { name: 'bob', email: 'b@x' }, addLabels: ['a', 'a'] },
    ALICE,
  )
  minute = 9
  await incidents.comment(number!, 'hm', BOB)
  const log = await incidents.activities(number!)
  expect(log.map(({ actor, change, time }) => [time.slice(14, 16), actor.name, change])).toEqual([
    ['00', 'Rule', { kind: 'created' }],
    ['00', 'Rule', expect.objectContaining({ kind: 'added', what: 'alert' })],
    ['05', 'alice', { kind: 'changed', property: 'severity', from: 'High', to: 'Low' }],
    ['05', 'alice', { kind: 'changed', property: 'owner', from: null, to: 'bob' }],
    ['05', 'alice', { kind: 'added', what: 'label', value: 'a' }],
    ['09', 'bob', expect.objectContaining({ kind: 'added', what: 'comment', value: 'hm' })],
  ])
  const rows = await control.selectFrom('outbox').select(['log_table', 'row']).orderBy('seq').execute()
  const told = rows
    .filter(({ log_table }) => log_table === 'SecurityIncident')
    .map(({ row }) => JSON.parse(row))
  expect(
    told.map(({ Severity, ModifiedBy, Owner, Comments }) => [
      Severity,
      ModifiedBy,
      Owner.assignedTo,
      Comments.length,
    ]),
  ).toEqual([
    ['High', 'Rule - Rule', null, 0],
    ['Low', 'alice', 'bob', 0],
    ['Low', 'bob', 'bob', 1],
  ])
  expect(told[1].FirstModifiedTime).toBe(told[2].FirstModifiedTime)
})

test('a change that changes nothing is none', async () => {
  const [number] = await raise(rule(), alert())
  const before = await incidents.get(number!)
  expect(await incidents.update(number!, { severity: 'High', removeLabels: ['none'] }, ALICE)).toEqual(before)
})

test('who was overtaken is told, and overwrites nothing', async () => {
  const [number] = await raise(rule(), alert())
  const { etag } = await incidents.get(number!)
  await incidents.update(number!, { severity: 'Low' }, BOB, { etag })
  await expect(incidents.update(number!, { severity: 'Medium' }, ALICE, { etag })).rejects.toThrow(EtagError)
  expect(await incidents.get(number!)).toMatchObject({ severity: 'Low' })
})

test.each([
  ['closing without a classification', { status: 'Closed' as const }, /say how it turned out/],
  [
    'a reason of another classification',
    {
      status: 'Closed' as const,
      classification: 'TruePositive' as const,
      classificationReason: 'InaccurateData' as const,
    },
    /TruePositive has the reason SuspiciousActivity/,
  ],
  [
    'a classification of an open incident',
    { classification: 'TruePositive' as const },
    /set status to Closed/,
  ],
  ['an empty title', { title: '  ' }, /title is empty/],
  ['a severity that is none', { severity: 'Huge' as 'High' }, /not one of Informational/],
])('%s is refused', async (_, change, message) => {
  const [number] = await raise(rule(), alert())
  await expect(incidents.update(number!, change, ALICE)).rejects.toThrow(BadChangeError)
  await expect(incidents.update(number!, change, ALICE)).rejects.toThrow(message)
  expect((await incidents.get(number!)).etag).toBe('"1"')
})

test('closing fills in the only reason there is, and opening again takes all of it away', async () => {
  const [number] = await raise(rule(), alert())
  expect(
    await incidents.close(number!, { classification: 'TruePositive', comment: 'it was' }, ALICE),
  ).toMatchObject({
    status: 'Closed',
    classificationReason: 'SuspiciousActivity',
    classificationComment: 'it was',
    closedTime: now(),
  })
  expect(await incidents.update(number!, { status: 'Active' }, ALICE)).toMatchObject({
    classification: null,
    classificationReason: null,
    classificationComment: null,
    closedTime: null,
  })
})

test('service levels: taking on and closing, in time and late', async () => {
  const [number] = await raise(rule(), alert())
  minute = 59
  expect((await incidents.get(number!)).sla).toMatchObject({
    isAcknowledgeLate: false,
    secondsToAcknowledge: null,
  })
  minute = 61
  expect((await incidents.get(number!)).sla).toMatchObject({ isAcknowledgeLate: true, isCloseLate: false })
  await incidents.update(number!, { owner: 'alice' }, ALICE)
  minute = 1441
  const { sla } = await incidents.close(number!, { classification: 'Undetermined' }, ALICE)
  expect(sla).toMatchObject({ secondsToAcknowledge: 3660, isCloseLate: true, secondsToClose: 86_460 })
})

test('comments are their writer’s, tasks are everybody’s', async () => {
  const [number] = await raise(rule(), alert())
  const { id } = await incidents.comment(number!, 'first', ALICE)
  await incidents.editComment(number!, id, 'better', ALICE)
  await expect(incidents.editComment(number!, id, 'mine', BOB)).rejects.toThrow(/alice's/)
  const task = await incidents.addTask(number!, { title: 'look' }, ALICE)
  await incidents.updateTask(number!, task.id, { status: 'Completed' }, BOB)
  expect(await incidents.get(number!)).toMatchObject({
    comments: [{ message: 'better', author: 'alice' }],
    tasks: [{ status: 'Completed', lastModifiedBy: 'bob' }],
    openTaskCount: 0,
    commentCount: 1,
  })
  await incidents.deleteComment(number!, id, ALICE)
  await incidents.deleteTask(number!, task.id, BOB)
  expect(await incidents.get(number!)).toMatchObject({ comments: [], tasks: [] })
  await expect(incidents.deleteTask(number!, task.id, BOB)).rejects.toThrow(NotFoundError)
  await expect(incidents.comment(99, 'x', BOB)).rejects.toThrow(/no incident 99/)
})

test('an incident can be opened by hand', async () => {
  const made = await incidents.create(
    { title: 'A call', severity: 'Medium', owner: 'alice', labels: ['phone'] },
    BOB,
  )
  expect(made).toMatchObject({
    number: 1,
    modifiedBy: 'bob',
    ruleId: '',
    alerts: [],
    labels: [{ type: 'User' }],
  })
})

test('lists: filters, orders, pages that do not shift while incidents come in', async () => {
  for (const [i, severity] of (['Low', 'High', 'Medium', 'High'] as const).entries()) {
    minute = i
    await incidents.create({ title: `no ${i}: 100%`, severity }, ALICE)
  }
  await raise(rule(), alert({ entities: [account('mallory')], techniques: ['T1003.008'] }))
  await incidents.update(2, { owner: 'bob', addLabels: ['x'] }, BOB)
  const numbers = async (...args: Parameters<Incidents['list']>) =>
    (await incidents.list(...args)).incidents.map(({ number }) => number)
  expect(await numbers()).toEqual([5, 4, 3, 2, 1])
  expect(await numbers({ severity: ['High'] })).toEqual([5, 4, 2])
  expect(await numbers({ owner: 'bob' })).toEqual([2])
  expect(await numbers({ owner: null, severity: ['High'] })).toEqual([5, 4])
  expect(await numbers({ label: 'x' })).toEqual([2])
  expect(await numbers({ text: '100%' })).toEqual([5, 4, 3, 2, 1])
  expect(await numbers({ text: '1_0' })).toEqual([])
  expect(await numbers({ entity: { name: 'mallory', type: 'Account' } })).toEqual([5])
  expect(await numbers({ entity: { name: 'mallory', type: 'Host' } })).toEqual([])
  expect(await numbers({ technique: 'T1003.008' })).toEqual([5])
  expect(await numbers({ ruleId: 'r1' })).toEqual([5])
  expect(await numbers({ createdFrom: '2026-01-01T00:02:00Z', createdTo: '2026-01-01T00:03:00Z' })).toEqual([
    3,
  ])
  expect(await numbers({}, { orderBy: 'severity' })).toEqual([5, 4, 2, 3, 1])
  const first = await incidents.list({}, { limit: 2, orderBy: 'severity' })
  expect(first).toMatchObject({ total: 5, incidents: [{ number: 5 }, { number: 4 }] })
  await incidents.create({ title: 'newer', severity: 'High' }, ALICE)
  const second = await incidents.list({}, { limit: 2, orderBy: 'severity', after: first.next! })
  expect(second.incidents.map(({ number }) => number)).toEqual([2, 3])
  const last = await incidents.list({}, { limit: 2, orderBy: 'severity', after: second.next! })
  expect(last.next).toBeUndefined()
  await expect(incidents.list({}, { after: first.next! })).rejects.toThrow(BadPageError)
  await expect(incidents.list({}, { after: 'junk' })).rejects.toThrow(BadPageError)
})
