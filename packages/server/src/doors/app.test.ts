/** Every door without, with a wrong and with an insufficient credential; and how a browser gets in. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROLES, type Role } from '../identity/permission.js'
import { jsonOf, openTestWorkspace, post } from '../testing.js'
import { apiGroups } from './app.js'

let doors: Awaited<ReturnType<typeof openTestWorkspace>>
let as: Record<Role | 'sender', { authorization: string }>

beforeAll(async () => {
  doors = await openTestWorkspace()
  const roles = await Promise.all(
    ROLES.map(async (role) => [role, await doors.authorization({ role })] as const),
  )
  as = {
    ...(Object.fromEntries(roles) as Record<Role, { authorization: string }>),
    sender: await doors.authorization({ ingest: ['LinuxAuditLog_CL'] }),
  }
})
afterAll(() => doors.close())

/** The lowest role that may do what a permission names. */
const LOWEST: Readonly<Record<string, Role>> = {
  read: 'reader',
  respond: 'responder',
  contribute: 'contributor',
  administer: 'admin',
}

test('every endpoint of the API is closed without a credential, with a wrong one, and to lower roles', async () => {
  const endpoints = [...apiGroups(doors.options).values()].flat()
  expect(endpoints.length).toBeGreaterThan(40)
  let tried = 0
  for (const { method, path, permission } of endpoints) {
    if (permission === undefined) continue
    const url = `/api${path.replace(/:number(\{[^}]*\})?/, '999').replace(/:\w+/g, 'x')}`
    const ask = async (headers: Record<string, string>) => {
      const body = method === 'get' || method === 'delete' ? {} : { body: '{}' }
      const init = {
        method: method.toUpperCase(),
        ...body,
        headers: { 'content-type': 'application/json', ...headers },
      }
      const answer = await doors.tcp.request(url, init)
      await answer.body?.cancel()
      return answer.status
    }
    expect(await ask({}), url).toBe(401)
    expect(await ask({ authorization: `Bearer axt_AAAAAAAAAAAA_${'A'.repeat(43)}` }), url).toBe(401)
    expect(await ask({ authorization: `Basic ${as.admin.authorization.slice(7)}` }), url).toBe(401)
    expect(await ask({ cookie: 'auspex_session=wrong' }), url).toBe(401)
    expect(await ask(as.sender), url).toBe(403)
    if (permission === 'folder') expect(await ask(as.admin), url).toBe(403)
    else {
      for (const role of ROLES.slice(0, ROLES.indexOf(LOWEST[permission]!))) {
        expect(await ask(as[role]), `${role} ${url}`).toBe(403)
      }
    }
    tried++
  }
  expect(tried).toBeGreaterThan(40)
})

const OTHER_DOORS: readonly [path: string, init: RequestInit, unauthorized: number, sender: number][] = [
  ['/', {}, 401, 403],
  ['/no/such/route', {}, 401, 403],
  ['/v1/workspaces/auspex/query', post({ query: 'print 1' }), 401, 403],
  ['/v1/workspaces/auspex/query?query=print%201', {}, 401, 403],
  ['/v1/workspaces/auspex/metadata', {}, 401, 403],
  ['/v1/$batch', post({ requests: [] }), 401, 403],
  ['/v2/rest/query', post({ csl: 'print 1' }), 401, 403],
  ['/v1/rest/query', post({ csl: 'print 1' }), 401, 403],
  ['/v1/rest/mgmt', post({ csl: '.show tables' }), 401, 403],
  ['/v1/rest/ingest/auspex/T?streamFormat=json', post({}), 401, 403],
  ['/dataCollectionRules/dcr/streams/Custom-Other_CL', post([{ a: 1 }]), 401, 403],
  ['/api/logs?api-version=2016-04-01', post([{ a: 1 }], { 'log-type': 'T' }), 403, 403],
]

test.each(OTHER_DOORS)(
  '%s is closed without a credential and to who may only send elsewhere',
  async (path, init, unauthorized, sender) => {
    const ask = async (headers: Record<string, string>) => {
      const answer = await doors.tcp.request(path, {
        ...init,
        headers: { ...(init.headers as object), ...headers },
      })
      await answer.body?.cancel()
      return answer.status
    }
    expect(await ask({})).toBe(unauthorized)
    expect(await ask({ authorization: 'Bearer wrong' })).toBe(unauthorized)
    expect(await ask(as.sender)).toBe(sender)
  },
)

