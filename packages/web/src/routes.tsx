/** Every address of the UI. A page loads when it is first opened; what it shows is in its address. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { Waiting } from './design/states'
import { PageFailure, PageMissing } from './shell/page-states'
import { Shell } from './shell/shell'

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined

/** A search object of the named texts; what is not there is left out. */
const texts =
  <const N extends string>(...names: readonly N[]) =>
  (search: Record<string, unknown>): { [K in N]?: string | undefined } =>
    Object.fromEntries(
      names.flatMap((name) => (text(search[name]) === undefined ? [] : [[name, text(search[name])]])),
    ) as {
      [K in N]?: string
    }

const root = createRootRoute({ component: Shell, notFoundComponent: PageMissing })
const at = <const P extends string>(path: P) => ({ getParentRoute: () => root, path })

const overview = createRoute({
  ...at('/'),
  validateSearch: texts('t'),
  component: lazyRouteComponent(() => import('./overview/page'), 'OverviewPage'),
})
const incidents = createRoute({
  ...at('/incidents'),
  validateSearch: texts(
    'status',
    'severity',
    'owner',
    'text',
    'rule',
    'technique',
    'entity',
    'label',
    't',
    'sort',
    'p',
  ),
  component: lazyRouteComponent(() => import('./incidents/list-page'), 'IncidentsPage'),
})
const incident = createRoute({
  ...at('/incidents/$number'),
  validateSearch: texts('tab', 'alert'),
  component: lazyRouteComponent(() => import('./incidents/incident-page'), 'IncidentPage'),
})
const sessions = createRoute({
  ...at('/sessions'),
  validateSearch: texts('user', 'host', 'address', 'method', 'root', 't', 'sort'),
  component: lazyRouteComponent(() => import('./sessions/list-page'), 'SessionsPage'),
})
const session = createRoute({
  ...at('/sessions/$uid'),
  validateSearch: texts('tab', 'sel', 'at'),
  component: lazyRouteComponent(() => import('./sessions/session-page'), 'SessionPage'),
})
const logs = createRoute({
  ...at('/logs'),
  validateSearch: texts('q', 'z', 't', 'v'),
  component: lazyRouteComponent(() => import('./logs/page'), 'LogsPage'),
})

const rules = createRoute({
  ...at('/analytics'),
  validateSearch: texts('text', 'state', 'severity', 'tactic', 'technique', 'sort'),
  component: lazyRouteComponent(() => import('./analytics/rules-page'), 'RulesPage'),
})
const templates = createRoute({
  ...at('/analytics/templates'),
  component: lazyRouteComponent(() => import('./analytics/templates-page'), 'TemplatesPage'),
})
const coverage = createRoute({
  ...at('/analytics/coverage'),
  validateSearch: texts('show', 'technique'),
  component: lazyRouteComponent(() => import('./analytics/coverage-page'), 'CoveragePage'),
})
const newRule = createRoute({
  ...at('/analytics/new'),
  validateSearch: texts('from', 'q', 'z', 't', 'step'),
  component: lazyRouteComponent(() => import('./analytics/wizard/wizard-page'), 'NewRulePage'),
})
const rule = createRoute({
  ...at('/analytics/rules/$id'),
  validateSearch: texts('view'),
  component: lazyRouteComponent(() => import('./analytics/rule-page'), 'RulePage'),
})
const editRule = createRoute({
  ...at('/analytics/rules/$id/edit'),
  validateSearch: texts('step'),
  component: lazyRouteComponent(() => import('./analytics/wizard/wizard-page'), 'EditRulePage'),
})

const hosts = createRoute({
  ...at('/hosts'),
  component: lazyRouteComponent(() => import('./hosts/page'), 'HostsPage'),
})

const settings = createRoute({
  ...at('/settings'),
  validateSearch: texts('section'),
  component: lazyRouteComponent(() => import('./settings/settings-page'), 'SettingsPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    overview,
    incidents,
    incident,
    sessions,
    session,
    logs,
    rules,
    templates,
    coverage,
    newRule,
    rule,
    editRule,
    hosts,
    settings,
  ]),
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 150,
  defaultPendingComponent: () => <Waiting lines={8} />,
  defaultErrorComponent: PageFailure,
  scrollRestoration: true,
  // Texts stay texts in the address: `q=print 1` is no number.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const entries = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
    return entries.length === 0 ? '' : `?${new URLSearchParams(entries as [string, string][])}`
  },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
