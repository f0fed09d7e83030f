/**
 * Keeps the tables AuditSession, AuditCommand and AuditKeystroke up to date as events arrive.
 *
 * A pass takes the rows that arrived since the last one, in the order of their row ids, folds them into the sessions
 * that they belong to, and writes what came out of it in one transaction with how far it has got: a receipt of the
 * store. So each command has its row once, whatever is stopped when. Sessions and typed lines have one row each, which
 * is replaced when more is known.
 *
 * Sessions that go on are held in memory. One that is not (after a start, or because it was set aside) is rebuilt from
 * its own stored events when another one of it comes. What is held is bounded: `MAX_HELD`.
 */
import type { Store, TableBatch } from '@auspex/store'
import { SessionFold } from '../fold/host.js'
import type { Command } from '../fold/processes.js'
import type { SessionState } from '../fold/state.js'
import { EVENT_COLUMNS, eventsOf, KEY_COLUMNS, keysOf, type LoginRecord, loginsOf } from '../input/batches.js'
import type { KeyInput, SessionAlert, SessionEvent } from '../input/event.js'
import { keyStreams, linkAcrossSessions } from '../typed/streams.js'
import { SessionView } from '../view/session-view.js'
import { datetime, list, milliseconds, type QuestionParts, Questions } from './questions.js'
import {
  batchOf,
  commandRow,
  hiddenRow,
  LINE_COLUMNS,
  LINE_TIMES,
  lineRow,
  type Row,
  sessionRow,
} from './rows.js'
import {
  alertOf,
  findReached,
  findStored,
  LOGINS_WINDOW,
  loadSession,
  rememberLogins,
  type StoredSession,
} from './stored.js'

export interface KeeperParts extends QuestionParts {
  readonly store: Pick<Store, 'query' | 'ingest' | 'position' | 'lastRow'>
  /** Row ids that are taken at once. */
  readonly step?: number
  /** Commands of all sessions that are held in memory. */
  readonly maxHeld?: number
}

export interface KeeperReport {
  readonly events: number
  readonly commands: number
  readonly lines: number
  readonly sessions: number
}

type Report = { -readonly [K in keyof KeeperReport]: KeeperReport[K] }

export interface PassOptions {
  readonly signal?: AbortSignal
  /** More passes follow soon: rows of sessions that go on are not written anew each time. */
  readonly following?: boolean
}

/** The receipt's source. */
const SOURCE = 'sessions'
const STEP = 200_000
const MAX_HELD = 300_000
/** A session's row is written again after this much of its age, at least and at most so long (ms). */
const REWRITE = { part: 0.05, least: 10_000, most: 300_000 }
/** Typed lines are tied anew to what ran when that changed, but not more often (ms). */
const RETIE = 15_000
/** Rows that were read without anything to write are taken note of after so many. */
const IDLE_ROWS = 100_000n

interface Note {
  /** The last row that was taken in. */
  readonly row: string
  /** Sessions whose row is older than what was taken in. */
  readonly stale: readonly string[]
}

interface Held {
  readonly state: SessionState
  readonly view: SessionView
  /** Rows of typed lines that are in the store, by their id. */
  written: Map<string, string> | undefined
  /** When its row was last written, and its lines were last computed (ms). */
  rowAt: number
  tiedAt: number
  keysAt: number
  isStale: boolean
  touched: number
}

type Taken =
  | { readonly kind: 'event'; readonly time: number; readonly serial: number; readonly item: SessionEvent }
  | { readonly kind: 'keys'; readonly time: number; readonly serial: number; readonly item: KeyInput }

interface Arrived {
  readonly taken: Taken[]
  /** LOGIN records: they are there before the rest of their events, and say when a session really began. */
  readonly logins: LoginRecord[]
  readonly alerts: {
    readonly alert: SessionAlert
    readonly computers: string[]
    readonly accounts: string[]
  }[]
}

