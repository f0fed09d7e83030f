/** The investigation graph: where it begins, and what a node can be expanded by. */
import type { Expanded, Expansion, GraphNode, IncidentGraph } from '@auspex/detect'
import { useMutation, useQuery } from '@tanstack/react-query'
import { api } from './client'

export type { Expanded, Expansion, GraphNode, IncidentGraph }

export function useIncidentGraph(number: number) {
  return useQuery({
    queryKey: ['incidents', number, 'graph'],
    queryFn: ({ signal }) => api<IncidentGraph>(`/api/incidents/${number}/graph`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function useExpansions() {
  return useQuery({
    queryKey: ['graph', 'expansions'],
    queryFn: async ({ signal }) =>
      (await api<{ items: readonly Expansion[] }>('/api/graph/expansions', { signal })).items,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export interface ExpandRequest {
  readonly expansion: Expansion
  readonly node: GraphNode
  /** ISO; what is looked at. */
  readonly startTime: string | null
  readonly endTime: string | null
}

export function useExpand(onFound: (found: Expanded, request: ExpandRequest) => void) {
  return useMutation({
    mutationFn: ({ expansion, node, startTime, endTime }: ExpandRequest) =>
      api<Expanded>('/api/graph/expand', {
        method: 'POST',
        body: {
          expansionId: expansion.id,
          entity: { kind: node.kind, identifiers: node.identifiers, host: node.host },
          ...(startTime === null ? {} : { startTime }),
          ...(endTime === null ? {} : { endTime }),
        },
      }),
    onSuccess: onFound,
  })
}
