/**
 * Who may do what. The roles are Sentinel's: a reader looks, a responder works on incidents, a contributor changes
 * rules; an administrator also says who may enter. A token can carry a role, the right to send rows, or both.
 */

export const ROLES = ['reader', 'responder', 'contributor', 'admin'] as const
export type Role = (typeof ROLES)[number]

/**
 * What a route asks for. `folder` is for who may enter the data folder: it reads and writes files by their path,
 * and no credential that is sent over a network gives it.
 */
export type Permission = 'read' | 'respond' | 'contribute' | 'administer' | 'ingest' | 'folder'

const GIVEN: Readonly<Record<Role, readonly Permission[]>> = {
  reader: ['read'],
  responder: ['read', 'respond'],
  contributor: ['read', 'respond', 'contribute'],
  admin: ['read', 'respond', 'contribute', 'administer', 'ingest'],
}

/** Somebody at a door. */
export interface Who {
  /** `local` came through the Unix socket. */
  readonly kind: 'local' | 'user' | 'token'
  readonly name: string
  /** Null for a token that may only send. */
  readonly role: Role | null
  /** Tables that rows may be sent to; `*` is every one. */
  readonly ingest: readonly string[]
  /** Who came with a cookie must prove with each change that it is their own page that asks. */
  readonly csrf?: string
}

export function allows(who: Who, permission: Permission): boolean {
  if (who.kind === 'local') return true
  if (permission === 'ingest' && who.ingest.length > 0) return true
  return who.role !== null && GIVEN[who.role].includes(permission)
}

/** Whether rows may be sent to this table. */
export function allowsTable(who: Who, table: string): boolean {
  if (who.kind === 'local' || who.role === 'admin') return true
  return who.ingest.includes('*') || who.ingest.includes(table)
}
