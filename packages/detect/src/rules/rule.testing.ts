/** Rules for property tests: every field of the model with values that the format can hold. */
import fc from 'fast-check'
import { ENTITY_TYPE_INFO, ENTITY_TYPES } from '../entities/types.js'
import type { AnalyticsRule, EntityMapping } from './rule.js'
import {
  AGGREGATION_KINDS,
  ALERT_DETAILS,
  ALERT_PROPERTIES,
  MATCHING_METHODS,
  SEVERITIES,
  TACTICS,
} from './vocabulary.js'

const text = (maxLength: number) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength })
    .map((value) => value.trim())
    .filter((value) => value !== '')
const lines = fc
  .array(
    fc.string({ unit: fc.constantFrom('a', 'T', ' ', '|', '#', ':', '"', "'", '\\', 'ü', '[', ']', '\t') }),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((parts) => parts.join('\n'))
const query = fc.tuple(lines, fc.constantFrom('', '\n', '\n\n')).map(([body, end]) => `T${body}${end}`)
const column = fc.stringMatching(/^[a-zA-Z_]\w{0,8}$/)
const key = fc.stringMatching(/^[a-zA-Z]\w{0,8}$/)
const minutes = (min: number, max: number) => fc.integer({ min, max })
const some = <T>(words: readonly T[]) => fc.uniqueArray(fc.constantFrom(...words), { maxLength: 3 })

const mapping: fc.Arbitrary<EntityMapping> = fc.constantFrom(...ENTITY_TYPES).chain((entityType) =>
  fc
    .uniqueArray(fc.constantFrom(...(ENTITY_TYPE_INFO[entityType].identifiers as readonly string[])), {
      minLength: 1,
      maxLength: 3,
    })
    .chain((identifiers) =>
      fc.array(column, { minLength: identifiers.length, maxLength: identifiers.length }).map((columns) => ({
        entityType,
        fieldMappings: identifiers.map((identifier, i) => ({ identifier, columnName: columns[i]! })),
      })),
    ),
)

const description = fc
  .oneof(text(40), lines)
  .map((value) =>
    value
      .trim()
      .replace(/^'+|'+$/g, '')
      .trim(),
  )
  .filter((value) => value !== '')

const extra = fc.record(
  {
    tags: fc.array(text(8), { maxLength: 2 }),
    metadata: fc.record({ author: fc.record({ name: text(8) }) }),
    ours: fc.oneof(fc.integer(), fc.boolean(), text(8)),
  },
  { requiredKeys: [] },
)

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

/** Without the keys whose value is undefined. */
const present = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T

const general = fc.record({
  id: fc.uuid(),
  name: text(40),
  description,
  version: fc.constantFrom('1.0.0', '2.10.3'),
  severity: fc.constantFrom(...SEVERITIES),
  enabled: fc.boolean(),
  startTime: optional(fc.constant('2026-01-01T00:00:00Z')),
  requiredDataConnectors: fc.array(
    fc.record({ connectorId: key, dataTypes: fc.array(key, { maxLength: 2 }) }),
    {
      maxLength: 2,
    },
  ),
  tactics: some(TACTICS),
  techniques: some(['T1059', 'T1059.004', 'T1110', 'T1548.003']),
  query,
  entityMappings: fc.array(mapping, { maxLength: 3 }),
  entityColumns: fc.uniqueArray(column, { maxLength: 2 }),
  customDetails: fc.dictionary(key, column, { maxKeys: 3, noNullPrototype: true }),
  alertDetails: fc
    .record({
      displayNameFormat: optional(text(20)),
      descriptionFormat: optional(text(20)),
      tacticsColumn: optional(column),
      severityColumn: optional(column),
      dynamicProperties: fc.array(fc.record({ property: fc.constantFrom(...ALERT_PROPERTIES), column }), {
        maxLength: 2,
      }),
    })
    .map(present),
  aggregation: fc.constantFrom(...AGGREGATION_KINDS),
  suppressionEnabled: fc.boolean(),
  suppression: minutes(5, 1440),
  createIncident: fc.boolean(),
  grouping: fc.record({
    enabled: fc.constant(false),
    reopenClosedIncident: fc.boolean(),
    lookback: minutes(5, 10_080),
    matchingMethod: fc.constantFrom(...MATCHING_METHODS),
    groupByEntities: some(ENTITY_TYPES),
    groupByAlertDetails: some(ALERT_DETAILS),
    groupByCustomDetails: fc.uniqueArray(key, { maxLength: 2 }),
  }),
  extra,
})

const schedule = fc.oneof(
  fc.record({
    kind: fc.constant('Scheduled' as const),
    frequency: minutes(60, 1440),
    period: minutes(1440, 20_160),
    triggerOperator: fc.constantFrom('gt', 'lt', 'eq', 'ne' as const),
    triggerThreshold: minutes(0, 10_000),
  }),
  fc.constant({
    kind: 'NRT' as const,
    frequency: 5,
    period: 5,
    triggerOperator: 'gt' as const,
    triggerThreshold: 0,
  }),
)

export const anyRule: fc.Arbitrary<AnalyticsRule> = fc
  .tuple(general, schedule)
  .map(([rule, rest]) => present({ ...rule, ...rest }) as AnalyticsRule)
