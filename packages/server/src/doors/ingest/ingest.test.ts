/** The ingest doors; that real clients can send to them is tested in e2e/clients. */
import { createHmac, randomUUID } from 'node:crypto'
import { deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { jsonOf, openTestWorkspace, post } from '../../testing.js'
import { suffixed } from './data-collector.js'
import { delimited } from './delimited.js'

let doors: Awaited<ReturnType<typeof openTestWorkspace>>
let sender: { authorization: string }
const NOW = new Date('2026-11-22T22:00:00Z')

beforeAll(async () => {
  doors = await openTestWorkspace(() => NOW)
  sender = await doors.authorization({ ingest: ['*'] })
})
afterAll(() => doors.close())

const rowsOf = async (query: string) => {
  const answer = await doors.local.request('/v1/workspaces/auspex/query', post({ query }))
  const body = await jsonOf(answer)
  if (answer.status !== 200) throw new Error(JSON.stringify(body))
  return body.tables[0].rows as unknown[][]
}

const send = (stream: string, body: Buffer | string, headers: Record<string, string> = {}) =>
  doors.tcp.request(`/dataCollectionRules/dcr-1/streams/${stream}?api%2Dversion=2023-01-01`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...sender, ...headers },
  })

test('Logs Ingestion: rows of a known table, gzipped, once for each request id', async () => {
  const rows = [
    {
      TimeGenerated: '2026-11-22T21:00:00.1234567Z',
      Computer: 'h1',
      RecordType_s: 'EXECVE',
      a0_s: 'curl',
      unknown_s: 'kept',
    },
    { TimeGenerated: '2026-11-22T21:00:01Z', Computer: 'h1', RecordType_s: 'PATH' },
  ]
  const body = gzipSync(JSON.stringify(rows))
  const headers = { 'content-encoding': 'gzip', 'x-ms-client-request-id': randomUUID() }
  for (const _ of [1, 2]) expect((await send('Custom-LinuxAuditLog_CL', body, headers)).status).toBe(204)
  expect(
    await rowsOf(
      'LinuxAuditLog_CL | where Computer == "h1" | sort by TimeGenerated asc | project TimeGenerated, a0_s, unknown_s, Type',
    ),
  ).toEqual([
    ['2026-11-22T21:00:00.1234567Z', 'curl', 'kept', 'LinuxAuditLog_CL'],
    ['2026-11-22T21:00:01.0000000Z', '', '', 'LinuxAuditLog_CL'],
  ])
})

test('Logs Ingestion: an agent’s batches by number, each once and in their order', async () => {
  const batch = (sequence: number) =>
    send('Custom-Numbered_CL', JSON.stringify([{ n: sequence }]), {
      'x-auspex-source': 'h1',
      'x-auspex-sequence': String(sequence),
    })
  for (const sequence of [0, 1, 1, 0, 2]) expect((await batch(sequence)).status).toBe(204)
  expect(await rowsOf('Numbered_CL | sort by n asc | project n')).toEqual([[0], [1], [2]])
})

test('Logs Ingestion: what Azure calls AuditEvent_CL is the table AuditEvent, with its types', async () => {
  const row = {
    TimeGenerated: '2026-11-22T21:00:00Z',
    Computer: 'h2',
    UserId: 1001,
    Arguments: ['a', 'b'],
    SessionId: '7',
  }
  expect((await send('Custom-AuditEvent_CL', JSON.stringify(row))).status).toBe(204)
  expect(
    await rowsOf('AuditEvent | where Computer == "h2" | project UserId, SessionId, Arguments[1]'),
  ).toEqual([[1001, 7, '"b"']])
})

test('a value that does not fit its column is kept beside it', async () => {
  const row = { TimeGenerated: 'not a time', Computer: 'h3', UserId: 'root' }
  expect((await send('Custom-AuditEvent', JSON.stringify([row]))).status).toBe(204)
  expect(
    await rowsOf(
      'AuditEvent | where Computer == "h3" | project UserId, TimeGenerated, AdditionalFields.UserId, AdditionalFields.TimeGenerated',
    ),
  ).toEqual([[null, '2026-11-22T22:00:00.0000000Z', '"root"', '"not a time"']])
})

