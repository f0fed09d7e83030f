/**
 * The HTTP Data Collector API: `POST /api/logs`, signed with the workspace's shared key. The OMS agent sent its audit
 * records here, and many scripts still do. Property names get a suffix by the type of their value, as they did there.
 */
import { type Context, Hono } from 'hono'
import { bearerOf, type Identify, requires } from '../../http/access.js'
import { ArgumentError, failureOf, TooLargeError } from '../../http/failure.js'
import { CredentialError, TooManyRequestsError } from '../../identity/errors.js'
import type { Who } from '../../identity/permission.js'
import type { Throttle } from '../../identity/throttle.js'
import type { Workspace } from '../../workspace.js'
import { readBytes, textOf } from './body.js'
import { objectsOf } from './logs-ingestion.js'
import { receive } from './receive.js'
import type { Fields } from './rows.js'

const MAX_BODY = 30_000_000
const LOG_TYPE = /^\w{1,100}$/
const SHARED_KEY = /^SharedKey ([^:\s]+):(\S+)$/i
const MAX_SKEW_MS = 15 * 60_000

class CollectorError extends Error {
  readonly code: string
  readonly status: 400 | 403
  constructor(code: string, message: string, status: 400 | 403 = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

export interface CollectorDoor {
  readonly workspace: Workspace
  readonly identify: Identify
  readonly requests: Throttle
  readonly now: () => Date
}

const GUID = /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i
const ISO_DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/
const SUFFIXES = ['_s', '_d', '_b', '_t', '_g'] as const
type Suffix = (typeof SUFFIXES)[number]

function suffixOf(value: unknown): Suffix {
  if (typeof value === 'boolean') return '_b'
  if (typeof value === 'number') return '_d'
  if (typeof value === 'string' && GUID.test(value)) return '_g'
  if (typeof value === 'string' && ISO_DATE.test(value)) return '_t'
  return '_s'
}

/** Whether a value can stand in a column of another suffix: everything is a text, a date may be one. */
const fits = (value: unknown, suffix: Suffix): boolean =>
  suffix === '_s' ||
  (suffix === '_d' && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) ||
  (suffix === '_b' && /^(true|false)$/i.test(String(value)))

/** Names that go as they are. */
const AS_IS = new Set(['TimeGenerated', 'Computer', 'RawData'])
const RESERVED = new Set(['tenant', 'tenantid', 'type', '_timereceived', '_resourceid', '_subscriptionid'])

/** @param known names of the table's columns */
export function suffixed(row: Fields, known: ReadonlySet<string>, timeField: string): Fields {
  const out: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(row)) {
    if (value === null || value === undefined || RESERVED.has(name.toLowerCase())) continue
    const clean = name.replace(/\W/g, '_')
    if (name === timeField) out.TimeGenerated = value
    if (AS_IS.has(name)) {
      out[name] = value
      continue
    }
    const own = suffixOf(value)
    const there = known.has(clean + own)
      ? own
      : SUFFIXES.find((suffix) => known.has(clean + suffix) && fits(value, suffix))
    out[clean + (there ?? own)] = value
  }
  return out
}

export function dataCollector(door: CollectorDoor): Hono {
  const { workspace, identify, requests } = door
  const app = new Hono()
  app.onError(refuse)
  app.post('/', async (context) => {
    const { req } = context
    if (req.query('api-version') === undefined) {
      throw new CollectorError(
        'MissingApiVersion',
        'The API version was not specified: ?api-version=2016-04-01',
      )
    }
    if (req.query('api-version') !== '2016-04-01') {
      throw new CollectorError('InvalidApiVersion', 'The API version is not 2016-04-01')
    }
    const type = req.header('content-type')
    if (type === undefined) throw new CollectorError('MissingContentType', 'content-type is missing')
    if (!/^application\/json\b/i.test(type)) {
      throw new CollectorError('UnsupportedContentType', 'content-type is not application/json')
    }
    const logType = req.header('log-type')
    if (logType === undefined) throw new CollectorError('MissingLogType', 'the Log-Type header is missing')
    if (!LOG_TYPE.test(logType)) {
      throw new CollectorError('InvalidLogType', 'Log-Type: letters, digits and _, at most 100')
    }
    const who = await caller(context, door)
    requests.take(who.name)
    const rows = objectsOf(textOf(await readBytes(context, MAX_BODY)))
    const table = `${logType}_CL`
    const schema = workspace.schema().tables.find((each) => each.name === table)
    const known = new Set(schema?.columns.map((column) => column.name))
    const timeField = req.header('time-generated-field') ?? ''
    const fields = rows.map((row) => suffixed(row, known, timeField))
    await receive(workspace, who, table, fields)
    return context.body(null, 200)
  })

  async function caller(context: Context, { workspace: { identity }, now }: CollectorDoor): Promise<Who> {
    const found = SHARED_KEY.exec(context.req.header('authorization') ?? '')
    if (found === null) {
      if (bearerOf(context) === undefined) {
        throw new CredentialError('Authorization: SharedKey WORKSPACE:SIGNATURE is missing')
      }
      return requires(context, identify, 'ingest')
    }
    const date = context.req.header('x-ms-date') ?? ''
    const skew = Math.abs(Date.parse(date) - now().getTime())
    if (!(skew <= MAX_SKEW_MS)) {
      throw new CredentialError('x-ms-date is missing, or more than 15 minutes from this clock')
    }
    const length = context.req.header('content-length') ?? ''
    const contentType = context.req.header('content-type') ?? ''
    const signed = `POST\n${length}\n${contentType}\nx-ms-date:${date}\n/api/logs`
    return identity.bySignature(found[1]!, found[2]!, signed)
  }
  return app
}

function refuse(error: Error, context: Context): Response {
  const { status, message } = failureOf(error)
  const answer = (code: string, as = status) => context.json({ Error: code, Message: message }, as)
  if (error instanceof CollectorError) return answer(error.code, error.status)
  if (error instanceof CredentialError) return answer('InvalidAuthorization', 403)
  if (error instanceof TooLargeError) return answer('MaximumContentSizeExceeded', 413)
  if (error instanceof ArgumentError) return answer('InvalidDataFormat', 400)
  if (error instanceof TooManyRequestsError) {
    context.header('retry-after', String(error.retryAfter))
    return answer('TooManyRequests', 429)
  }
  if (status === 403) return answer('InvalidAuthorization', 403)
  if (status === 503) return answer('ServiceUnavailable')
  return answer(status >= 500 ? 'UnspecifiedError' : 'InvalidDataFormat', status >= 500 ? 500 : 400)
}
