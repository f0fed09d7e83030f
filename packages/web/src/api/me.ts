/** Who is signed in, and what they may do. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api, setCsrfToken } from './client'

export type Role = 'reader' | 'responder' | 'contributor' | 'admin'
export type Permission = 'read' | 'respond' | 'contribute' | 'administer'

export interface Me {
  readonly name: string
  readonly kind: 'local' | 'user' | 'token'
  readonly role: Role | null
  /** Goes with every change that this browser asks for. */
  readonly csrf: string | null
  readonly server: { readonly version: string; readonly workspace: string; readonly host: string }
}

const GIVEN: Readonly<Record<Role, readonly Permission[]>> = {
  reader: ['read'],
  responder: ['read', 'respond'],
  contributor: ['read', 'respond', 'contribute'],
  admin: ['read', 'respond', 'contribute', 'administer'],
}

const KEY = ['me'] as const

function known(me: Me): Me {
  setCsrfToken(me.csrf ?? undefined)
  return me
}

export function useMeQuery() {
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => known(await api<Me>('/api/me', { signal })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  })
}

/** Within the pages somebody is always signed in. */
export function useMe(): Me {
  const me = useMeQuery().data
  if (!me) throw new Error('nobody is signed in')
  return me
}

export function useMay(permission: Permission): boolean {
  const { role } = useMe()
  return role !== null && GIVEN[role].includes(permission)
}

export async function signIn(name: string, password: string): Promise<Me> {
  return known(await api<Me>('/api/session', { method: 'POST', body: { name, password } }))
}

export function useSignOut() {
  const queries = useQueryClient()
  return async () => {
    await api('/api/session', { method: 'DELETE' })
    setCsrfToken(undefined)
    queries.clear()
    // Everything that the page holds in memory goes, too.
    location.assign('/')
  }
}