test('Logs Ingestion: refusals as Azure words them', async () => {
  const refused = async (answer: Response) => [answer.status, (await jsonOf(answer)).error.code]
  expect(await refused(await send('LinuxAuditLog', '[]'))).toEqual([400, 'InvalidStream'])
  expect(await refused(await send('Custom-T_CL', '[1]'))).toEqual([400, 'InvalidRequestContent'])
  expect(await refused(await send('Custom-T_CL', '{"a":'))).toEqual([400, 'InvalidRequestContent'])
  expect(await refused(await send('Custom-T_CL', Buffer.from([0x5b, 0xff, 0x5d])))).toEqual([
    400,
    'InvalidRequestContent',
  ])
  expect(await refused(await send('Custom-SecurityIncident', '[{"a":1}]'))).toEqual([403, 'OperationFailed'])
  expect(await refused(await send('Custom-T_CL', JSON.stringify([{ a: 'x'.repeat(1 << 20) }])))).toEqual([
    413,
    'ContentLengthLimitExceeded',
  ])
})

test('a small body that unpacks to a large one is refused, and so is what is not packed as it says', async () => {
  const bomb = gzipSync(Buffer.alloc(200 << 20, 0x20))
  expect(bomb.length).toBeLessThan(1 << 20)
  expect((await send('Custom-T_CL', bomb, { 'content-encoding': 'gzip' })).status).toBe(413)
  expect((await send('Custom-T_CL', 'plain', { 'content-encoding': 'gzip' })).status).toBe(400)
  expect((await send('Custom-T_CL', 'plain', { 'content-encoding': 'br' })).status).toBe(400)
})

const collect = async (body: Buffer, headers: Record<string, string> = {}, signed = body.length) => {
  const { workspaceId } = doors.workspace.identity
  const date = NOW.toUTCString()
  const text = `POST\n${signed}\napplication/json\nx-ms-date:${date}\n/api/logs`
  const key = Buffer.from(await doors.workspace.identity.sharedKey(), 'base64')
  const signature = createHmac('sha256', key).update(text).digest('base64')
  return doors.tcp.request('/api/logs?api-version=2016-04-01', {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'content-length': String(body.length),
      'log-type': 'Legacy',
      'x-ms-date': date,
      authorization: `SharedKey ${workspaceId}:${signature}`,
      ...headers,
    },
  })
}

test('Data Collector: a signed request, names with suffixes, and the columns that are there', async () => {
  const rows = [
    {
      Timestamp: '2026-11-20T10:00:00.691Z',
      exe: '/bin/sh',
      pid: 7,
      ok: true,
      id: '74be27de-1e4e-49d9-b579-fe0b331d3642',
      gone: null,
    },
  ]
  const first = await collect(Buffer.from(JSON.stringify(rows)), { 'time-generated-field': 'Timestamp' })
  expect([first.status, await first.text()]).toEqual([200, ''])
  const deflated = await collect(deflateSync(JSON.stringify([{ exe: '/bin/ls', pid: '8' }])), {
    'content-encoding': 'deflate',
  })
  expect(deflated.status).toBe(200)
  expect(
    await rowsOf(
      'Legacy_CL | sort by pid_d asc | project TimeGenerated, Timestamp_t, exe_s, pid_d, ok_b, id_g',
    ),
  ).toEqual([
    [
      '2026-11-20T10:00:00.6910000Z',
      '2026-11-20T10:00:00.6910000Z',
      '/bin/sh',
      7,
      true,
      '74be27de-1e4e-49d9-b579-fe0b331d3642',
    ],
    ['2026-11-22T22:00:00.0000000Z', null, '/bin/ls', 8, null, null],
  ])
})

test('Data Collector: refusals as Azure words them', async () => {
  const body = Buffer.from('[{"a":1}]')
  const refused = async (answer: Response) => [answer.status, (await jsonOf(answer)).Error]
  expect(await refused(await collect(body, {}, body.length + 1))).toEqual([403, 'InvalidAuthorization'])
  expect(await refused(await collect(body, { 'x-ms-date': 'Mon, 04 Apr 2016 08:00:00 GMT' }))).toEqual([
    403,
    'InvalidAuthorization',
  ])
  expect(await refused(await collect(body, { 'log-type': 'no blanks' }))).toEqual([400, 'InvalidLogType'])
  expect(await refused(await collect(Buffer.from('[')))).toEqual([400, 'InvalidDataFormat'])
})

