/**
 * What can be asked of the sessions in a store: lists, and everything of one, in pages.
 *
 * Lists come from the table AuditSession. One session is rebuilt from its events, and kept for the next page as long as
 * no event of it has come.
 */
import type { Store } from '@auspex/store'
import type { SessionState } from '../fold/state.js'
import { keyStreams, linkAcrossSessions } from '../typed/streams.js'
import { iso } from '../view/iso.js'
import type { KeysState, Page, RiskLevel, RiskReason, SessionDetail, SessionRecord } from '../view/records.js'
import { SessionView } from '../view/session-view.js'
import { datetime, list, milliseconds, type QuestionParts, Questions, text } from './questions.js'
import { findReached, findStored, loadSession, type StoredSession } from './stored.js'

export interface ServiceParts extends QuestionParts {
  readonly store: Pick<Store, 'query' | 'lastRow' | 'append'>
}

/** Which sessions; every part that is given must hold. */
export interface SessionQuery {
  readonly user?: string
  readonly computer?: string
  /** Milliseconds since 1970: sessions that were not over by then, and those that had begun by then. */
  readonly since?: number
  readonly until?: number
  readonly root?: boolean
  readonly method?: string
  readonly address?: string
  /** 0..100: at least so much worth a look. */
  readonly minimumRisk?: number
  readonly open?: boolean
  readonly sort?: '-start' | 'start' | '-risk'
  readonly limit?: number
  readonly cursor?: string
}

/** Who asks for secrets: it is recorded in the table QueryLog. */
export interface Revealing {
  readonly user: string
  readonly client: string
}

export interface RawRecord {
  readonly time: string
  readonly eventId: string
  readonly type: string
  readonly raw: string
}

export class SessionNotFoundError extends Error {
  readonly code = 'NOT_FOUND'

  constructor(uid: string) {
    super(`no session begins with ${uid}`)
    this.name = 'SessionNotFoundError'
  }
}

export class SessionAmbiguousError extends Error {
  readonly code = 'AMBIGUOUS_SESSION'

  constructor(prefix: string, found: readonly string[]) {
    super(`several sessions begin with ${prefix}: ${found.slice(0, 5).join(', ')}`)
    this.name = 'SessionAmbiguousError'
  }
}

/** Thrown when the retention has taken a session's events and left its row. */
export class SessionGoneError extends Error {
  readonly code = 'GONE'

  constructor(uid: string) {
    super(`the events of session ${uid} are not in the store any more`)
    this.name = 'SessionGoneError'
  }
}

interface Loaded {
  readonly stored: StoredSession
  readonly view: SessionView
  /** The last row of AuditEvent and of LinuxAuditLog_CL when it was loaded. */
  row: bigint
  used: number
}

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 1000
/** Sessions that are kept for their next page. */
const MAX_LOADED = 8

export class SessionService {
  readonly #parts: ServiceParts
  readonly #questions: Questions
  readonly #loaded = new Map<string, Loaded>()
  #uses = 0

  constructor(parts: ServiceParts) {
    this.#parts = parts
    this.#questions = new Questions(parts)
  }

