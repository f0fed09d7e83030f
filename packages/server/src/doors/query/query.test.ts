/** The query doors in the forms of Azure's APIs; that real clients understand them is tested in e2e/clients. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { jsonOf, openTestWorkspace, post } from '../../testing.js'

let doors: Awaited<ReturnType<typeof openTestWorkspace>>
let reader: { authorization: string }

beforeAll(async () => {
  doors = await openTestWorkspace()
  reader = await doors.authorization({ role: 'reader' })
})
afterAll(() => doors.close())

const ask = (path: string, body: unknown, headers = {}) =>
  doors.tcp.request(path, post(body, { ...reader, ...headers }))

const ALL_TYPES = `print b = true, i = int(7), l = 9007199254740993, r = 2.5, n = real(nan), d = decimal(1.25),
  s = 'grüße 猫 "x"', g = guid(74be27de-1e4e-49d9-b579-fe0b331d3642), t = datetime(2026-11-22T21:41:24.1234567Z),
  p = 1d + 2h + 3ms, j = dynamic({"a":[1,null]}), z = long(null)`

test('Log Analytics: columns, and rows with every type', async () => {
  const answer = await ask('/v1/workspaces/auspex/query', { query: ALL_TYPES })
  expect(answer.status).toBe(200)
  const text = await answer.text()
  expect(text).toContain('9007199254740993')
  const { tables } = JSON.parse(text)
  expect(tables[0].name).toBe('PrimaryResult')
  expect(tables[0].columns.map((column: { type: string }) => column.type)).toEqual([
    'bool',
    'int',
    'long',
    'real',
    'real',
    'decimal',
    'string',
    'guid',
    'datetime',
    'timespan',
    'dynamic',
    'long',
  ])
  const row = tables[0].rows[0]
  expect(row.slice(3, 10)).toEqual([
    2.5,
    'NaN',
    '1.25',
    'grüße 猫 "x"',
    '74be27de-1e4e-49d9-b579-fe0b331d3642',
    '2026-11-22T21:41:24.1234567Z',
    '1.02:00:00.0030000',
  ])
  expect(JSON.parse(row[10])).toEqual({ a: [1, null] })
  expect(row[11]).toBeNull()
})

test('Log Analytics: by GET, by timespan, with statistics and render', async () => {
  const path = `/v1/workspaces/${doors.workspace.identity.workspaceId}/query`
  const got = await doors.tcp.request(
    `${path}?query=${encodeURIComponent('LinuxAuditLog_CL | count')}&timespan=P1D`,
    { headers: reader },
  )
  expect(await jsonOf(got)).toMatchObject({ tables: [{ rows: [[877]] }] })
  const none = await ask(path, { query: 'LinuxAuditLog_CL | count', timespan: '2020-01-01/P1D' })
  expect(await jsonOf(none)).toMatchObject({ tables: [{ rows: [[0]] }] })
  const prefer = { prefer: 'wait=60,include-statistics=true,include-render=true' }
  const chart = await ask(
    path,
    { query: 'LinuxAuditLog_CL | summarize count() by RecordType_s | render piechart' },
    prefer,
  )
  const { statistics, render } = await jsonOf(chart)
  expect(render.visualization).toBe('piechart')
  expect(statistics.query.executionTime).toBeGreaterThan(0)
})

test('Log Analytics: errors as it words them', async () => {
  const wrong = await ask('/v1/workspaces/auspex/query', { query: 'Nowhere | count' })
  expect(wrong.status).toBe(400)
  const { error } = await jsonOf(wrong)
  expect(error.code).toBe('BadArgumentError')
  expect(error.innererror.innererror).toMatchObject({ line: 1, pos: 0 })
  const other = await ask('/v1/workspaces/00000000-0000-0000-0000-000000000000/query', { query: 'print 1' })
  expect([other.status, (await jsonOf(other)).error.code]).toEqual([404, 'PathNotFoundError'])
})

test('Log Analytics: a batch answers each of its requests, the wrong ones too', async () => {
  const answer = await ask('/v1/$batch', {
    requests: [
      {
        id: 'a',
        body: { query: 'print x = 1' },
        workspace: 'auspex',
        path: '/query',
        method: 'POST',
        headers: { Prefer: 'wait=30' },
      },
      { id: 'b', body: { query: 'print x = ' }, workspace: 'auspex' },
      { id: 'c', body: { query: 'print 1' }, workspace: 'elsewhere' },
    ],
  })
  const { responses } = await jsonOf(answer)
  expect(responses.map((each: { id: string; status: number }) => [each.id, each.status])).toEqual([
    ['a', 200],
    ['b', 400],
    ['c', 404],
  ])
  expect(responses[0].body.tables[0].rows).toEqual([[1]])
})

test('Log Analytics: an answer that is cut by a limit says so beside its rows', async () => {
  const answer = await ask('/v1/workspaces/auspex/query', { query: 'range x from 1 to 600000 step 1' })
  const { tables, error } = await jsonOf(answer)
  expect(tables[0].rows.length).toBe(500_000)
  expect(error).toMatchObject({ code: 'PartialError', details: [{ innererror: { code: '-2133196797' } }] })
})

test('Kusto v2: frames, with every type', async () => {
  const answer = await ask(
    '/v2/rest/query',
    { db: 'auspex', csl: ALL_TYPES },
    { 'x-ms-client-request-id': 'KNC.execute;1' },
  )
  expect(answer.headers.get('x-ms-client-request-id')).toBe('KNC.execute;1')
  const frames = await jsonOf(answer)
  expect(frames.map((frame: { FrameType: string }) => frame.FrameType)).toEqual([
    'DataSetHeader',
    'DataTable',
    'DataTable',
    'DataTable',
    'DataSetCompletion',
  ])
  const primary = frames.find((frame: { TableKind?: string }) => frame.TableKind === 'PrimaryResult')
  expect(primary.Columns[2]).toEqual({ ColumnName: 'l', ColumnType: 'long' })
  expect(primary.Rows[0][10]).toEqual({ a: [1, null] })
  expect(frames.at(-1)).toMatchObject({ HasErrors: false })
})

test('Kusto v2: parameters, time limits and results that are too large', async () => {
  const given = await ask('/v2/rest/query', {
    csl: 'declare query_parameters (who:string); print who',
    properties: { Parameters: { who: 'alice' } },
  })
  expect((await jsonOf(given))[2].Rows).toEqual([['alice']])
  const properties = JSON.stringify({ Options: { servertimeout: '00:00:01', truncationmaxrecords: 10 } })
  const cut = await ask('/v2/rest/query', { csl: 'range x from 1 to 100 step 1', properties })
  const frames = await jsonOf(cut)
  expect(frames[2].Rows.length).toBe(10)
  expect(frames.at(-1)).toMatchObject({
    HasErrors: true,
    OneApiErrors: [{ error: { code: 'LimitsExceeded' } }],
  })
})

test('Kusto v1: tables, the last of which is the contents', async () => {
  const answer = await ask('/v1/rest/query', { db: 'auspex', csl: 'print a = 1, b = "x"' })
  const { Tables } = await jsonOf(answer)
  expect(Tables[0].Columns).toEqual([
    { ColumnName: 'a', DataType: 'Int64', ColumnType: 'long' },
    { ColumnName: 'b', DataType: 'String', ColumnType: 'string' },
  ])
  expect(Tables[0].Rows).toEqual([[1, 'x']])
  expect(Tables.at(-1).Rows.map((row: unknown[]) => row[1])).toEqual([
    'QueryResult',
    'QueryProperties',
    'QueryStatus',
  ])
})

test.each([
  ['.show tables', 'TableName'],
  ['.show databases', 'DatabaseName'],
  ['.show database auspex schema', 'DatabaseName'],
  ['.show databases schema', 'DatabaseName'],
  [".show databases (['auspex']) schema as json", 'DatabaseSchema'],
  ['.show database auspex schema as json', 'DatabaseSchema'],
  ['.show table LinuxAuditLog_CL schema as json', 'TableName'],
  ['.show functions', 'Name'],
  ['.show version', 'BuildVersion'],
  ['.show cluster', 'NodeId'],
])('Kusto: %s, at both doors', async (csl, first) => {
  for (const path of ['/v1/rest/mgmt', '/v1/rest/query']) {
    const { Tables } = await jsonOf(await ask(path, { csl }))
    expect(Tables[0].Columns[0].ColumnName).toBe(first)
    if (!csl.includes('functions')) expect(Tables[0].Rows.length).toBeGreaterThan(0)
  }
})

test('Kusto: the schema as JSON has the tables and their columns', async () => {
  const { Tables } = await jsonOf(await ask('/v1/rest/mgmt', { csl: '.show databases schema as json' }))
  const { Databases } = JSON.parse(Tables[0].Rows[0][0])
  expect(Databases.auspex.Tables.LinuxAuditLog_CL.OrderedColumns).toContainEqual({
    Name: 'exe_s',
    Type: 'System.String',
    CslType: 'string',
  })
})

test('Kusto: errors with type, message and place; a command that changes something is refused by name', async () => {
  const wrong = await ask('/v2/rest/query', { db: 'auspex', csl: 'LinuxAuditLog_CL | where nowhere == 1' })
  expect(wrong.status).toBe(400)
  const { error } = await jsonOf(wrong)
  expect(error).toMatchObject({
    '@permanent': true,
    '@type': 'Kusto.Data.Exceptions.SemanticException',
    innererror: { '@line': 1, '@pos': 25 },
  })
  const drop = await ask('/v1/rest/mgmt', { csl: '.drop table LinuxAuditLog_CL' })
  expect(drop.status).toBe(400)
  expect((await jsonOf(drop)).error['@message']).toContain(
    '.drop table LinuxAuditLog_CL is not answered here',
  )
  const elsewhere = await ask('/v2/rest/query', { db: 'elsewhere', csl: 'print 1' })
  expect((await jsonOf(elsewhere)).error.code).toBe('BadRequest_EntityNotFound')
})

test('a client that goes away stops its query', async () => {
  const gone = new AbortController()
  const query =
    'range x from 1 to 20000000 step 1 | extend y = hash_sha256(tostring(x)) | summarize dcount(y), max(y)'
  const request = new Request('http://x/v1/workspaces/auspex/query', {
    ...post({ query }, reader),
    signal: gone.signal,
  })
  const asked = doors.tcp.fetch(request)
  setTimeout(() => gone.abort(), 50)
  expect((await asked).status).toBe(499)
})
