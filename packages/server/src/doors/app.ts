/**
 * The HTTP doors over a workspace. Two of them: on loopback TCP every request needs the workspace's token
 * (any user of the machine can reach that port, and the log holds keystrokes); on the Unix socket in the data
 * folder none does, because only who may enter the folder gets there.
 */
import { timingSafeEqual } from 'node:crypto'
import { hostNames } from '@auspex/collect'
import type { Actor } from '@auspex/detect'
import { KqlError, ticksFromDate } from '@auspex/kql'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { getCookie, setCookie } from 'hono/cookie'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import { z } from 'zod'
import type { Workspace } from '../workspace.js'
import { serveAssets } from './assets.js'
import { readBody } from './body.js'
import { encodeCell } from './cells.js'
import { incidentRoutes } from './incidents.js'
import { incidentsPage } from './page.js'
import { ruleRoutes } from './rules.js'
import { parseTimespanParameter } from './timespan.js'
import { watchlistRoutes } from './watchlists.js'

const COOKIE = 'auspex_token'
const MAX_BODY = 1 << 20

export interface DoorOptions {
  readonly workspace: Workspace
  /** Undefined for the Unix socket. */
  readonly token?: string
  /** Folder of the built web UI; without it there is a plain page of incidents. */
  readonly assets?: string
}

const MAX_ROWS = 500_000

const queryBody = z.object({
  query: z
    .string()
    .min(1)
    .max(256 * 1024),
  /** Rows of every table are those of this time; as in the Log Analytics API. */
  timespan: z.string().max(100).optional(),
  maxRows: z.int().min(1).max(MAX_ROWS).optional(),
})
const importBody = z.object({
  path: z.string().min(1),
  computer: z.string().min(1).max(255),
  ofThisHost: z.boolean(),
})

const backupBody = z.object({ directory: z.string().startsWith('/').max(4096) })
const exportBody = z.object({ table: z.string().min(1).max(128), file: z.string().startsWith('/').max(4096) })

