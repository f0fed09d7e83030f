/** Watchlists: lists of known things that rules read with `_GetWatchlist`. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { notifyFailure } from '../design/notices'
import { api, search } from './client'

export interface Watchlist {
  readonly alias: string
  readonly name: string
  readonly description: string
  readonly searchKey: string
  readonly columns: readonly string[]
  readonly itemCount: number
  readonly updatedBy: string
  readonly updatedTime: string
}

export interface WatchlistItem {
  readonly id: string
  readonly values: Readonly<Record<string, string>>
}

export interface ItemPage {
  readonly items: readonly WatchlistItem[]
  readonly total?: number
  readonly next?: number | string | null
}

const pathOf = (alias: string) => `/api/watchlists/${encodeURIComponent(alias)}`

function useChange<V>(what: string, change: (value: V) => Promise<unknown>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onError: (error) => notifyFailure(error, what),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['watchlists'] }),
        queries.invalidateQueries({ queryKey: ['schema'] }),
      ]),
  })
}

export function useWatchlists() {
  return useQuery({
    queryKey: ['watchlists'],
    queryFn: async ({ signal }) =>
      (await api<{ items: readonly Watchlist[] }>('/api/watchlists', { signal })).items,
  })
}

export function useWatchlistItems(alias: string | undefined, text: string) {
  return useQuery({
    queryKey: ['watchlists', alias, 'items', text],
    queryFn: ({ signal }) =>
      api<ItemPage>(`${pathOf(alias!)}/items${search({ limit: 500, search: text })}`, { signal }),
    enabled: alias !== undefined,
    placeholderData: (before) => before,
  })
}

export function useWatchlistChanges() {
  return {
    add: useChange(
      'The watchlist was not made',
      (body: { alias: string; name?: string; searchKey?: string; csv: string }) =>
        api('/api/watchlists', { method: 'POST', body }),
    ),
    replace: useChange('The rows were not put in place', ({ alias, csv }: { alias: string; csv: string }) =>
      api(pathOf(alias), { method: 'PUT', body: { csv } }),
    ),
    remove: useChange('The watchlist was not removed', (alias: string) =>
      api(pathOf(alias), { method: 'DELETE' }),
    ),
    addItem: useChange(
      'The row was not added',
      ({ alias, values }: { alias: string; values: Readonly<Record<string, string>> }) =>
        api(`${pathOf(alias)}/items`, { method: 'POST', body: values }),
    ),
    removeItem: useChange('The row was not removed', ({ alias, id }: { alias: string; id: string }) =>
      api(`${pathOf(alias)}/items/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    ),
  }
}
