import { expect, test } from 'vitest'
import type { DocsCase, LocoCase } from './cases.js'
import { columnsMadeBy, docsAttempts, locoTable } from './expectations.js'

const example = (over: Partial<DocsCase>): DocsCase => ({
  source: 'docs',
  id: 'some-page#1',
  page: 'some-page',
  group: 'Scalar functions',
  query: 'print a, b',
  columns: ['a', 'b'],
  rows: [['', '']],
  official_columns: [
    ['a', 'string'],
    ['b', 'long'],
  ],
  ordered: true,
  order_by: 'print',
  usable: true,
  ...over,
})

const test_ = (over: Partial<LocoCase>): LocoCase => ({
  source: 'kusto-loco',
  id: 'SomeTests.One',
  query: 'print 1',
  view: 'table',
  checks: [],
  ordered: false,
  ...over,
})

test('an empty cell is "" for a string and null for any other type', () => {
  expect(docsAttempts(example({}))[0]?.tables[0]?.rows).toEqual([['', null]])
})

test('a sloppy header gives way to the official one', () => {
  const [attempt] = docsAttempts(example({ columns: ['a', 'B'], header_differs: true }))
  expect(attempt?.tables.map(({ columns }) => columns.map(({ name }) => name))).toEqual([['a', 'b']])
})

test('a page that shows the columns in another order may be met by name or by place', () => {
  const [attempt] = docsAttempts(example({ columns: ['b', 'a'], rows: [['1', 'x']], header_differs: true }))
  expect(attempt?.tables.map(({ rows }) => rows)).toEqual([[['1', 'x']], [['x', '1']]])
})

test('without official columns the page has the word, and the engine the types', () => {
  const [attempt] = docsAttempts(example({ official_columns: null }))
  expect(attempt?.tables[0]?.columns).toEqual([
    { name: 'a', type: 'unknown' },
    { name: 'b', type: 'unknown' },
  ])
})

test('the text of the link is a second way, with the names of the page', () => {
  const attempts = docsAttempts(example({ columns: ['x', 'y'], link_query: 'print x, y' }))
  expect(attempts.map(({ query }) => query)).toEqual(['print a, b', 'print x, y'])
  expect(attempts[1]?.tables[0]?.columns.map(({ name }) => name)).toEqual(['x', 'y'])
  expect(docsAttempts(example({ link_query: 'print a, b' }))).toHaveLength(1)
})

test('the sort keys that are shown hold the order; rows in place without them', () => {
  const order = (over: Partial<DocsCase>) => docsAttempts(example(over))[0]?.tables[0]?.order
  expect(order({ sort_keys: ['b', 'gone'] })).toEqual({ by: 'keys', keys: ['b'] })
  expect(order({ sort_keys: ['gone'] })).toEqual({ by: 'rows' })
  expect(order({ ordered: false, order_by: 'source' })).toEqual({ by: 'none' })
})

test('kusto-loco writes null out, and loses the last blank of a row', () => {
  const table = locoTable(
    test_({
      columns: ['a', 'b', 'c'],
      types: ['long', 'string', 'string'],
      rows: [
        ['(null)', 'x;', ''],
        ['1', 'x;', 'y'],
      ],
    }),
  )
  expect(table.rows).toEqual([
    [null, 'x', ''],
    ['1', 'x;', 'y'],
  ])
})

test('columns are traced to the function that fills them', () => {
  const sets = (query: string, names: string[]) => [
    ...columnsMadeBy(query, names, 'make_?set(?:_?if)?', 'set'),
  ]
  expect(sets('T | summarize make_set(x), n = makeset(y), l = make_list(z)', ['set_x', 'n', 'l'])).toEqual([
    'set_x',
    'n',
  ])
  expect(sets('T | summarize n = array_sort_asc(make_set(y))', ['n'])).toEqual([])
  expect(sets('T | extend set_x = 1', ['set_x'])).toEqual([])
})
