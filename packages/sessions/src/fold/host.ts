/**
 * The sessions of one host: which session an event belongs to.
 *
 * The kernel numbers sessions from 1 at every boot, so a number means a session only together with a time. An event
 * belongs to the youngest session of its number and user that had begun, unless the host was booted in between.
 * A session whose login is not in the log begins with its first event (`startKnown` is false).
 */
import type { KeyInput, SessionEvent } from '../input/event.js'
import type { FailedLogin } from './model.js'
import type { Command } from './processes.js'
import { baseName, PidRounds } from './processes.js'
import { SessionState } from './state.js'

/** How much older than the login an event of the session may be, and how late an older one may come (ms). */
const SLACK = 5_000
/** How long before a login refused ones count (ms). */
const FAILED_WINDOW = 3_600_000
const MAX_FAILED = 20_000
const MAX_BOOTS = 1_000
/** A serial that falls by more than this began anew. */
const SERIAL_DROP = 1_000

export class HostSessions {
  readonly computer: string
  readonly #byNumber = new Map<number, SessionState[]>()
  readonly #failed: FailedLogin[] = []
  readonly #failedPids = new Map<number, number>()
  readonly #successes = new Map<string, number>()
  readonly #boots: number[] = []
  readonly #rounds = new PidRounds()
  #lastTime = 0
  #lastSerial = 0

  constructor(computer: string) {
    this.computer = computer
  }

  *sessions(): Generator<SessionState> {
    for (const list of this.#byNumber.values()) yield* list
  }

  /** Forgets a session: it is stored, and is put back when more of it comes. */
  forget(session: SessionState): void {
    const list = this.#byNumber.get(session.number)?.filter((other) => other !== session) ?? []
    if (list.length === 0) this.#byNumber.delete(session.number)
    else this.#byNumber.set(session.number, list)
  }

  /** Makes a session known that was stored. */
  restore(session: SessionState): void {
    this.#insert(session)
  }

  /** Whether a session that is known takes what has this number, user and time. */
  knows(number: number, auditUserId: number | undefined, time: number): boolean {
    return this.#find(number, auditUserId, time) !== undefined
  }

  /** A login that succeeded, of a session that is not known here. */
  succeeded(account: string, address: string, time: number): void {
    const key = `${account}\0${address}`
    this.#successes.set(key, Math.max(time, this.#successes.get(key) ?? 0))
  }

  add(event: SessionEvent): { session: SessionState | undefined; command: Command | undefined } {
    this.#noticeBoot(event)
    if (event.pid !== undefined && event.action === 'execute') this.#rounds.see(event.pid)
    if (event.session === undefined) {
      this.#outside(event)
      return { session: undefined, command: undefined }
    }
    const session = this.#sessionOf(event)
    const command = session.add(event, this.#rounds.round)
    if (event.recordTypes[0] === 'USER_START' || event.recordTypes[0] === 'USER_LOGIN')
      this.#loggedIn(session)
    return { session, command }
  }

  addKeys(input: KeyInput): SessionState | undefined {
    if (input.session === undefined) return undefined
    const session =
      this.#find(input.session, input.auditUserId, input.time) ??
      this.#begin(input.session, input.auditUserId, input.time)
    session.addKeys(input)
    return session
  }

  /** A LOGIN record, of which the event may not be there yet. */
  login(
    number: number,
    auditUserId: number | undefined,
    time: number,
    pid: number | undefined,
  ): SessionState {
    const found = this.#find(number, auditUserId, time)
    const near = found !== undefined && Math.abs(found.start - time) <= SLACK
    const session =
      found !== undefined && (near || !found.startKnown) && found.start >= time - SLACK
        ? found
        : this.#begin(number, auditUserId, time)
    session.login(time, pid)
    return session
  }

  #sessionOf(event: SessionEvent): SessionState {
    const number = event.session!
    const { auditUserId, time, pid, executable } = event
    if (!event.recordTypes.includes('LOGIN')) {
      return this.#find(number, auditUserId, time) ?? this.#begin(number, auditUserId, time)
    }
    const session = this.login(number, auditUserId, time, pid)
    if (executable !== '') session.loginProgram = baseName(executable)
    return session
  }

  #find(number: number, auditUserId: number | undefined, time: number): SessionState | undefined {
    const list = this.#byNumber.get(number)
    if (list === undefined) return undefined
    const isSameUser = (session: SessionState) =>
      auditUserId === undefined || session.auditUserId === undefined || session.auditUserId === auditUserId
    for (let i = list.length - 1; i >= 0; i--) {
      const session = list[i]!
      if (session.start > time + SLACK || !isSameUser(session)) continue
      if (!this.#bootedBetween(Math.min(session.last, time), time)) return session
      break
    }
    // An older part of a session whose beginning was not known.
    return list.find(
      (session) =>
        !session.startKnown &&
        isSameUser(session) &&
        session.start > time &&
        !this.#bootedBetween(time, session.start),
    )
  }

  #begin(number: number, auditUserId: number | undefined, time: number): SessionState {
    const session = new SessionState(this.computer, number, auditUserId, time)
    this.#insert(session)
    return session
  }

