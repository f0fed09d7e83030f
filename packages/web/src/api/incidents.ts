/** Incidents: asking for them, changing them. */
import type {
  Activity,
  AlertRows,
  Classification,
  ClassificationReason,
  Incident,
  IncidentStatus,
  IncidentSummary,
  Severity,
} from '@auspex/detect'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { notify, notifyFailure } from '../design/notices'
import { ApiError, api, search } from './client'

export type { Activity, AlertRows, Incident, IncidentSummary }

export interface IncidentFilter {
  readonly status?: string | undefined
  readonly severity?: string | undefined
  readonly owner?: string | undefined
  readonly text?: string | undefined
  readonly rule?: string | undefined
  readonly technique?: string | undefined
  readonly entity?: string | undefined
  readonly label?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly sort?: string | undefined
}

export interface IncidentPage {
  readonly items: readonly IncidentSummary[]
  readonly total: number
  readonly next?: string
}

/** Keys that are absent stay as they are. */
export interface IncidentChange {
  readonly title?: string
  readonly description?: string
  readonly severity?: Severity
  readonly status?: IncidentStatus
  readonly classification?: Classification | null
  readonly classificationReason?: ClassificationReason | null
  readonly classificationComment?: string | null
  readonly owner?: string | null
  readonly addLabels?: readonly string[]
  readonly removeLabels?: readonly string[]
}

const PAGE = 100

export function listIncidents(
  filter: IncidentFilter,
  page: { cursor?: string | undefined; limit?: number } = {},
  signal?: AbortSignal,
) {
  return api<IncidentPage>(`/api/incidents${search({ ...filter, limit: PAGE, ...page })}`, { signal })
}

export function useIncidents(filter: IncidentFilter) {
  return useInfiniteQuery({
    queryKey: ['incidents', 'list', filter],
    queryFn: ({ pageParam, signal }) => listIncidents(filter, { cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    refetchInterval: 30_000,
    placeholderData: (before) => before,
  })
}

/** How many incidents a filter lets through. */
export function useIncidentCount(filter: IncidentFilter) {
  return useQuery({
    queryKey: ['incidents', 'count', filter],
    queryFn: async ({ signal }) => (await listIncidents(filter, { limit: 1 }, signal)).total,
    refetchInterval: 30_000,
    placeholderData: (before) => before,
  })
}

const one = (number: number) => ['incidents', 'one', number] as const

export function useIncident(number: number) {
  return useQuery({
    queryKey: one(number),
    queryFn: ({ signal }) => api<Incident>(`/api/incidents/${number}`, { signal }),
    refetchInterval: 30_000,
  })
}

export function useActivity(number: number) {
  return useQuery({
    queryKey: [...one(number), 'activity'],
    queryFn: async ({ signal }) =>
      (await api<{ items: readonly Activity[] }>(`/api/incidents/${number}/activity`, { signal })).items,
    refetchInterval: 30_000,
  })
}

export function useAlertRows(id: string, enabled: boolean) {
  return useQuery({
    queryKey: ['alerts', id, 'rows'],
    queryFn: ({ signal }) => api<AlertRows>(`/api/alerts/${id}/rows`, { signal }),
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Any change of an incident: afterwards everything that shows incidents is asked for anew. */
function useChange<V>(what: string, change: (value: V) => Promise<unknown>, done?: (value: V) => string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: (_, value) => {
      if (done) notify(done(value))
    },
    onError: (error) => {
      const someoneElse = error instanceof ApiError && error.status === 412
      notifyFailure(
        someoneElse ? new Error('someone changed it meanwhile; it is shown as it is now') : error,
        what,
      )
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['incidents'] }),
  })
}

export function useIncidentChange(incident: Pick<IncidentSummary, 'number' | 'etag'>) {
  return useChange('The incident was not changed', (change: IncidentChange) =>
    api(`/api/incidents/${incident.number}`, { method: 'PATCH', body: change, etag: incident.etag }),
  )
}

interface BulkAnswer {
  readonly results: readonly {
    readonly number: number
    readonly ok: boolean
    readonly error?: { readonly message: string }
  }[]
}

export function useBulkChange() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { readonly numbers: readonly number[]; readonly change: IncidentChange }) =>
      api<BulkAnswer>('/api/incidents/bulk', { method: 'POST', body }),
    onSuccess: ({ results }) => {
      const failed = results.filter(({ ok }) => !ok)
      const done = results.length - failed.length
      if (done > 0) notify(`${done} ${done === 1 ? 'incident' : 'incidents'} changed`)
      if (failed.length > 0) {
        notify(`${failed.length} not changed: #${failed[0]!.number}: ${failed[0]!.error?.message ?? ''}`, {
          tone: 'failed',
        })
      }
    },
    onError: (error) => notifyFailure(error, 'The incidents were not changed'),
    onSettled: () => queries.invalidateQueries({ queryKey: ['incidents'] }),
  })
}

export function useComments(number: number) {
  const path = `/api/incidents/${number}/comments`
  return {
    add: useChange('The comment was not saved', (message: string) =>
      api(path, { method: 'POST', body: { message } }),
    ),
    remove: useChange('The comment was not deleted', (id: string) =>
      api(`${path}/${id}`, { method: 'DELETE' }),
    ),
  }
}

export function useTasks(number: number) {
  const path = `/api/incidents/${number}/tasks`
  return {
    add: useChange('The task was not saved', (title: string) =>
      api(path, { method: 'POST', body: { title } }),
    ),
    set: useChange('The task was not changed', ({ id, done }: { id: string; done: boolean }) =>
      api(`${path}/${id}`, { method: 'PATCH', body: { status: done ? 'Completed' : 'New' } }),
    ),
    remove: useChange('The task was not deleted', (id: string) => api(`${path}/${id}`, { method: 'DELETE' })),
  }
}
