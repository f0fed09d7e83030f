import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jsonOf, openTestWorkspace } from '../../testing.js'

let test: Awaited<ReturnType<typeof openTestWorkspace>>
let reader: Record<string, string>
let admin: Record<string, string>
beforeAll(async () => {
  test = await openTestWorkspace()
  await test.workspace.pass()
  reader = await test.authorization({ role: 'reader' })
  admin = await test.authorization({ role: 'admin' })
}, 120_000)
afterAll(() => test.close())

const get = (path: string, headers = reader) => test.tcp.request(path, { headers })
const post = (path: string, headers = reader) => test.tcp.request(path, { method: 'POST', headers })

describe('/api/sessions', () => {
  it('lists with filters and pages', async () => {
    const all = await jsonOf(await get('/api/sessions?sort=start'))
    expect(all.items.map(({ user }: { user: string }) => user)).toEqual(['alice', 'bob'])
    expect([all.total, all.next]).toEqual([2, null])
    const page = await jsonOf(await get('/api/sessions?limit=1'))
    expect([page.items[0].user, page.next]).toEqual(['bob', '1'])
    expect((await jsonOf(await get('/api/sessions?root=true'))).items[0].user).toBe('alice')
    expect((await jsonOf(await get('/api/sessions?host=other'))).items).toEqual([])
    expect((await get('/api/sessions?limit=0')).status).toBe(400)
    expect((await test.tcp.request('/api/sessions')).status).toBe(401)
  })

  it('gives everything of one, in pages', async () => {
    const [alice] = (await jsonOf(await get('/api/sessions?user=alice'))).items
    const of = (part: string) => `/api/sessions/${alice.uid}${part}`
    const facts = await jsonOf(await get(of('')))
    expect(facts.session).toEqual(alice)
    expect(facts.changes.map(({ how, to }: { how: string; to: string }) => [how, to])).toEqual([
      ['sudo', 'root'],
      ['su', 'root'],
    ])
    expect(facts.failedLogins).toHaveLength(1)
    const lines = await jsonOf(await get(of('/lines')))
    expect(lines.items.map(({ text }: { text: string }) => text)).toContain('cat /etc/shadow | head -1')
    const first = await jsonOf(await get(of('/commands?limit=10')))
    const second = await jsonOf(await get(of(`/commands?limit=100&cursor=${first.next}`)))
    expect([first.items.length, second.items.length, second.next]).toEqual([10, 16, null])
    expect((await jsonOf(await get(of('/timeline')))).items[0].kind).toBe('refused-login')
    const roots = await jsonOf(await get(of('/processes')))
    const below = await jsonOf(await get(of(`/processes?parent=${roots.items[0].index}`)))
    expect([roots.items[0].name, below.total]).toEqual(['sshd', roots.items[0].children])
    for (const part of ['/files', '/connections']) expect((await get(of(part))).status).toBe(200)
    expect((await jsonOf(await get(of('/detail')))).session.uid).toBe(alice.uid)
    expect((await jsonOf(await get(`/api/sessions/${alice.uid.slice(0, 7)}`))).session.uid).toBe(alice.uid)
    expect((await get('/api/sessions/nothing')).status).toBe(404)
  })

  it('shows secrets and raw records to administrators only, and writes that down', async () => {
    const [alice] = (await jsonOf(await get('/api/sessions?user=alice'))).items
    for (const part of ['reveal', 'records'])
      expect((await post(`/api/sessions/${alice.uid}/${part}`)).status).toBe(403)
    const revealed = await jsonOf(await post(`/api/sessions/${alice.uid}/reveal`, admin))
    expect(revealed.lines).toHaveLength(11)
    const raw = await jsonOf(await post(`/api/sessions/${alice.uid}/records?limit=5`, admin))
    expect(raw.items[0].raw).toMatch(/^type=/)
    const log = await test.workspace.query(
      'QueryLog | where QueryText has "revealed" | project UserName',
      {},
      { user: 't', client: 't' },
    )
    expect(log.rows.length).toBe(2)
  })
})
