/**
 * A month in the life of a rule, with a clock of our own: rows come in time and late, the clock is set back and
 * forth, the process sleeps, and dies at any moment. Store and compiler are small stand-ins, so that a month
 * takes a second; what they stand in for is tested beside this with the real ones.
 */
import { type CompiledQuery, type CompileOptions, parseDatetime } from '@auspex/kql'
import type { IngestBatch } from '@auspex/store'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ControlDatabase, openControl } from '../control/database.js'
import { readRule } from '../rules/read.js'
import type { AnalyticsRule } from '../rules/rule.js'
import { Detection, type DetectionParts } from './detection.js'
import { TICKS_PER_MINUTE } from './windows.js'

interface Row {
  readonly id: bigint
  readonly time: bigint
  readonly received: bigint
}

const MONTH = 30 * 24 * 60
const START = 1_000_000
const minutes = (n: number) => BigInt(Math.round(n * 60)) * (TICKS_PER_MINUTE / 60n)

class Killed extends Error {}

/** Rows that arrive in order, and the log tables; both outlive the process. */
class World {
  now = START
  readonly rows: Row[] = []
  readonly logged = new Map<string, Record<string, unknown>[]>()
  position = 0n
  /** Calls of the store and statements of the control state until the process dies; nothing has an effect then. */
  fuse = Number.POSITIVE_INFINITY

  arrive(times: readonly number[]): void {
    for (const time of times) {
      this.rows.push({ id: BigInt(this.rows.length + 1), time: minutes(time), received: minutes(this.now) })
    }
  }

  burn(): void {
    if (this.fuse-- <= 0) throw new Killed()
  }

  store(): DetectionParts['store'] {
    const world = this
    return {
      schema: () => ({
        name: 'test',
        tables: [{ name: 'T', columns: [{ name: 'TimeGenerated', type: 'datetime' }] }],
      }),
      lastRow: async () => BigInt(world.rows.length),
      position: async () => ({ source: '', to: world.position, updated: 0 }),
      async query(query) {
        world.burn()
        const values = (query as unknown as { rowsOf: () => unknown[][] }).rowsOf()
        return {
          columns: query.columns,
          batches: (async function* () {})(),
          truncated: false,
          collect: async () => values,
        }
      },
      async ingest(batch: IngestBatch) {
        world.burn()
        expect(batch.from).toBe(world.position)
        for (const { table, columns, rowCount } of batch.tables) {
          const list = world.logged.get(table) ?? []
          for (let i = 0; i < rowCount; i++) {
            list.push(Object.fromEntries([...columns].map(([name, cells]) => [name, cells[i]])))
          }
          world.logged.set(table, list)
        }
        world.position = batch.to
        world.burn()
        return { stored: true, rows: 0 }
      },
    }
  }

  /** All queries mean: the rows in the window (`T`), or their first or last time, or the slots that hold some. */
  compile = async (text: string, options: CompileOptions): Promise<CompiledQuery> => {
    const { from = -1n, to = 1n << 62n } = options.timeRange ?? {}
    const { after = 0n, upTo = 1n << 62n } = options.rows?.T ?? {}
    const { ahead } = options
    const found = () =>
      this.rows.filter(
        ({ id, time, received }) =>
          id > after &&
          id <= upTo &&
          time >= from &&
          time < to &&
          (ahead === undefined ||
            ('atMost' in ahead ? time - received <= ahead.atMost : time - received > ahead.moreThan)),
      )
    const rowsOf = () => {
      const times = found().map(({ time }) => time)
      const [first, ...rest] = times
      if (text.includes('min('))
        return [[first === undefined ? null : rest.reduce((a, b) => (b < a ? b : a), first)]]
      if (text.includes('max('))
        return [[first === undefined ? null : rest.reduce((a, b) => (b > a ? b : a), first)]]
      const slot = /datetime\(([^)]+)\), (\d+)s/.exec(text)
      if (slot !== null) {
        const [origin, width] = [parseDatetime(slot[1]!)!, BigInt(slot[2]!) * 10_000_000n]
        return [...new Set(times.map((time) => ((time - origin) / width) * width))].map((offset) => [offset])
      }
      return found().map(({ id, time }) => [time, id])
    }
    const columns = [
      { name: 'TimeGenerated', type: 'datetime' as const },
      { name: 'Id', type: 'long' as const },
    ]
    // A plan that is never empty for certain, so that every window is asked.
    const plan = { shared: [], plan: { kind: 'unit' as const }, output: [] }
    return {
      sql: '',
      parameters: [],
      columns,
      tables: ['T'],
      plan,
      warnings: [],
      rowsOf,
    } as unknown as CompiledQuery
  }
}

