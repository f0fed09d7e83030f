/** Users and tokens. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { notifyFailure } from '../design/notices'
import { api } from './client'
import type { Role } from './me'

export interface User {
  readonly name: string
  readonly role: Role
  readonly createdTime: string
  readonly createdBy: string
  readonly disabled: boolean
}

export interface Token {
  readonly id: string
  readonly name: string
  readonly role: Role | null
  readonly ingest: readonly string[]
  readonly createdTime: string
  readonly createdBy: string
  readonly expiresTime: string | null
  readonly usedTime: string | null
}

export interface NewToken {
  readonly name: string
  readonly role?: Role
  readonly ingest?: readonly string[]
  readonly expires?: string
}

function useChange<V, R>(key: string, what: string, change: (value: V) => Promise<R>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onError: (error) => notifyFailure(error, what),
    onSettled: () => queries.invalidateQueries({ queryKey: [key] }),
  })
}

export function useUsers() {
  return {
    users: useQuery({
      queryKey: ['users'],
      queryFn: async ({ signal }) => (await api<{ items: readonly User[] }>('/api/users', { signal })).items,
    }),
    add: useChange(
      'users',
      'The user was not added',
      (body: { name: string; password: string; role: Role }) =>
        api<User>('/api/users', { method: 'POST', body }),
    ),
    change: useChange(
      'users',
      'The user was not changed',
      ({ name, ...body }: { name: string; role?: Role; password?: string; disabled?: boolean }) =>
        api<User>(`/api/users/${encodeURIComponent(name)}`, { method: 'PATCH', body }),
    ),
    remove: useChange('users', 'The user was not removed', (name: string) =>
      api(`/api/users/${encodeURIComponent(name)}`, { method: 'DELETE' }),
    ),
  }
}

export function useTokens() {
  return {
    tokens: useQuery({
      queryKey: ['tokens'],
      queryFn: async ({ signal }) =>
        (await api<{ items: readonly Token[] }>('/api/tokens', { signal })).items,
    }),
    add: useChange('tokens', 'The token was not made', (body: NewToken) =>
      api<Token & { secret: string }>('/api/tokens', { method: 'POST', body }),
    ),
    remove: useChange('tokens', 'The token was not taken back', (id: string) =>
      api(`/api/tokens/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    ),
  }
}