function matches(given: string | undefined, token: string): boolean {
  if (given === undefined) return false
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function bearer(context: Context): string | undefined {
  return /^Bearer (.+)$/.exec(context.req.header('authorization') ?? '')?.[1]
}

/** HTTP statuses of errors that are the asker's. */
const STATUS: Readonly<Record<string, 400 | 404 | 412 | 422>> = {
  NOT_FOUND: 404,
  BAD_CHANGE: 422,
  BAD_PAGE: 400,
  ETAG_MISMATCH: 412,
  RULE_FILE: 422,
  CSV_FILE: 422,
}

/** Behind the Unix socket whoever may enter the folder asks, and says by which name; else the token does. */
const actorOf =
  (token: string | undefined) =>
  (context: Context): Actor => {
    const name = token === undefined ? context.req.header('x-auspex-user')?.slice(0, 100) : undefined
    return { kind: 'user', name: name || (token === undefined ? 'local' : 'token') }
  }

export function createApp({ workspace, token, assets }: DoorOptions): Hono {
  const app = new Hono()
  if (assets !== undefined) app.use(serveAssets(assets))
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], styleSrc: ["'unsafe-inline'"], baseUri: ["'none'"] },
      referrerPolicy: 'no-referrer',
    }),
  )
  app.use(bodyLimit({ maxSize: MAX_BODY }))

  app.get('/health/live', (context) => context.json({ status: 'live' }))

  if (token !== undefined) {
    app.use(async (context, next) => {
      const inUrl = context.req.query('token')
      if (context.req.method === 'GET' && matches(inUrl, token)) {
        setCookie(context, COOKIE, token, { httpOnly: true, sameSite: 'Strict', path: '/' })
        const rest = new URLSearchParams(context.req.query())
        rest.delete('token')
        return context.redirect(context.req.path + (rest.size > 0 ? `?${rest}` : ''))
      }
      if (!matches(bearer(context) ?? getCookie(context, COOKIE), token)) {
        const message =
          'a token is needed: open the URL that `auspex up` printed, or send it as a Bearer token'
        return context.json({ error: { code: 'Unauthorized', message } }, 401)
      }
      return next()
    })
  }

  app.get('/', async (context) => {
    const { incidents } = await workspace.incidents.list({}, { limit: 500 })
    return context.html(incidentsPage(incidents))
  })

  const actor = actorOf(token)
  app.route('/api', incidentRoutes(workspace, actor))
  app.route('/api', ruleRoutes(workspace, actor))
  app.route('/api', watchlistRoutes(workspace, actor))

  app.post('/api/query', async (context) => {
    const request = await readBody(context, queryBody)
    if (request instanceof Response) return request
    const { query, timespan, maxRows } = request
    const timeRange =
      timespan === undefined ? undefined : parseTimespanParameter(timespan, ticksFromDate(new Date()))
    if (timespan !== undefined && timeRange === undefined) {
      const message = `timespan ${JSON.stringify(timespan)} is neither a duration such as PT1H nor START/END`
      return context.json({ error: { code: 'BadArgument', message } }, 400)
    }
    const { columns, rows, truncated, render, statistics } = await workspace.query(query, {
      signal: context.req.raw.signal,
      ...(timeRange && { timeRange }),
      ...(maxRows && { maxRows }),
    })
    return context.json({
      columns,
      rows: rows.map((row) => row.map((cell, i) => encodeCell(columns[i]!.type, cell))),
      truncated,
      ...(render && { render }),
      statistics,
    })
  })

  app.get('/api/schema', (context) => context.json(workspace.schema()))

  app.post('/api/explain', async (context) => {
    const request = await readBody(context, queryBody)
    if (request instanceof Response) return request
    const { plan, sql } = await workspace.explain(request.query)
    return context.json({ plan, sql })
  })

  if (token === undefined) {
    app.post('/api/import', async (context) => {
      const request = await readBody(context, importBody)
      if (request instanceof Response) return request
      const { path, computer, ofThisHost } = request
      const names = ofThisHost ? { names: await hostNames() } : {}
      const report = await workspace.import(path, { computer, ...names })
      const { incidents, runs, failures } = await workspace.pass()
      return context.json({
        report,
        incidents,
        runs,
        failures: failures.map(({ rule, error }) => `${rule.name}: ${error.message}`),
      })
    })
  }

  app.get('/api/store', async (context) => context.json(await workspace.status()))

  // Reading and writing files by their path is for those who may enter the data folder.
  if (token === undefined) {
    app.post('/api/store/check', async (context) => context.json({ problems: await workspace.store.check() }))
    app.post('/api/store/compact', async (context) => {
      await workspace.store.compact()
      return context.json({})
    })
    app.post('/api/store/backup', async (context) => {
      const request = await readBody(context, backupBody)
      if (request instanceof Response) return request
      return context.json(await workspace.store.backup(request.directory))
    })
    app.post('/api/store/export', async (context) => {
      const request = await readBody(context, exportBody)
      if (request instanceof Response) return request
      return context.json(await workspace.store.export(request.table, request.file))
    })
  }

  app.notFound((context) =>
    context.json({ error: { code: 'NotFound', message: `nothing is at ${context.req.path}` } }, 404),
  )
  app.onError((error, context) => {
    if (error instanceof KqlError) {
      return context.json(
        { error: { code: 'Kql', message: error.message, diagnostics: error.diagnostics } },
        400,
      )
    }
    if (error instanceof HTTPException) {
      return context.json({ error: { code: 'BadRequest', message: error.message } }, error.status)
    }
    const found = (error as { code?: unknown }).code
    const code = typeof found === 'string' ? found : 'Internal'
    return context.json({ error: { code, message: error.message } }, STATUS[code] ?? 500)
  })
  return app
}