const RULE = readRule(
  `id: r
name: Every row
description: d
severity: Low
queryFrequency: 6h
queryPeriod: 6h
triggerOperator: gt
triggerThreshold: 0
query: T
customDetails: {Id: Id}
`,
  'rule.yaml',
)

type Step =
  | { readonly kind: 'sleep'; readonly minutes: number }
  | { readonly kind: 'rows'; readonly ages: readonly number[] }
  | { readonly kind: 'clock'; readonly minutes: number }
  | { readonly kind: 'pass' }
  | { readonly kind: 'crash'; readonly after: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('sleep' as const), minutes: fc.integer({ min: 1, max: 900 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('rows' as const),
      // Most are fresh; some come days late, some from the future.
      ages: fc.array(
        fc.oneof(
          { weight: 6, arbitrary: fc.integer({ min: 0, max: 3 }) },
          { weight: 2, arbitrary: fc.integer({ min: 0, max: 6000 }) },
          { weight: 1, arbitrary: fc.integer({ min: -3000, max: 0 }) },
        ),
        { minLength: 1, maxLength: 5 },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('clock' as const),
      minutes: fc.integer({ min: -2000, max: 2000 }),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ kind: 'pass' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('crash' as const), after: fc.integer({ min: 0, max: 80 }) }),
  },
)

async function live(
  steps: readonly Step[],
  rule: AnalyticsRule,
): Promise<{ world: World; control: ControlDatabase }> {
  const world = new World()
  const control = openControl(':memory:').withPlugin({
    transformQuery({ node }) {
      world.burn()
      return node
    },
    transformResult: async ({ result }) => result,
  })
  let ids = 0
  const pass = async () => {
    const detection = new Detection({
      store: world.store(),
      control,
      rules: () => [rule],
      schema: () => ({ name: 'test', tables: [] }),
      compile: world.compile,
      disable: async () => {},
      now: () => minutes(world.now),
      elapsed: () => 0,
      newId: () => `id-${++ids}`,
    })
    await detection.pass()
  }
  /** The process is killed: nothing that runs after the fatal call has an effect. */
  const crash = async (after: number) => {
    world.fuse = after
    await pass().catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error
    })
    world.fuse = Number.POSITIVE_INFINITY
  }
  for (const one of steps) {
    if (one.kind === 'sleep') world.now += one.minutes
    else if (one.kind === 'clock') world.now = Math.max(START / 2, world.now + one.minutes)
    else if (one.kind === 'rows') world.arrive(one.ages.map((age) => Math.max(0, world.now - age)))
    else if (one.kind === 'crash') await crash(one.after)
    else await pass()
  }
  // The month ends; two days later everything is due, also what waited after a failure.
  world.now =
    Math.max(world.now, START + MONTH, Number(world.rows.at(-1)?.time ?? 0n) / Number(TICKS_PER_MINUTE)) +
    2 * 1440
  for (const { time } of world.rows)
    world.now = Math.max(world.now, Number(time / TICKS_PER_MINUTE) + 2 * 1440)
  await pass()
  world.now += 120
  await pass()
  return { world, control }
}

test('every row is in exactly one alert, whatever happened in the month', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 250 }), async (steps) => {
      const { world, control } = await live(steps, RULE)
      const alerts = await control.selectFrom('alert_rows').select('rows').execute()
      const seen = alerts.flatMap(({ rows }) => (JSON.parse(rows) as string[][]).map((row) => Number(row[1])))
      expect(seen.sort((a, b) => a - b)).toEqual(world.rows.map(({ id }) => Number(id)))
      // What the log tables were told is what happened, once.
      const told = (world.logged.get('SecurityAlert') ?? []).map(({ SystemAlertId }) => SystemAlertId)
      const made = await control.selectFrom('alert').select('id').execute()
      expect(told.sort()).toEqual(made.map(({ id }) => id).sort())
      await control.destroy()
    }),
    { numRuns: 800 },
  )
})

test('the windows of the schedule follow each other without a gap and without an overlap', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 250 }), async (steps) => {
      const { control } = await live(steps, RULE)
      const runs = await control
        .selectFrom('rule_run')
        .select(['window_start', 'window_end', 'outcome', 'kind'])
        .where('kind', 'in', ['schedule', 'history'])
        .where('outcome', '!=', 'failed')
        .orderBy('window_start')
        .execute()
      const schedule = runs.filter(({ kind }) => kind === 'schedule')
      for (const [i, run] of schedule.slice(1).entries())
        expect(run.window_start).toBe(schedule[i]!.window_end)
      await control.destroy()
    }),
    { numRuns: 500 },
  )
})