  /** Sessions, the youngest first unless asked for otherwise. */
  async list(query: SessionQuery = {}, signal?: AbortSignal): Promise<Page<SessionRecord>> {
    const limit = Math.min(Math.max(1, query.limit ?? DEFAULT_LIMIT), MAX_LIMIT)
    const where = conditions(query)
    const filter = where.length === 0 ? '' : ` | where ${where.join(' and ')}`
    const order = {
      '-start': 'TimeGenerated desc',
      start: 'TimeGenerated asc',
      '-risk': 'RiskScore desc, TimeGenerated desc',
    }[query.sort ?? '-start']
    const from = Math.max(0, Number.parseInt(query.cursor ?? '0', 10) || 0)
    const [count] = await this.#questions.rows(`AuditSession${filter} | count`, {}, signal)
    const total = Number(count?.Count ?? 0)
    const rows = await this.#questions.rows(
      `AuditSession${filter} | sort by ${order}, SessionUid asc | take ${from + limit}`,
      {},
      signal,
    )
    const items = rows.slice(from).map(recordOf)
    return { items, total, next: from + items.length < total ? String(from + items.length) : null }
  }

  /** The session whose id begins so. */
  async view(prefix: string, signal?: AbortSignal): Promise<SessionView> {
    const stored = await this.#find(prefix, signal)
    const row = await this.#row()
    const known = this.#loaded.get(stored.uid)
    if (known !== undefined && (known.row === row || !(await this.#hasMore(known, row, signal)))) {
      known.row = row
      known.used = ++this.#uses
      return known.view
    }
    const view = await this.#load(stored, false, signal)
    this.#loaded.set(stored.uid, { stored, view, row, used: ++this.#uses })
    if (this.#loaded.size > MAX_LOADED) {
      const [oldest] = [...this.#loaded].sort(([, a], [, b]) => a.used - b.used)
      this.#loaded.delete(oldest![0])
    }
    return view
  }

  /** Everything of a session. With `revealing`, secrets are shown, and who asked for them is recorded first. */
  async detail(prefix: string, revealing?: Revealing, signal?: AbortSignal): Promise<SessionDetail> {
    if (revealing === undefined) return (await this.view(prefix, signal)).detail()
    return (await this.revealed(prefix, revealing, signal)).detail()
  }

  /** The session with its secrets; that they were asked for is recorded before they are read. */
  async revealed(prefix: string, revealing: Revealing, signal?: AbortSignal): Promise<SessionView> {
    const stored = await this.#find(prefix, signal)
    const now = milliseconds(this.#parts.now())
    await this.#parts.store.append([
      {
        table: 'QueryLog',
        rowCount: 1,
        columns: new Map<string, unknown[]>([
          ['TimeGenerated', [now]],
          ['Computer', [stored.computer]],
          ['UserName', [revealing.user]],
          ['Client', [revealing.client]],
          ['QueryText', [`// the secrets of session ${stored.uid} were revealed`]],
          ['Result', ['Success']],
          ['QueryTimeRangeStart', [stored.start]],
          ['QueryTimeRangeEnd', [stored.last]],
        ]),
      },
    ])
    return this.#load(stored, true, signal)
  }

  /** The session's records as they were written, a page of events at a time. They are not masked. */
  async rawRecords(
    prefix: string,
    revealing: Revealing,
    cursor: string | undefined,
    limit: number,
    signal?: AbortSignal,
  ): Promise<Page<RawRecord>> {
    const stored = await this.#find(prefix, signal)
    if (cursor === undefined) await this.revealed(stored.uid, revealing, signal)
    const { state } = await this.view(stored.uid, signal)
    const from = Math.max(0, Number.parseInt(cursor ?? '0', 10) || 0)
    const span = `Computer == ${text(stored.computer)} and SessionId == ${stored.number} and TimeGenerated between (${datetime(stored.start - 1000)} .. ${datetime(stored.last + 1000)})`
    const ids = (
      await this.#questions.rows(
        `AuditEvent | where ${span} | sort by TimeGenerated asc, Serial asc | project EventId | take ${from + limit}`,
        {},
        signal,
      )
    )
      .slice(from)
      .map(({ EventId }) => String(EventId).slice(stored.computer.length + 1))
    const total = state.events
    if (ids.length === 0) return { items: [], total, next: null }
    const rows = await this.#questions.rows(
      `LinuxAuditLog_CL | where Computer == ${text(stored.computer)} and AuditID_s in (${list(ids)}) | project TimeGenerated, AuditID_s, RecordType_s, RawData`,
      {},
      signal,
    )
    const order = new Map(ids.map((id, i) => [id, i]))
    const items = rows
      .map((row, i) => ({ row, place: order.get(String(row.AuditID_s)) ?? 0, i }))
      .sort((a, b) => a.place - b.place || a.i - b.i)
      .map(({ row }) => ({
        time: iso(milliseconds(row.TimeGenerated)),
        eventId: `${stored.computer}/${String(row.AuditID_s)}`,
        type: String(row.RecordType_s),
        raw: String(row.RawData),
      }))
    return { items, total, next: from + ids.length < total ? String(from + ids.length) : null }
  }

  async #find(prefix: string, signal?: AbortSignal): Promise<StoredSession> {
    if (!/^[0-9a-z]{1,32}$/.test(prefix)) throw new SessionNotFoundError(prefix)
    const found = await findStored(this.#questions, `SessionUid startswith_cs ${text(prefix)}`, signal)
    const exact = found.find(({ uid }) => uid === prefix)
    if (exact !== undefined) return exact
    if (found.length > 1) {
      throw new SessionAmbiguousError(
        prefix,
        found.map(({ uid }) => uid),
      )
    }
    if (found[0] === undefined) throw new SessionNotFoundError(prefix)
    return found[0]
  }

  async #row(): Promise<bigint> {
    const [events, records] = await Promise.all([
      this.#parts.store.lastRow('AuditEvent'),
      this.#parts.store.lastRow('LinuxAuditLog_CL'),
    ])
    return events > records ? events : records
  }

  async #hasMore({ stored, row }: Loaded, upTo: bigint, signal?: AbortSignal): Promise<boolean> {
    const range = { AuditEvent: { after: row, upTo } }
    const kql = `AuditEvent | where Computer == ${text(stored.computer)} and SessionId == ${stored.number} | count`
    const [count] = await this.#questions.rows(kql, range, signal)
    return Number(count?.Count ?? 0) > 0
  }

  async #load(stored: StoredSession, reveal: boolean, signal?: AbortSignal): Promise<SessionView> {
    const options = { reveal, ...(signal === undefined ? {} : { signal }) }
    const state = await loadSession(this.#questions, stored, options)
    if (state === undefined) throw new SessionGoneError(stored.uid)
    const others: SessionState[] = []
    for (const reached of await findReached(this.#questions, state, signal)) {
      const other = await loadSession(this.#questions, reached, options)
      if (other !== undefined) others.push(other)
    }
    return new SessionView(state, { reveal }, () => {
      const own = keyStreams(state)
      if (others.length > 0) linkAcrossSessions([...own, ...others.flatMap(keyStreams)])
      return own
    })
  }
}

function conditions(query: SessionQuery): string[] {
  const { user, computer, since, until, root, method, address, minimumRisk, open } = query
  return [
    ...(user === undefined
      ? []
      : [
          /^[0-9]+$/.test(user)
            ? `(AuditUser == ${text(user)} or AuditUserId == ${user})`
            : `AuditUser == ${text(user)}`,
        ]),
    ...(computer === undefined ? [] : [`Computer == ${text(computer)}`]),
    ...(since === undefined ? [] : [`LastActivityTime >= ${datetime(since)}`]),
    ...(until === undefined ? [] : [`TimeGenerated <= ${datetime(until)}`]),
    ...(root === true ? ['BecameRoot'] : []),
    ...(method === undefined ? [] : [`LogonMethod == ${text(method)}`]),
    ...(address === undefined ? [] : [`SourceAddress == ${text(address)}`]),
    ...(minimumRisk === undefined ? [] : [`RiskScore >= ${Math.floor(minimumRisk)}`]),
    ...(open === undefined ? [] : [open ? 'isnull(EndTime)' : 'isnotnull(EndTime)']),
  ]
}

/** A row of AuditSession as it is handed out. */
export function recordOf(row: Readonly<Record<string, unknown>>): SessionRecord {
  const string = (name: string) => String(row[name] ?? '')
  const number = (name: string) => Number(row[name] ?? 0)
  const time = (name: string) => (row[name] == null ? null : iso(milliseconds(row[name])))
  const strings = (name: string) => parsedList(row[name]).map(String)
  return {
    uid: string('SessionUid'),
    computer: string('Computer'),
    session: number('SessionId'),
    user: string('AuditUser'),
    userId: row.AuditUserId == null ? null : Number(row.AuditUserId),
    start: time('TimeGenerated') ?? '',
    startKnown: row.IsStartKnown === true,
    end: time('EndTime'),
    endReason: string('EndReason'),
    lastActivity: time('LastActivityTime') ?? '',
    method: string('LogonMethod'),
    sourceAddress: string('SourceAddress'),
    terminal: string('Terminal'),
    failedBefore: number('FailedLogons'),
    became: strings('Became'),
    becameRoot: row.BecameRoot === true,
    refusedChanges: number('RefusedChanges'),
    keys: string('KeystrokeState') as KeysState,
    typedLines: number('TypedLines'),
    typedRan: number('TypedRan'),
    typedNotRun: number('TypedNotRun'),
    commands: number('Commands'),
    rootCommands: number('RootCommands'),
    failedCommands: number('FailedCommands'),
    notTyped: number('CommandsNotTyped'),
    filesChanged: number('FilesChanged'),
    filesDeleted: number('FilesDeleted'),
    connections: number('Connections'),
    addresses: strings('DestinationAddresses'),
    techniques: strings('Techniques'),
    alerts: strings('Alerts'),
    risk: {
      score: number('RiskScore'),
      level: string('RiskLevel') as RiskLevel,
      reasons: parsedList(row.RiskReasons) as RiskReason[],
    },
    events: number('Events'),
  }
}

function parsedList(json: unknown): unknown[] {
  try {
    const value: unknown = JSON.parse(String(json ?? '[]'))
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
