/**
 * The query API of Log Analytics, as `@azure/monitor-query-logs` and its kin speak it:
 * `/v1/workspaces/{id}/query`, `/v1/$batch`, `/v1/workspaces/{id}/metadata`. Rows are streamed; what ends an answer
 * early (a limit, an error after the first rows) is a `PartialError` beside the rows that were had.
 */
import { KqlError, ticksFromDate } from '@auspex/kql'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import { type Identify, requires } from '../../http/access.js'
import { ArgumentError, failureOf } from '../../http/failure.js'
import { streamOf } from '../../http/stream.js'
import { CredentialError, PermissionError, TooManyRequestsError } from '../../identity/errors.js'
import type { Who } from '../../identity/permission.js'
import type { Throttle } from '../../identity/throttle.js'
import type { StreamedAnswer, Workspace } from '../../workspace.js'
import { parseTimespanParameter } from '../timespan.js'
import { begin } from './rows.js'

const MAX_BODY = 1 << 20
const MAX_ROWS = 500_000
const MAX_BYTES = 64_000_000
const MAX_BATCH = 100
const PATHS = ['/workspaces/*', '/subscriptions/*', '/$batch']
const DEFAULT_WAIT_S = 180
const MAX_WAIT_S = 600

const queryBody = z.object({
  query: z.string().max(256 * 1024),
  timespan: z.string().max(100).nullish(),
  workspaces: z.array(z.string()).max(100).nullish(),
})

const batchBody = z.object({
  requests: z
    .array(
      z.object({
        id: z.string(),
        headers: z.record(z.string(), z.string()).nullish(),
        body: queryBody,
        path: z.literal('/query').nullish(),
        method: z.literal('POST').nullish(),
        workspace: z.string(),
      }),
    )
    .max(MAX_BATCH),
})

export interface QueryDoor {
  readonly workspace: Workspace
  readonly identify: Identify
  readonly queries: Throttle
  readonly now: () => Date
}

interface Preferences {
  readonly waitMs: number
  readonly statistics: boolean
  readonly render: boolean
}

/** `wait=60,include-statistics=true,include-render=true` */
function preferencesOf(header: string | null | undefined): Preferences {
  const words = new Map(
    (header ?? '').split(/[,;]/).map((word) => {
      const [name = '', value = ''] = word.trim().split('=')
      return [name.toLowerCase(), value]
    }),
  )
  const wait = Number(words.get('wait') ?? DEFAULT_WAIT_S)
  const seconds = Number.isFinite(wait) && wait > 0 ? Math.min(wait, MAX_WAIT_S) : DEFAULT_WAIT_S
  return {
    waitMs: seconds * 1000,
    statistics: words.get('include-statistics') === 'true',
    render: words.get('include-render') === 'true',
  }
}

class PathError extends Error {
  readonly code = 'PathNotFoundError'
}

export function logAnalytics({ workspace, identify, queries, now }: QueryDoor): Hono {
  const app = new Hono()
  for (const path of PATHS) app.use(path, bodyLimit({ maxSize: MAX_BODY }))
  app.onError(refuse)

  const checkWorkspace = (id: string) => {
    const known = [workspace.identity.workspaceId, 'auspex']
    if (known.includes(id.toLowerCase())) return
    throw new PathError(`there is no workspace ${id} here; this one is ${workspace.identity.workspaceId}`)
  }

  const ask = async (
    body: z.infer<typeof queryBody>,
    who: Who,
    prefer: Preferences,
    context: Context,
  ): Promise<AsyncGenerator<string>> => {
    queries.take(who.name)
    for (const id of body.workspaces ?? []) checkWorkspace(id)
    const time = body.timespan ? parseTimespanParameter(body.timespan, ticksFromDate(now())) : undefined
    if (body.timespan && time === undefined) {
      throw new ArgumentError(`timespan ${JSON.stringify(body.timespan)} is no ISO 8601 duration or interval`)
    }
    const correlationId = context.req.header('x-ms-client-request-id')?.slice(0, 100)
    const answer = await workspace.ask(
      body.query,
      {
        signal: context.req.raw.signal,
        maxRows: MAX_ROWS,
        maxBytes: MAX_BYTES,
        timeoutMs: prefer.waitMs,
        ...(time && { timeRange: time }),
      },
      { user: who.name, client: 'log-analytics', ...(correlationId && { correlationId }) },
    )
    return answerText(answer, await begin(answer, { dynamicAsText: true }), prefer)
  }

  const query = async (context: Context) => {
    const who = await requires(context, identify, 'read')
    const id = context.req.param('id')
    if (id !== undefined) checkWorkspace(id)
    const isGet = context.req.method === 'GET'
    const parsed = queryBody.safeParse(isGet ? context.req.query() : await jsonOf(context))
    if (!parsed.success) throw new ArgumentError(z.prettifyError(parsed.error))
    const text = await ask(parsed.data, who, preferencesOf(context.req.header('prefer')), context)
    return new Response(streamOf(text), { headers: { 'content-type': 'application/json; charset=utf-8' } })
  }
  app.on(['GET', 'POST'], '/workspaces/:id/query', query)

  app.post('/$batch', async (context) => {
    const who = await requires(context, identify, 'read')
    const parsed = batchBody.safeParse(await jsonOf(context))
    if (!parsed.success) throw new ArgumentError(z.prettifyError(parsed.error))
    const pieces = async function* () {
      yield '{"responses":['
      let separator = ''
      for (const { id, headers, body, workspace: target } of parsed.data.requests) {
        const prefer = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'prefer')?.[1]
        yield `${separator}{"id":${JSON.stringify(id)},`
        separator = ','
        try {
          checkWorkspace(target)
          const text = await ask(body, who, preferencesOf(prefer), context)
          yield '"status":200,"body":'
          yield* text
        } catch (error) {
          const { status, body: problem } = problemOf(error)
          yield `"status":${status},"body":${JSON.stringify(problem)}`
        }
        yield '}'
      }
      yield ']}'
    }
    return new Response(streamOf(pieces()), {
      headers: { 'content-type': 'application/json; charset=utf-8' },
    })
  })

  app.on(['GET', 'POST'], '/workspaces/:id/metadata', async (context) => {
    await requires(context, identify, 'read')
    checkWorkspace(context.req.param('id'))
    const { tables, functions = [] } = workspace.schema()
    const id = workspace.identity.workspaceId
    return context.json({
      tables: tables.map((table) => ({
        id: `t/${table.name}`,
        name: table.name,
        description: table.docstring ?? '',
        timespanColumn: 'TimeGenerated',
        hasData: true,
        columns: table.columns.map(({ name, type }) => ({ name, type })),
      })),
      functions: functions.map((each) => ({
        id: `f/${each.name}`,
        name: each.name,
        displayName: each.name,
        body: each.body,
        parameters: each.parameters,
      })),
      workspaces: [{ id, name: 'auspex', region: '', resourceId: `/workspaces/${id}` }],
    })
  })

  // A resource is asked like a workspace: `/v1/subscriptions/…/workspaces/auspex/query`. There is one here.
  app.on(['GET', 'POST'], '/subscriptions/:rest{.+}/query', query)

  return app
}

