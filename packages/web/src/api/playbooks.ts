/** Playbooks, and their runs for an incident. */
import type { Playbook, PlaybookRun } from '@auspex/detect'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { notifyFailure } from '../design/notices'
import { api } from './client'

export type { Playbook, PlaybookRun }

export function usePlaybooks() {
  return useQuery({
    queryKey: ['playbooks'],
    queryFn: async ({ signal }) =>
      (await api<{ items: readonly Playbook[] }>('/api/playbooks', { signal })).items,
    staleTime: 60_000,
  })
}

const runsKey = (number: number) => ['incidents', number, 'playbook-runs'] as const

export function usePlaybookRuns(number: number) {
  return useQuery({
    queryKey: runsKey(number),
    queryFn: async ({ signal }) =>
      (await api<{ items: readonly PlaybookRun[] }>(`/api/incidents/${number}/playbook-runs`, { signal }))
        .items,
    // One that waits is looked at again soon.
    refetchInterval: ({ state }) => (state.data?.some(({ state: run }) => run === 'queued') ? 2_000 : 30_000),
  })
}

export function useRunPlaybook(number: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (playbook: string) =>
      api<{ id: string }>(`/api/incidents/${number}/playbook-runs`, { method: 'POST', body: { playbook } }),
    onSuccess: () => client.invalidateQueries({ queryKey: runsKey(number) }),
    onError: (error) => notifyFailure(error, 'The playbook was not run'),
  })
}
