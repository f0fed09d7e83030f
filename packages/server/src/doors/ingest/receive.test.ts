import { TABLES } from '@auspex/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestWorkspace, post } from '../../testing.js'
import { CLOSED } from './receive.js'

/** What comes from hosts and from clients; every other table is made by the server out of these. */
const OPEN = ['LinuxAuditLog_CL', 'AuditEvent', 'Heartbeat', 'Syslog']

let doors: Awaited<ReturnType<typeof openTestWorkspace>>
let sender: Record<string, string>
let admin: Record<string, string>
beforeAll(async () => {
  doors = await openTestWorkspace()
  sender = await doors.authorization({ ingest: ['*'] })
  admin = await doors.authorization({ role: 'admin' })
}, 60_000)
afterAll(() => doors.close())

const send = async (table: string, headers: Record<string, string>) =>
  (
    await doors.tcp.request(
      `/dataCollectionRules/r/streams/Custom-${table}?api-version=2023-01-01`,
      post([{ TimeGenerated: '2026-11-22T21:00:00Z', Computer: 'forged' }], headers),
    )
  ).status

test('each table of the store is either open to senders or closed to all', () => {
  expect([...OPEN, ...CLOSED].toSorted()).toEqual(TABLES.map(({ name }) => name).toSorted())
})

test.each([...CLOSED])('nobody sends rows to %s, whatever their token', async (table) => {
  expect([await send(table, sender), await send(table, admin)]).toEqual([403, 403])
})

test.each(OPEN)('who may send everything sends rows to %s', async (table) => {
  expect(await send(table, sender)).toBe(204)
})
