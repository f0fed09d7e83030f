/**
 * The Logs Ingestion API: `POST /dataCollectionRules/{id}/streams/{stream}`, as `@azure/monitor-ingestion` and our own
 * agent send to it. The rule's id may be any; the stream `Custom-T` names the table T. A client's request id makes a
 * batch that is sent again known, so that its rows are stored once.
 */
import { type Context, Hono } from 'hono'
import { type Identify, requires } from '../../http/access.js'
import { ArgumentError, failureOf, TooLargeError } from '../../http/failure.js'
import { CredentialError, PermissionError, TooManyRequestsError } from '../../identity/errors.js'
import type { Throttle } from '../../identity/throttle.js'
import type { Workspace } from '../../workspace.js'
import { readBytes, textOf } from './body.js'
import { type Once, receive } from './receive.js'
import type { Fields } from './rows.js'

const MAX_BODY = 1 << 20
const STREAM = /^(?:Custom|Microsoft)-([A-Za-z_]\w{0,127})$/
const GUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i

export interface IngestDoor {
  readonly workspace: Workspace
  readonly identify: Identify
  readonly requests: Throttle
}

class StreamError extends Error {
  readonly code = 'InvalidStream'
}

/** `Custom-AuditEvent_CL` is a stream of Azure for what is a table without the suffix here. */
function tableOf(stream: string, workspace: Workspace): string {
  const name = STREAM.exec(stream)?.[1]
  if (name === undefined)
    throw new StreamError(`${stream.slice(0, 100)} is no stream: Custom-TABLE names one`)
  const bare = name.replace(/_CL$/, '')
  const { tables } = workspace.schema()
  const isBuiltIn = bare !== name && tables.some((table) => table.name === bare)
  return isBuiltIn && !tables.some((table) => table.name === name) ? bare : name
}

/** Objects of a JSON array, or the one object. */
export function objectsOf(text: string): Fields[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new ArgumentError(`the body is no JSON: ${(error as Error).message}`)
  }
  const rows: unknown[] = Array.isArray(value) ? value : [value]
  const wrong = rows.findIndex((row) => typeof row !== 'object' || row === null || Array.isArray(row))
  if (wrong >= 0) throw new ArgumentError(`element ${wrong} of the body is no object`)
  return rows as Fields[]
}

/**
 * How a batch is known again. An agent of ours numbers its batches (`x-auspex-source`, `x-auspex-sequence`), and its
 * last number says all; any other client's request id is remembered for itself.
 */
function onceOf(context: Context, where: string): Once | undefined {
  const source = context.req.header('x-auspex-source')
  const sequence = context.req.header('x-auspex-sequence')
  if (source !== undefined && sequence !== undefined) {
    if (!/^[\w.:@-]{1,200}$/.test(source) || !/^\d{1,18}$/.test(sequence)) {
      throw new ArgumentError('x-auspex-source and x-auspex-sequence: a name, and a number')
    }
    return { source: `agent:${source}/${where}`, from: BigInt(sequence), to: BigInt(sequence) + 1n }
  }
  const id = context.req.header('x-ms-client-request-id')
  return id !== undefined && GUID.test(id)
    ? { source: `request:${where}:${id}`, from: 0n, to: 1n }
    : undefined
}

export function logsIngestion({ workspace, identify, requests }: IngestDoor): Hono {
  const app = new Hono()
  app.onError(refuse)
  app.post('/:rule/streams/:stream', async (context) => {
    const who = await requires(context, identify, 'ingest')
    requests.take(who.name)
    const table = tableOf(context.req.param('stream'), workspace)
    const rows = objectsOf(textOf(await readBytes(context, MAX_BODY)))
    await receive(workspace, who, table, rows, onceOf(context, table))
    return context.body(null, 204)
  })
  return app
}

function refuse(error: Error, context: Context): Response {
  const { status, message, code } = failureOf(error)
  if (error instanceof TooManyRequestsError) context.header('retry-after', String(error.retryAfter))
  else if (status === 503) context.header('retry-after', '30')
  const answer = (name: string, as = status) => context.json({ error: { code: name, message } }, as)
  if (error instanceof CredentialError) return answer('AuthenticationFailed')
  if (error instanceof PermissionError) return answer('OperationFailed')
  if (error instanceof TooLargeError) return answer('ContentLengthLimitExceeded')
  if (error instanceof TooManyRequestsError) return answer('RateLimitExceeded')
  if (error instanceof StreamError) return answer('InvalidStream', 400)
  if (error instanceof ArgumentError) return answer('InvalidRequestContent')
  return answer(status >= 500 ? 'InternalServerError' : code)
}
