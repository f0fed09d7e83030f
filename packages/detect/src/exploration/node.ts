/**
 * A node of the investigation graph: an entity in the one form that expansions take and give. Rules map the same
 * account as FullName or Name, and a host as FullName or HostName; here each kind has one set of identifiers, so
 * that what two expansions find is one node.
 */
import { type Entity, isNobody, plainIdentifiers } from '../entities/entity.js'

export interface GraphNode {
  /** Equal for what is the same, in every answer. */
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly identifiers: Readonly<Record<string, string>>
  /** The host that it is of; names of users, processes, files and sessions are a host's. */
  readonly host?: string
}

interface NodeKind {
  /** What an expansion can give and take of it, beside its host (`HostName`). */
  readonly fields: readonly string[]
  /** Those of the fields that tell it from others of its kind. */
  readonly key: readonly string[]
  readonly isOnHost: boolean
  name(identifiers: Readonly<Record<string, string>>): string
}

const first =
  (...fields: string[]) =>
  (identifiers: Readonly<Record<string, string>>) =>
    fields.map((field) => identifiers[field]).find((value) => value !== undefined && value !== '') ?? ''

export const NODE_KINDS = {
  Account: {
    fields: ['Name', 'NTDomain', 'UPNSuffix'],
    key: ['Name', 'NTDomain', 'UPNSuffix'],
    isOnHost: true,
    name: first('Name'),
  },
  Host: { fields: ['HostName'], key: ['HostName'], isOnHost: false, name: first('HostName') },
  IP: { fields: ['Address'], key: ['Address'], isOnHost: false, name: first('Address') },
  Process: { fields: ['CommandLine'], key: ['CommandLine'], isOnHost: true, name: first('CommandLine') },
  File: {
    fields: ['Directory', 'Name'],
    key: ['Directory', 'Name'],
    isOnHost: true,
    name: ({ Directory = '', Name = '' }) =>
      Directory === '' ? Name : `${Directory === '/' ? '' : Directory}/${Name}`,
  },
  HostLogonSession: {
    fields: ['SessionUid', 'SessionId', 'AuditUser'],
    key: ['SessionUid'],
    isOnHost: true,
    name: ({ SessionId = '', AuditUser = '' }) => `session ${SessionId} of ${AuditUser}`,
  },
  SecurityAlert: {
    fields: ['SystemAlertId', 'DisplayName', 'Severity'],
    key: ['SystemAlertId'],
    isOnHost: false,
    name: first('DisplayName', 'SystemAlertId'),
  },
} as const satisfies Readonly<Record<string, NodeKind>>

export type GraphKind = keyof typeof NODE_KINDS
export const GRAPH_KINDS = Object.keys(NODE_KINDS) as GraphKind[]

export const kindInfo = (kind: string): NodeKind | undefined =>
  Object.hasOwn(NODE_KINDS, kind) ? NODE_KINDS[kind as GraphKind] : undefined

function identifiersOf({ type, identifiers }: Pick<Entity, 'type' | 'identifiers'>): Record<string, string> {
  const plain = plainIdentifiers(type, identifiers)
  if (type !== 'Host') return plain
  const name = plain.HostName ?? plain.FullName ?? plain.NetBiosName ?? ''
  return name === '' ? plain : { HostName: name.toLowerCase() }
}

/** The node of an entity; kinds that no expansion knows (a URL, a hash) are nodes too. Undefined for nobody. */
export function nodeOf(entity: Pick<Entity, 'type' | 'identifiers' | 'host'>): GraphNode | undefined {
  const all = identifiersOf(entity)
  const info = kindInfo(entity.type)
  const fields = info?.fields.filter((field) => all[field] !== undefined) ?? []
  const identifiers =
    fields.length === 0 ? all : Object.fromEntries(fields.map((field) => [field, all[field]!]))
  const name = info?.name(identifiers) || Object.values(identifiers)[0] || ''
  if (isNobody(name)) return undefined
  const key = (info?.key ?? Object.keys(identifiers).sort()).map((field) => identifiers[field] ?? '')
  const host = (info?.isOnHost ?? true) ? entity.host?.toLowerCase() : undefined
  return {
    id: JSON.stringify([entity.type, host ?? '', ...key]),
    kind: entity.type,
    name,
    identifiers,
    ...(host === undefined || host === '' ? {} : { host }),
  }
}
