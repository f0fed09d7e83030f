/** Errors as Kusto gives them, so that its clients show the message, the line and the place. */
import { randomUUID } from 'node:crypto'
import { KqlError } from '@auspex/kql'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { failureOf } from '../../../http/failure.js'
import { CredentialError, PermissionError, TooManyRequestsError } from '../../../identity/errors.js'

export class EntityNotFoundError extends Error {
  readonly code = 'ENTITY_NOT_FOUND'
}

interface Worded {
  readonly status: ContentfulStatusCode
  readonly code: string
  readonly type: string
  readonly message: string
  readonly permanent: boolean
  readonly inner?: Record<string, unknown>
}

function worded(error: Error): Worded {
  const exception = (name: string) => `Kusto.Data.Exceptions.${name}`
  if (error instanceof CredentialError) {
    return {
      status: 401,
      code: 'Unauthorized',
      type: exception('KustoRequestDeniedException'),
      message: error.message,
      permanent: true,
    }
  }
  if (error instanceof PermissionError) {
    return {
      status: 403,
      code: 'Forbidden',
      type: exception('KustoForbiddenException'),
      message: error.message,
      permanent: true,
    }
  }
  if (error instanceof TooManyRequestsError) {
    return {
      status: 429,
      code: 'Too many requests',
      type: exception('KustoRequestThrottledException'),
      message: error.message,
      permanent: false,
    }
  }
  if (error instanceof EntityNotFoundError) {
    return {
      status: 400,
      code: 'BadRequest_EntityNotFound',
      type: exception('EntityNotFoundException'),
      message: error.message,
      permanent: true,
    }
  }
  if (error instanceof KqlError) {
    const first = error.diagnostics.find(({ severity }) => severity === 'error') ?? error.diagnostics[0]
    const isSyntax = first !== undefined && /^KS0/.test(first.code)
    const kind = isSyntax ? 'Syntax error' : 'Semantic error'
    const code = isSyntax ? 'SYN0002' : 'SEM0100'
    return {
      status: 400,
      code: isSyntax ? 'BadRequest_SyntaxError' : 'General_BadRequest',
      type: exception(isSyntax ? 'SyntaxException' : 'SemanticException'),
      message: `${kind}: ${code}: ${error.message}`,
      permanent: true,
      inner: {
        code,
        message: `${kind}: ${error.message}`,
        '@type': exception(isSyntax ? 'SyntaxException' : 'SemanticException'),
        '@message': `${kind}: ${error.message}`,
        ...(first && { '@line': first.line, '@pos': first.column - 1, '@token': '' }),
        '@permanent': true,
      },
    }
  }
  const { status, message } = failureOf(error)
  return {
    status,
    code: status >= 500 ? 'Internal service error' : 'General_BadRequest',
    type: exception(status >= 500 ? 'KustoServiceException' : 'KustoBadRequestException'),
    message,
    permanent: status < 500,
  }
}

export function kustoError(error: Error, about: { text: string; database: string; request: string }) {
  const { code, type, message, permanent, inner } = worded(error)
  return {
    error: {
      code,
      message: 'Request is invalid and cannot be executed.',
      '@type': type,
      '@message': message,
      '@context': {
        timestamp: new Date().toISOString(),
        serviceAlias: 'AUSPEX',
        clientRequestId: about.request,
        activityId: randomUUID(),
      },
      '@permanent': permanent,
      '@text': about.text,
      '@database': about.database,
      ...(inner && { innererror: inner }),
    },
  }
}

export function kustoRefusal(
  error: Error,
  context: Context,
  about: { text: string; database: string; request: string },
): Response {
  const { status } = worded(error)
  if (error instanceof TooManyRequestsError) context.header('retry-after', String(error.retryAfter))
  if (status === 401) context.header('www-authenticate', 'Bearer')
  return context.json(kustoError(error, about), status)
}
