/**
 * Login sessions over HTTP: thin over the `SessionService`. Secrets are masked in all that a reader gets; who may
 * administer can have them shown, and that is written to QueryLog.
 */
import type { SessionQuery } from '@auspex/sessions'
import { z } from 'zod'
import { type Endpoint, endpoint } from '../../http/endpoint.js'
import type { Workspace } from '../../workspace.js'

const MAX_PAGE = 1000
const DEFAULT_PAGE = 200

const time = z.iso.datetime().transform((text) => Date.parse(text))
const flag = z.enum(['true', 'false']).transform((text) => text === 'true')

const listQuery = z.object({
  user: z.string().max(200).optional(),
  host: z.string().max(255).optional(),
  address: z.string().max(100).optional(),
  method: z.string().max(40).optional(),
  /** Sessions that were not over by then, and that had begun by then. */
  from: time.optional(),
  to: time.optional(),
  root: flag.optional(),
  open: flag.optional(),
  minimumRisk: z.coerce.number().int().min(0).max(100).optional(),
  sort: z.enum(['-start', 'start', '-risk']).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).optional(),
  cursor: z.string().max(20).optional(),
})
const page = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
  cursor: z.string().max(20).optional(),
})
const treeQuery = page.extend({ parent: z.coerce.number().int().min(0).optional() })
/** The id of a session, or the beginning of it. */
const path = z.object({ id: z.string().min(1).max(32) })

/** Without the parts that hold nothing. */
function present<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const parts = Object.entries(value).filter(([, part]) => part !== undefined)
  return Object.fromEntries(parts) as { [K in keyof T]?: Exclude<T[K], undefined> }
}

/** A list that is given at once, as a page. */
const whole = <T>(items: readonly T[]) => ({ items, total: items.length, next: null })

export function loginSessionEndpoints({ sessions }: Pick<Workspace, 'sessions'>): Endpoint[] {
  const revealing = (name: string) => ({ user: name, client: 'api' })
  return [
    endpoint({
      method: 'get',
      path: '/sessions',
      permission: 'read',
      summary: 'Login sessions, the youngest first, a page at a time.',
      query: listQuery,
      handle: ({ query, signal }) => {
        const { host, from, to, ...rest } = query
        const wanted = present({ ...rest, computer: host, since: from, until: to })
        return sessions.list(wanted as SessionQuery, signal)
      },
    }),
    endpoint({
      method: 'get',
      path: '/sessions/:id',
      permission: 'read',
      summary:
        'A login session: facts, risk with its reasons, changes of user, refused logins before it, alerts in it.',
      params: path,
      handle: async ({ params, signal }) => {
        const view = await sessions.view(params.id, signal)
        return {
          session: view.record(),
          failedLogins: view.failedLogins(),
          changes: view.changes(),
          hidden: view.hidden(),
          notes: view.notes(),
          alerts: view.alerts(),
        }
      },
    }),
    endpoint({
      method: 'get',
      path: '/sessions/:id/lines',
      permission: 'read',
      summary: 'What was typed, and what became of each line; and how many keys other programs read.',
      params: path,
      handle: async ({ params, signal }) => {
        const view = await sessions.view(params.id, signal)
        return { ...whole(view.lines()), hidden: view.hidden() }
      },
    }),
    endpoint({
      method: 'get',
      path: '/sessions/:id/commands',
      permission: 'read',
      summary: 'The programs that ran, in the order of time, each with why it did (`origin`).',
      params: path,
      query: page,
      handle: async ({ params, query, signal }) =>
        (await sessions.view(params.id, signal)).commandPage(query.cursor, query.limit),
    }),
    endpoint({
      method: 'get',
      path: '/sessions/:id/timeline',
      permission: 'read',
      summary: 'The session as one story, a page at a time.',
      params: path,
      query: page,
      handle: async ({ params, query, signal }) =>
        (await sessions.view(params.id, signal)).timelinePage(query.cursor, query.limit),
    }),
    endpoint({
      method: 'get',
      path: '/sessions/:id/processes',
      permission: 'read',
      summary: 'Processes: the children of `parent` (its index), or those at the top.',
      params: path,
      query: treeQuery,
      handle: async ({ params, query, signal }) =>
        (await sessions.view(params.id, signal)).processes(query.parent, query.cursor, query.limit),
    }),
    endpoint({
      method: 'get',
      path: '/sessions/:id/files',
      permission: 'read',
      summary: 'Files that were changed, and sensitive ones that were read.',
      params: path,
      handle: async ({ params, signal }) => whole((await sessions.view(params.id, signal)).files()),
    }),
    endpoint({
      method: 'get',
      path: '/sessions/:id/connections',
      permission: 'read',
      summary: 'Where it connected to and what connected to it.',
      params: path,
      handle: async ({ params, signal }) => whole((await sessions.view(params.id, signal)).connections()),
    }),
    endpoint({
      method: 'get',
      path: '/sessions/:id/detail',
      permission: 'read',
      summary: 'All of a session at once.',
      params: path,
      handle: ({ params, signal }) => sessions.detail(params.id, undefined, signal),
    }),
    endpoint({
      method: 'post',
      path: '/sessions/:id/reveal',
      permission: 'administer',
      summary:
        'All of a session at once, secrets included. That they were asked for is recorded in QueryLog.',
      params: path,
      handle: ({ params, who, signal }) => sessions.detail(params.id, revealing(who.name), signal),
    }),
    endpoint({
      method: 'post',
      path: '/sessions/:id/records',
      permission: 'administer',
      summary:
        'The raw records of a session, a page of events at a time. They are not masked; recorded in QueryLog.',
      params: path,
      query: page,
      handle: ({ params, query, who, signal }) =>
        sessions.rawRecords(params.id, revealing(who.name), query.cursor, query.limit, signal),
    }),
  ]
}
