/**
 * Who asks, and whether they may. A door says how its callers are told apart; a route says what it needs, and gets
 * the caller or an error that the door's family words in its own way.
 */
import type { Actor } from '@auspex/detect'
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { CredentialError, PermissionError } from '../identity/errors.js'
import type { Identity } from '../identity/identity.js'
import { allows, type Permission, type Who } from '../identity/permission.js'

export const SESSION_COOKIE = 'auspex_session'
export const CSRF_HEADER = 'x-csrf-token'

/** Finds out who asks. Throws {@link CredentialError} when nobody says so, or when it is not true. */
export type Identify = (context: Context) => Promise<Who>

/** Behind the socket in the data folder: whoever gets there may enter the folder, and says by which name. */
export const identifyLocal: Identify = async (context) => {
  const name = context.req.header('x-auspex-user')
  return {
    kind: 'local',
    name: name ? decodeURIComponent(name).slice(0, 100) : 'local',
    role: 'admin',
    ingest: ['*'],
  }
}

export function bearerOf(context: Context): string | undefined {
  return /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1]
}

/** Over the network: a token, or the cookie of a browser's session. */
export const identifyByCredential =
  (identity: Identity): Identify =>
  async (context) => {
    const bearer = bearerOf(context)
    if (bearer !== undefined) return identity.byToken(bearer)
    const cookie = getCookie(context, SESSION_COOKIE)
    if (cookie !== undefined) return identity.bySession(cookie)
    throw new CredentialError('a credential is needed: sign in, or send a token as `Authorization: Bearer …`')
  }

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** The caller, when they may do this. Throws CredentialError or {@link PermissionError}. */
export async function requires(context: Context, identify: Identify, permission: Permission): Promise<Who> {
  const who = await identify(context)
  if (
    who.csrf !== undefined &&
    !SAFE.has(context.req.method) &&
    context.req.header(CSRF_HEADER) !== who.csrf
  ) {
    throw new PermissionError(
      `a change from a browser needs the ${CSRF_HEADER} header that GET /api/me tells`,
    )
  }
  if (allows(who, permission)) return who
  if (permission === 'folder') {
    throw new PermissionError('this is done on the host itself, by who may enter the data folder')
  }
  const has = who.role === null ? 'may only send rows' : `has the role ${who.role}`
  throw new PermissionError(`${who.name} ${has}, and may not ${permission} here`)
}

export const actorOf = (who: Who): Actor => ({ kind: 'user', name: who.name })
