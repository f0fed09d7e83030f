/** Queries and views that people saved; everybody sees them. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { notify, notifyFailure } from '../design/notices'
import { api, search } from './client'

export interface SavedQuery {
  readonly id: string
  readonly name: string
  readonly folder: string
  readonly query: string
  /** As time-range.ts writes it; null: none was saved. */
  readonly timespan: string | null
  readonly owner: string
  readonly changedTime: string
  readonly etag: string
}

export type QueryToSave = Pick<SavedQuery, 'name' | 'folder' | 'query' | 'timespan'>

export function useSavedQueries() {
  return useQuery({
    queryKey: ['queries'],
    queryFn: async ({ signal }) =>
      (await api<{ items: readonly SavedQuery[] }>('/api/queries', { signal })).items,
    staleTime: 30_000,
  })
}

export function useSaveQuery() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, etag, ...body }: QueryToSave & { readonly id?: string; readonly etag?: string }) =>
      api<SavedQuery>(id === undefined ? '/api/queries' : `/api/queries/${id}`, {
        method: id === undefined ? 'POST' : 'PUT',
        body,
        etag,
      }),
    onSuccess: ({ name }) => notify(`${name} was saved`),
    onError: (error) => notifyFailure(error, 'The query was not saved'),
    onSettled: () => queries.invalidateQueries({ queryKey: ['queries'] }),
  })
}

export function useDeleteQuery() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api(`/api/queries/${id}`, { method: 'DELETE' }),
    onError: (error) => notifyFailure(error, 'The query was not deleted'),
    onSettled: () => queries.invalidateQueries({ queryKey: ['queries'] }),
  })
}

export interface SavedView {
  readonly id: string
  readonly page: string
  readonly name: string
  /** The search part of the page's address. */
  readonly search: string
  readonly owner: string
}

export function useViews(page: string) {
  const queries = useQueryClient()
  const again = () => queries.invalidateQueries({ queryKey: ['views', page] })
  const views = useQuery({
    queryKey: ['views', page],
    queryFn: async ({ signal }) =>
      (await api<{ items: readonly SavedView[] }>(`/api/views${search({ page })}`, { signal })).items,
    staleTime: 30_000,
  })
  const save = useMutation({
    mutationFn: (view: Pick<SavedView, 'name' | 'search'>) =>
      api('/api/views', { method: 'POST', body: { page, ...view } }),
    onSuccess: () => notify('The view was saved'),
    onError: (error) => notifyFailure(error, 'The view was not saved'),
    onSettled: again,
  })
  const remove = useMutation({
    mutationFn: (id: string) => api(`/api/views/${id}`, { method: 'DELETE' }),
    onError: (error) => notifyFailure(error, 'The view was not deleted'),
    onSettled: again,
  })
  return { views: views.data ?? [], save, remove }
}
