import { NotFoundError } from '@auspex/detect'
import { expect, test } from 'vitest'
import type { Workspace } from '../workspace.js'
import { createApp } from './app.js'

const TOKEN = 'a'.repeat(43)

/** A workspace that answers; what it is asked is not what is tested here. */
const workspace = {
  incidents: {
    list: async () => ({ incidents: [], total: 0 }),
    get: async (number: number) => Promise.reject(new NotFoundError(`incident ${number}`)),
  },
  watchlists: { list: async () => [] },
  rules: { refresh: async () => {}, entries: [], broken: [] },
  query: async () => ({
    columns: [
      { name: 'n', type: 'long' },
      { name: 't', type: 'datetime' },
    ],
    rows: [[9007199254740993n, 638_400_000_000_000_001n]],
    truncated: false,
  }),
  explain: async () => ({ plan: {}, sql: 'SELECT 1' }),
  status: async () => ({ tables: [] }),
  pass: async () => ({ incidents: [], runs: 0, failures: [] }),
  import: async () => ({ rows: 1 }),
  store: { check: async () => [], compact: async () => {} },
} as unknown as Workspace

const tcp = createApp({ workspace, token: TOKEN })
const socket = createApp({ workspace })

const json = (body: unknown) => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})

const ROUTES: [string, RequestInit?][] = [
  ['/'],
  ['/api/incidents'],
  ['/api/incidents/1'],
  ['/api/incidents/1/comments', json({ message: 'x' })],
  ['/api/rules'],
  ['/api/watchlists'],
  ['/api/watchlists/x', { method: 'DELETE' }],
  ['/api/rules/1', { method: 'DELETE' }],
  ['/api/store'],
  ['/api/query', json({ query: 'print 1' })],
  ['/api/explain', json({ query: 'print 1' })],
  ['/api/import', json({ path: '/etc/passwd', computer: 'x', ofThisHost: false })],
  ['/no/such/route'],
]

test.each(ROUTES)(
  '%s is closed without a token, with a wrong one and with a longer one',
  async (path, init) => {
    for (const authorization of [undefined, 'Bearer wrong', `Bearer ${TOKEN}b`, `Basic ${TOKEN}`]) {
      const headers = {
        ...(init?.headers as Record<string, string>),
        ...(authorization && { authorization }),
      }
      expect((await tcp.request(path, { ...init, headers })).status).toBe(401)
    }
  },
)

test('health is open, and says nothing else', async () => {
  const answer = await tcp.request('/health/live')
  expect(await answer.json()).toEqual({ status: 'live' })
})

test('the token opens the door as a bearer, as a cookie, and in the URL once', async () => {
  expect((await tcp.request('/', { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200)
  expect((await tcp.request('/', { headers: { cookie: `auspex_token=${TOKEN}` } })).status).toBe(200)
  const first = await tcp.request(`/?token=${TOKEN}`)
  expect(first.status).toBe(302)
  expect(first.headers.get('location')).toBe('/')
  expect((await tcp.request('/?token=wrong')).status).toBe(401)
})

test.each(['/api/import', '/api/store/check', '/api/store/backup', '/api/store/export'])(
  '%s is on the Unix socket only: it reads and writes files by their path',
  async (path) => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
    const init = { method: 'POST', headers, body: '{}' }
    expect((await tcp.request(path, init)).status).toBe(404)
    expect(
      (await socket.request(path, { ...init, headers: { 'content-type': 'application/json' } })).status,
    ).not.toBe(404)
  },
)

test('64-bit numbers and times go as text and lose no digit', async () => {
  const answer = await socket.request('/api/query', json({ query: 'T' }))
  expect(await answer.json()).toMatchObject({ rows: [['9007199254740993', '2024-01-04T21:20:00.0000001Z']] })
})

test('a body that is no JSON, is wrong or too large is refused with its reason', async () => {
  const init = { method: 'POST', body: 'x', headers: { 'content-type': 'application/json' } }
  expect((await socket.request('/api/query', init)).status).toBe(400)
  const wrong = await socket.request('/api/query', json({ query: 5 }))
  expect(wrong.status).toBe(400)
  expect(await wrong.text()).toContain('query')
  const large = await socket.request('/api/query', json({ query: 'x'.repeat(2 << 20) }))
  expect(large.status).toBe(413)
})

test('pages carry a policy that lets no script run', async () => {
  const answer = await socket.request('/')
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
})
