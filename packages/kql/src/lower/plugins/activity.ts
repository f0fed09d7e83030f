/**
 * Who was active when: activity_counts_metrics, activity_metrics, active_users_count, sliding_window_counts.
 *
 * All of them cut a timeline into periods and count distinct ids in them, for each combination of dimensions. Periods
 * without any row have no row in the result. Start and end belong to the time looked at.
 */
import type { Node } from '../../front/tree.js'
import { and, call, literal, long, reference } from '../../plan/build.js'
import type {
  AggregateDefinition,
  Column,
  Definition,
  Plan,
  Scalar,
  WindowDefinition,
} from '../../plan/plan.js'
import type { KqlType } from '../../values.js'
import { arithmetic, comparison } from '../arithmetic.js'
import { convert } from '../convert.js'
import { ascending, compute, type Relation } from '../relation.js'
import { share } from '../source.js'
import { columnOf, constantOf, fail, inputOf, type PluginTable, type PluginWork } from './plugin.js'

const CALENDAR: Readonly<Record<string, string>> = {
  month: 'startofmonth',
  week: 'startofweek',
  year: 'startofyear',
}

interface Timeline {
  readonly relation: Relation
  readonly id: Column
  readonly time: Column
  readonly dimensions: readonly Column[]
  /** Null where the query gives none. */
  readonly start: Scalar | null
  readonly end: Scalar | null
  /** The constants after the end. */
  readonly settings: readonly Scalar[]
}

/** Arguments: id, time, constants (start and end are the first two, unless there are fewer than `settings + 2`), dimensions. */
function readTimeline(work: PluginWork, settings: number): Timeline {
  const rows = { relation: inputOf(work) }
  const [idNode, timeNode, ...rest] = work.positional as [Node, Node, ...Node[]]
  const id = columnOf(work, idNode, rows, 'id')
  const time = columnOf(work, timeNode, rows, 'time')
  const firstColumn = rest.findIndex((node) => node.symbol?.kind === 'Column')
  const constants = (firstColumn < 0 ? rest : rest.slice(0, firstColumn)).map((node) =>
    constantOf(work, node),
  )
  const dimensions = (firstColumn < 0 ? [] : rest.slice(firstColumn)).map((node) => {
    if (node.symbol?.kind !== 'Column') fail(work, 'a cohort or a lookback table is not supported here.')
    return columnOf(work, node, rows, 'dimension')
  })
  const bounded = constants.length === settings + 2
  if (!bounded && constants.length !== settings) {
    fail(work, `it takes ${settings + 2} constants after the columns of id and time.`)
  }
  const [start, end] = bounded ? constants.slice(0, 2).map((value) => convert(value, time.type)) : []
  return {
    relation: rows.relation,
    id,
    time,
    dimensions,
    start: start ?? null,
    end: end ?? null,
    settings: bounded ? constants.slice(2) : constants,
  }
}

/** The distance type of the timeline. */
function spanOf(time: Column): KqlType {
  return time.type === 'datetime' ? 'timespan' : time.type
}

/** The start of the period that a time is in. */
function periodOf(work: PluginWork, { time, start }: Timeline, at: Scalar, length: Scalar): Scalar {
  if (length.type === 'string') {
    const name = length.kind === 'literal' ? CALENDAR[String(length.value)] : undefined
    return name
      ? call(name, [at], time.type)
      : fail(work, "a period is a length, or 'week', 'month' or 'year'.")
  }
  const size = convert(length, spanOf(time))
  if (!start) return call('bin', [at, size], time.type)
  const since = arithmetic('-', at, start, spanOf(time))
  return arithmetic('+', start, call('bin', [since, size], spanOf(time)), time.type)
}

function within(relation: Relation, { time }: Timeline, from: Scalar | null, to: Scalar | null): Relation {
  const conditions = [
    ...(from ? [comparison('>=', reference(time), from)] : []),
    ...(to ? [comparison('<=', reference(time), to)] : []),
  ]
  if (conditions.length === 0) return relation
  return { ...relation, plan: { kind: 'filter', input: relation.plan, predicate: and(...conditions) } }
}

