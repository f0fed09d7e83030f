/** All sessions of a fold, to list and to look at. */
import type { SessionFold } from '../fold/host.js'
import type { SessionState } from '../fold/state.js'
import { type KeyStream, keyStreams, linkAcrossSessions } from '../typed/streams.js'
import { SessionView, type ViewOptions } from './session-view.js'

export interface SessionFilter {
  readonly user?: string
  readonly computer?: string
  /** Milliseconds since 1970: sessions that were not over by then. */
  readonly since?: number
  readonly until?: number
  /** Only those that became root. */
  readonly root?: boolean
  readonly method?: string
  readonly address?: string
}

export class AmbiguousSessionError extends Error {
  readonly code = 'AMBIGUOUS_SESSION'

  constructor(prefix: string, found: readonly string[]) {
    super(
      `several sessions begin with ${prefix}: ${found.slice(0, 5).join(', ')}${found.length > 5 ? ', …' : ''}`,
    )
    this.name = 'AmbiguousSessionError'
  }
}

export class SessionsView {
  readonly #fold: SessionFold
  readonly #options: ViewOptions
  readonly #views = new Map<SessionState, SessionView>()
  #streams: ReadonlyMap<SessionState, readonly KeyStream[]> | undefined

  constructor(fold: SessionFold, options: ViewOptions = {}) {
    this.#fold = fold
    this.#options = options
  }

  /** Those that pass the filter, oldest first. */
  list(filter: SessionFilter = {}): SessionView[] {
    return this.#fold
      .sessions()
      .filter((state) => passes(state, filter))
      .map((state) => this.view(state))
  }

  /** The session whose id begins so; a session number of a host with one session of it works, too. */
  find(prefix: string): SessionView | undefined {
    const all = this.#fold.sessions()
    const byUid = all.filter(({ uid }) => uid.startsWith(prefix))
    const found =
      byUid.length > 0 || !/^[0-9]+$/.test(prefix)
        ? byUid
        : all.filter(({ number }) => number === Number(prefix))
    if (found.length > 1) {
      throw new AmbiguousSessionError(
        prefix,
        found.map(({ uid }) => uid),
      )
    }
    return found[0] === undefined ? undefined : this.view(found[0])
  }

  view(state: SessionState): SessionView {
    let view = this.#views.get(state)
    if (view === undefined) {
      view = new SessionView(state, this.#options, () => this.#streamsOf(state))
      this.#views.set(state, view)
    }
    return view
  }

  /** Keys that went from one session into another are found when all sessions are there. */
  #streamsOf(state: SessionState): readonly KeyStream[] {
    if (this.#streams === undefined) {
      const streams = new Map(this.#fold.sessions().map((session) => [session, keyStreams(session)]))
      linkAcrossSessions([...streams.values()].flat())
      this.#streams = streams
    }
    return this.#streams.get(state) ?? keyStreams(state)
  }
}

function passes(state: SessionState, filter: SessionFilter): boolean {
  const { user, computer, since, until, root, method, address } = filter
  if (user !== undefined && state.user !== user && String(state.auditUserId ?? '') !== user) return false
  if (computer !== undefined && state.computer !== computer) return false
  if (since !== undefined && state.last < since) return false
  if (until !== undefined && state.start > until) return false
  if (method !== undefined && state.method !== method) return false
  if (address !== undefined && state.sourceAddress !== address) return false
  if (root === true && !state.changes.some(({ to, succeeded }) => succeeded && (to === 'root' || to === '0')))
    return false
  return true
}
