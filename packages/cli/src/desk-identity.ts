/** Users and tokens, as a command asks for them: of the folder that is open here, or of the server that has it. */
import type { Identity, NewToken, Role, Token, User } from '@auspex/server'
import type { Ask } from './ask.js'
import { CliError } from './effects.js'

export interface SharedKey {
  readonly workspaceId: string
  readonly sharedKey: string
}

export interface IdentityDesk {
  users(): Promise<readonly User[]>
  createUser(name: string, password: string, role: Role): Promise<void>
  updateUser(name: string, change: { role?: Role; password?: string; disabled?: boolean }): Promise<void>
  deleteUser(name: string): Promise<void>
  tokens(): Promise<readonly Token[]>
  createToken(wanted: NewToken): Promise<{ readonly id: string; readonly secret: string }>
  deleteToken(id: string): Promise<void>
  sharedKey(renew: boolean): Promise<SharedKey>
  /** The word of a sign-in link; only a running server can give one. */
  signInWord(): Promise<string>
}

export function localIdentity(identity: Identity, userName: string): IdentityDesk {
  return {
    users: () => identity.users(),
    createUser: async (name, password, role) =>
      void (await identity.createUser(name, password, role, userName)),
    updateUser: async (name, change) => void (await identity.updateUser(name, change)),
    deleteUser: (name) => identity.deleteUser(name),
    tokens: () => identity.tokens(),
    async createToken(wanted) {
      const { token, secret } = await identity.createToken(wanted, userName)
      return { id: token.id, secret }
    },
    deleteToken: (id) => identity.deleteToken(id),
    sharedKey: async (renew) => ({
      workspaceId: identity.workspaceId,
      sharedKey: await (renew ? identity.renewSharedKey() : identity.sharedKey()),
    }),
    signInWord: async () => {
      throw new CliError(
        'no server runs on this data folder: `auspex up` starts one and prints a sign-in link',
      )
    },
  }
}

export function remoteIdentity(ask: Ask): IdentityDesk {
  const at = (path: string, name: string) => `/api/${path}/${encodeURIComponent(name)}`
  return {
    users: async () => ((await ask('GET', '/api/users')) as { items: User[] }).items,
    createUser: async (name, password, role) =>
      void (await ask('POST', '/api/users', { name, password, role })),
    updateUser: async (name, change) => void (await ask('PATCH', at('users', name), change)),
    deleteUser: async (name) => void (await ask('DELETE', at('users', name))),
    tokens: async () => ((await ask('GET', '/api/tokens')) as { items: Token[] }).items,
    createToken: async (wanted) =>
      (await ask('POST', '/api/tokens', wanted)) as { id: string; secret: string },
    deleteToken: async (id) => void (await ask('DELETE', at('tokens', id))),
    sharedKey: async (renew) =>
      (await (renew ? ask('POST', '/api/shared-key/renew') : ask('GET', '/api/shared-key'))) as SharedKey,
    signInWord: async () => ((await ask('POST', '/api/sign-in-link')) as { word: string }).word,
  }
}