  #insert(session: SessionState): void {
    const list = this.#byNumber.get(session.number)
    if (list === undefined) this.#byNumber.set(session.number, [session])
    else {
      list.push(session)
      list.sort((a, b) => a.start - b.start)
    }
  }

  /** A boot says so, or the serial numbers begin anew. */
  #noticeBoot(event: SessionEvent): void {
    const type = event.recordTypes[0] ?? ''
    const isBoot = type === 'SYSTEM_BOOT' || (type === 'KERNEL' && event.message.includes('initialized'))
    if (type.startsWith('DAEMON_')) return
    const isReset =
      event.time > this.#lastTime && this.#lastTime > 0 && event.serial < this.#lastSerial - SERIAL_DROP
    if (isBoot || isReset) this.#booted(event.time)
    this.#lastTime = event.time
    this.#lastSerial = event.serial
  }

  #booted(time: number): void {
    const near = this.#boots.findIndex((boot) => Math.abs(boot - time) < 120_000)
    if (near >= 0) {
      this.#boots[near] = Math.min(this.#boots[near]!, time)
      return
    }
    this.#boots.push(time)
    this.#boots.sort((a, b) => a - b)
    if (this.#boots.length > MAX_BOOTS) this.#boots.shift()
    for (const session of this.sessions()) {
      if (session.isOpen && session.last < time) session.close(session.last, 'reboot')
    }
  }

  #bootedBetween(from: number, to: number): boolean {
    return this.#boots.some((boot) => boot > from && boot <= to)
  }

  /** Events of no session: logins that were refused. */
  #outside(event: SessionEvent): void {
    if (event.result !== 'failure' || event.category !== 'authentication') return
    const type = event.recordTypes[0]
    if (type !== 'USER_AUTH' && type !== 'USER_LOGIN') return
    if (event.pid !== undefined) {
      // sshd writes both for one attempt.
      const before = this.#failedPids.get(event.pid)
      if (type === 'USER_LOGIN' && before !== undefined && event.time - before < 120_000) return
      if (this.#failedPids.size > MAX_FAILED) this.#failedPids.clear()
      this.#failedPids.set(event.pid, event.time)
    }
    this.#failed.push({
      time: event.time,
      account: event.targetUser,
      address: event.sourceAddress,
      terminal: event.terminal,
      program: baseName(event.executable),
      eventId: event.eventId,
    })
    if (this.#failed.length > MAX_FAILED) this.#failed.splice(0, MAX_FAILED / 2)
  }

  /**
   * Refused logins that came before this one: of the account since it last succeeded, and from the address for
   * accounts that never did.
   */
  #loggedIn(session: SessionState): void {
    const { user, sourceAddress, start } = session
    const succeeded = (account: string, address: string) => this.#successes.get(`${account}\0${address}`)
    if (session.failedBefore.length === 0) {
      session.failedBefore = this.#failed.filter(({ time, account, address }) => {
        if (time < start - FAILED_WINDOW || time > start + SLACK) return false
        if (account === user) return time > (succeeded(account, address) ?? 0)
        return address !== '' && address === sourceAddress && (succeeded(account, address) ?? 0) < time
      })
    }
    if (this.#successes.size > MAX_FAILED) this.#successes.clear()
    this.#successes.set(`${user}\0${sourceAddress}`, start)
  }
}

/** The sessions of all hosts. */
export class SessionFold {
  readonly #hosts = new Map<string, HostSessions>()

  host(computer: string): HostSessions {
    let host = this.#hosts.get(computer)
    if (host === undefined) {
      host = new HostSessions(computer)
      this.#hosts.set(computer, host)
    }
    return host
  }

  add(event: SessionEvent): { session: SessionState | undefined; command: Command | undefined } {
    return this.host(event.computer).add(event)
  }

  addKeys(input: KeyInput): SessionState | undefined {
    return this.host(input.computer).addKeys(input)
  }

  /** All that are known, oldest first. */
  sessions(): SessionState[] {
    return [...this.#hosts.values()]
      .flatMap((host) => [...host.sessions()])
      .sort((a, b) => a.start - b.start || a.computer.localeCompare(b.computer) || a.number - b.number)
  }
}
