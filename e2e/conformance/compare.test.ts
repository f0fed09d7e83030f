import { expect, test } from 'vitest'
import type { Value } from './cells.js'
import { type CompareRules, compareTables, type ExpectedTable, type RowOrder } from './compare.js'

const columns = [
  { name: 'k', type: 'long' },
  { name: 's', type: 'string' },
]
const documented = (rows: [string | null, string][], order: RowOrder = { by: 'none' }): ExpectedTable => ({
  columns,
  rows,
  order,
})
const given = (rows: Value[][], names = ['k', 's']) => ({
  columns: columns.map((column, index) => ({ ...column, name: names[index] as string })),
  rows,
})
const compare = (expected: ExpectedTable, rows: Value[][], rules?: CompareRules) =>
  compareTables(expected, given(rows), rules)

test('rows without an order are a multiset', () => {
  const table = documented([
    ['1', 'a'],
    ['1', 'a'],
    ['2', 'b'],
  ])
  const [a, b]: Value[][] = [
    [1n, 'a'],
    [2n, 'b'],
  ]
  expect(compare(table, [a, b, a] as Value[][]).values).toBe(true)
  expect(compare(table, [a, b, b] as Value[][]).values).toBe(false)
  expect(compare(table, [a, b] as Value[][]).difference).toBe('2 rows, documented 3')
})

test('ordered rows stand in their places', () => {
  const table = documented(
    [
      ['1', 'a'],
      ['2', 'b'],
    ],
    { by: 'rows' },
  )
  expect(
    compare(table, [
      [1n, 'a'],
      [2n, 'b'],
    ]).values,
  ).toBe(true)
  const turned = compare(table, [
    [2n, 'b'],
    [1n, 'a'],
  ])
  expect(turned).toEqual({ values: false, header: true, difference: 'row 1, column k: 2, documented "1"' })
})

test('rows that tie on the sort keys may change places, others not', () => {
  const table = documented(
    [
      ['1', 'a'],
      ['1', 'b'],
      ['2', 'c'],
    ],
    { by: 'keys', keys: ['k'] },
  )
  expect(
    compare(table, [
      [1n, 'b'],
      [1n, 'a'],
      [2n, 'c'],
    ]).values,
  ).toBe(true)
  const late = compare(table, [
    [1n, 'a'],
    [2n, 'c'],
    [1n, 'b'],
  ])
  expect(late.values).toBe(false)
  expect(late.difference).toMatch(/^order: row 2/)
  const other = compare(table, [
    [1n, 'a'],
    [1n, 'x'],
    [2n, 'c'],
  ])
  expect(other.values).toBe(false)
})

test('another header over the same values is told apart from wrong values', () => {
  const table = documented([['1', 'a']])
  expect(compareTables(table, given([[1n, 'a']], ['k', 'S']))).toEqual({
    values: true,
    header: false,
    difference: 'header (k:long, S:string), documented (k:long, s:string)',
  })
  expect(compareTables(table, given([[2n, 'a']], ['k', 'S'])).values).toBe(false)
})

test('the type of a column is part of the header', () => {
  const table: ExpectedTable = {
    columns: [{ name: 'k', type: 'long' }],
    rows: [['1']],
    order: { by: 'rows' },
  }
  expect(compareTables(table, { columns: [{ name: 'k', type: 'int' }], rows: [[1]] })).toEqual({
    values: true,
    header: false,
    difference: 'header (k:int), documented (k:long)',
  })
})

test('a column too few or too many is wrong, with or without rows', () => {
  const narrow = { columns: columns.slice(0, 1), rows: [] }
  expect(compareTables(documented([]), narrow)).toMatchObject({ values: false, header: false })
})

test('the difference names the documented row that is missing', () => {
  const table = documented([
    ['1', 'a'],
    [null, 'b'],
  ])
  const { difference } = compare(table, [
    [1n, 'a'],
    [0n, 'b'],
  ])
  expect(difference).toBe('no row (null, "b"); row 2, column k: 0, documented null')
})

test('sketches are not compared, sets without their order', () => {
  const dynamic = [{ name: 'd', type: 'dynamic' }]
  const table: ExpectedTable = { columns: dynamic, rows: [['[1,2]']], order: { by: 'rows' } }
  const other = { columns: dynamic, rows: [['[2,1]']] }
  expect(compareTables(table, other).values).toBe(false)
  expect(compareTables(table, other, { sets: new Set(['d']) }).values).toBe(true)
  expect(compareTables(table, { columns: dynamic, rows: [['"x"']] }, { opaque: new Set(['d']) }).values).toBe(
    true,
  )
})

test('a column of unknown type is read as the engine types it', () => {
  const table: ExpectedTable = {
    columns: [{ name: 'k', type: 'unknown' }],
    rows: [['1,000']],
    order: { by: 'rows' },
  }
  expect(compareTables(table, { columns: [{ name: 'k', type: 'long' }], rows: [[1000n]] }).values).toBe(true)
  expect(compareTables(table, { columns: [{ name: 'k', type: 'string' }], rows: [['1000']] }).values).toBe(
    false,
  )
})
