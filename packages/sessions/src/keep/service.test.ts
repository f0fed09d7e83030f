import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LinuxAuditLogReader } from '@auspex/auditd'
import { compile, ticksFromDate } from '@auspex/kql'
import { openStore, type Store } from '@auspex/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { samplePath, sampleSessions } from '../samples.testing.js'
import { SessionKeeper } from './keeper.js'
import { Questions } from './questions.js'
import { SessionAmbiguousError, SessionNotFoundError, SessionService } from './service.js'

let directory: string
let store: Store
let service: SessionService
const NOW = ticksFromDate(new Date('2026-11-28T00:00:00Z'))
const parts = () => {
  const schema = store.schema()
  return {
    store,
    schema: () => schema,
    compile: async (...args: Parameters<typeof compile>) => compile(...args),
    now: () => NOW,
  }
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'auspex-service-'))
  store = await openStore({ directory })
  for (const name of ['admin-day', 'intrusion', 'ssh-session-raw']) {
    const reader = new LinuxAuditLogReader({ computer: name, events: true })
    reader.push(readFileSync(samplePath(`${name}.log`)))
    reader.end()
    for (let taken = reader.take(); taken !== undefined; taken = reader.take()) {
      await store.append([taken.batch, ...(taken.events === undefined ? [] : [taken.events])])
    }
  }
  await new SessionKeeper(parts()).pass()
  service = new SessionService(parts())
})
afterAll(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

describe('SessionService', () => {
  it('lists in pages, the youngest first, and by every filter', async () => {
    const first = await service.list({ limit: 3 })
    expect([first.total, first.items.length, first.next]).toEqual([7, 3, '3'])
    const rest = await service.list({ limit: 10, cursor: first.next! })
    expect([rest.items.length, rest.next]).toEqual([4, null])
    const users = async (query: Parameters<SessionService['list']>[0]) =>
      (await service.list(query)).items.map(({ user }) => user)
    expect(await users({})).toEqual(['frank', 'erin', 'dave', 'dave', 'carol', 'bob', 'alice'])
    expect(await users({ user: 'dave' })).toEqual(['dave', 'dave'])
    expect(await users({ user: '1003' })).toEqual(['erin'])
    expect(await users({ computer: 'intrusion', sort: 'start' })).toEqual(['erin', 'frank'])
    expect(await users({ root: true })).toEqual(['erin', 'carol', 'alice'])
    expect(await users({ minimumRisk: 90 })).toEqual(['erin'])
    expect(await users({ since: Date.parse('2026-11-27T07:55:00Z') })).toEqual(['frank', 'erin'])
    expect(await users({ until: Date.parse('2026-11-23T00:00:00Z') })).toEqual(['bob', 'alice'])
    expect(await users({ open: true })).toEqual([])
    expect(await users({ sort: '-risk', limit: 1 })).toEqual(['erin'])
    expect(await users({ user: 'x" or true or "' })).toEqual([])
  })

  it('gives of a session what its log gives', async () => {
    for (const name of ['admin-day', 'intrusion', 'ssh-session-raw']) {
      for (const view of sampleSessions(name).list()) {
        const detail = await service.detail(view.uid)
        expect(detail).toEqual(view.detail())
        const [listed] = (await service.list({ computer: name, limit: 50 })).items.filter(
          ({ uid }) => uid === view.uid,
        )
        expect(listed).toEqual(view.record())
      }
    }
  })

  it('finds by the beginning of an id, and says when there is none or more than one', async () => {
    const { items } = await service.list({ user: 'erin' })
    const { uid } = items[0]!
    expect((await service.view(uid.slice(0, 6))).uid).toBe(uid)
    await expect(service.view('')).rejects.toThrow(SessionNotFoundError)
    await expect(service.view('999')).rejects.toThrow(SessionNotFoundError)
    await expect(service.view('"')).rejects.toThrow(SessionNotFoundError)
    const ids = (await service.list({})).items.map((item) => item.uid)
    const shared = ids.find((id, i) => ids.some((other, j) => j !== i && other[0] === id[0]))
    if (shared !== undefined) await expect(service.view(shared[0]!)).rejects.toThrow(SessionAmbiguousError)
  })

  it('shows secrets only to who says who it is, and writes that down', async () => {
    const { items } = await service.list({ user: 'carol' })
    const { uid } = items[0]!
    expect(JSON.stringify(await service.detail(uid))).not.toContain('S3cretDb')
    const revealed = await service.detail(uid, { user: 'root', client: 'test' })
    expect(JSON.stringify(revealed)).toContain('-pS3cretDb')
    expect(revealed.session.uid).toBe(uid)
    const log = await new Questions(parts()).rows('QueryLog | project UserName, Client, QueryText')
    expect(log).toEqual([
      { UserName: 'root', Client: 'test', QueryText: `// the secrets of session ${uid} were revealed` },
    ])
  })

  it('gives the raw records in pages', async () => {
    const { items } = await service.list({ user: 'alice' })
    const { uid, events } = items[0]!
    const lines: string[] = []
    let cursor: string | undefined
    do {
      const page = await service.rawRecords(uid, { user: 'root', client: 'test' }, cursor, 50)
      expect(page.total).toBe(events)
      lines.push(...page.items.map(({ raw }) => raw))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    const all = readFileSync(samplePath('ssh-session-raw.log'), 'utf8').split('\n')
    const ids = new Set(
      all.filter((line) => / ses=16(?: |$)/.test(line)).map((line) => /audit\(([^)]*)\)/.exec(line)![1]),
    )
    const expected = all.filter((line) => ids.has(/audit\(([^)]*)\)/.exec(line)?.[1]))
    expect([...lines].sort()).toEqual([...expected].sort())
  })
})
