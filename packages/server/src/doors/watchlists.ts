/** The watchlists over HTTP: thin over the `Watchlists` service. */
import type { Actor } from '@auspex/detect'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Workspace } from '../workspace.js'
import { readBody } from './body.js'

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

const present = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }

export function watchlistRoutes(workspace: Workspace, actorOf: (context: Context) => Actor): Hono {
  const { watchlists } = workspace
  const app = new Hono()
  const alias = (context: Context) => context.req.param('alias') ?? ''

  app.get('/watchlists', async (context) => context.json({ items: await watchlists.list() }))

  app.post('/watchlists', async (context) => {
    const body = await readBody(context, newWatchlist)
    if (body instanceof Response) return body
    const list = { alias: body.alias, csv: body.csv, ...present(body) }
    return context.json(await watchlists.create(list, actorOf(context)), 201)
  })

  app.get('/watchlists/:alias', async (context) => context.json(await watchlists.get(alias(context))))

  app.put('/watchlists/:alias', async (context) => {
    const body = await readBody(context, file)
    if (body instanceof Response) return body
    return context.json(await watchlists.replace(alias(context), body.csv, actorOf(context)))
  })

  app.delete('/watchlists/:alias', async (context) => {
    await watchlists.remove(alias(context), actorOf(context))
    return context.json({})
  })

  app.get('/watchlists/:alias/items', async (context) => {
    const parsed = itemsQuery.safeParse(context.req.query())
    if (!parsed.success) {
      return context.json({ error: { code: 'BadArgument', message: z.prettifyError(parsed.error) } }, 400)
    }
    const { cursor, ...rest } = parsed.data
    return context.json(await watchlists.items(alias(context), present({ ...rest, after: cursor })))
  })

  app.post('/watchlists/:alias/items', async (context) => {
    const body = await readBody(context, values)
    if (body instanceof Response) return body
    return context.json(await watchlists.addItem(alias(context), body, actorOf(context)), 201)
  })

  app.patch('/watchlists/:alias/items/:id', async (context) => {
    const body = await readBody(context, values)
    if (body instanceof Response) return body
    const id = context.req.param('id')
    return context.json(await watchlists.updateItem(alias(context), id, body, actorOf(context)))
  })

  app.delete('/watchlists/:alias/items/:id', async (context) => {
    await watchlists.deleteItem(alias(context), context.req.param('id'), actorOf(context))
    return context.json({})
  })

  return app
}
