/**
 * Kusto's REST API, as the Kusto SDKs, Azure Data Explorer's connectors and Grafana's plugin speak it:
 * `/v2/rest/query`, `/v1/rest/query`, `/v1/rest/mgmt`, `/v1/rest/auth/metadata`. The query endpoints take dot-commands,
 * too, because clients send them there.
 */
import { randomUUID } from 'node:crypto'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import { requires } from '../../../http/access.js'
import { ArgumentError } from '../../../http/failure.js'
import { streamOf } from '../../../http/stream.js'
import type { StreamedAnswer } from '../../../workspace.js'
import type { QueryDoor } from '../log-analytics.js'
import { begin } from '../rows.js'
import { DATABASE, isCommand, runCommand } from './commands.js'
import { EntityNotFoundError, kustoError, kustoRefusal } from './failure.js'
import { columns, columnsV1, columnsV2, type SmallTable, smallV1, smallV2 } from './tables.js'

const MAX_BODY = 1 << 20
const MAX_RECORDS = 500_000
const MAX_BYTES = 64 << 20
const DEFAULT_TIMEOUT_MS = 240_000
const MAX_TIMEOUT_MS = 3_600_000
const PATHS = ['/v2/rest/query', '/v1/rest/query', '/v1/rest/mgmt']
const DATABASES = new Set(['auspex', 'netdefaultdb', ''])

const requestBody = z.object({
  db: z.string().max(200).nullish(),
  csl: z.string().max(256 * 1024),
  properties: z.union([z.string().max(65_536), z.record(z.string(), z.unknown())]).nullish(),
})

interface Request {
  readonly database: string
  readonly text: string
  readonly options: Readonly<Record<string, unknown>>
  readonly parameters: Readonly<Record<string, string>>
}

function propertiesOf(given: string | Record<string, unknown> | null | undefined): Record<string, unknown> {
  if (given === null || given === undefined || given === '') return {}
  if (typeof given !== 'string') return given
  try {
    return JSON.parse(given) as Record<string, unknown>
  } catch {
    throw new ArgumentError('properties is neither an object nor JSON text of one')
  }
}

async function requestOf(context: Context): Promise<Request> {
  let given: unknown
  if (context.req.method === 'GET') given = context.req.query()
  else {
    try {
      given = await context.req.json()
    } catch (error) {
      if (error instanceof SyntaxError) throw new ArgumentError(`the body is no JSON: ${error.message}`)
      throw error
    }
  }
  const parsed = requestBody.safeParse(given)
  if (!parsed.success) throw new ArgumentError(z.prettifyError(parsed.error))
  const { db, csl, properties } = parsed.data
  const { Options = {}, Parameters = {} } = propertiesOf(properties) as {
    Options?: Record<string, unknown>
    Parameters?: Record<string, unknown>
  }
  return {
    database: db ?? '',
    text: csl,
    options: Options ?? {},
    parameters: Object.fromEntries(
      Object.entries(Parameters ?? {}).map(([name, value]) => [name, String(value)]),
    ),
  }
}

/** `[-][d.]hh:mm:ss[.fffffff]`, or ticks as a number */
function timeoutOf(value: unknown): number {
  const match = /^(?:(\d+)\.)?(\d+):(\d+):(\d+)(?:\.(\d+))?$/.exec(String(value ?? ''))
  if (match === null) return DEFAULT_TIMEOUT_MS
  const [, days = '0', hours, minutes, seconds, fraction = '0'] = match
  const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)
  return Math.min(MAX_TIMEOUT_MS, Math.max(1, whole * 1000 + Number(`0.${fraction}`) * 1000))
}

