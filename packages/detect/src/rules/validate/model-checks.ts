/**
 * Checks that need only the rule: those of Azure-Sentinel's own build (detectionTemplateSchemaValidation,
 * NonAsciiValidations) that its structure does not show. To add one, add an entry to {@link MODEL_CHECKS}.
 */
import { RENUMBERED_IN_19, RETIRED, TECHNIQUES, tacticNames } from '@auspex/attack'
import { CUSTOM_ENTITY_COLUMNS } from '../../entities/types.js'
import type { AnalyticsRule } from '../rule.js'

/** A place in the file, as a path of keys, and what is wrong there. */
export interface Complaint {
  readonly at: readonly (string | number)[]
  readonly severity: 'error' | 'warning'
  readonly message: string
}

export interface ModelCheck {
  readonly name: string
  readonly check: (rule: AnalyticsRule, text: string) => Iterable<Complaint>
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function* id({ id }: AnalyticsRule): Generator<Complaint> {
  if (!GUID.test(id)) {
    yield {
      at: ['id'],
      severity: 'warning',
      message: `"${id}" is no GUID: Microsoft Sentinel takes no other id`,
    }
  }
}

function* oldEntityColumns(rule: AnalyticsRule): Generator<Complaint> {
  const mapped = new Set(
    rule.entityMappings.flatMap((m) => m.fieldMappings.map(({ columnName }) => columnName)),
  )
  if (mapped.size === 0) return
  for (const { column } of CUSTOM_ENTITY_COLUMNS) {
    if (!mapped.has(column) && new RegExp(`\\b${column}\\b`).test(rule.query)) {
      const message = `the query makes ${column}, but entityMappings does not map it: a rule that has mappings ignores the old columns`
      yield { at: ['entityMappings'], severity: 'warning', message }
    }
  }
}

function* techniques(rule: AnalyticsRule): Generator<Complaint> {
  const tactics = new Set(rule.tactics)
  for (const [index, id] of rule.techniques.entries()) {
    const at = ['relevantTechniques', index]
    const retired = RETIRED.get(id)
    const technique = TECHNIQUES.get(id)
    if (technique === undefined) {
      const now = retired?.now.length ? `: it is ${retired.now.join(' or ')} today` : ''
      const why = retired === undefined ? 'is no technique of ATT&CK' : `was ${retired.why}`
      if (![...RENUMBERED_IN_19.values()].includes(id)) {
        yield { at, severity: 'warning', message: `${id} ${why}${now}` }
      }
      continue
    }
    const needed = tacticNames(technique)
    const missing = needed.filter((name) => !tactics.has(name))
    if (missing.length === needed.length) {
      yield {
        at,
        severity: 'error',
        message: `${id} (${technique.name}) belongs to ${needed.join(', ')}: none of them is in tactics`,
      }
    } else if (missing.length > 0) {
      yield {
        at,
        severity: 'warning',
        message: `${id} (${technique.name}) belongs to ${missing.join(', ')} too; Azure-Sentinel's build wants all of them in tactics`,
      }
    }
  }
}

function* grouping({ grouping, entityMappings, customDetails }: AnalyticsRule): Generator<Complaint> {
  const path = ['incidentConfiguration', 'groupingConfiguration']
  const types = new Set(entityMappings.map(({ entityType }) => entityType as string))
  for (const type of grouping.groupByEntities) {
    if (!types.has(type)) {
      yield {
        at: [...path, 'groupByEntities'],
        severity: 'error',
        message: `${type} is grouped by, but not mapped`,
      }
    }
  }
  for (const key of grouping.groupByCustomDetails) {
    if (!Object.hasOwn(customDetails, key)) {
      const at = [...path, 'groupByCustomDetails']
      yield { at, severity: 'error', message: `${key} is grouped by, but is no custom detail` }
    }
  }
}

function* wholeWorkspace({ query }: AnalyticsRule): Generator<Complaint> {
  const found = /\b(search|union)\s+(?:\w+\s*=\s*\S+\s+)*\*/.exec(query)
  if (found) {
    const message = `${found[1]} * reads every table; Microsoft Sentinel refuses a rule with it`
    yield { at: ['query'], severity: 'error', message }
  }
}

function* nonAscii(_: AnalyticsRule, text: string): Generator<Complaint> {
  const index = [...text].findIndex((character) => character.codePointAt(0)! > 127)
  if (index < 0) return
  const character = [...text][index]!
  const line = [...text].slice(0, index).join('').split('\n').length
  yield {
    at: [],
    severity: 'warning',
    message: `line ${line} holds "${character}" (U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}): Azure-Sentinel takes ASCII only`,
  }
}

export const MODEL_CHECKS: readonly ModelCheck[] = [
  { name: 'id', check: id },
  { name: 'entity-mappings', check: oldEntityColumns },
  { name: 'techniques', check: techniques },
  { name: 'grouping', check: grouping },
  { name: 'whole-workspace', check: wholeWorkspace },
  { name: 'non-ascii', check: nonAscii },
]
