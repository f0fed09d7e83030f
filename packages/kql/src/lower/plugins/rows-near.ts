/** rows_near: rows no further than so many rows from one for which a condition holds. */
import { call, long, reference } from '../../plan/build.js'
import { comparison } from '../arithmetic.js'
import type { RowsInWork } from '../context.js'
import { convert } from '../convert.js'
import { compute, type Relation } from '../relation.js'
import { addWindow } from '../window.js'
import { argument, constantOf, inputOf, type PluginTable, type PluginWork, rowValue } from './plugin.js'

function rowsNear(work: PluginWork): Relation {
  const { context } = work
  const rows: RowsInWork = { relation: inputOf(work) }
  const condition = convert(rowValue(work, argument(work, 0, 'Condition')!, rows), 'bool')
  const before = convert(constantOf(work, argument(work, 1, 'NumRows')!), 'long')
  const afterNode = argument(work, 2, 'NumRowsAfter')
  const after = afterNode ? convert(constantOf(work, afterNode), 'long') : before
  const flag = context.column('flag', 'long')
  const value = call('case', [condition, long(1), long(0)], 'long')
  rows.relation = compute(rows.relation, [{ column: flag, value }])
  // A row is near if more rows fulfil the condition up to `before` rows after it than up to `after + 1` rows before it.
  const { sorted } = rows.relation
  const window = { context, rows }
  const all = addWindow(window, 'sum', [reference(flag)], 'long', { orderBy: [] })
  const soFar = addWindow(window, 'sum', [reference(flag)], 'long')
  const ahead = addWindow(window, 'lead', [soFar, before, all], 'long')
  const past = call('+', [after, long(1)], 'long')
  const behind = addWindow(window, 'lag', [soFar, past, long(0)], 'long')
  const predicate = comparison('>', ahead, behind)
  const { relation } = rows
  return { ...relation, sorted, plan: { kind: 'filter', input: relation.plan, predicate } }
}

export const rowsNearPlugins: PluginTable = { rows_near: rowsNear }
