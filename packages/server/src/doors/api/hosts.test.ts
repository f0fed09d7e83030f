import { agent } from '@auspex/collect'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { jsonOf, openTestWorkspace, post } from '../../testing.js'

const NOW = Date.parse('2026-11-22T22:00:00Z')
let test: Awaited<ReturnType<typeof openTestWorkspace>>
let reader: Record<string, string>
beforeAll(async () => {
  test = await openTestWorkspace()
  reader = await test.authorization({ role: 'reader' })
}, 60_000)
afterAll(() => test.close())

it('tells hosts with an agent that is well, one that is silent, and one without', async () => {
  const sender = await test.authorization({ ingest: ['Heartbeat'] })
  const beat = (Computer: string, secondsAgo: number, more: object = {}) => ({
    TimeGenerated: new Date(NOW - secondsAgo * 1000).toISOString(),
    Computer,
    Category: 'Auspex Agent',
    Version: '0.1.0',
    KernelLost: 7,
    ...more,
  })
  const beats = [
    beat('db-1', 4000),
    beat('db-2', 90, { KernelLost: 6 }),
    beat('db-2', 30, { Findings: [{ id: 'auditd-running', severity: 'error', title: 'no auditd' }] }),
    beat('db-3', 10, { SpoolFull: true }),
  ]
  const sent = await test.tcp.request(
    '/dataCollectionRules/r/streams/Custom-Heartbeat?api-version=2023-01-01',
    post(beats, sender),
  )
  expect(sent.status).toBe(204)
  const { items } = await jsonOf(await test.tcp.request('/api/hosts', { headers: reader }))
  expect(items.map(({ Computer, State }: { Computer: string; State: string }) => [Computer, State])).toEqual([
    ['db-1', 'silent'],
    ['db-2', 'well'],
    ['db-3', 'spool full'],
    ['web-1', 'no agent'],
  ])
  expect(items[1]).toMatchObject({ KernelLost: 7, Findings: [{ id: 'auditd-running' }], Events: null })
  expect(items[3]).toMatchObject({ Events: 229, Users: 2, LastHeartbeat: null, Findings: null })
})

it('the columns of the heartbeat are those that an agent sends', () => {
  const { columns } = agent.heartbeat({
    time: 0,
    computer: 'x',
    agent: 'a',
    version: '',
    osName: '',
    lagSeconds: null,
    recordsPerSecond: 0,
    spoolBytes: 0,
    spoolMessages: 0,
    isSpoolFull: false,
    missingRecords: 0,
    unparsedLines: 0,
    kernel: undefined,
    rulesLoaded: undefined,
    findings: undefined,
  })
  const table = test.workspace.schema().tables.find(({ name }) => name === 'Heartbeat')
  expect(table?.columns.map(({ name }) => name)).toEqual(expect.arrayContaining([...columns.keys()]))
})
