/**
 * The HTTP doors over a workspace. The same app stands behind two of them: on TCP every request needs a credential
 * (any user of the machine can reach that port, and the log holds keystrokes); on the Unix socket in the data folder
 * none does, because only who may enter the folder gets there. Health is open on both.
 */
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import { type Identify, identifyByCredential, identifyLocal, requires } from '../http/access.js'
import { type Endpoint, mount } from '../http/endpoint.js'
import { failureAnswer } from '../http/failure.js'
import { CredentialError } from '../identity/errors.js'
import { Throttle } from '../identity/throttle.js'
import type { Workspace } from '../workspace.js'
import { automationEndpoints } from './api/automation.js'
import { documentationEndpoints } from './api/documentation.js'
import { graphEndpoints } from './api/graph.js'
import { hostEndpoints } from './api/hosts.js'
import { identityEndpoints } from './api/identities.js'
import { incidentEndpoints } from './api/incidents.js'
import { liveEndpoints } from './api/live.js'
import { loginSessionEndpoints } from './api/login-sessions.js'
import { queryEndpoints } from './api/query.js'
import { ruleEndpoints } from './api/rules.js'
import { savedEndpoints } from './api/saved.js'
import { type ServerFacts, sessionEndpoints, setSession } from './api/session.js'
import { storeEndpoints } from './api/store.js'
import { watchlistEndpoints } from './api/watchlists.js'
import { serveAssets } from './assets.js'
import { oauth } from './identity/oauth.js'
import { dataCollector } from './ingest/data-collector.js'
import { kustoStreaming } from './ingest/kusto-streaming.js'
import { logsIngestion } from './ingest/logs-ingestion.js'
import { Metrics } from './metrics.js'
import { incidentsPage } from './page.js'
import { kusto } from './query/kusto/kusto.js'
import { logAnalytics } from './query/log-analytics.js'

const MAX_API_BODY = 4 << 20

/** As Azure's: queries of a user, batches of a sender, tries of a token from an address. */
const RATES = {
  queries: { burst: 200, perSecond: 200 / 30 },
  batches: { burst: 12_000, perSecond: 200 },
  tokens: { burst: 30, perSecond: 0.5 },
}

export interface DoorOptions {
  readonly workspace: Workspace
  readonly version: string
  readonly hostName: string
  readonly now: () => Date
  /** `local` is the Unix socket. */
  readonly door: 'local' | 'tcp'
  /** Folder of the built web UI; without it there is a plain page of incidents. */
  readonly assets?: string
}

/** The management API's endpoints by group, in the order of its document. */
export function apiGroups(options: DoorOptions): Map<string, Endpoint[]> {
  const { workspace, version, hostName, now } = options
  const { identity, control, live } = workspace
  const facts: ServerFacts = { version, hostName, workspaceId: identity.workspaceId }
  const queries = new Throttle('queries', RATES.queries, () => now().getTime())
  const groups = new Map([
    ['Session', sessionEndpoints(identity, facts)],
    ['Query', queryEndpoints(workspace, queries, now)],
    ['Saved queries and views', savedEndpoints(control, now)],
    ['Incidents', incidentEndpoints(workspace)],
    ['Rules', ruleEndpoints(workspace)],
    ['Automation', automationEndpoints(workspace)],
    ['Watchlists', watchlistEndpoints(workspace)],
    ['Login sessions', loginSessionEndpoints(workspace)],
    ['Investigation graph', graphEndpoints(workspace, queries)],
    ['Hosts', hostEndpoints(workspace)],
    ['Live', liveEndpoints(live)],
    ['Store', storeEndpoints(workspace)],
    ['Users and tokens', identityEndpoints(identity)],
  ])
  return groups.set('Documentation', documentationEndpoints(new Map(groups), version))
}

export function createApp(options: DoorOptions): Hono {
  const { workspace, now, door, assets } = options
  const { identity } = workspace
  const app = new Hono()
  const identify: Identify = door === 'local' ? identifyLocal : identifyByCredential(identity)
  const clock = () => now().getTime()

  const metrics = new Metrics(workspace)
  app.use(metrics.count)
  if (assets !== undefined) app.use(serveAssets(assets))
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], styleSrc: ["'unsafe-inline'"], baseUri: ["'none'"] },
      referrerPolicy: 'no-referrer',
    }),
  )

  app.get('/health/live', (context) => context.json({ status: 'live' }))
  // Ready is who can answer: the store and the control state are asked for something small.
  app.get('/health/ready', async (context) => {
    try {
      await Promise.all([workspace.newestRow(), workspace.incidents.list({}, { limit: 1 })])
      return context.json({ status: 'ready' })
    } catch {
      return context.json({ status: 'not ready' }, 503)
    }
  })
  metrics.mount(app, identify)

  if (door === 'tcp') app.use(takeSignInLink(options))

  app.get('/', async (context) => {
    await requires(context, identify, 'read')
    const { incidents } = await workspace.incidents.list({}, { limit: 500 })
    return context.html(incidentsPage(incidents))
  })

  const queries = new Throttle('queries', RATES.queries, clock)
  const requests = new Throttle('batches', RATES.batches, clock)
  app.route('/', kusto({ workspace, identify, queries, now }))
  app.route('/v1', logAnalytics({ workspace, identify, queries, now }))
  app.route('/', kustoStreaming({ workspace, identify, requests }))
  app.route('/dataCollectionRules', logsIngestion({ workspace, identify, requests }))
  app.route('/api/logs', dataCollector({ workspace, identify, requests, now }))
  app.route('/', oauth(identity, new Throttle('tries', RATES.tokens, clock)))

  app.use('/api/*', bodyLimit({ maxSize: MAX_API_BODY }))
  for (const endpoints of apiGroups(options).values()) mount(app, '/api', endpoints, identify)

  app.notFound(async (context) => {
    // Nobody learns without a credential what is here and what is not.
    await requires(context, identify, 'read')
    const message = `nothing is at ${context.req.path}`
    return context.json({ error: { code: 'NOT_FOUND', message } }, 404)
  })
  app.onError(failureAnswer)
  return app
}

/** `?token=…` in a page's address, which a sign-in link or a token is put into, becomes a session. */
function takeSignInLink({ workspace: { identity }, assets }: DoorOptions) {
  return async (context: Context, next: () => Promise<void>) => {
    const word = context.req.query('token')
    if (word === undefined || context.req.method !== 'GET' || context.req.path.startsWith('/api'))
      return next()
    try {
      setSession(context, await identity.signInByLink(word))
    } catch (error) {
      // The UI has a page to sign in at; without it the refusal is all there is to show.
      if (!(error instanceof CredentialError) || assets === undefined) throw error
    }
    const rest = new URLSearchParams(context.req.query())
    rest.delete('token')
    return context.redirect(context.req.path + (rest.size > 0 ? `?${rest}` : ''))
  }
}
