/** Tables, columns and functions that can be asked. */
import type { DatabaseSchema } from '@auspex/kql'
import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client'

export function useSchema() {
  return useQuery({
    queryKey: ['schema'],
    queryFn: ({ signal }) => api<DatabaseSchema>('/api/schema', { signal }),
    staleTime: 60_000,
  })
}
