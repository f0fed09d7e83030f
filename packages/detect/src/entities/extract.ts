/**
 * From result rows to entities, by all of the ways in which a rule can say which columns hold them: its
 * `entityMappings`; where it has none, the old `AccountCustomEntity` columns and columns named
 * `Host_0_HostName`; and columns that hold entities in Sentinel's own JSON.
 */
import type { AnalyticsRule, EntityMapping } from '../rules/rule.js'
import { distinctEntities, type Entity, isNobody } from './entity.js'
import { CUSTOM_ENTITY_COLUMNS, ENTITY_TYPES, entityTypeInfo } from './types.js'

/** A result row by column name; cells as text. */
export type Row = ReadonlyMap<string, string>

export const MAX_ENTITIES = 500

/** `Account_0_Name` */
const NUMBERED = /^([A-Za-z]+)_(\d+)_([A-Za-z]+)$/

function numberedMappings(columns: readonly string[]): EntityMapping[] {
  const found = new Map<
    string,
    { entityType: string; fieldMappings: EntityMapping['fieldMappings'][number][] }
  >()
  for (const column of columns) {
    const [, type = '', index = '', identifier = ''] = NUMBERED.exec(column) ?? []
    if (!entityTypeInfo(type)?.identifiers.includes(identifier)) continue
    const key = `${type}_${index}`
    const mapping = found.get(key) ?? { entityType: type, fieldMappings: [] }
    mapping.fieldMappings.push({ identifier, columnName: column })
    found.set(key, mapping)
  }
  return [...found.values()]
}

/** The rule's own mappings, or, where it has none, those that the names of its result's columns say. */
export function effectiveMappings(
  mappings: readonly EntityMapping[],
  columns: readonly string[],
): readonly EntityMapping[] {
  if (mappings.length > 0) return mappings
  const old = CUSTOM_ENTITY_COLUMNS.filter(({ column }) => columns.includes(column)).map(
    ({ column, entityType, identifier }): EntityMapping => ({
      entityType,
      fieldMappings: [{ identifier, columnName: column }],
    }),
  )
  return [...old, ...numberedMappings(columns)]
}

function mappedEntity({ entityType, fieldMappings }: EntityMapping, row: Row): Entity | undefined {
  const info = entityTypeInfo(entityType)
  if (info === undefined) return undefined
  const identifiers: Record<string, string> = {}
  const columns: string[] = []
  for (const { identifier, columnName } of fieldMappings) {
    const value = row.get(columnName)?.trim() ?? ''
    if (isNobody(value) || !info.identifiers.includes(identifier)) continue
    identifiers[identifier] = value
    columns.push(columnName)
  }
  const isTold = info.required.some((set) => set.every((name) => Object.hasOwn(identifiers, name)))
  // A published rule maps hashes without their algorithm; such a value is still worth showing.
  const isHash = entityType === 'FileHash' && identifiers.Value !== undefined
  return isTold || isHash ? { type: entityType, identifiers, columns } : undefined
}

/** Entities in Sentinel's JSON: `[{"$id": "1", "Type": "host", "HostName": "web-1"}]`. */
function jsonEntities(text: string, column: string): Entity[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return []
  }
  return (Array.isArray(value) ? value : [value]).flatMap((item): Entity | [] => {
    if (typeof item !== 'object' || item === null) return []
    const { Type: type, ...rest } = item as Record<string, unknown>
    const known = ENTITY_TYPES.find((name) => name.toLowerCase() === String(type).toLowerCase())
    if (known === undefined) return []
    const identifiers = Object.entries(rest).filter(
      (entry): entry is [string, string] =>
        typeof entry[1] === 'string' &&
        (entityTypeInfo(known)?.identifiers.includes(entry[0]) ?? false) &&
        !isNobody(entry[1]),
    )
    return identifiers.length === 0
      ? []
      : { type: known, identifiers: Object.fromEntries(identifiers), columns: [column] }
  })
}

/** Names of users, processes and files are a host's: they are told apart by the row's only host. */
function onHost(entities: readonly Entity[]): Entity[] {
  const hosts = entities.filter(({ type }) => type === 'Host')
  const host = hosts.length === 1 ? Object.values(hosts[0]!.identifiers)[0] : undefined
  if (host === undefined) return [...entities]
  return entities.map((entity) => {
    if (entityTypeInfo(entity.type)?.strongOnHost === undefined) return entity
    const { identifiers } = entity
    const hasDomain =
      ['NTDomain', 'DnsDomain', 'UPNSuffix', 'Sid', 'AadUserId'].some((name) => name in identifiers) ||
      /[\\@]/.test(identifiers.FullName ?? '')
    return hasDomain ? entity : { ...entity, host }
  })
}

export interface Extracted {
  /** In the order of the mappings, at most {@link MAX_ENTITIES}. */
  readonly entities: readonly Entity[]
  /** Mapped places that gave no entity, because the value was missing or nobody. */
  readonly dropped: number
}

export function extractEntities(
  rule: Pick<AnalyticsRule, 'entityMappings' | 'entityColumns'>,
  columns: readonly string[],
  rows: readonly Row[],
): Extracted {
  const mappings = effectiveMappings(rule.entityMappings, columns)
  const byMapping = mappings.map((): Entity[] => [])
  const fromJson: Entity[] = []
  let dropped = 0
  for (const row of rows) {
    const mapped = mappings.map((mapping) => mappedEntity(mapping, row))
    dropped += mapped.filter((entity) => entity === undefined).length
    const placed = onHost(mapped.filter((entity) => entity !== undefined))
    let next = 0
    for (const [i, entity] of mapped.entries()) if (entity !== undefined) byMapping[i]!.push(placed[next++]!)
    for (const column of rule.entityColumns) fromJson.push(...jsonEntities(row.get(column) ?? '', column))
  }
  const entities = distinctEntities([...byMapping.flat(), ...fromJson])
  return {
    entities: entities.slice(0, MAX_ENTITIES),
    dropped: dropped + Math.max(0, entities.length - MAX_ENTITIES),
  }
}
