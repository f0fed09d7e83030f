/**
 * Runs the tests of a rule: over a real log, in the windows in which the engine would have run it, down to its
 * alerts. A hunting query is asked once, over everything.
 */
import type { DatabaseSchema } from '@auspex/kql'
import type { Store } from '@auspex/store'
import { openControl } from '../control/database.js'
import { distinctEntities, type Entity, entityName } from '../entities/entity.js'
import { extractEntities } from '../entities/extract.js'
import { Incidents } from '../incidents/incidents.js'
import type { AnalyticsRule } from '../rules/rule.js'
import { Asker } from '../runs/ask.js'
import type { Compile } from '../runs/compile.js'
import { Detection } from '../runs/detection.js'
import type { ExpectedEntity, RuleTest } from './read.js'

/** A store that holds the logs of a test and nothing else. */
export type TestStore = Pick<Store, 'schema' | 'query' | 'lastRow'>

export interface RuleTestParts {
  readonly compile: Compile
  /** Stored functions beside the store's tables. */
  readonly functions: NonNullable<DatabaseSchema['functions']>
  /** Ticks: the tests' now, after everything in the logs. */
  readonly now: bigint
}

export interface Found {
  readonly rows: number
  readonly alerts: number
  readonly titles: readonly string[]
  readonly entities: readonly Entity[]
}

const schemaOf = (store: TestStore, { functions }: RuleTestParts): DatabaseSchema => ({
  ...store.schema(),
  functions,
})

export async function findWithRule(
  rule: AnalyticsRule,
  store: TestStore,
  parts: RuleTestParts,
): Promise<Found> {
  const control = openControl(':memory:')
  let ids = 0
  const newId = () => `test-${++ids}`
  try {
    const detection = new Detection({
      // What the engine tells of its runs is not the test's.
      store: {
        schema: () => store.schema(),
        query: (...args) => store.query(...args),
        lastRow: (table) => store.lastRow(table),
        position: async () => undefined,
        ingest: async () => ({ stored: true, rows: 0 }),
      },
      control,
      rules: () => [rule],
      schema: () => schemaOf(store, parts),
      compile: parts.compile,
      disable: async () => {},
      now: () => parts.now,
      newId,
    })
    const { failures } = await detection.pass()
    if (failures[0] !== undefined) throw failures[0].error
    const bodies = await control.selectFrom('alert').select('id').execute()
    const incidents = new Incidents({ control, now: () => '', newId })
    const alerts = await Promise.all(bodies.map(({ id }) => incidents.alert(id)))
    return {
      rows: alerts.reduce((sum, { rowCount }) => sum + rowCount, 0),
      alerts: alerts.length,
      titles: alerts.map(({ displayName }) => displayName),
      entities: distinctEntities(alerts.flatMap(({ entities }) => entities)),
    }
  } finally {
    await control.destroy()
  }
}

export async function findWithHunt(
  hunt: Pick<AnalyticsRule, 'query' | 'entityMappings'>,
  store: TestStore,
  parts: RuleTestParts,
): Promise<Found> {
  const asker = new Asker({ store, schema: () => schemaOf(store, parts), compile: parts.compile })
  const result = await asker.ask(hunt.query, { end: parts.now, rows: {} })
  const { entities } = extractEntities({ ...hunt, entityColumns: [] }, result.columns, result.rows)
  return { rows: result.rowCount, alerts: 0, titles: [], entities }
}

const isLike = (entity: Entity, { type, identifiers }: ExpectedEntity) =>
  entity.type === type &&
  Object.entries(identifiers).every(([name, value]) => entity.identifiers[name] === value)

const entityText = ({ type, identifiers }: ExpectedEntity) =>
  `${type} ${Object.entries(identifiers)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')}`

/** What was found differently from what the test says; nothing when all is as it should be. */
export function differences(test: RuleTest, found: Found): string[] {
  const problems: string[] = []
  const expect = (what: string, wanted: number, got: number) => {
    if (wanted !== got) problems.push(`${what}: expected ${wanted}, found ${got}`)
  }
  expect('rows', test.rows, found.rows)
  if (test.alerts !== undefined) expect('alerts', test.alerts, found.alerts)
  for (const title of test.titles) {
    if (!found.titles.includes(title)) {
      problems.push(
        `no alert is called "${title}"; there are ${found.titles.map((t) => `"${t}"`).join(', ') || 'none'}`,
      )
    }
  }
  for (const entity of test.entities) {
    if (!found.entities.some((one) => isLike(one, entity))) {
      const names = found.entities.map((one) => `${one.type} ${entityName(one)}`).join(', ')
      problems.push(`no entity is ${entityText(entity)}; there are ${names || 'none'}`)
    }
  }
  return problems
}
