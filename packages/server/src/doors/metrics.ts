/** What the server does, in numbers, as Prometheus reads them. */
import type { Context, Hono } from 'hono'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { type Identify, requires } from '../http/access.js'
import type { Workspace } from '../workspace.js'

/** Doors by the beginning of their paths: a metric for each path would have no bound. */
const DOORS: readonly (readonly [prefix: string, door: string])[] = [
  ['/api/logs', 'data-collector'],
  ['/api/', 'api'],
  ['/v1/workspaces', 'log-analytics'],
  ['/v1/rest', 'kusto'],
  ['/v2/rest', 'kusto'],
  ['/dataCollectionRules', 'logs-ingestion'],
  ['/health', 'health'],
  ['/metrics', 'metrics'],
]

const doorOf = (path: string) => DOORS.find(([prefix]) => path.startsWith(prefix))?.[1] ?? 'web'

export class Metrics {
  readonly #registry = new Registry()
  readonly #requests: Histogram

  constructor({ live, store, incidents }: Pick<Workspace, 'live' | 'store' | 'incidents'>) {
    const registers = [this.#registry]
    collectDefaultMetrics({ register: this.#registry })
    this.#requests = new Histogram({
      name: 'auspex_http_request_seconds',
      help: 'Requests by door and status',
      labelNames: ['door', 'status'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
      registers,
    })
    const rows = new Counter({
      name: 'auspex_ingested_rows_total',
      help: 'Rows that came over HTTP, by table',
      labelNames: ['table'],
      registers,
    })
    const changes = new Counter({
      name: 'auspex_incident_changes_total',
      help: 'Incidents opened and changed, by what happened',
      labelNames: ['change'],
      registers,
    })
    live.listen(({ event }) => {
      if (event.kind === 'ingested') rows.inc({ table: event.table }, event.rows)
      else if (event.kind === 'incident') changes.inc({ change: event.change })
    })
    new Gauge({
      name: 'auspex_store_bytes',
      help: 'Size of the database file and of its write-ahead log',
      labelNames: ['part'],
      registers,
      async collect() {
        const { dataBytes, walBytes } = await store.stats()
        this.set({ part: 'data' }, dataBytes)
        this.set({ part: 'wal' }, walBytes)
      },
    })
    new Gauge({
      name: 'auspex_open_incidents',
      help: 'Incidents that are not closed, by severity',
      labelNames: ['severity'],
      registers,
      async collect() {
        for (const severity of ['High', 'Medium', 'Low', 'Informational'] as const) {
          const filter = { severity: [severity], status: ['New' as const, 'Active' as const] }
          this.set({ severity }, (await incidents.list(filter, { limit: 1 })).total)
        }
      },
    })
  }

  /** Counts every request. */
  readonly count = async (context: Context, next: () => Promise<void>): Promise<void> => {
    const done = this.#requests.startTimer({ door: doorOf(context.req.path) })
    await next()
    done({ status: String(context.res.status) })
  }

  mount(app: Hono, identify: Identify): void {
    app.get('/metrics', async (context) => {
      await requires(context, identify, 'read')
      const text = await this.#registry.metrics()
      return context.body(text, 200, { 'content-type': this.#registry.contentType })
    })
  }
}