export class SessionKeeper {
  readonly #parts: KeeperParts
  readonly #questions: Questions
  #fold = new SessionFold()
  #held = new Map<SessionState, Held>()
  #byUid = new Map<string, Held>()
  /** The last row that was taken in; undefined: what is in memory is not what the store says. */
  #row: bigint | undefined
  #noted = 0n
  #position = 0n
  #passes = 0

  constructor(parts: KeeperParts) {
    this.#parts = parts
    this.#questions = new Questions(parts)
  }

  /**
   * Takes in what arrived. When it throws, nothing of the step that failed is stored, and the next pass begins from
   * what the store says.
   */
  async pass(options: PassOptions = {}): Promise<KeeperReport> {
    const { signal } = options
    this.#passes++
    const report = { events: 0, commands: 0, lines: 0, sessions: 0 }
    try {
      if (this.#row === undefined) await this.#begin(signal)
      const target = await this.#lastRow()
      while (this.#row! < target) {
        signal?.throwIfAborted()
        const next = this.#row! + BigInt(this.#parts.step ?? STEP)
        await this.#step(next < target ? next : target, report, signal)
      }
      await this.#writeStale(options.following !== true, report)
      this.#setAside()
      return report
    } catch (error) {
      this.#row = undefined
      throw error
    }
  }

  /** Writes the rows of sessions that are older than what was taken in, as before the store is closed. */
  async flush(): Promise<void> {
    if (this.#row === undefined) return
    try {
      await this.#writeStale(true, { events: 0, commands: 0, lines: 0, sessions: 0 })
    } catch (error) {
      this.#row = undefined
      throw error
    }
  }

  async #lastRow(): Promise<bigint> {
    const tables = ['AuditEvent', 'LinuxAuditLog_CL', 'SecurityAlert']
    const rows = await Promise.all(tables.map((table) => this.#parts.store.lastRow(table)))
    return rows.reduce((a, b) => (a > b ? a : b))
  }

  async #begin(signal?: AbortSignal): Promise<void> {
    this.#fold = new SessionFold()
    this.#held = new Map()
    this.#byUid = new Map()
    const position = await this.#parts.store.position(SOURCE)
    this.#position = position?.to ?? 0n
    const note = JSON.parse(position?.note ?? '{"row":"0","stale":[]}') as Note
    const row = BigInt(note.row)
    if (row > 0n) await this.#rememberLogins(row, signal)
    if (note.stale.length > 0) {
      for (const stored of await findStored(this.#questions, `SessionUid in (${list(note.stale)})`, signal)) {
        const held = await this.#restore(stored, row, signal)
        if (held !== undefined) held.isStale = true
      }
    }
    this.#row = row
    this.#noted = row
  }

  /** Logins of the last hour of each host, which say something of the next. */
  async #rememberLogins(upTo: bigint, signal?: AbortSignal): Promise<void> {
    const options = { upTo, ...(signal === undefined ? {} : { signal }) }
    const kql = 'AuditEvent | summarize Last = max(TimeGenerated) by Computer'
    for (const { Computer, Last } of await this.#questions.rows(kql, { AuditEvent: { upTo } }, signal)) {
      const from = datetime(milliseconds(Last) - LOGINS_WINDOW)
      const where = `Computer == ${list([String(Computer)])} and TimeGenerated >= ${from}`
      await rememberLogins(this.#questions, this.#fold, where, options)
    }
  }

  async #step(upTo: bigint, report: Report, signal?: AbortSignal) {
    const range = { after: this.#row!, upTo }
    const { taken, logins, alerts } = await this.#arrived(range, signal)
    await this.#restoreFor(
      [...logins, ...taken.map(({ item }) => ({ ...item, number: item.session }))],
      signal,
    )
    for (const { computer, number, auditUserId, time, pid } of logins) {
      this.#fold.host(computer).login(number, auditUserId, time, pid)
    }
    const commands: { session: SessionState; command: Command }[] = []
    const touched = new Set<Held>()
    for (const { kind, item } of taken) {
      const { session, command } =
        kind === 'event' ? this.#fold.add(item) : { session: this.#fold.addKeys(item), command: undefined }
      if (session === undefined) continue
      touched.add(this.#hold(session))
      if (command !== undefined) commands.push({ session, command })
    }
    for (const held of await this.#alerted(alerts, signal)) touched.add(held)
    for (const held of touched) {
      held.isStale = true
      held.touched = this.#passes
    }
    report.events += taken.length
    report.commands += commands.length
    this.#row = upTo
    const rows = commands.map(({ session, command }) => commandRow(session, command))
    if (rows.length > 0) await this.#commit(rows, this.#due(), report)
    else if (upTo - this.#noted >= IDLE_ROWS) await this.#commit([], [], report)
  }

  /** What came in, in the order of time. */
  async #arrived(range: { after: bigint; upTo: bigint }, signal?: AbortSignal): Promise<Arrived> {
    const taken: Taken[] = []
    const logins: LoginRecord[] = []
    const events = `AuditEvent | where isnotnull(SessionId) or Category in ("authentication", "system") | project ${EVENT_COLUMNS.join(', ')}`
    for await (const batch of this.#questions.batches(events, { AuditEvent: range }, signal)) {
      for (const item of eventsOf(batch, milliseconds)) {
        taken.push({ kind: 'event', time: item.time, serial: item.serial, item })
      }
    }
    const keys = `LinuxAuditLog_CL | where RecordType_s in ("TTY", "USER_TTY", "LOGIN") | project ${KEY_COLUMNS.join(', ')}`
    for await (const batch of this.#questions.batches(keys, { LinuxAuditLog_CL: range }, signal)) {
      for (const item of keysOf(batch, milliseconds)) {
        taken.push({ kind: 'keys', time: item.time, serial: item.serial, item })
      }
      logins.push(...loginsOf(batch, milliseconds))
    }
    taken.sort((a, b) => a.time - b.time || a.serial - b.serial)
    logins.sort((a, b) => a.time - b.time)
    return { taken, logins, alerts: await this.#alerts(range, signal) }
  }

  async #alerts(range: { after: bigint; upTo: bigint }, signal?: AbortSignal): Promise<Arrived['alerts']> {
    const kql =
      'SecurityAlert | project SystemAlertId, AlertName, AlertSeverity, StartTime, EndTime, TimeGenerated, Computer, Entities'
    const rows = await this.#questions.rows(kql, { SecurityAlert: range }, signal)
    return rows.map((row) => {
      const entities = entitiesOf(row.Entities)
      const computers = [String(row.Computer ?? ''), ...entities.hosts].filter((name) => name !== '')
      return { alert: alertOf(row), computers: [...new Set(computers)], accounts: entities.accounts }
    })
  }

  /** Puts back the stored sessions that what came in may belong to. */
  async #restoreFor(
    items: readonly Pick<LoginRecord, 'computer' | 'auditUserId' | 'time'>[] &
      readonly { number: number | undefined }[],
    signal?: AbortSignal,
  ): Promise<void> {
    const unknown = new Map<string, { computer: string; number: number }>()
    for (const { computer, number, auditUserId, time } of items) {
      if (number === undefined || this.#fold.host(computer).knows(number, auditUserId, time)) continue
      unknown.set(`${computer}\0${number}`, { computer, number })
    }
    if (unknown.size === 0) return
    const computers = new Set([...unknown.values()].map(({ computer }) => computer))
    const numbers = new Set([...unknown.values()].map(({ number }) => number))
    const where = `Computer in (${list(computers)}) and SessionId in (${[...numbers].join(', ')})`
    for (const stored of await findStored(this.#questions, where, signal)) {
      const isWanted = unknown.has(`${stored.computer}\0${stored.number}`)
      if (isWanted && !this.#byUid.has(stored.uid)) await this.#restore(stored, this.#row!, signal)
    }
  }

  async #restore(stored: StoredSession, upTo: bigint, signal?: AbortSignal): Promise<Held | undefined> {
    const state = await loadSession(this.#questions, stored, {
      upTo,
      ...(signal === undefined ? {} : { signal }),
    })
    if (state === undefined) return undefined
    this.#fold.host(state.computer).restore(state)
    const held = this.#hold(state)
    held.touched = this.#passes
    const written = await this.#questions.rows(
      `AuditKeystroke | where SessionUid == ${list([stored.uid])}`,
      {},
      signal,
    )
    held.written = new Map(written.map((row) => [String(row.LineId), storedDigest(row)]))
    return held
  }

  #hold(state: SessionState): Held {
    let held = this.#held.get(state)
    if (held === undefined) {
      const view = new SessionView(state, {}, () => this.#streamsOf(state))
      held = {
        state,
        view,
        written: new Map(),
        rowAt: 0,
        tiedAt: 0,
        keysAt: 0,
        isStale: true,
        touched: this.#passes,
      }
      this.#held.set(state, held)
      this.#byUid.set(state.uid, held)
    }
    return held
  }

  /** Key streams, with what was typed into an ssh client tied to the session that it led to. */
  #streamsOf(state: SessionState) {
    const own = keyStreams(state)
    if (!own.some(({ kind, data }) => kind === 'relay' && data.length > 0)) return own
    const others = [...this.#held.keys()].filter(
      (other) =>
        other !== state && other.keys.length > 0 && other.start >= state.start && other.start <= state.last,
    )
    if (others.length > 0) linkAcrossSessions([...own, ...others.flatMap((other) => keyStreams(other))])
    return own
  }

  async #alerted(alerts: Arrived['alerts'], signal?: AbortSignal): Promise<Held[]> {
    const found: Held[] = []
    for (const { alert, computers, accounts } of alerts) {
      if (computers.length === 0) continue
      // A log without names has the number of the user in the place of the name.
      const users =
        accounts.length === 0
          ? ''
          : ` and (AuditUser in (${list(accounts)}) or tostring(AuditUserId) in (${list(accounts)}))`
      const where = `Computer in (${list(computers)})${users} and TimeGenerated <= ${datetime(alert.to)} and LastActivityTime >= ${datetime(alert.from)}`
      for (const stored of await findStored(this.#questions, where, signal)) {
        const held = this.#byUid.get(stored.uid) ?? (await this.#restore(stored, this.#row!, signal))
        if (held === undefined || held.state.alerts.has(alert.id)) continue
        held.state.addAlert(alert)
        found.push(held)
      }
    }
    return found
  }

  /** Sessions whose row is to be written now: new ones, ended ones, and the others now and then. */
  #due(): Held[] {
    const now = milliseconds(this.#parts.now())
    return [...this.#held.values()].filter(({ isStale, rowAt, state }) => {
      if (!isStale) return false
      const age = Math.min(Math.max((state.last - state.start) * REWRITE.part, REWRITE.least), REWRITE.most)
      return rowAt === 0 || !state.isOpen || now - rowAt >= age
    })
  }

  async #writeStale(all: boolean, report: Report): Promise<void> {
    const due = all ? [...this.#held.values()].filter(({ isStale }) => isStale) : this.#due()
    if (due.length > 0) await this.#commit([], due, report)
  }

  async #commit(commands: readonly Row[], due: readonly Held[], report: Report): Promise<void> {
    const now = milliseconds(this.#parts.now())
    const tables: TableBatch[] = []
    if (commands.length > 0) tables.push(batchOf('AuditCommand', commands))
    const lines: Row[] = []
    const gone: string[] = []
    for (const held of due) {
      await this.#restoreReached(held)
      this.#tie(held, now, lines, gone)
    }
    if (lines.length > 0) tables.push(batchOf('AuditKeystroke', lines))
    const sessions = due.map(({ view }) => sessionRow(view, now))
    if (sessions.length > 0) tables.push(batchOf('AuditSession', sessions))
    const stale = [...this.#held.values()].filter((held) => held.isStale && !due.includes(held))
    const note: Note = { row: String(this.#row), stale: stale.map(({ state }) => state.uid) }
    await this.#parts.store.ingest({
      source: SOURCE,
      from: this.#position,
      to: this.#position + 1n,
      tables,
      replaces: [
        { table: 'AuditSession', column: 'SessionUid', values: due.map(({ state }) => state.uid) },
        {
          table: 'AuditKeystroke',
          column: 'LineId',
          values: [...lines.map((row) => String(row.LineId)), ...gone],
        },
      ].filter(({ values }) => values.length > 0),
      note: JSON.stringify(note),
    })
    this.#position++
    this.#noted = this.#row!
    for (const held of due) {
      held.isStale = false
      held.rowAt = now
    }
    report.sessions += sessions.length
    report.lines += lines.length
  }

  /** Puts back sessions that an ssh client of this one may have led to: they have its keys as well. */
  async #restoreReached({ state, keysAt }: Held): Promise<void> {
    if (state.keys.length === keysAt) return
    for (const stored of await findReached(this.#questions, state)) {
      if (!this.#byUid.has(stored.uid)) await this.#restore(stored, this.#row!)
    }
  }

  /** Ties the typed lines anew if there is reason to, and gives the rows that are new or another. */
  #tie(held: Held, now: number, lines: Row[], gone: string[]): void {
    const { state, view } = held
    if (state.keys.length === 0) return
    const hasKeys = state.keys.length !== held.keysAt
    const isDue = hasKeys || !state.isOpen || now - held.tiedAt >= RETIE
    view.hold(!isDue)
    if (!isDue) return
    held.tiedAt = now
    held.keysAt = state.keys.length
    const rows = [
      ...view.lines().map((line) => lineRow(state, line)),
      ...view.hidden().map((input) => hiddenRow(state, input)),
    ]
    const written = held.written ?? new Map<string, string>()
    const next = new Map<string, string>()
    for (const row of rows) {
      const id = String(row.LineId)
      const digest = digestOf(row)
      next.set(id, digest)
      if (written.get(id) !== digest) lines.push(row)
    }
    for (const id of written.keys()) if (!next.has(id)) gone.push(id)
    held.written = next
  }

  /** Forgets what has not been touched for long, when too much is held; what ended goes first. */
  #setAside(): void {
    let weight = 0
    for (const { state } of this.#held.values()) weight += 20 + state.commands.length
    const limit = this.#parts.maxHeld ?? MAX_HELD
    if (weight <= limit) return
    const order = [...this.#held.values()].filter(({ isStale }) => !isStale)
    order.sort((a, b) => Number(a.state.isOpen) - Number(b.state.isOpen) || a.touched - b.touched)
    for (const { state } of order) {
      if (weight <= limit / 2) break
      weight -= 20 + state.commands.length
      this.#held.delete(state)
      this.#byUid.delete(state.uid)
      this.#fold.host(state.computer).forget(state)
    }
  }
}

/** A line's row in one text, to tell whether it is another than the one that is stored. */
function digestOf(row: Row): string {
  return JSON.stringify(LINE_COLUMNS.map((name) => String(row[name] ?? '')))
}

function storedDigest(row: Readonly<Record<string, unknown>>): string {
  const times = Object.fromEntries(
    LINE_TIMES.map((name) => [name, row[name] == null ? '' : milliseconds(row[name])]),
  )
  return digestOf({ ...row, ...times })
}

function entitiesOf(json: unknown): { hosts: string[]; accounts: string[] } {
  const hosts: string[] = []
  const accounts: string[] = []
  try {
    for (const entity of JSON.parse(String(json ?? '[]')) as Record<string, unknown>[]) {
      const type = String(entity.Type ?? '').toLowerCase()
      if (type === 'host' && typeof entity.HostName === 'string') hosts.push(entity.HostName)
      if (type === 'account' && typeof entity.Name === 'string') accounts.push(entity.Name)
    }
  } catch {
    // An alert of another product: its host column is enough.
  }
  return { hosts, accounts }
}