export function kusto({ workspace, identify, queries }: QueryDoor): Hono {
  const app = new Hono<{ Variables: { about: { text: string; database: string; request: string } } }>()
  const about: MiddlewareHandler = async (context, next) => {
    const request = context.req.header('x-ms-client-request-id')?.slice(0, 200) ?? randomUUID()
    context.set('about', { text: '', database: DATABASE, request })
    await next()
    context.header('x-ms-client-request-id', request)
    context.header('x-ms-activity-id', randomUUID())
  }
  for (const path of PATHS) app.use(path, about, bodyLimit({ maxSize: MAX_BODY }))
  app.onError((error, context) => kustoRefusal(error, context, context.get('about')))

  app.get('/v1/rest/auth/metadata', (context) =>
    context.json({
      AzureAD: {
        LoginEndpoint: new URL(context.req.url).origin,
        LoginMfaRequired: false,
        KustoClientAppId: 'db662dc1-0cfe-4e1c-a843-19a68e65be58',
        KustoClientRedirectUri: 'https://microsoft/kustoclient',
        KustoServiceResourceId: 'https://kusto.kusto.windows.net',
        FirstPartyAuthorityUrl: new URL(context.req.url).origin,
      },
      dSTS: {
        CloudEndpointSuffix: '',
        DstsRealm: '',
        DstsInstance: '',
        KustoDnsHostName: '',
        ServiceName: '',
      },
    }),
  )

  const take = async (context: Context): Promise<{ request: Request; user: string }> => {
    const who = await requires(context, identify, 'read')
    const request = await requestOf(context)
    context.set('about', { ...context.get('about'), text: request.text, database: request.database })
    if (!DATABASES.has(request.database.toLowerCase())) {
      throw new EntityNotFoundError(`there is no database '${request.database}'; there is '${DATABASE}'`)
    }
    queries.take(who.name)
    return { request, user: who.name }
  }

  const ask = (context: Context, { text, options, parameters }: Request, user: string) => {
    const unlimited = options.notruncation === true
    const records = Number(options.truncationmaxrecords ?? options.query_take_max_records ?? MAX_RECORDS)
    return workspace.ask(
      text,
      {
        signal: context.req.raw.signal,
        maxRows: unlimited ? 50_000_000 : Number.isFinite(records) ? records : MAX_RECORDS,
        maxBytes: unlimited ? Number.POSITIVE_INFINITY : MAX_BYTES,
        timeoutMs: timeoutOf(options.servertimeout),
        parameters,
      },
      { user, client: 'kusto', correlationId: context.get('about').request },
    )
  }

  const json = (pieces: AsyncGenerator<string>) =>
    new Response(streamOf(pieces), { headers: { 'content-type': 'application/json; charset=utf-8' } })

  app.on(['GET', 'POST'], '/v2/rest/query', async (context) => {
    const { request, user } = await take(context)
    if (isCommand(request.text)) return context.json(framesOf(runCommand(request.text, workspace)))
    const answer = await ask(context, request, user)
    const rows = await begin(answer, { dynamicAsText: false })
    return json(frames(answer, rows, context.get('about')))
  })

  app.on(['GET', 'POST'], ['/v1/rest/query', '/v1/rest/mgmt'], async (context) => {
    const { request, user } = await take(context)
    if (isCommand(request.text)) {
      return context.json({ Tables: [smallV1(runCommand(request.text, workspace))] })
    }
    const answer = await ask(context, request, user)
    const rows = await begin(answer, { dynamicAsText: false })
    return json(tablesV1(answer, rows))
  })

  return app as unknown as Hono
}

function limitError(about: { text: string; database: string; request: string }) {
  const { error } = kustoError(
    new Error(
      `Query execution has exceeded the allowed limits (80DA0003): The results of this query exceed the set limit of ${MAX_RECORDS} records or ${MAX_BYTES} bytes (E_QUERY_RESULT_SET_TOO_LARGE).`,
    ),
    about,
  )
  return { error: { ...error, code: 'LimitsExceeded' } }
}

const HEADER = { FrameType: 'DataSetHeader', IsProgressive: false, Version: 'v2.0' }

const properties = (answer?: StreamedAnswer): SmallTable => {
  const { kind, properties: given } = answer?.render ?? { kind: null, properties: {} }
  return {
    columns: columns('TableId:int Key Value:dynamic'),
    rows: [[1, 'Visualization', JSON.stringify({ Visualization: kind, ...given })]],
  }
}

const COMPLETION = columns(
  'Timestamp:datetime ClientRequestId ActivityId:guid SubActivityId:guid ParentActivityId:guid Level:int LevelName StatusCode:int StatusCodeName EventType:int EventTypeName Payload',
)