async function jsonOf(context: Context): Promise<unknown> {
  try {
    return await context.req.json()
  } catch (error) {
    if (error instanceof SyntaxError) throw new ArgumentError(`the body is no JSON: ${error.message}`)
    throw error
  }
}

async function* answerText(
  answer: StreamedAnswer,
  rows: AsyncGenerator<string>,
  prefer: Preferences,
): AsyncGenerator<string> {
  const columns = answer.columns.map(({ name, type }) => ({ name, type }))
  yield `{"tables":[{"name":"PrimaryResult","columns":${JSON.stringify(columns)},"rows":[`
  let problem: unknown
  try {
    yield* rows
    if (answer.truncated())
      problem = partial(
        `The results of this query exceed the set limit of ${MAX_ROWS} rows or ${MAX_BYTES} bytes.`,
      )
  } catch (error) {
    problem = partial((error as Error).message)
  }
  yield ']}]'
  if (prefer.statistics) {
    const { compileMs, executeMs } = answer.statistics()
    const query = { executionTime: executeMs / 1000, compilationTime: compileMs / 1000 }
    yield `,"statistics":${JSON.stringify({ query })}`
  }
  if (prefer.render) {
    const { kind, properties } = answer.render ?? { kind: 'table', properties: {} }
    yield `,"render":${JSON.stringify({ visualization: kind, ...properties })}`
  }
  if (problem !== undefined) yield `,"error":${JSON.stringify(problem)}`
  yield '}'
}

const partial = (message: string) => ({
  code: 'PartialError',
  message: 'There were some errors when processing your query.',
  details: [
    {
      code: 'EngineError',
      message: 'Something went wrong processing your query on the server.',
      innererror: { code: '-2133196797', message, severity: 2, severityName: 'Error' },
    },
  ],
})

interface Problem {
  readonly status: number
  readonly body: { readonly error: Record<string, unknown> }
}

/** Errors as this API words them. */
function problemOf(error: unknown): Problem {
  const said = (status: number, code: string, message: string, innererror?: unknown): Problem => ({
    status,
    body: { error: { message, code, ...(innererror ? { innererror } : {}) } },
  })
  if (error instanceof CredentialError) return said(401, 'AuthenticationFailed', error.message)
  if (error instanceof PermissionError) return said(403, 'InsufficientAccessError', error.message)
  if (error instanceof PathError) return said(404, 'PathNotFoundError', error.message)
  if (error instanceof TooManyRequestsError) return said(429, 'ThrottledError', error.message)
  if (error instanceof KqlError) {
    const first = error.diagnostics.find(({ severity }) => severity === 'error') ?? error.diagnostics[0]
    const isSyntax = first !== undefined && /^KS0/.test(first.code)
    return said(400, 'BadArgumentError', 'The request had some invalid properties', {
      code: isSyntax ? 'SyntaxError' : 'SemanticError',
      message: isSyntax ? 'A recognition error occurred in the query.' : 'A semantic error occurred.',
      innererror: {
        code: isSyntax ? 'SYN0002' : 'SEM0100',
        message: error.message,
        ...(first && { line: first.line, pos: first.column - 1 }),
      },
    })
  }
  const { status, message } = failureOf(error)
  if (status === 504) return said(504, 'GatewayTimeout', message)
  return said(status, status >= 500 ? 'GeneralError' : 'BadArgumentError', message)
}

function refuse(error: Error, context: Context): Response {
  const { status, body } = problemOf(error)
  const headers: Record<string, string> = { 'content-type': 'application/json; charset=utf-8' }
  if (error instanceof TooManyRequestsError) headers['retry-after'] = String(error.retryAfter)
  if (status === 401) headers['www-authenticate'] = 'Bearer'
  const correlationId = context.req.header('x-ms-client-request-id')
  return new Response(JSON.stringify({ error: { ...body.error, ...(correlationId && { correlationId }) } }), {
    status,
    headers,
  })
}