function aggregate(column: Column, name: string, args: readonly Scalar[]): AggregateDefinition {
  return { column, call: { name, arguments: args, type: column.type, filter: null, orderBy: [] } }
}

function key(work: PluginWork, column: Column): Definition & { readonly value: Scalar } {
  return { column: work.context.again(column), value: reference(column) }
}

/** 1 for an id, 0 for a null: nulls are not counted. */
function counted(id: Column, condition?: Scalar): Scalar {
  const isNull = call('isnull', [reference(id)], 'bool')
  const none = condition ? call('or', [isNull, call('not', [condition], 'bool')], 'bool') : isNull
  return call('case', [none, long(0), long(1)], 'long')
}

interface Visits {
  readonly plan: Plan
  readonly id: Column
  readonly period: Column
  readonly dimensions: readonly Column[]
  readonly rows: Column
}

/** A row for each id in each period, with how many rows it had. */
function visitsOf(work: PluginWork, timeline: Timeline, length: Scalar): Visits {
  const { context } = work
  const { relation, id, time } = timeline
  const inside = within(relation, timeline, timeline.start, timeline.end)
  const idKey = key(work, id)
  const period: Definition = {
    column: context.column(time.name, time.type),
    value: periodOf(work, timeline, reference(time), length),
  }
  const dimensions = timeline.dimensions.map((column) => key(work, column))
  const rows = context.column('rows', 'long')
  return {
    plan: {
      kind: 'aggregate',
      input: inside.plan,
      keys: [idKey, period, ...dimensions],
      aggregates: [aggregate(rows, 'count', [])],
    },
    id: idKey.column,
    period: period.column,
    dimensions: dimensions.map(({ column }) => column),
    rows,
  }
}

function addWindows(plan: Plan, definitions: readonly WindowDefinition[]): Plan {
  return { kind: 'window', input: plan, definitions }
}

function activityCounts(work: PluginWork): Relation {
  const { context } = work
  const timeline = readTimeline(work, 1)
  const visits = visitsOf(work, timeline, timeline.settings[0]!)
  const first = context.column('first', visits.period.type)
  const withFirst = addWindows(visits.plan, [
    {
      column: first,
      name: 'min',
      arguments: [reference(visits.period)],
      partitionBy: [visits.id, ...visits.dimensions].map(reference),
      orderBy: [],
    },
  ])
  const period = key(work, visits.period)
  const dimensions = visits.dimensions.map((column) => key(work, column))
  const [count, distinct, fresh, total] = ['count', 'dcount', 'new_dcount', 'aggregated_dcount'].map((name) =>
    context.column(name, 'long'),
  ) as [Column, Column, Column, Column]
  const isFirst = comparison('==', reference(visits.period), reference(first))
  const grouped: Plan = {
    kind: 'aggregate',
    input: withFirst,
    keys: [period, ...dimensions],
    aggregates: [
      aggregate(count, 'sum', [reference(visits.rows)]),
      aggregate(distinct, 'sum', [counted(visits.id)]),
      aggregate(fresh, 'sum', [counted(visits.id, isFirst)]),
    ],
  }
  const plan = addWindows(grouped, [
    {
      column: total,
      name: 'sum',
      arguments: [reference(fresh)],
      partitionBy: dimensions.map(({ column }) => reference(column)),
      orderBy: [ascending(period.column)],
    },
  ])
  const columns = [period.column, ...dimensions.map(({ column }) => column), count, distinct, fresh, total]
  return { plan, columns, order: [ascending(period.column)], sorted: 0 }
}

