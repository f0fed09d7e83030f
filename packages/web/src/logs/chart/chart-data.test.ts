import { expect, test } from 'vitest'
import type { Column } from '../../kql/answer'
import { type ChartData, chartData, kindOf, suggestedKind } from './chart-data'

const columns: Column[] = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'User', type: 'string' },
  { name: 'count_', type: 'long' },
]
const rows = [
  ['2026-11-22T02:00:00.0000000Z', 'erin', '3'],
  ['2026-11-22T01:00:00.0000000Z', 'erin', '2'],
  ['2026-11-22T01:00:00.0000000Z', '', '7'],
  [null, 'erin', '9'],
]

test('time is x, text splits, numbers are y, and time goes forward', () => {
  const data = chartData('timechart', columns, rows) as ChartData
  expect(data.xType).toBe('time')
  expect(data.series).toEqual([
    {
      name: 'erin',
      points: [
        [Date.parse('2026-11-22T01:00:00Z'), 2],
        [Date.parse('2026-11-22T02:00:00Z'), 3],
      ],
    },
    { name: '(empty)', points: [[Date.parse('2026-11-22T01:00:00Z'), 7]] },
  ])
  expect(data.legend).toBe(true)
})

test('columns: the first column has the categories in the order of the rows', () => {
  const data = chartData('columnchart', columns.slice(1), [
    ['b', '1'],
    ['a', '2'],
  ]) as ChartData
  expect(data.categories).toEqual(['b', 'a'])
  expect(data.series).toEqual([
    {
      name: 'count_',
      points: [
        ['b', 1],
        ['a', 2],
      ],
    },
  ])
  expect(data.stacking).toBe('stacked')
})

test('properties of render', () => {
  const data = chartData('areachart', columns, rows, {
    kind: 'stacked100',
    title: 'Who',
    ymin: '1',
    legend: 'hidden',
    ycolumns: 'count_',
  }) as ChartData
  expect(data).toMatchObject({ stacking: 'percent', title: 'Who', yMin: 1, legend: false })
})

test('what can not be drawn says why', () => {
  expect(chartData('timechart', columns.slice(1), [])).toEqual({
    reason: expect.stringContaining('datetime'),
  })
  expect(chartData('piechart', columns.slice(0, 2), [])).toEqual({
    reason: expect.stringContaining('numbers'),
  })
  expect(chartData('piechart', columns.slice(1), [])).toEqual({
    reason: expect.stringContaining('nothing to draw'),
  })
})

test('more series than can be told apart are left out, the smallest first', () => {
  const many = Array.from({ length: 40 }, (_, i) => ['2026-11-22T01:00:00Z', `u${i}`, String(i)])
  const data = chartData('timechart', columns, many) as ChartData
  expect(data.series).toHaveLength(24)
  expect(data.leftOut).toBe(16)
  expect(data.series.map(({ name }) => name)).toContain('u39')
})

test('kinds', () => {
  expect(kindOf({ kind: 'anomalychart', properties: {} })).toBe('timechart')
  expect(kindOf({ kind: 'table', properties: {} })).toBeUndefined()
  expect(suggestedKind(columns)).toBe('timechart')
  expect(suggestedKind(columns.slice(1))).toBe('columnchart')
  expect(suggestedKind(columns.slice(0, 2))).toBeUndefined()
})
