/**
 * An endpoint of the management API as data: where it is, what it needs, what goes in and comes out, and what it
 * does. The schemas that check a request are the ones that the OpenAPI document is made of, and the permission
 * that is asked for is the one that the test of all doors walks.
 */
import type { Actor } from '@auspex/detect'
import type { Context, Hono } from 'hono'
import { z } from 'zod'
import type { Permission, Who } from '../identity/permission.js'
import { actorOf, type Identify, requires } from './access.js'
import { ArgumentError } from './failure.js'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** A request that was let in and understood. */
export interface Call<Params, Query, Body> {
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly who: Who
  readonly actor: Actor
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
  readonly context: Context
}

export interface Endpoint<Params = unknown, Query = unknown, Body = unknown> {
  readonly method: Method
  /** As hono has it: `/incidents/:number`. */
  readonly path: string
  /** Undefined for an endpoint that looks at credentials itself. */
  readonly permission: Permission | undefined
  readonly summary: string
  readonly params?: z.ZodType<Params>
  readonly query?: z.ZodType<Query>
  readonly body?: z.ZodType<Body>
  /** What is answered: for the document. */
  readonly answer?: z.ZodType
  readonly status?: 200 | 201 | 202 | 204
  /** The answer as JSON, or a Response of another kind. */
  handle(call: Call<Params, Query, Body>): unknown
}

/** Checks the types of one endpoint, and lets it into a list of endpoints. */
export const endpoint = <Params, Query, Body>(given: Endpoint<Params, Query, Body>): Endpoint =>
  given as unknown as Endpoint

function understood<T>(schema: z.ZodType<T> | undefined, value: unknown, what: string): T {
  if (schema === undefined) return value as T
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ArgumentError(`${what}: ${z.prettifyError(parsed.error)}`)
}

async function bodyOf(context: Context): Promise<unknown> {
  try {
    return await context.req.json()
  } catch (error) {
    if (error instanceof SyntaxError) throw new ArgumentError(`the body is no JSON: ${error.message}`)
    throw error
  }
}

export function mount(app: Hono, base: string, endpoints: readonly Endpoint[], identify: Identify): void {
  for (const each of endpoints) {
    app.on(each.method.toUpperCase(), base + each.path, async (context) => {
      const who = each.permission === undefined ? NOBODY : await requires(context, identify, each.permission)
      const answer = await each.handle({
        params: understood(each.params, context.req.param(), 'in the path'),
        query: understood(each.query, context.req.query(), 'in the query'),
        body:
          each.body === undefined ? undefined : understood(each.body, await bodyOf(context), 'in the body'),
        who,
        actor: actorOf(who),
        signal: context.req.raw.signal,
        context,
      })
      if (answer instanceof Response) return answer
      if (each.status === 204) return context.body(null, 204)
      return context.json((answer ?? {}) as object, each.status ?? 200)
    })
  }
}

const NOBODY: Who = { kind: 'user', name: '', role: null, ingest: [] }