function completion(answer: StreamedAnswer | undefined, request: string): SmallTable {
  const activity = randomUUID()
  const time = new Date().toISOString()
  const row = (type: number, name: string, payload: unknown) => [
    time,
    request,
    activity,
    activity,
    activity,
    4,
    'Info',
    0,
    'S_OK (0)',
    type,
    name,
    JSON.stringify(payload),
  ]
  const { compileMs = 0, executeMs = 0 } = answer?.statistics() ?? {}
  return {
    columns: COMPLETION,
    rows: [
      row(4, 'QueryInfo', { Count: 1, Text: 'Query completed successfully' }),
      row(5, 'QueryResourceConsumption', { ExecutionTime: (compileMs + executeMs) / 1000 }),
    ],
  }
}

/** A command's answer in v2. */
const framesOf = (table: SmallTable) => [
  HEADER,
  smallV2(properties(), 0, 'QueryProperties', '@ExtendedProperties'),
  smallV2(table, 1, 'PrimaryResult', 'PrimaryResult'),
  smallV2(completion(undefined, ''), 2, 'QueryCompletionInformation', 'QueryCompletionInformation'),
  { FrameType: 'DataSetCompletion', HasErrors: false, Cancelled: false },
]

async function* frames(
  answer: StreamedAnswer,
  rows: AsyncGenerator<string>,
  about: { text: string; database: string; request: string },
): AsyncGenerator<string> {
  yield `[${JSON.stringify(HEADER)},`
  yield `${JSON.stringify(smallV2(properties(answer), 0, 'QueryProperties', '@ExtendedProperties'))},`
  const head = { FrameType: 'DataTable', TableId: 1, TableKind: 'PrimaryResult', TableName: 'PrimaryResult' }
  yield `${JSON.stringify({ ...head, Columns: columnsV2(answer.columns) }).slice(0, -1)},"Rows":[`
  const errors: unknown[] = []
  try {
    yield* rows
    if (answer.truncated()) errors.push(limitError(about))
  } catch (error) {
    errors.push(kustoError(error as Error, about))
  }
  yield ']},'
  const info = completion(answer, about.request)
  yield `${JSON.stringify(smallV2(info, 2, 'QueryCompletionInformation', 'QueryCompletionInformation'))},`
  const end = { FrameType: 'DataSetCompletion', HasErrors: errors.length > 0, Cancelled: false }
  yield `${JSON.stringify(errors.length > 0 ? { ...end, OneApiErrors: errors } : end)}]`
}

/**
 * Four tables, the last of which is the contents, as v1 has them. An error after the first rows can only break the
 * answer off: v1 has no place for it behind them but `Exceptions`, which clients read.
 */
async function* tablesV1(answer: StreamedAnswer, rows: AsyncGenerator<string>): AsyncGenerator<string> {
  yield `{"Tables":[{"TableName":"Table_0","Columns":${JSON.stringify(columnsV1(answer.columns))},"Rows":[`
  const exceptions: string[] = []
  try {
    yield* rows
    if (answer.truncated()) {
      exceptions.push(
        `Query execution has exceeded the allowed limits: more than ${MAX_RECORDS} records or ${MAX_BYTES} bytes (E_QUERY_RESULT_SET_TOO_LARGE).`,
      )
    }
  } catch (error) {
    exceptions.push((error as Error).message)
  }
  yield ']},'
  const { kind, properties: given } = answer.render ?? { kind: null, properties: {} }
  const visual = { columns: columns('Value'), rows: [[JSON.stringify({ Visualization: kind, ...given })]] }
  const status = {
    columns: columns(
      'Timestamp:datetime Severity:int SeverityName StatusCode:int StatusDescription Count:int',
    ),
    rows: [[new Date().toISOString(), 4, 'Info', 0, 'Query completed successfully', 1]],
  }
  const contents = {
    columns: columns('Ordinal:long Kind Name Id PrettyName'),
    rows: [
      [0, 'QueryResult', 'PrimaryResult', randomUUID(), ''],
      [1, 'QueryProperties', '@ExtendedProperties', randomUUID(), ''],
      [2, 'QueryStatus', 'QueryStatus', randomUUID(), ''],
    ],
  }
  yield `${JSON.stringify(smallV1(visual, 'Table_1'))},${JSON.stringify(smallV1(status, 'Table_2'))},${JSON.stringify(smallV1(contents, 'Table_3'))}]`
  yield exceptions.length > 0 ? `,"Exceptions":${JSON.stringify(exceptions)}}` : '}'
}
