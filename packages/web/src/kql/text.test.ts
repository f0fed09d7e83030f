import { expect, test } from 'vitest'
import { condition, setsOwnTime, stringLiteral, withOperator } from './text'

test('a text becomes a literal that means it', () => {
  expect(stringLiteral('a "b" \\ c\n\x1b')).toBe('"a \\"b\\" \\\\ c\\n\\u001b"')
})

test.each([
  ['a0_s', 'string', 'x', 'a0_s == "x"'],
  ['a-b', 'string', '', `['a-b'] == ""`],
  ['N', 'long', '9007199254740993', 'N == 9007199254740993'],
  ['T', 'datetime', '2026-11-22T21:41:24.2400000Z', 'T == datetime(2026-11-22T21:41:24.2400000Z)'],
  ['D', 'dynamic', '["a"]', 'tostring(D) == "[\\"a\\"]"'],
  ['R', 'real', null, 'isnull(R)'],
] as const)('%s of %s', (name, type, cell, expected) => {
  expect(condition(name, type, cell)).toBe(expected)
})

test('an operator goes before the chart', () => {
  expect(withOperator('T\n| summarize count() by a\n| render piechart with (title="x")', 'where a > 1')).toBe(
    'T\n| summarize count() by a\n| where a > 1\n| render piechart with (title="x")',
  )
  expect(withOperator('T ;\n', 'take 5')).toBe('T \n| take 5'.replace('T ', 'T'))
})

test('a query that filters by time sets its own', () => {
  expect(setsOwnTime('T | where TimeGenerated >= ago(1h)')).toBe(true)
  expect(setsOwnTime('T | where a == 1 and TimeGenerated between (x .. y)')).toBe(true)
  expect(setsOwnTime('T\n//| where TimeGenerated >= ago(1h)\n| project TimeGenerated')).toBe(false)
  expect(setsOwnTime('T | where a == "where TimeGenerated > x"')).toBe(false)
})
