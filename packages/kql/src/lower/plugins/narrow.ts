/** narrow: a row for each cell. */
import { call, long, reference, string } from '../../plan/build.js'
import type { Plan } from '../../plan/plan.js'
import { convert } from '../convert.js'
import { ascending, type Relation } from '../relation.js'
import { inputOf, type PluginTable, type PluginWork } from './plugin.js'

function narrow(work: PluginWork): Relation {
  const { context } = work
  const input = inputOf(work)
  const row = context.column('Row', 'long')
  const numbered: Plan = {
    kind: 'window',
    input: input.plan,
    definitions: [
      {
        column: row,
        name: 'row_number',
        arguments: [],
        partitionBy: [],
        orderBy: input.order,
      },
    ],
  }
  const cell = context.column('cell', 'dynamic')
  const position = context.column('position', 'long')
  // One array of pairs for each row, so that the input is read once.
  const pairs = input.columns.map((column) =>
    call('pack_array', [string(column.name), convert(reference(column), 'string')], 'dynamic'),
  )
  const expanded: Plan = {
    kind: 'expand',
    input: numbered,
    expansions: [{ column: cell, value: call('pack_array', pairs, 'dynamic'), bagAsPairs: false }],
    index: position,
    limit: null,
  }
  const zeroBased = context.column('Row', 'long')
  const name = context.column('Column', 'string')
  const value = context.column('Value', 'string')
  const at = (i: number) => convert(call('$at', [reference(cell), long(i)], 'dynamic'), 'string')
  return {
    plan: {
      kind: 'compute',
      input: expanded,
      definitions: [
        { column: zeroBased, value: call('-', [reference(row), long(1)], 'long') },
        { column: name, value: at(0) },
        { column: value, value: at(1) },
      ],
    },
    columns: [zeroBased, name, value],
    order: [ascending(zeroBased), ascending(position)],
    sorted: 0,
  }
}

export const narrowPlugins: PluginTable = { narrow }