test('Data Collector: a text that looks like a number goes into the number’s column only when it is one', () => {
  const known = new Set(['pid_d'])
  expect(suffixed({ pid: '8' }, known, '')).toEqual({ pid_d: '8' })
  expect(suffixed({ pid: 'x' }, known, '')).toEqual({ pid_s: 'x' })
  expect(suffixed({ Type: 'x', TenantId: 'y', 'a b': 1 }, known, '')).toEqual({ a_b_d: 1 })
})

const stream = (table: string, format: string, body: Buffer | string, headers = {}) =>
  doors.tcp.request(`/v1/rest/ingest/auspex/${table}?streamFormat=${format}`, {
    method: 'POST',
    body,
    headers: { ...sender, ...headers },
  })

test('Kusto streaming: JSON makes a table, delimited text follows its columns', async () => {
  const made = await stream('Streamed', 'multijson', gzipSync('{"n":1,"s":"a"}\n{"n":2,"s":"b"}'), {
    'content-encoding': 'gzip',
  })
  expect((await jsonOf(made)).Tables[0].Rows[0][0]).toBe(2)
  const columns = doors.workspace
    .schema()
    .tables.find(({ name }) => name === 'Streamed')!
    .columns.map(({ name }) => name)
  const values: Record<string, string> = {
    TimeGenerated: '2026-11-22T00:00:00Z',
    Computer: 'h',
    n: '3',
    s: '"c ""quoted"", d"',
  }
  const line = columns
    .filter((name) => name !== '_TimeReceived' && name !== 'Type')
    .map((name) => values[name] ?? '')
    .join(',')
  expect((await stream('Streamed', 'csv', `${line}\n`)).status).toBe(200)
  expect(await rowsOf('Streamed | sort by n asc | project n, s')).toEqual([
    [1, 'a'],
    [2, 'b'],
    [3, 'c "quoted", d'],
  ])
  expect((await stream('Nowhere', 'csv', '1,2')).status).toBe(400)
  expect((await stream('Streamed', 'parquet', 'x')).status).toBe(400)
  expect((await stream('Streamed', 'json', '{"n":')).status).toBe(400)
})

test('delimited text comes apart as it was put together', () => {
  const field = fc.string({ maxLength: 8 }).map((text) => text.replaceAll('\r', ''))
  fc.assert(
    fc.property(fc.array(fc.array(field, { minLength: 2, maxLength: 5 }), { maxLength: 5 }), (rows) => {
      const text = rows
        .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
        .join('\r\n')
      expect([...delimited(text, ',')]).toEqual(rows)
    }),
    { numRuns: 300 },
  )
  expect([...delimited('a,b,\nc,"d\ne",f', ',')]).toEqual([
    ['a', 'b', ''],
    ['c', 'd\ne', 'f'],
  ])
})

test('the token endpoint gives a token for a client secret', async () => {
  const secret = sender.authorization.slice('Bearer '.length)
  const form = (values: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(values) })
  const right = await doors.tcp.request(
    '/any/oauth2/v2.0/token',
    form({ grant_type: 'client_credentials', client_id: 'x', client_secret: secret, scope: 'y' }),
  )
  expect(await jsonOf(right)).toMatchObject({ token_type: 'Bearer', access_token: secret })
  const wrong = await doors.tcp.request(
    '/any/oauth2/v2.0/token',
    form({ grant_type: 'client_credentials', client_secret: 'x' }),
  )
  expect([wrong.status, (await jsonOf(wrong)).error]).toEqual([401, 'invalid_client'])
  const found = await doors.tcp.request('http://host:1/any/v2.0/.well-known/openid-configuration')
  expect((await jsonOf(found)).token_endpoint).toBe('http://host:1/any/oauth2/v2.0/token')
})
