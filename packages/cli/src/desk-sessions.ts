/** The login sessions, as a command asks for them: of the folder that is open here, or of the server that has it. */
import type { SessionDetail, SessionQuery, SessionRecord, SessionService } from '@auspex/sessions'
import type { Ask } from './ask.js'

export interface SessionsDesk {
  /** The sessions that pass, the youngest first, at most so many; and how many there are. */
  list(query: SessionQuery): Promise<{ readonly items: readonly SessionRecord[]; readonly total: number }>
  detail(id: string, reveal: boolean): Promise<SessionDetail>
}

export function localSessions(sessions: SessionService, userName: string): SessionsDesk {
  return {
    list: (query) => sessions.list(query),
    detail: (id, reveal) => sessions.detail(id, reveal ? { user: userName, client: 'cli' } : undefined),
  }
}

export function remoteSessions(ask: Ask): SessionsDesk {
  return {
    async list({ computer, since, until, ...rest }) {
      const given = {
        ...rest,
        host: computer,
        from: since === undefined ? undefined : new Date(since).toISOString(),
        to: until === undefined ? undefined : new Date(until).toISOString(),
      }
      const query = new URLSearchParams()
      for (const [name, value] of Object.entries(given))
        if (value !== undefined) query.set(name, String(value))
      return (await ask('GET', `/api/sessions?${query}`)) as {
        items: SessionRecord[]
        total: number
      }
    },
    detail: async (id, reveal) => {
      const path = `/api/sessions/${encodeURIComponent(id)}`
      return (await (reveal ? ask('POST', `${path}/reveal`) : ask('GET', `${path}/detail`))) as SessionDetail
    },
  }
}
