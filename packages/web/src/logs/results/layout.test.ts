import { expect, test } from 'vitest'
import { firstLayout, moved, resized, shownColumns, toggled } from './layout'
import type { Summary } from './result-set'

const summary: Summary = {
  columns: [
    { name: 'a', type: 'string', filled: 2, widest: 3 },
    { name: 'b', type: 'string', filled: 0, widest: 0 },
    { name: 'c', type: 'datetime', filled: 1, widest: 20 },
  ],
  rowCount: 2,
  truncated: false,
  statistics: { compileMs: 0, executeMs: 0, tables: [] },
}

test('empty columns are hidden at first, unless all are empty', () => {
  expect(shownColumns(firstLayout(summary))).toEqual([0, 2])
  const empty = { ...summary, columns: summary.columns.map((column) => ({ ...column, filled: 0 })) }
  expect(shownColumns(firstLayout(empty))).toEqual([0, 1, 2])
})

test('columns are shown, moved and made wider within bounds', () => {
  const layout = toggled(firstLayout(summary), 1)
  expect(shownColumns(layout)).toEqual([0, 1, 2])
  expect(shownColumns(moved(layout, 2, -2))).toEqual([2, 0, 1])
  expect(shownColumns(moved(layout, 2, 5))).toEqual([0, 1, 2])
  expect(shownColumns(toggled(moved(layout, 2, -1), 0))).toEqual([2, 1])
  expect(resized(layout, 0, 3).widths[0]).toBe(48)
})
