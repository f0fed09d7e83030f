import type { HostRecord } from '@auspex/server'
import { useQuery } from '@tanstack/react-query'
import { api } from './client'

export type { HostRecord }

export function useHosts() {
  return useQuery({
    queryKey: ['hosts'],
    queryFn: async ({ signal }) =>
      (await api<{ items: readonly HostRecord[] }>('/api/hosts', { signal })).items,
    refetchInterval: 30_000,
  })
}
