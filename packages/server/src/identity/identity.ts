/**
 * Who is at the door: users with passwords and browser sessions, tokens for programs, and sign-in links for
 * whoever started the server. Secrets are shown once and kept as hashes; sessions too. The clock and the source
 * of randomness come in, so that expiry can be tested.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { ControlDatabase } from '@auspex/detect'
import { CredentialError, IdentityError, NoSuchIdentityError } from './errors.js'
import { checkPassword, hashPassword } from './password.js'
import { ROLES, type Role, type Who } from './permission.js'
import type { ServerTables } from './schema.js'
import { Backoff } from './throttle.js'

const HOUR = 3_600_000
/** A browser session ends when it was not used for this long, and in any case after `SESSION_LONGEST`. */
const SESSION_IDLE = 12 * HOUR
const SESSION_LONGEST = 7 * 24 * HOUR
const LINK_LIFE = HOUR / 4
/** `used_time` and `seen_time` are written at most this often. */
const SEEN_STEP = 60_000
const MIN_PASSWORD = 10
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@ -]{0,63}$/u
const TOKEN = /^axt_([A-Za-z0-9]{12})_([\w-]{43})$/

export interface IdentityParts {
  readonly control: ControlDatabase<ServerTables>
  /** ms since 1970 */
  readonly now: () => number
  readonly randomBytes: (size: number) => Buffer
}

export interface User {
  readonly name: string
  readonly role: Role
  readonly createdTime: string
  readonly createdBy: string
  readonly disabled: boolean
}

export interface Token {
  readonly id: string
  readonly name: string
  readonly role: Role | null
  readonly ingest: readonly string[]
  readonly createdTime: string
  readonly createdBy: string
  readonly expiresTime: string | null
  readonly usedTime: string | null
}

export interface NewToken {
  readonly name: string
  readonly role?: Role | null
  /** Tables that rows may be sent to. */
  readonly ingest?: readonly string[]
  /** ISO time; never, when left out. */
  readonly expires?: string
}

/** What a browser is given: the cookie's value, and the word that its changes must repeat. */
export interface Session {
  readonly cookie: string
  readonly who: Who
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** Follows from the cookie, which another site can make a browser send but can not read. */
const csrfOf = (cookie: string): string => sha256(`csrf:${cookie}`)

export class Identity {
  readonly #control: ControlDatabase<ServerTables>
  readonly #now: () => number
  readonly #random: (size: number) => Buffer
  readonly #backoff: Backoff
  readonly #links = new Map<string, { name: string; until: number }>()
  readonly workspaceId: string
  readonly #secret: Buffer

  private constructor(parts: IdentityParts, workspaceId: string, secret: Buffer) {
    this.#control = parts.control
    this.#now = parts.now
    this.#random = parts.randomBytes
    this.#backoff = new Backoff(parts.now)
    this.workspaceId = workspaceId
    this.#secret = secret
  }

  static async open(parts: IdentityParts): Promise<Identity> {
    const setting = async (name: string, make: () => string): Promise<string> => {
      await parts.control
        .insertInto('server_setting')
        .values({ name, value: make() })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      const row = await parts.control
        .selectFrom('server_setting')
        .select('value')
        .where('name', '=', name)
        .executeTakeFirstOrThrow()
      return row.value
    }
    const workspaceId = await setting('workspace_id', () => guid(parts.randomBytes(16)))
    const secret = await setting('secret', () => parts.randomBytes(32).toString('base64url'))
    return new Identity(parts, workspaceId, Buffer.from(secret, 'base64url'))
  }

  #iso(ms = this.#now()): string {
    return new Date(ms).toISOString()
  }

  // Tokens

