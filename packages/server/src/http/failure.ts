/** The management API's words for what went wrong: `{"error": {"code", "message", …}}` and a status. */
import { KqlError } from '@auspex/kql'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { TooManyRequestsError } from '../identity/errors.js'

/** Statuses of errors that are the asker's; all others are 500. */
const STATUS: Readonly<Record<string, ContentfulStatusCode>> = {
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  AMBIGUOUS_SESSION: 400,
  GONE: 410,
  BAD_CHANGE: 422,
  BAD_PAGE: 400,
  BAD_ARGUMENT: 400,
  BAD_COMMAND: 400,
  ETAG_MISMATCH: 412,
  RULE_FILE: 422,
  TOO_LARGE: 413,
  TOO_MANY_REQUESTS: 429,
  COMPILE_TIMEOUT: 400,
  'query-timeout': 504,
  'query-resources': 400,
  'query-cancelled': 499 as ContentfulStatusCode,
  'store-full': 503,
  'store-closed': 503,
  'bad-batch': 400,
}

/** A request that can not be understood. */
export class ArgumentError extends Error {
  readonly code = 'BAD_ARGUMENT'
  constructor(message: string) {
    super(message)
    this.name = 'ArgumentError'
  }
}

/** More than a door takes. */
export class TooLargeError extends Error {
  readonly code = 'TOO_LARGE'
  constructor(message: string) {
    super(message)
    this.name = 'TooLargeError'
  }
}

export interface Failure {
  readonly status: ContentfulStatusCode
  readonly code: string
  readonly message: string
}

export function failureOf(error: unknown): Failure {
  if (error instanceof KqlError) return { status: 400, code: 'Kql', message: error.message }
  if (error instanceof HTTPException) {
    const status = error.status as ContentfulStatusCode
    return { status, code: status === 413 ? 'TOO_LARGE' : 'BAD_REQUEST', message: error.message }
  }
  const { code = 'INTERNAL', message } = error as { code?: unknown; message: string }
  const name = typeof code === 'string' ? code : 'INTERNAL'
  return { status: STATUS[name] ?? 500, code: name, message }
}

export function failureAnswer(error: Error, context: Context): Response {
  const { status, code, message } = failureOf(error)
  if (error instanceof TooManyRequestsError) context.header('retry-after', String(error.retryAfter))
  if (status === 401) context.header('www-authenticate', 'Bearer')
  const diagnostics = error instanceof KqlError ? { diagnostics: error.diagnostics } : {}
  return context.json({ error: { code, message, ...diagnostics } }, status)
}
