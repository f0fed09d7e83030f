/** Every page of the UI, for what looks at all of them. */
export const QUERY = 'AuditEvent | where CommandLine has "shadow" and AuditUser != EffectiveUser'

export const pagesOf = (session: string): Readonly<Record<string, string>> => ({
  overview: '/',
  incidents: '/incidents',
  incident: '/incidents/3',
  graph: '/incidents/3?tab=graph',
  timeline: '/incidents/3?tab=timeline',
  sessions: '/sessions',
  session: `/sessions/${session}`,
  logs: `/logs?${new URLSearchParams({ q: QUERY, t: 'all' })}`,
  rules: '/analytics',
  templates: '/analytics/templates',
  coverage: '/analytics/coverage',
  wizard: '/analytics/new',
  hosts: '/hosts',
  settings: '/settings',
  automation: '/settings?section=automation',
})
