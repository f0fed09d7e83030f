import { expect, test } from 'vitest'
import type { Check, LocoCase, View } from './cases.js'
import type { Value } from './cells.js'
import { datetimeTicks, timespanTicks } from './ticks.js'
import { cellText, failedCheck } from './views.js'

const fails = (
  view: View,
  checks: Check[],
  types: string[],
  rows: Value[][],
  over: Partial<LocoCase> = {},
): string | undefined =>
  failedCheck(
    { source: 'kusto-loco', id: 'T.1', query: '', view, checks, ordered: true, ...over },
    { columns: types.map((type, index) => ({ name: `c${index}`, type })), rows },
  )

test('cells are printed as .NET prints them', () => {
  expect(cellText(null, 'long')).toBe('<null>')
  expect(cellText(true, 'bool')).toBe('True')
  expect(cellText(5n, 'long')).toBe('5')
  expect(cellText(4, 'real')).toBe('4')
  expect(cellText(datetimeTicks('2023-01-01 10:00:00.5') as bigint, 'datetime')).toBe('2023-01-01 10:00:00Z')
  expect(cellText(timespanTicks('4.00:00:00') as bigint, 'timespan')).toBe('4.00:00:00')
  expect(cellText('{"a":[1]}', 'dynamic')).toBe('{\n  "a": [\n    1\n  ]\n}')
  expect(cellText('"a"', 'dynamic')).toBe('a')
  expect(cellText('null', 'dynamic')).toBe('<null>')
})

test('the last row, its cells joined', () => {
  const rows = [
    [1n, 'a'],
    [2n, 'b'],
  ]
  expect(fails('last_row', [{ op: 'equals', value: '2,b' }], ['long', 'string'], rows)).toBeUndefined()
  expect(fails('last_row', [{ op: 'equals', value: '1,a' }], ['long', 'string'], rows)).toBe(
    'last_row is "2,b", documented equals "1,a"',
  )
})

test('a result without rows has no last row', () => {
  for (const op of ['equals', 'not_equals', 'not_contains', 'not_null'] as const) {
    expect(fails('last_row', [{ op, value: '' }], ['long'], [])).toMatch(/^last_row is absent/)
  }
})

test('squashed views have no blanks, and equal JSON whatever the key order', () => {
  const check: Check = { op: 'equals', value: '{"a":1,"b":2}' }
  expect(fails('last_row_squashed', [check], ['dynamic'], [['{"a": 1, "b": 2}']])).toBeUndefined()
  expect(fails('last_row_squashed', [check], ['dynamic'], [['{"b":2,"a":1}']])).toBeUndefined()
  expect(fails('last_row_squashed', [check], ['dynamic'], [['{"a":1}']])).toBeDefined()
  const part: Check = { op: 'contains', value: '"a":1' }
  expect(fails('last_row_squashed', [part], ['dynamic'], [['{"a": 1, "b": 2}']])).toBeUndefined()
})

test('rows are joined; unsorted they may come in any order', () => {
  const check: Check = { op: 'equals', value: '1,10\n2,a' }
  const given: Value[][] = [
    [2, '"a"'],
    [1, '10'],
  ]
  const types = ['int', 'dynamic']
  expect(fails('rows', [check], types, given, { sep: '\n', ordered: false })).toBeUndefined()
  expect(fails('rows', [check], types, given, { sep: '\n', ordered: true })).toBeDefined()
  expect(fails('rows', [check], types, given.slice(1), { sep: '\n', ordered: false })).toBeDefined()
  expect(fails('rows', [{ op: 'equals', value: '' }], ['real'], [], { sep: ',' })).toBeUndefined()
  expect(
    fails('rows', [{ op: 'equals', value: '<null>,True' }], ['bool'], [[null], [true]], { sep: ',' }),
  ).toBeUndefined()
})

test('counts, and the error that did not come', () => {
  expect(fails('row_count', [{ op: 'equals', value: 0 }], ['real'], [])).toBeUndefined()
  expect(fails('row_count', [{ op: 'equals', value: 0 }], ['real'], [[1]])).toBeDefined()
  expect(fails('column_count', [{ op: 'equals', value: 2 }], ['real'], [])).toBeDefined()
  expect(fails('error', [{ op: 'equals', value: '' }], ['real'], [])).toBeUndefined()
})

test.each<[Check, string, boolean]>([
  [{ op: 'between', value: [0.45, 0.55] }, '0.5', true],
  [{ op: 'between', value: [0.45, 0.55] }, '0.56', false],
  [{ op: 'contains_any', value: ['first', 'second'] }, 'second', true],
  [{ op: 'contains_any', value: ['first', 'second'] }, 'third', false],
  [{ op: 'starts_with', value: '1.3' }, '1.38', true],
  [{ op: 'starts_with', value: '1.3' }, '11.3', false],
  [{ op: 'not_contains', value: 'long' }, 'int', true],
  [{ op: 'not_contains', value: 'long' }, 'a long one', false],
  [{ op: 'not_equals', value: '0' }, '0', false],
])('%j on %s', (check, seen, holds) => {
  expect(fails('last_row', [check], ['string'], [[seen]]) === undefined).toBe(holds)
})

test('every check must hold', () => {
  const checks: Check[] = [
    { op: 'contains', value: 'a' },
    { op: 'contains', value: 'z' },
  ]
  expect(fails('last_row', checks, ['string'], [['abc']])).toMatch(/"z"$/)
})
