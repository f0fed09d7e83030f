/** The watchlists over HTTP: thin over the `Watchlists` service. */
import { z } from 'zod'
import { type Endpoint, endpoint } from '../../http/endpoint.js'
import type { Workspace } from '../../workspace.js'

const newWatchlist = z.strictObject({
  alias: z.string().min(1).max(64),
  name: z.string().max(200).optional(),
  description: z.string().max(2000).optional(),
  provider: z.string().max(200).optional(),
  searchKey: z.string().optional(),
  csv: z.string(),
})
const file = z.strictObject({ csv: z.string() })
const values = z.record(z.string(), z.string().max(32_000))
const itemsQuery = z.object({
  cursor: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(1000).optional(),
  search: z.string().max(200).optional(),
})
const listPath = z.object({ alias: z.string() })
const itemPath = listPath.extend({ id: z.string() })

const present = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }

export function watchlistEndpoints({ watchlists }: Pick<Workspace, 'watchlists'>): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/watchlists',
      permission: 'read',
      summary: 'The watchlists.',
      handle: async () => ({ items: await watchlists.list() }),
    }),
    endpoint({
      method: 'post',
      path: '/watchlists',
      permission: 'contribute',
      summary: 'Make a watchlist out of a CSV file.',
      body: newWatchlist,
      status: 201,
      handle: ({ body, actor }) =>
        watchlists.create({ alias: body.alias, csv: body.csv, ...present(body) }, actor),
    }),
    endpoint({
      method: 'get',
      path: '/watchlists/:alias',
      permission: 'read',
      summary: 'A watchlist.',
      params: listPath,
      handle: ({ params }) => watchlists.get(params.alias),
    }),
    endpoint({
      method: 'put',
      path: '/watchlists/:alias',
      permission: 'contribute',
      summary: 'Put the rows of another CSV file in the place of a watchlist’s.',
      params: listPath,
      body: file,
      handle: ({ params, body, actor }) => watchlists.replace(params.alias, body.csv, actor),
    }),
    endpoint({
      method: 'delete',
      path: '/watchlists/:alias',
      permission: 'contribute',
      summary: 'Remove a watchlist.',
      params: listPath,
      handle: ({ params, actor }) => watchlists.remove(params.alias, actor),
    }),
    endpoint({
      method: 'get',
      path: '/watchlists/:alias/items',
      permission: 'read',
      summary: 'The rows of a watchlist, a page at a time.',
      params: listPath,
      query: itemsQuery,
      handle({ params, query }) {
        const { cursor, ...rest } = query
        return watchlists.items(params.alias, present({ ...rest, after: cursor }))
      },
    }),
    endpoint({
      method: 'post',
      path: '/watchlists/:alias/items',
      permission: 'contribute',
      summary: 'Add a row.',
      params: listPath,
      body: values,
      status: 201,
      handle: ({ params, body, actor }) => watchlists.addItem(params.alias, body, actor),
    }),
    endpoint({
      method: 'patch',
      path: '/watchlists/:alias/items/:id',
      permission: 'contribute',
      summary: 'Change a row.',
      params: itemPath,
      body: values,
      handle: ({ params, body, actor }) => watchlists.updateItem(params.alias, params.id, body, actor),
    }),
    endpoint({
      method: 'delete',
      path: '/watchlists/:alias/items/:id',
      permission: 'contribute',
      summary: 'Remove a row.',
      params: itemPath,
      handle: ({ params, actor }) => watchlists.deleteItem(params.alias, params.id, actor),
    }),
  ]
}
