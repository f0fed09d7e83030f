/**
 * Entities of an alert: what the rule's mappings make of its rows. Sentinel drops an account named root; on
 * Linux that is the one that matters, so root is kept and only the names for "nobody" are left out: an `auid`
 * that was never set belongs to no person.
 */
import { CUSTOM_ENTITY_COLUMNS } from '../entities/types.js'
import type { EntityMapping } from '../rules/rule.js'

export interface Entity {
  readonly type: string
  /** Identifier to value, as `{ FullName: "alice" }`. */
  readonly identifiers: Readonly<Record<string, string>>
}

/** A result row by column name; cells as text. */
export type Row = ReadonlyMap<string, string>

export const MAX_ENTITIES = 500

const NOBODY = new Set(['', '?', '-', '-1', '(none)', '(null)', 'unset', '4294967295'])

const entityKey = (entity: Entity) => `${entity.type} ${JSON.stringify(Object.entries(entity.identifiers))}`

/** The rule's own mappings, or, where it has none, the old columns that its result holds. */
export function effectiveMappings(
  mappings: readonly EntityMapping[],
  columns: readonly string[],
): readonly EntityMapping[] {
  if (mappings.length > 0) return mappings
  return CUSTOM_ENTITY_COLUMNS.filter(({ column }) => columns.includes(column)).map(
    ({ column, entityType, identifier }) => ({
      entityType,
      fieldMappings: [{ identifier, columnName: column }],
    }),
  )
}

/** The distinct entities of the rows in the order of the mappings, at most {@link MAX_ENTITIES}. */
export function entitiesOf(mappings: readonly EntityMapping[], rows: readonly Row[]): Entity[] {
  const found = new Map<string, Entity>()
  for (const { entityType, fieldMappings } of mappings) {
    for (const row of rows) {
      const identifiers: Record<string, string> = {}
      for (const { identifier, columnName } of fieldMappings) {
        const value = row.get(columnName)?.trim() ?? ''
        if (!NOBODY.has(value)) identifiers[identifier] = value
      }
      if (Object.keys(identifiers).length === 0) continue
      const entity = { type: entityType, identifiers }
      const key = entityKey(entity)
      if (!found.has(key)) found.set(key, entity)
      if (found.size >= MAX_ENTITIES) return [...found.values()]
    }
  }
  return [...found.values()]
}

/** The entity's name for a person: its first identifier's value. */
export const entityName = (entity: Entity): string => Object.values(entity.identifiers)[0] ?? ''

export { entityKey }
