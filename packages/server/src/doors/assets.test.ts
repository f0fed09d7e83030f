import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hono } from 'hono'
import { afterAll, expect, test } from 'vitest'
import { serveAssets } from './assets.js'

const folder = mkdtempSync(join(tmpdir(), 'auspex-assets-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
mkdirSync(join(folder, 'assets'))
writeFileSync(join(folder, 'index.html'), '<title>Auspex</title>')
writeFileSync(join(folder, 'assets/a-1.js'), 'plain')
writeFileSync(join(folder, 'assets/a-1.js.br'), 'packed')

const app = new Hono()
app.use(serveAssets(folder))
app.all('*', (context) => context.text('door', 401))

const page = { accept: 'text/html' }

test.each(['/', '/incidents/7', '/logs?q=print%201'])('%s is a page of the UI', async (path) => {
  const answer = await app.request(path, { headers: page })
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('<title>Auspex')
  expect(answer.headers.get('cache-control')).toBe('no-cache')
  expect(answer.headers.get('content-security-policy')).toContain("script-src 'self';")
})

test.each([
  ['/api/incidents', page],
  ['/v1/workspaces/x/query', page],
  ['/assets/gone.js', page],
  ['/?token=abc', page],
  ['/incidents', { accept: 'application/json' }],
  ['/../../etc/passwd', {}],
  ['/assets/a-1.js.br', {}],
])('%s with %j goes on to the door', async (path, headers) => {
  expect((await app.request(path, { headers })).status).toBe(401)
})

test('a POST goes on to the door', async () => {
  expect((await app.request('/', { method: 'POST', headers: page })).status).toBe(401)
})

test('a file goes packed to who takes it so, with a name that never changes its meaning', async () => {
  const packed = await app.request('/assets/a-1.js', { headers: { 'accept-encoding': 'gzip, br' } })
  expect(packed.headers.get('content-encoding')).toBe('br')
  expect(packed.headers.get('content-type')).toContain('text/javascript')
  expect(packed.headers.get('cache-control')).toContain('immutable')
  const plain = await app.request('/assets/a-1.js')
  expect(plain.headers.get('content-encoding')).toBeNull()
  expect(await plain.text()).toBe('plain')
})
