/** rolling_percentile: a percentile of the values of so many bins, for each bin. */
import { and, call, reference } from '../../plan/build.js'
import type { Column, Plan, Scalar } from '../../plan/plan.js'
import { arithmetic, comparison } from '../arithmetic.js'
import { convert } from '../convert.js'
import { ascending, type Relation } from '../relation.js'
import { share } from '../source.js'
import { columnOf, constantOf, fail, inputOf, type PluginTable, type PluginWork } from './plugin.js'

function rollingPercentile(work: PluginWork): Relation {
  const { context, positional } = work
  if (context.correlated > 0) return fail(work, 'it can not run inside mv-apply.')
  const rows = { relation: inputOf(work) }
  const value = columnOf(work, positional[0]!, rows, 'value')
  const percentile = constantOf(work, positional[1]!)
  const index = columnOf(work, positional[2]!, rows, 'index')
  const span = index.type === 'datetime' ? 'timespan' : index.type
  const size = convert(constantOf(work, positional[3]!), span)
  const bins = convert(constantOf(work, positional[4]!), 'long')
  const dimensions = positional.slice(5).map((node) => columnOf(work, node, rows, 'dimension'))
  const bin = context.column(index.name, index.type)
  const use = share(
    {
      ...rows.relation,
      plan: {
        kind: 'compute',
        input: rows.relation.plan,
        definitions: [{ column: bin, value: call('bin', [reference(index), size], index.type) }],
      },
      columns: [value, bin, ...dimensions],
    },
    'rolling',
    context,
  )
  const [ends, seen] = [use(), use()]
  const [, endBin, ...endDimensions] = ends.columns as [Column, Column, ...Column[]]
  const [seenValue, seenBin, ...seenDimensions] = seen.columns as [Column, Column, ...Column[]]
  const windows = [endBin, ...endDimensions].map((column) => ({
    column: context.again(column),
    value: reference(column),
  }))
  const [windowBin, ...windowDimensions] = windows.map(({ column }) => column) as [Column, ...Column[]]
  const same = (a: Column, b: Column): Scalar =>
    call('not', [call('$distinct', [reference(a), reference(b)], 'bool')], 'bool')
  const width = arithmetic('*', size, bins, span)
  const joined: Plan = {
    kind: 'join',
    flavor: 'inner',
    left: { kind: 'aggregate', input: ends.plan, keys: windows, aggregates: [] },
    right: seen.plan,
    on: [],
    where: and(
      comparison('<=', reference(seenBin), reference(windowBin)),
      comparison('>', reference(seenBin), arithmetic('-', reference(windowBin), width, index.type)),
      ...windowDimensions.map((column, i) => same(column, seenDimensions[i]!)),
    ),
  }
  const keys = windows.map(({ column }) => ({ column: context.again(column), value: reference(column) }))
  const result = context.column('rolling_percentile', value.type)
  return {
    plan: {
      kind: 'aggregate',
      input: joined,
      keys,
      aggregates: [
        {
          column: result,
          call: {
            name: 'percentile',
            arguments: [reference(seenValue), percentile],
            type: value.type,
            filter: null,
            orderBy: [],
          },
        },
      ],
    },
    columns: [...keys.map(({ column }) => column), result],
    order: [ascending(keys[0]!.column)],
    sorted: 0,
  }
}

export const rollingPlugins: PluginTable = { rolling_percentile: rollingPercentile }
