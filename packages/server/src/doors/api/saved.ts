/** Queries and views of lists that people save: everybody sees them, their owner and contributors change them. */
import { randomUUID } from 'node:crypto'
import type { ControlDatabase } from '@auspex/detect'
import { z } from 'zod'
import { type Endpoint, endpoint } from '../../http/endpoint.js'
import { NoSuchIdentityError, PermissionError } from '../../identity/errors.js'
import { allows, type Who } from '../../identity/permission.js'
import type { ServerTables } from '../../identity/schema.js'

const savedQuery = z.strictObject({
  name: z.string().min(1).max(200),
  folder: z.string().max(200).default(''),
  query: z
    .string()
    .min(1)
    .max(256 * 1024),
  timespan: z.string().max(100).nullable().default(null),
})
const savedView = z.strictObject({
  page: z.string().min(1).max(50),
  name: z.string().min(1).max(200),
  search: z.string().max(4000),
})
const byId = z.object({ id: z.string() })

class StaleError extends Error {
  readonly code = 'ETAG_MISMATCH'
  constructor() {
    super('somebody else changed this in the meantime: read it again, and repeat your change')
  }
}

export function savedEndpoints(control: ControlDatabase<ServerTables>, now: () => Date): Endpoint[] {
  const queryOf = async (id: string) => {
    const row = await control
      .selectFrom('server_saved_query')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    if (row === undefined) throw new NoSuchIdentityError(`saved query ${id}`)
    return row
  }
  const shown = (row: ServerTables['server_saved_query']) => {
    const { changed_time: changedTime, ...rest } = row
    return { ...rest, changedTime }
  }
  const mayChange = (who: Who, owner: string) => {
    if (who.name === owner || allows(who, 'contribute')) return
    throw new PermissionError(`this belongs to ${owner}, and ${who.name} has only the role ${who.role}`)
  }
  return [
    endpoint({
      method: 'get',
      path: '/queries',
      permission: 'read',
      summary: 'Saved queries.',
      async handle() {
        const rows = await control
          .selectFrom('server_saved_query')
          .selectAll()
          .orderBy('folder')
          .orderBy('name')
          .execute()
        return { items: rows.map(shown) }
      },
    }),
    endpoint({
      method: 'post',
      path: '/queries',
      permission: 'respond',
      summary: 'Save a query.',
      body: savedQuery,
      status: 201,
      async handle({ body, who }) {
        const row = {
          ...body,
          id: randomUUID(),
          owner: who.name,
          changed_time: now().toISOString(),
          etag: randomUUID(),
        }
        await control.insertInto('server_saved_query').values(row).execute()
        return shown(row)
      },
    }),
    endpoint({
      method: 'put',
      path: '/queries/:id',
      permission: 'respond',
      summary: 'Change a saved query; with `If-Match`, only when nobody was quicker.',
      params: byId,
      body: savedQuery,
      async handle({ params, body, who, context }) {
        const before = await queryOf(params.id)
        mayChange(who, before.owner)
        const etag = context.req.header('if-match')
        if (etag !== undefined && etag !== before.etag) throw new StaleError()
        const row = { ...before, ...body, changed_time: now().toISOString(), etag: randomUUID() }
        await control.updateTable('server_saved_query').set(row).where('id', '=', row.id).execute()
        return shown(row)
      },
    }),
    endpoint({
      method: 'delete',
      path: '/queries/:id',
      permission: 'respond',
      summary: 'Remove a saved query.',
      params: byId,
      async handle({ params, who }) {
        mayChange(who, (await queryOf(params.id)).owner)
        await control.deleteFrom('server_saved_query').where('id', '=', params.id).execute()
      },
    }),
    endpoint({
      method: 'get',
      path: '/views',
      permission: 'read',
      summary: 'Saved views of lists.',
      query: z.object({ page: z.string().optional() }),
      async handle({ query }) {
        let rows = control.selectFrom('server_saved_view').selectAll().orderBy('name')
        if (query.page !== undefined) rows = rows.where('page', '=', query.page)
        return { items: await rows.execute() }
      },
    }),
    endpoint({
      method: 'post',
      path: '/views',
      permission: 'respond',
      summary: 'Save a view.',
      body: savedView,
      status: 201,
      async handle({ body, who }) {
        const row = { ...body, id: randomUUID(), owner: who.name }
        await control.insertInto('server_saved_view').values(row).execute()
        return row
      },
    }),
    endpoint({
      method: 'delete',
      path: '/views/:id',
      permission: 'respond',
      summary: 'Remove a saved view.',
      params: byId,
      async handle({ params, who }) {
        const row = await control
          .selectFrom('server_saved_view')
          .select('owner')
          .where('id', '=', params.id)
          .executeTakeFirst()
        if (row === undefined) throw new NoSuchIdentityError(`saved view ${params.id}`)
        mayChange(who, row.owner)
        await control.deleteFrom('server_saved_view').where('id', '=', params.id).execute()
      },
    }),
  ]
}
