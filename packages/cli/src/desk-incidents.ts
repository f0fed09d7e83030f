/** The incidents, as a command asks for them: of the folder that is open here, or of the server that has it. */
import type {
  Activity,
  Actor,
  AlertRows,
  Incident,
  IncidentChange,
  IncidentFilter,
  IncidentPage,
  IncidentSummary,
  Incidents,
  NewIncident,
  PageRequest,
} from '@auspex/detect'
import type { Ask } from './ask.js'

export interface IncidentsDesk {
  list(filter: IncidentFilter, page: PageRequest): Promise<IncidentPage>
  get(number: number): Promise<Incident>
  create(incident: NewIncident): Promise<Incident>
  update(number: number, change: IncidentChange): Promise<Incident>
  comment(number: number, message: string): Promise<void>
  addTask(number: number, title: string): Promise<void>
  completeTask(number: number, id: string): Promise<void>
  activities(number: number): Promise<readonly Activity[]>
  alertRows(id: string): Promise<AlertRows>
}

export function localIncidents(incidents: Incidents, actor: Actor): IncidentsDesk {
  return {
    list: (filter, page) => incidents.list(filter, page),
    get: (number) => incidents.get(number),
    create: (incident) => incidents.create(incident, actor),
    update: (number, change) => incidents.update(number, change, actor),
    comment: async (number, message) => void (await incidents.comment(number, message, actor)),
    addTask: async (number, title) => void (await incidents.addTask(number, { title }, actor)),
    completeTask: (number, id) => incidents.updateTask(number, id, { status: 'Completed' }, actor),
    activities: (number) => incidents.activities(number),
    alertRows: (id) => incidents.alertRows(id),
  }
}

/** The query parameters of a list; see doors/incidents.ts of the server. */
function parametersOf(filter: IncidentFilter, page: PageRequest): string {
  const { owner, ruleId, entity, activityFrom, activityTo, ...rest } = filter
  const { orderBy, ascending = false, limit, after } = page
  const values: Record<string, string | undefined> = {
    ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, String(value)])),
    owner: owner === null ? 'none' : owner,
    rule: ruleId,
    entity: entity?.name,
    entityType: entity?.type,
    from: activityFrom,
    to: activityTo,
    sort: orderBy === undefined ? undefined : `${ascending ? '' : '-'}${orderBy}`,
    limit: limit === undefined ? undefined : String(limit),
    cursor: after,
  }
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return new URLSearchParams(given).toString()
}

export function remoteIncidents(ask: Ask): IncidentsDesk {
  const of = (number: number) => `/api/incidents/${number}`
  return {
    async list(filter, page) {
      const answer = (await ask('GET', `/api/incidents?${parametersOf(filter, page)}`)) as {
        items: IncidentSummary[]
        total: number
        next?: string
      }
      const { items: incidents, ...rest } = answer
      return { incidents, ...rest }
    },
    get: async (number) => (await ask('GET', of(number))) as Incident,
    create: async (incident) => (await ask('POST', '/api/incidents', incident)) as Incident,
    update: async (number, change) => (await ask('PATCH', of(number), change)) as Incident,
    comment: async (number, message) => void (await ask('POST', `${of(number)}/comments`, { message })),
    addTask: async (number, title) => void (await ask('POST', `${of(number)}/tasks`, { title })),
    completeTask: async (number, id) =>
      void (await ask('PATCH', `${of(number)}/tasks/${encodeURIComponent(id)}`, { status: 'Completed' })),
    activities: async (number) =>
      ((await ask('GET', `${of(number)}/activity`)) as { items: Activity[] }).items,
    alertRows: async (id) => (await ask('GET', `/api/alerts/${encodeURIComponent(id)}/rows`)) as AlertRows,
  }
}