/** Each period against the one before it. */
function activityMetrics(work: PluginWork): Relation {
  const { context } = work
  const timeline = readTimeline(work, 1)
  const [length] = timeline.settings as [Scalar]
  const visits = visitsOf(work, timeline, length)
  const { type } = visits.period
  const tick = type === 'datetime' ? literal('timespan', '1') : convert(long(1), type)
  const periodBefore = (period: Column) =>
    periodOf(work, timeline, arithmetic('-', reference(period), tick, type), length)
  const last = context.column('last', type)
  const withLast = addWindows(visits.plan, [
    {
      column: last,
      name: 'lag',
      arguments: [reference(visits.period), long(1), literal(type, null)],
      partitionBy: [visits.id, ...visits.dimensions].map(reference),
      orderBy: [ascending(visits.period)],
    },
  ])
  const period = key(work, visits.period)
  const dimensions = visits.dimensions.map((column) => key(work, column))
  const distinct = context.column('dcount_values', 'long')
  const returned = context.column('returned', 'long')
  const cameBack = comparison('==', reference(last), periodBefore(visits.period))
  const returns = call('case', [cameBack, counted(visits.id), long(0)], 'long')
  const grouped: Plan = {
    kind: 'aggregate',
    input: withLast,
    keys: [period, ...dimensions],
    aggregates: [aggregate(distinct, 'sum', [counted(visits.id)]), aggregate(returned, 'sum', [returns])],
  }
  const previous = context.column('previous', type)
  const previousCount = context.column('previous_count', 'long')
  const over = {
    partitionBy: dimensions.map(({ column }) => reference(column)),
    orderBy: [ascending(period.column)],
  }
  const windowed = addWindows(grouped, [
    {
      column: previous,
      name: 'lag',
      arguments: [reference(period.column), long(1), literal(type, null)],
      ...over,
    },
    { column: previousCount, name: 'lag', arguments: [reference(distinct), long(1), long(0)], ...over },
  ])
  const base = context.column('base', 'real')
  const follows = comparison('==', reference(previous), periodBefore(period.column))
  const baseValue = call('case', [follows, reference(previousCount), long(0)], 'long')
  const withBase = compute({ plan: windowed, columns: [], order: [], sorted: 0 }, [
    { column: base, value: convert(baseValue, 'real') },
  ])
  const [fresh, retention, churn] = [
    context.column('dcount_newvalues', 'long'),
    context.column('retention_rate', 'real'),
    context.column('churn_rate', 'real'),
  ]
  const kept = convert(reference(returned), 'real')
  const result = compute(withBase, [
    { column: fresh, value: call('-', [reference(distinct), reference(returned)], 'long') },
    { column: retention, value: call('/', [kept, reference(base)], 'real') },
    {
      column: churn,
      value: call('/', [call('-', [reference(base), kept], 'real'), reference(base)], 'real'),
    },
  ])
  const columns = [
    period.column,
    ...dimensions.map(({ column }) => column),
    distinct,
    fresh,
    retention,
    churn,
  ]
  return { plan: result.plan, columns, order: [ascending(period.column)], sorted: 0 }
}

/** For each period the rows of the lookback that ends with it. */
function slidingWindowCounts(work: PluginWork): Relation {
  const { context } = work
  const timeline = readTimeline(work, 2)
  const { time, id, start, end } = timeline
  const [lookback, length] = timeline.settings as [Scalar, Scalar]
  if (!start || !end) return fail(work, 'it needs a start and an end.')
  if (length.type === 'string')
    return fail(work, 'a period that is a name is not supported here: give a length.')
  const span = convert(lookback, spanOf(time))
  const earliest = arithmetic('-', start, span, time.type)
  const inside = within(timeline.relation, timeline, earliest, end)
  const own = context.column('own', time.type)
  const events = compute(inside, [{ column: own, value: periodOf(work, timeline, reference(time), length) }])
  const period = context.column(time.name, time.type)
  const periods: Plan = {
    kind: 'range',
    column: period,
    from: start,
    to: end,
    step: convert(length, spanOf(time)),
  }
  const until = arithmetic('+', reference(own), span, time.type)
  const joined: Plan = {
    kind: 'join',
    flavor: 'inner',
    left: events.plan,
    right: periods,
    on: [],
    where: and(
      comparison('<=', reference(own), reference(period)),
      comparison('<', reference(period), until),
    ),
  }
  const keys = [period, ...timeline.dimensions].map((column) => key(work, column))
  const [count, distinct] = [context.column('Count', 'long'), context.column('Dcount', 'long')]
  return {
    plan: {
      kind: 'aggregate',
      input: joined,
      keys,
      aggregates: [aggregate(count, 'count', []), aggregate(distinct, 'dcount', [reference(id)])],
    },
    columns: [...keys.map(({ column }) => column), count, distinct],
    order: [ascending(keys[0]!.column)],
    sorted: 0,
  }
}

