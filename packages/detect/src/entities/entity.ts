/**
 * An entity: who or what an alert is about. Sentinel drops an account named root; on Linux that is the one that
 * matters, so root is kept, as root of the host that it was seen on, and only the names for "nobody" are left
 * out: an `auid` that was never set belongs to no person.
 */
import { entityTypeInfo } from './types.js'

export interface Entity {
  /** One of {@link EntityType}. */
  readonly type: string
  /** Identifier to value, as `{ FullName: "alice" }`: what the rule mapped. */
  readonly identifiers: Readonly<Record<string, string>>
  /** The host that an entity without a domain of its own was seen on: names of users, processes and files are a host's. */
  readonly host?: string
  /** Result columns that it came from: `AuditUser` is who logged in, `EffectiveUser` whose rights were used. */
  readonly columns?: readonly string[]
}

const NOBODY = new Set(['', '?', '-', '-1', '(none)', '(null)', 'unset', '4294967295'])

/** Whether the value names nobody and nothing. */
export const isNobody = (value: string): boolean => NOBODY.has(value.trim())

/** Identifiers with full names taken apart: `CORP\alice`, `alice@example.org`, `web-1.example.org`, `/etc/passwd`. */
export function plainIdentifiers(
  type: string,
  identifiers: Readonly<Record<string, string>>,
): Record<string, string> {
  const { FullName: fullName, ...rest } = identifiers
  if (type === 'Account' && fullName !== undefined) {
    const [, domain, user] = /^([^\\@]+)\\(.+)$/.exec(fullName) ?? []
    if (user !== undefined) return { NTDomain: domain!, Name: user, ...rest }
    const [, name, suffix] = /^([^@]+)@(.+)$/.exec(fullName) ?? []
    return name === undefined ? { Name: fullName, ...rest } : { Name: name, UPNSuffix: suffix!, ...rest }
  }
  if (type === 'Host') {
    const name = fullName ?? [rest.HostName, rest.DnsDomain].filter(Boolean).join('.')
    return name === '' ? rest : { FullName: name.toLowerCase() }
  }
  if (type === 'File' && rest.Directory === undefined && rest.Name?.includes('/')) {
    const cut = rest.Name.lastIndexOf('/')
    return { ...rest, Directory: rest.Name.slice(0, cut) || '/', Name: rest.Name.slice(cut + 1) }
  }
  return { ...identifiers }
}

const hasAll = (identifiers: object, set: readonly string[]) =>
  set.every((name) => Object.hasOwn(identifiers, name))

/** Strong: no other entity has these identifiers. Weak ones are the same entity by their name only. */
export function isStrong(entity: Entity): boolean {
  const info = entityTypeInfo(entity.type)
  if (info === undefined) return false
  const known = { ...entity.identifiers, ...plainIdentifiers(entity.type, entity.identifiers) }
  if (info.strong.some((set) => hasAll(known, set))) return true
  return entity.host !== undefined && (info.strongOnHost ?? []).some((set) => hasAll(known, set))
}

/** Equal for what is the same entity, whichever way it was mapped. */
export function entityKey(entity: Entity): string {
  const identifiers = plainIdentifiers(entity.type, entity.identifiers)
  const known = Object.entries(identifiers).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([entity.type, known, entity.host?.toLowerCase() ?? ''])
}

/** The entity's name for a person: its first identifier's value. */
export const entityName = (entity: Entity): string => Object.values(entity.identifiers)[0] ?? ''

/** The entities of a list, each once, with all the columns that it came from. */
export function distinctEntities(entities: Iterable<Entity>): Entity[] {
  const found = new Map<string, Entity>()
  for (const entity of entities) {
    const key = entityKey(entity)
    const other = found.get(key)
    const columns = [...new Set([...(other?.columns ?? []), ...(entity.columns ?? [])])]
    found.set(key, { ...(other ?? entity), ...(columns.length === 0 ? {} : { columns }) })
  }
  return [...found.values()]
}
