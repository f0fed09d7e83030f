/** Analytics rules: asking for them, changing, trying and saving them. */
import type { Finding, Severity } from '@auspex/detect'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { notify, notifyFailure } from '../design/notices'
import { api } from './client'

export interface RuleRun {
  readonly kind: string
  /** The window, ISO. */
  readonly start: string
  readonly end: string
  readonly ranAt: string
  /** Windows in a row that this stands for. */
  readonly windows: number
  readonly outcome: 'ran' | 'empty' | 'suppressed' | 'failed'
  readonly rowCount: number
  readonly alertCount: number
  readonly durationMs: number
  readonly error: string | null
}

export interface RuleSummary {
  readonly id: string
  readonly name: string
  readonly displayName: string
  readonly description: string
  readonly kind: 'Scheduled' | 'NRT'
  readonly severity: Severity
  readonly enabled: boolean
  readonly autoDisabled: boolean
  readonly reason: string | null
  readonly changedBy: string | null
  readonly changedTime: string | null
  readonly lastError: string | null
  /** `replaced`: an own rule in the place of a shipped one. */
  readonly source: 'shipped' | 'own' | 'replaced'
  readonly tactics: readonly string[]
  readonly techniques: readonly string[]
  readonly frequencyMinutes: number
  readonly periodMinutes: number
  readonly lastRun?: RuleRun | null
}

/** A rule as its file has it: the keys of Azure-Sentinel's YAML. */
export type PlainRule = Readonly<Record<string, unknown>>

export interface RuleDetail extends RuleSummary {
  readonly rule: PlainRule
  readonly arm: unknown
  readonly yaml: string
}

export interface SimulatedRun {
  readonly start: string
  readonly end: string
  readonly rows: number
  readonly alerts: number
  readonly suppressed: boolean
}

export interface Simulation {
  readonly runs: readonly SimulatedRun[]
  readonly alerts: number
  readonly alertsPerDay: number
}

export interface RuleList {
  readonly items: readonly RuleSummary[]
  readonly broken: readonly {
    readonly file: string
    readonly problems: readonly { readonly message: string; readonly line: number }[]
  }[]
}

export function useRules() {
  return useQuery({
    queryKey: ['rules', 'list'],
    queryFn: ({ signal }) => api<RuleList>('/api/rules', { signal }),
    refetchInterval: 30_000,
  })
}

export function useRule(id: string) {
  return useQuery({
    queryKey: ['rules', 'one', id],
    queryFn: ({ signal }) => api<RuleDetail>(`/api/rules/${encodeURIComponent(id)}`, { signal }),
    enabled: id !== '',
  })
}

export function useRuleRuns(id: string) {
  return useQuery({
    queryKey: ['rules', 'one', id, 'runs'],
    queryFn: async ({ signal }) =>
      (await api<{ items: readonly RuleRun[] }>(`/api/rules/${encodeURIComponent(id)}/runs`, { signal }))
        .items,
    refetchInterval: 30_000,
  })
}

export function useRuleState() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, enabled }: { readonly id: string; readonly enabled: boolean }) =>
      api<RuleSummary>(`/api/rules/${encodeURIComponent(id)}`, { method: 'PATCH', body: { enabled } }),
    onSuccess: ({ name, enabled }) => notify(`${name} is ${enabled ? 'on' : 'off'}`),
    onError: (error) => notifyFailure(error, 'The rule was not changed'),
    onSettled: () => queries.invalidateQueries({ queryKey: ['rules'] }),
  })
}

export function useRuleRun() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) =>
      api<{ incidents: readonly unknown[]; runs: number }>(`/api/rules/${encodeURIComponent(id)}/run`, {
        method: 'POST',
        body: {},
      }),
    onSuccess: ({ incidents }) =>
      notify(
        incidents.length === 0
          ? 'It ran and found nothing new'
          : `It ran: ${incidents.length} incidents opened or grown`,
      ),
    onError: (error) => notifyFailure(error, 'The run failed'),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['rules'] }),
        queries.invalidateQueries({ queryKey: ['incidents'] }),
        queries.invalidateQueries({ queryKey: ['kql'] }),
      ]),
  })
}

export function useRuleRemoval() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api(`/api/rules/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onError: (error) => notifyFailure(error, 'The rule was not deleted'),
    onSettled: () => queries.invalidateQueries({ queryKey: ['rules'] }),
  })
}

export const saveRule = (yaml: string, id?: string): Promise<RuleSummary> =>
  id === undefined
    ? api('/api/rules', { method: 'POST', body: { yaml } })
    : api(`/api/rules/${encodeURIComponent(id)}`, { method: 'PUT', body: { yaml } })

export const validateRule = async (yaml: string, signal?: AbortSignal): Promise<readonly Finding[]> =>
  (
    await api<{ findings: readonly Finding[] }>('/api/rules/validate', {
      method: 'POST',
      body: { yaml },
      signal,
    })
  ).findings

export const simulateRule = (
  yaml: string,
  options: { until?: string },
  signal?: AbortSignal,
): Promise<Simulation> => api('/api/rules/simulate', { method: 'POST', body: { yaml, ...options }, signal })