  /** The first token of a workspace, for its administrator; undefined when there has been one. */
  async firstToken(createdBy: string): Promise<string | undefined> {
    const { numInsertedOrUpdatedRows } = await this.#control
      .insertInto('server_setting')
      .values({ name: 'first_token', value: this.#iso() })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows !== 1n) return undefined
    return (await this.createToken({ name: 'first token', role: 'admin' }, createdBy)).secret
  }

  /** @returns the token, and its secret, which is not kept and can not be shown again */
  async createToken(wanted: NewToken, createdBy: string): Promise<{ token: Token; secret: string }> {
    const { role = null, ingest = [] } = wanted
    const name = checkName(wanted.name, 'a token')
    if (role === null && ingest.length === 0) {
      throw new IdentityError('a token needs a role, or tables that it may send to')
    }
    const expires = wanted.expires === undefined ? null : Date.parse(wanted.expires)
    if (expires !== null && !(expires > this.#now())) throw new IdentityError('expires is not in the future')
    const id = this.#random(9).toString('base64url').replace(/[-_]/g, 'x')
    const secret = `axt_${id}_${this.#random(32).toString('base64url')}`
    await this.#control
      .insertInto('server_token')
      .values({
        id,
        name,
        secret: sha256(secret),
        role,
        ingest: JSON.stringify(ingest),
        created_time: this.#iso(),
        created_by: createdBy,
        expires_time: expires === null ? null : this.#iso(expires),
        used_time: null,
      })
      .execute()
    return { token: await this.#token(id), secret }
  }

  async #token(id: string): Promise<Token> {
    const found = (await this.tokens()).find((token) => token.id === id)
    if (found === undefined) throw new NoSuchIdentityError(`token ${id}`)
    return found
  }

  async tokens(): Promise<Token[]> {
    const rows = await this.#control
      .selectFrom('server_token')
      .selectAll()
      .orderBy('created_time', 'desc')
      .execute()
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      role: row.role as Role | null,
      ingest: JSON.parse(row.ingest) as string[],
      createdTime: row.created_time,
      createdBy: row.created_by,
      expiresTime: row.expires_time,
      usedTime: row.used_time,
    }))
  }

  async deleteToken(id: string): Promise<void> {
    const { numDeletedRows } = await this.#control
      .deleteFrom('server_token')
      .where('id', '=', id)
      .executeTakeFirst()
    if (numDeletedRows === 0n) throw new NoSuchIdentityError(`token ${id}`)
  }

  /** Throws {@link CredentialError} for a token that is none, that ran out, or that was taken back. */
  async byToken(secret: string): Promise<Who> {
    const id = TOKEN.exec(secret)?.[1]
    const row =
      id === undefined
        ? undefined
        : await this.#control.selectFrom('server_token').selectAll().where('id', '=', id).executeTakeFirst()
    if (row === undefined || !same(row.secret, sha256(secret))) {
      throw new CredentialError('this token is not known here, or was taken back')
    }
    const now = this.#now()
    if (row.expires_time !== null && Date.parse(row.expires_time) <= now) {
      throw new CredentialError(`this token expired at ${row.expires_time}`)
    }
    if (row.used_time === null || now - Date.parse(row.used_time) > SEEN_STEP) {
      await this.#control
        .updateTable('server_token')
        .set({ used_time: this.#iso(now) })
        .where('id', '=', row.id)
        .execute()
    }
    return {
      kind: 'token',
      name: row.name,
      role: row.role as Role | null,
      ingest: JSON.parse(row.ingest) as string[],
    }
  }

  // Users

  async users(): Promise<User[]> {
    const rows = await this.#control.selectFrom('server_user').selectAll().orderBy('name').execute()
    return rows.map((row) => ({
      name: row.name,
      role: row.role as Role,
      createdTime: row.created_time,
      createdBy: row.created_by,
      disabled: row.disabled !== 0,
    }))
  }

  async createUser(name: string, password: string, role: Role, createdBy: string): Promise<User> {
    checkName(name, 'a user')
    checkNewPassword(password)
    const { numInsertedOrUpdatedRows } = await this.#control
      .insertInto('server_user')
      .values({
        name,
        role,
        password: await hashPassword(password),
        created_time: this.#iso(),
        created_by: createdBy,
        disabled: 0,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows !== 1n) throw new IdentityError(`there is a user ${name} already`)
    return this.#user(name)
  }

  async #user(name: string): Promise<User> {
    const found = (await this.users()).find((user) => user.name.toLowerCase() === name.toLowerCase())
    if (found === undefined) throw new NoSuchIdentityError(`user ${name}`)
    return found
  }

  /** A new password, a disabling and a smaller role end the user's sessions. */
  async updateUser(
    name: string,
    change: { readonly role?: Role; readonly password?: string; readonly disabled?: boolean },
  ): Promise<User> {
    const user = await this.#user(name)
    if (change.password !== undefined) checkNewPassword(change.password)
    await this.#control
      .updateTable('server_user')
      .set({
        ...(change.role === undefined ? {} : { role: change.role }),
        ...(change.disabled === undefined ? {} : { disabled: change.disabled ? 1 : 0 }),
        ...(change.password === undefined ? {} : { password: await hashPassword(change.password) }),
      })
      .where('name', '=', user.name)
      .execute()
    const isLess = change.role !== undefined && ROLES.indexOf(change.role) < ROLES.indexOf(user.role)
    if (change.password !== undefined || change.disabled || isLess) await this.#endSessions(user.name)
    return this.#user(user.name)
  }

  async deleteUser(name: string): Promise<void> {
    const user = await this.#user(name)
    await this.#control.deleteFrom('server_user').where('name', '=', user.name).execute()
    await this.#endSessions(user.name)
  }

  async #endSessions(name: string): Promise<void> {
    await this.#control
      .deleteFrom('server_session')
      .where('name', '=', name)
      .where('role', 'is', null)
      .execute()
  }

  // Sessions

  /**
   * Checks a password and begins a session. Throws {@link CredentialError}, which says no more than that the two do
   * not fit, or TooManyRequestsError after some failures from this address.
   */
  async signIn(name: string, password: string, address: string): Promise<Session> {
    const keys = [`${address}`, `${name.toLowerCase()}`]
    for (const key of keys) this.#backoff.check(key)
    const row = await this.#control
      .selectFrom('server_user')
      .select(['name', 'password', 'disabled'])
      .where('name', '=', name)
      .executeTakeFirst()
    const isRight = await checkPassword(password, row?.password)
    if (!isRight || row === undefined || row.disabled !== 0) {
      for (const key of keys) this.#backoff.failed(key)
      throw new CredentialError('no user has this name and password')
    }
    for (const key of keys) this.#backoff.succeeded(key)
    return this.#begin(row.name, null)
  }

  /** A word that opens one administrator's session after another for a quarter of an hour. */
  signInLink(name: string): string {
    const now = this.#now()
    for (const [word, { until }] of this.#links) if (until <= now) this.#links.delete(word)
    const word = this.#random(32).toString('base64url')
    this.#links.set(sha256(word), { name, until: now + LINK_LIFE })
    return word
  }

  /** Takes a sign-in link's word, or a token that has a role. */
  async signInByLink(word: string): Promise<Session> {
    const link = this.#links.get(sha256(word))
    if (link !== undefined && link.until > this.#now()) return this.#begin(link.name, 'admin')
    if (!TOKEN.test(word)) throw new CredentialError('this sign-in link is no longer valid: ask for another')
    const who = await this.byToken(word)
    if (who.role === null) throw new CredentialError('this token may only send rows')
    return this.#begin(who.name, who.role)
  }

  async #begin(name: string, role: Role | null): Promise<Session> {
    const cookie = this.#random(32).toString('base64url')
    const now = this.#iso()
    await this.#control
      .insertInto('server_session')
      .values({ id: sha256(cookie), name, role, created_time: now, seen_time: now })
      .execute()
    await this.#control
      .deleteFrom('server_session')
      .where((any) =>
        any.or([
          any('seen_time', '<', this.#iso(this.#now() - SESSION_IDLE)),
          any('created_time', '<', this.#iso(this.#now() - SESSION_LONGEST)),
        ]),
      )
      .execute()
    return { cookie, who: await this.bySession(cookie) }
  }

  /** Throws {@link CredentialError} when the session is over. */
  async bySession(cookie: string): Promise<Who> {
    const id = sha256(cookie)
    const row = await this.#control
      .selectFrom('server_session')
      .leftJoin('server_user', 'server_user.name', 'server_session.name')
      .select([
        'server_session.name as name',
        'server_session.role as linkRole',
        'server_session.created_time as created',
        'server_session.seen_time as seen',
        'server_user.role as userRole',
        'server_user.disabled as disabled',
      ])
      .where('server_session.id', '=', id)
      .executeTakeFirst()
    const role = (row?.linkRole ?? (row?.disabled === 0 ? row.userRole : null)) as Role | null
    const now = this.#now()
    const isOver =
      row === undefined ||
      now - Date.parse(row.seen) > SESSION_IDLE ||
      now - Date.parse(row.created) > SESSION_LONGEST
    if (isOver || role === null) throw new CredentialError('the session is over: sign in again')
    if (now - Date.parse(row.seen) > SEEN_STEP) {
      await this.#control
        .updateTable('server_session')
        .set({ seen_time: this.#iso(now) })
        .where('id', '=', id)
        .execute()
    }
    return { kind: 'user', name: row.name, role, ingest: [], csrf: csrfOf(cookie) }
  }

  async signOut(cookie: string): Promise<void> {
    await this.#control.deleteFrom('server_session').where('id', '=', sha256(cookie)).execute()
  }

  // Shared key of the HTTP Data Collector API

  /**
   * The key that clients of the Data Collector API sign with: it must be known in the clear on both sides, so it is
   * derived from the workspace's secret and kept nowhere. `renewSharedKey` makes another.
   */
  async sharedKey(): Promise<string> {
    const row = await this.#control
      .selectFrom('server_setting')
      .select('value')
      .where('name', '=', 'shared_key')
      .executeTakeFirst()
    return createHmac('sha256', this.#secret)
      .update(`shared-key:${row?.value ?? '0'}`)
      .digest('base64')
  }

  async renewSharedKey(): Promise<string> {
    const value = this.#random(16).toString('base64url')
    await this.#control
      .insertInto('server_setting')
      .values({ name: 'shared_key', value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute()
    return this.sharedKey()
  }

  /** @param signed the text that the signature is of */
  async bySignature(workspaceId: string, signature: string, signed: string): Promise<Who> {
    const key = Buffer.from(await this.sharedKey(), 'base64')
    const expected = createHmac('sha256', key).update(signed, 'utf8').digest('base64')
    const isRight = workspaceId.toLowerCase() === this.workspaceId && same(expected, signature)
    if (!isRight) throw new CredentialError('the signature does not fit the workspace and its shared key')
    return { kind: 'token', name: 'shared key', role: null, ingest: ['*'] }
  }
}

function checkName(name: string, what: string): string {
  const trimmed = name.trim()
  if (NAME.test(trimmed)) return trimmed
  throw new IdentityError(
    `${JSON.stringify(name.slice(0, 80))} can not name ${what}: 1 to 64 letters, digits, blanks and . _ @ -, beginning with a letter or digit`,
  )
}

function checkNewPassword(password: string): void {
  if (password.length >= MIN_PASSWORD && password.length <= 1024) return
  throw new IdentityError(`a password has at least ${MIN_PASSWORD} characters, and at most 1024`)
}

function guid(bytes: Buffer): string {
  const random = Buffer.from(bytes)
  random[6] = (random[6]! & 0x0f) | 0x40
  random[8] = (random[8]! & 0x3f) | 0x80
  const hex = random.toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