/** Ids that were there in enough periods of the lookback that ends with one of their appearances. */
function activeUsersCount(work: PluginWork): Relation {
  const { context } = work
  const timeline = readTimeline(work, 4)
  const { time, id, start, end } = timeline
  const [lookback, period, least, length] = timeline.settings as [Scalar, Scalar, Scalar, Scalar]
  if (!start || !end) return fail(work, 'it needs a start and an end.')
  if (context.correlated > 0) return fail(work, 'it can not run inside mv-apply.')
  const span = convert(lookback, spanOf(time))
  const inside = within(timeline.relation, timeline, arithmetic('-', start, span, time.type), end)
  const visible = [id, time, ...timeline.dimensions]
  const use = share({ ...inside, columns: visible }, 'activity', context)
  const [appearances, seen] = [use(), use()]
  const [id1, time1, ...dimensions1] = appearances.columns as [Column, Column, ...Column[]]
  const [id2, time2, ...dimensions2] = seen.columns as [Column, Column, ...Column[]]
  const same = (a: Column, b: Column) =>
    call('not', [call('$distinct', [reference(a), reference(b)], 'bool')], 'bool')
  const joined: Plan = {
    kind: 'join',
    flavor: 'inner',
    left: {
      kind: 'filter',
      input: appearances.plan,
      predicate: comparison('>=', reference(time1), start),
    },
    right: seen.plan,
    on: [{ left: reference(id1), right: reference(id2) }],
    where: and(
      comparison('<=', reference(time2), reference(time1)),
      comparison('>', reference(time2), arithmetic('-', reference(time1), span, time.type)),
      ...dimensions1.map((column, i) => same(column, dimensions2[i]!)),
    ),
  }
  const keys = [id1, time1, ...dimensions1].map((column) => key(work, column))
  const periods = context.column('periods', 'long')
  const active: Plan = {
    kind: 'filter',
    input: {
      kind: 'aggregate',
      input: joined,
      keys,
      aggregates: [aggregate(periods, 'dcount', [periodOf(work, timeline, reference(time2), period)])],
    },
    predicate: comparison('>=', reference(periods), convert(least, 'long')),
  }
  const [idKey, timeKey, ...dimensionKeys] = keys.map(({ column }) => column) as [Column, Column, ...Column[]]
  const bins: Definition = {
    column: context.column(time.name, time.type),
    value: periodOf(work, timeline, reference(timeKey), length),
  }
  const dimensions = dimensionKeys.map((column) => key(work, column))
  const distinct = context.column('dcount', 'long')
  return {
    plan: {
      kind: 'aggregate',
      input: active,
      keys: [bins, ...dimensions],
      aggregates: [aggregate(distinct, 'dcount', [reference(idKey)])],
    },
    columns: [bins.column, ...dimensions.map(({ column }) => column), distinct],
    order: [ascending(bins.column)],
    sorted: 0,
  }
}

export const activityPlugins: PluginTable = {
  active_users_count: activeUsersCount,
  activity_counts_metrics: activityCounts,
  activity_metrics: activityMetrics,
  sliding_window_counts: slidingWindowCounts,
}
