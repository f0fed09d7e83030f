/** Automation rules: asking for them, turning them on and off, taking them away. */
import type { AutomationRule } from '@auspex/detect'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { notifyFailure } from '../design/notices'
import { api } from './client'

export type { AutomationRule }

const KEY = ['automation-rules'] as const

export function useAutomationRules() {
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) =>
      (await api<{ items: readonly AutomationRule[] }>('/api/automation-rules', { signal })).items,
  })
}

export function useSwitchRule() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ rule, isEnabled }: { rule: AutomationRule; isEnabled: boolean }) => {
      const { id, displayName, order, triggeringLogic, actions } = rule
      const body = { displayName, order, actions, triggeringLogic: { ...triggeringLogic, isEnabled } }
      return api(`/api/automation-rules/${encodeURIComponent(id)}`, { method: 'PUT', body })
    },
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
    onError: (error) => notifyFailure(error, 'The rule was not changed'),
  })
}

export function useRemoveRule() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api(`/api/automation-rules/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
    onError: (error) => notifyFailure(error, 'The rule was not deleted'),
  })
}