test('metrics are for who may read', async () => {
  expect((await doors.tcp.request('/metrics')).status).toBe(401)
  const headers = await doors.authorization({ role: 'reader' })
  await doors.tcp.request('/api/store', { headers })
  const text = await (await doors.tcp.request('/metrics', { headers })).text()
  expect(text).toMatch(/^auspex_http_request_seconds_count\{door="api",status="200"\} \d+$/m)
  expect(text).toMatch(/^auspex_store_bytes\{part="data"\} \d+$/m)
  expect(text).toMatch(/^auspex_open_incidents\{severity="High"\} \d+$/m)
})

test('ready says whether it can answer', async () => {
  const answer = await doors.tcp.request('/health/ready')
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ready' }])
})

test('health is open, and says nothing else', async () => {
  const answer = await doors.tcp.request('/health/live')
  expect(await jsonOf(answer)).toEqual({ status: 'live' })
})

test('the Unix socket needs no credential, and names who asks', async () => {
  const answer = await doors.local.request('/api/me', { headers: { 'x-auspex-user': 'j%C3%BCrgen' } })
  expect(await jsonOf(answer)).toMatchObject({ name: 'jürgen', kind: 'local', role: 'admin' })
  expect((await doors.local.request('/api/store/export', post({}))).status).toBe(400)
})

test('a sign-in link opens a session, which needs its word to change anything', async () => {
  const word = doors.workspace.identity.signInLink('root')
  const first = await doors.tcp.request(`/incidents?view=mine&token=${word}`)
  expect(first.status).toBe(302)
  expect(first.headers.get('location')).toBe('/incidents?view=mine')
  const cookie = first.headers.get('set-cookie')!
  expect(cookie).toMatch(/HttpOnly/)
  expect(cookie).toMatch(/SameSite=Strict/)
  const session = { cookie: cookie.split(';')[0]! }
  const me = (await jsonOf(await doors.tcp.request('/api/me', { headers: session }))) as { csrf: string }
  expect(me).toMatchObject({ name: 'root', role: 'admin' })
  const saved = { name: 'q', query: 'print 1' }
  const refused = await doors.tcp.request('/api/queries', post(saved, session))
  expect(refused.status).toBe(403)
  expect(await refused.text()).toContain('x-csrf-token')
  const change = { ...session, 'x-csrf-token': me.csrf }
  expect((await doors.tcp.request('/api/queries', post(saved, change))).status).toBe(201)
  expect((await doors.tcp.request('/api/session', { method: 'DELETE', headers: change })).status).toBe(200)
  expect((await doors.tcp.request('/api/me', { headers: session })).status).toBe(401)
  expect((await doors.tcp.request('/?token=wrong')).status).toBe(401)
})

test('a user signs in with a password, and can not shut themselves out', async () => {
  const made = await doors.tcp.request(
    '/api/users',
    post({ name: 'carol', password: 'a long password', role: 'admin' }, as.admin),
  )
  expect(made.status).toBe(201)
  expect(await made.text()).not.toContain('password')
  expect((await doors.tcp.request('/api/session', post({ name: 'carol', password: 'wrong' }))).status).toBe(
    401,
  )
  const answer = await doors.tcp.request('/api/session', post({ name: 'carol', password: 'a long password' }))
  const { csrf } = (await jsonOf(answer)) as { csrf: string }
  const headers = { cookie: answer.headers.get('set-cookie')!.split(';')[0]!, 'x-csrf-token': csrf }
  const out = await doors.tcp.request('/api/users/carol', { method: 'DELETE', headers })
  expect(out.status).toBe(400)
  expect(await out.text()).toContain('shut yourself out')
})

test('a token’s secret is in the answer that makes it, and in no other', async () => {
  const made = await doors.tcp.request(
    '/api/tokens',
    post({ name: 'web-1', ingest: ['LinuxAuditLog_CL'] }, as.admin),
  )
  const { id, secret } = (await jsonOf(made)) as { id: string; secret: string }
  const list = await (await doors.tcp.request('/api/tokens', { headers: as.admin })).text()
  expect(list).toContain(id)
  expect(list).not.toContain(secret.split('_')[2])
  await doors.tcp.request(`/api/tokens/${id}`, { method: 'DELETE', headers: as.admin })
  const refused = await doors.tcp.request('/api/me', { headers: { authorization: `Bearer ${secret}` } })
  expect(refused.status).toBe(401)
})

