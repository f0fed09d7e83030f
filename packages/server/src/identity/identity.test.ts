import { randomBytes } from 'node:crypto'
import { openControl } from '@auspex/detect'
import { beforeEach, expect, test } from 'vitest'
import { Identity } from './identity.js'
import { allows, allowsTable } from './permission.js'
import { SERVER_MIGRATIONS, type ServerTables } from './schema.js'

const HOUR = 3_600_000
let now = 0
let identity: Identity
let control: ReturnType<typeof openControl<ServerTables>>

beforeEach(async () => {
  now = Date.parse('2026-11-22T12:00:00Z')
  control = openControl<ServerTables>(':memory:', [SERVER_MIGRATIONS])
  identity = await Identity.open({ control, now: () => now, randomBytes })
})

test('a token opens until it expires or is taken back, and its secret is not kept', async () => {
  const { token, secret } = await identity.createToken(
    { name: 'grafana', role: 'reader', expires: '2026-11-23T00:00:00Z' },
    'alice',
  )
  const who = await identity.byToken(secret)
  expect(who).toEqual({ kind: 'token', name: 'grafana', role: 'reader', ingest: [] })
  expect([allows(who, 'read'), allows(who, 'respond'), allows(who, 'ingest')]).toEqual([true, false, false])
  const kept = JSON.stringify(await control.selectFrom('server_token').selectAll().execute())
  expect(kept).not.toContain(secret.slice(20))
  await expect(identity.byToken(`${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`)).rejects.toThrow(
    'not known',
  )
  expect((await identity.tokens())[0]?.usedTime).toBe('2026-11-22T12:00:00.000Z')
  now += 12 * HOUR
  await expect(identity.byToken(secret)).rejects.toThrow('expired at 2026-11-23')
  await identity.deleteToken(token.id)
  await expect(identity.byToken(secret)).rejects.toThrow('not known')
})

test('a token that may only send rows may nothing else, and only to its tables', async () => {
  const { secret } = await identity.createToken({ name: 'web-1', ingest: ['LinuxAuditLog_CL'] }, 'alice')
  const who = await identity.byToken(secret)
  expect([allows(who, 'ingest'), allows(who, 'read'), allows(who, 'administer')]).toEqual([
    true,
    false,
    false,
  ])
  expect([allowsTable(who, 'LinuxAuditLog_CL'), allowsTable(who, 'Other_CL')]).toEqual([true, false])
  await expect(identity.signInByLink(secret)).rejects.toThrow('may only send')
  await expect(identity.createToken({ name: 'nothing' }, 'alice')).rejects.toThrow('needs a role')
})

test('the first token is made once in the life of a workspace', async () => {
  const secret = await identity.firstToken('alice')
  expect(secret && (await identity.byToken(secret)).role).toBe('admin')
  expect(await identity.firstToken('alice')).toBeUndefined()
})

test('a user signs in, and a changed password, role or disabling ends the sessions', async () => {
  await identity.createUser('Alice', 'correct horse', 'contributor', 'root')
  await expect(identity.createUser('alice', 'correct horse', 'reader', 'root')).rejects.toThrow('already')
  const { cookie, who } = await identity.signIn('alice', 'correct horse', '10.0.0.1')
  expect(who).toMatchObject({ kind: 'user', name: 'Alice', role: 'contributor' })
  expect((await identity.bySession(cookie)).csrf).toBe(who.csrf)
  await identity.updateUser('alice', { role: 'admin' })
  expect((await identity.bySession(cookie)).role).toBe('admin')
  await identity.updateUser('alice', { role: 'reader' })
  await expect(identity.bySession(cookie)).rejects.toThrow('sign in again')
  const again = await identity.signIn('Alice', 'correct horse', '10.0.0.1')
  await identity.updateUser('alice', { disabled: true })
  await expect(identity.bySession(again.cookie)).rejects.toThrow('sign in again')
  await expect(identity.signIn('alice', 'correct horse', '10.0.0.1')).rejects.toThrow('no user has')
})

test('a session ends when it is not used, after a week, and at sign-out', async () => {
  await identity.createUser('bob', 'correct horse', 'reader', 'root')
  const { cookie } = await identity.signIn('bob', 'correct horse', '10.0.0.1')
  for (let hours = 0; hours < 160; hours += 10) {
    await identity.bySession(cookie)
    now += 10 * HOUR
  }
  now += 9 * HOUR
  await expect(identity.bySession(cookie)).rejects.toThrow('sign in again')
  const idle = await identity.signIn('bob', 'correct horse', '10.0.0.1')
  now += 13 * HOUR
  await expect(identity.bySession(idle.cookie)).rejects.toThrow('sign in again')
  const out = await identity.signIn('bob', 'correct horse', '10.0.0.1')
  await identity.signOut(out.cookie)
  await expect(identity.bySession(out.cookie)).rejects.toThrow('sign in again')
})

test('failures in a row make the next attempt wait, even with the right password', async () => {
  await identity.createUser('carol', 'correct horse', 'reader', 'root')
  for (let i = 0; i < 5; i++) {
    await expect(identity.signIn('carol', `guess ${i}`, '10.0.0.1')).rejects.toThrow('no user has')
  }
  await expect(identity.signIn('carol', 'correct horse', '10.0.0.2')).rejects.toThrow('too many failed')
  await expect(identity.signIn('dave', 'correct horse', '10.0.0.1')).rejects.toThrow('too many failed')
  now += 3000
  expect((await identity.signIn('carol', 'correct horse', '10.0.0.1')).who.name).toBe('carol')
})

test('a sign-in link works for a quarter of an hour', async () => {
  const word = identity.signInLink('root')
  expect((await identity.signInByLink(word)).who).toMatchObject({ name: 'root', role: 'admin' })
  now += HOUR / 4
  await expect(identity.signInByLink(word)).rejects.toThrow('no longer valid')
})

test('the shared key signs until it is renewed, and for this workspace only', async () => {
  const { createHmac } = await import('node:crypto')
  const sign = async (text: string) =>
    createHmac('sha256', Buffer.from(await identity.sharedKey(), 'base64'))
      .update(text)
      .digest('base64')
  const signature = await sign('POST\n2\n')
  const { workspaceId } = identity
  expect((await identity.bySignature(workspaceId, signature, 'POST\n2\n')).ingest).toEqual(['*'])
  await expect(identity.bySignature(workspaceId, signature, 'POST\n3\n')).rejects.toThrow('does not fit')
  await expect(identity.bySignature('other', signature, 'POST\n2\n')).rejects.toThrow('does not fit')
  await identity.renewSharedKey()
  await expect(identity.bySignature(workspaceId, signature, 'POST\n2\n')).rejects.toThrow('does not fit')
  const reopened = await Identity.open({ control, now: () => now, randomBytes })
  expect(await reopened.sharedKey()).toBe(await identity.sharedKey())
  expect(reopened.workspaceId).toBe(workspaceId)
})
