/** Users and tokens: who may enter, said by an administrator. */
import { z } from 'zod'
import { type Endpoint, endpoint } from '../../http/endpoint.js'
import { ArgumentError } from '../../http/failure.js'
import type { Identity } from '../../identity/identity.js'
import { ROLES } from '../../identity/permission.js'

const role = z.enum(ROLES)
const newUser = z.strictObject({ name: z.string(), password: z.string().max(1024), role })
const userChange = z.strictObject({
  role: role.optional(),
  password: z.string().max(1024).optional(),
  disabled: z.boolean().optional(),
})
const ownPassword = z.strictObject({ password: z.string().max(1024), newPassword: z.string().max(1024) })
const newToken = z.strictObject({
  name: z.string(),
  role: role.nullable().optional(),
  ingest: z
    .array(z.string().regex(/^(\*|[A-Za-z_]\w{0,127})$/))
    .max(100)
    .optional(),
  expires: z.iso.datetime().optional(),
})
const userPath = z.object({ name: z.string() })
const tokenPath = z.object({ id: z.string() })

export function identityEndpoints(identity: Identity): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/users',
      permission: 'administer',
      summary: 'The users.',
      handle: async () => ({ items: await identity.users() }),
    }),
    endpoint({
      method: 'post',
      path: '/users',
      permission: 'administer',
      summary: 'Add a user.',
      body: newUser,
      status: 201,
      handle: ({ body, who }) => identity.createUser(body.name, body.password, body.role, who.name),
    }),
    endpoint({
      method: 'patch',
      path: '/users/:name',
      permission: 'administer',
      summary: 'Change a user’s role or password, or shut them out.',
      params: userPath,
      body: userChange,
      async handle({ params, body, who }) {
        const isSelf = params.name.toLowerCase() === who.name.toLowerCase() && who.kind === 'user'
        if (isSelf && (body.disabled || (body.role !== undefined && body.role !== 'admin'))) {
          throw new ArgumentError('this would shut yourself out: let another administrator do it')
        }
        const { role: newRole, password, disabled } = body
        return identity.updateUser(params.name, {
          ...(newRole === undefined ? {} : { role: newRole }),
          ...(password === undefined ? {} : { password }),
          ...(disabled === undefined ? {} : { disabled }),
        })
      },
    }),
    endpoint({
      method: 'delete',
      path: '/users/:name',
      permission: 'administer',
      summary: 'Remove a user and end their sessions.',
      params: userPath,
      async handle({ params, who }) {
        if (params.name.toLowerCase() === who.name.toLowerCase() && who.kind === 'user') {
          throw new ArgumentError('this would shut yourself out: let another administrator do it')
        }
        await identity.deleteUser(params.name)
      },
    }),
    endpoint({
      method: 'post',
      path: '/me/password',
      permission: 'read',
      summary: 'Change your own password; your sessions end.',
      body: ownPassword,
      async handle({ body, who, context }) {
        if (who.kind !== 'user') throw new ArgumentError('only a user has a password')
        await identity.signIn(who.name, body.password, `password:${context.req.path}`)
        await identity.updateUser(who.name, { password: body.newPassword })
      },
    }),
    endpoint({
      method: 'get',
      path: '/tokens',
      permission: 'administer',
      summary: 'The tokens, without their secrets.',
      handle: async () => ({ items: await identity.tokens() }),
    }),
    endpoint({
      method: 'post',
      path: '/tokens',
      permission: 'administer',
      summary: 'Make a token; its secret is in this answer and nowhere else.',
      body: newToken,
      status: 201,
      async handle({ body, who }) {
        const { role: tokenRole, ingest, expires, name } = body
        const { token, secret } = await identity.createToken(
          {
            name,
            role: tokenRole ?? null,
            ...(ingest && { ingest }),
            ...(expires === undefined ? {} : { expires }),
          },
          who.name,
        )
        return { ...token, secret }
      },
    }),
    endpoint({
      method: 'delete',
      path: '/tokens/:id',
      permission: 'administer',
      summary: 'Take a token back.',
      params: tokenPath,
      handle: ({ params }) => identity.deleteToken(params.id),
    }),
    endpoint({
      method: 'get',
      path: '/shared-key',
      permission: 'administer',
      summary: 'Workspace id and shared key for clients of the HTTP Data Collector API.',
      handle: async () => ({ workspaceId: identity.workspaceId, sharedKey: await identity.sharedKey() }),
    }),
    endpoint({
      method: 'post',
      path: '/shared-key/renew',
      permission: 'administer',
      summary: 'Make another shared key; the old one signs no more.',
      handle: async () => ({ workspaceId: identity.workspaceId, sharedKey: await identity.renewSharedKey() }),
    }),
    endpoint({
      method: 'post',
      path: '/sign-in-link',
      permission: 'folder',
      summary:
        'A word that, as `?token=` of an address, signs a browser in as administrator for a quarter of an hour.',
      handle: ({ who }) => ({ word: identity.signInLink(who.name) }),
    }),
  ]
}