test('a body that is no JSON, is wrong or too large is refused with its reason', async () => {
  const headers = { 'content-type': 'application/json' }
  const none = await doors.local.request('/api/query', { method: 'POST', body: 'x', headers })
  expect(none.status).toBe(400)
  expect(await none.text()).toContain('no JSON')
  const wrong = await doors.local.request('/api/query', post({ query: 5 }))
  expect(wrong.status).toBe(400)
  expect(await wrong.text()).toContain('query')
  const large = await doors.local.request('/api/query', post({ query: 'x'.repeat(5 << 20) }))
  expect(large.status).toBe(413)
})

test('a query that is wrong says where; what it asked is in the log of queries, and by whom', async () => {
  const wrong = await doors.tcp.request(
    '/api/query',
    post({ query: 'LinuxAuditLog_CL | wehre 1 == 1' }, as.reader),
  )
  expect(wrong.status).toBe(400)
  const { error } = (await jsonOf(wrong)) as { error: { diagnostics: { line: number; column: number }[] } }
  expect(error.diagnostics[0]).toMatchObject({ line: 1, column: 20 })
  const right = await doors.tcp.request(
    '/api/query',
    post({ query: 'LinuxAuditLog_CL | count', timespan: 'PT1H' }, as.reader),
  )
  expect(await jsonOf(right)).toMatchObject({ columns: [{ name: 'Count', type: 'long' }], rows: [['877']] })
  const log = async () => {
    const answer = await doors.tcp.request(
      '/api/query',
      post({ query: 'QueryLog | project UserName, Client, Result, QueryText, RowCount' }, as.reader),
    )
    return ((await jsonOf(answer)) as { rows: unknown[][] }).rows
  }
  await expect.poll(log, { timeout: 10_000 }).toEqual(
    expect.arrayContaining([
      ['test', 'api', 'failure', 'LinuxAuditLog_CL | wehre 1 == 1', '0'],
      ['test', 'api', 'success', 'LinuxAuditLog_CL | count', '1'],
    ]),
  )
})

test('an editor is told what fits, what is wrong, and what a name is', async () => {
  const ask = async (body: object) =>
    (await jsonOf(await doors.tcp.request('/api/editor', post(body, as.reader)))).answer
  const { items } = await ask({ ask: 'completions', query: 'LinuxAuditLog_CL | where Rec', position: 28 })
  expect(items.map((item: { match: string }) => item.match)).toContain('RecordType_s')
  const found = await ask({ ask: 'diagnostics', query: 'LinuxAuditLog_CL | where Recrd == 1' })
  expect(found[0]).toMatchObject({ line: 1, column: 26, severity: 'error' })
  expect(await ask({ ask: 'hover', query: 'LinuxAuditLog_CL | count', position: 3 })).toMatchObject({
    start: 0,
  })
  expect(await ask({ ask: 'hover', query: '', position: 9 })).toBeNull()
})

test('queries that come too fast are told when to come again', async () => {
  const headers = await doors.authorization({ role: 'reader' })
  const ask = () => doors.tcp.request('/v1/workspaces/auspex/query', post({ query: 'wrong wrong' }, headers))
  let last = await ask()
  for (let i = 0; i < 250 && last.status !== 429; i++) last = await ask()
  expect(last.status).toBe(429)
  expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)
})

test('the document describes every endpoint, with the schemas that check it', async () => {
  const answer = await doors.tcp.request('/api/openapi.json', { headers: as.reader })
  const document = (await jsonOf(answer)) as {
    paths: Record<string, Record<string, { requestBody?: unknown; parameters: unknown[] }>>
  }
  expect(document.paths['/api/query']?.post?.requestBody).toBeDefined()
  expect(document.paths['/api/incidents/{number}']?.get?.parameters).toMatchObject([
    { name: 'number', in: 'path', required: true },
  ])
  const page = await doors.tcp.request('/api/docs', { headers: as.reader })
  expect(await page.text()).toContain('/api/incidents/{number}')
})

test('what happens is told to who listens, and what was missed', async () => {
  doors.workspace.live.tell({ kind: 'ingested', table: 'T', rows: 1 })
  doors.workspace.live.tell({ kind: 'incident', number: 7, change: 'created' })
  const answer = await doors.tcp.request('/api/events', { headers: { ...as.reader, 'last-event-id': '0' } })
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
  const reader = answer.body!.getReader()
  let text = ''
  while (!text.includes('"number":7')) text += new TextDecoder().decode((await reader.read()).value)
  expect(text).toMatch(/event: ingested\ndata: \{"kind":"ingested","table":"T","rows":1\}/)
  await reader.cancel()
})

test('pages carry a policy that lets no script run', async () => {
  const answer = await doors.local.request('/')
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
})
