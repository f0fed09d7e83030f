/** Signing in and out, and who one is. */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { z } from 'zod'
import { SESSION_COOKIE } from '../../http/access.js'
import { addressOf } from '../../http/address.js'
import { type Endpoint, endpoint } from '../../http/endpoint.js'
import type { Identity, Session } from '../../identity/identity.js'
import type { Who } from '../../identity/permission.js'

const credentials = z.strictObject({ name: z.string().min(1).max(100), password: z.string().max(1024) })

export interface ServerFacts {
  readonly version: string
  readonly workspaceId: string
  readonly hostName: string
}

/** The browser's session; `secure` keeps the cookie off plain connections where there are others. */
export function setSession(context: Context, { cookie }: Session): void {
  setCookie(context, SESSION_COOKIE, cookie, {
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    secure: new URL(context.req.url).protocol === 'https:',
  })
}

const me = (who: Who, server: ServerFacts) => ({
  name: who.name,
  kind: who.kind,
  role: who.role,
  ingest: who.ingest,
  csrf: who.csrf ?? null,
  server: { version: server.version, workspace: server.workspaceId, host: server.hostName },
})

export function sessionEndpoints(identity: Identity, server: ServerFacts): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/me',
      permission: 'read',
      summary: 'Who you are here, and the word that changes from a browser must carry.',
      handle: ({ who }) => me(who, server),
    }),
    endpoint({
      method: 'post',
      path: '/session',
      permission: undefined,
      summary: 'Sign in with a name and a password: sets the cookie of a browser session.',
      body: credentials,
      async handle({ body, context }) {
        const session = await identity.signIn(body.name, body.password, addressOf(context))
        setSession(context, session)
        return me(session.who, server)
      },
    }),
    endpoint({
      method: 'delete',
      path: '/session',
      permission: 'read',
      summary: 'Sign out.',
      async handle({ context }) {
        const cookie = getCookie(context, SESSION_COOKIE)
        if (cookie !== undefined) await identity.signOut(cookie)
        deleteCookie(context, SESSION_COOKIE, { path: '/' })
      },
    }),
  ]
}
