import { expect, test } from 'vitest'
import type { QueryAnswer } from '../../kql/answer'
import { ResultSet, testOf } from './result-set'

const answer: QueryAnswer = {
  columns: [
    { name: 'User', type: 'string' },
    { name: 'Serial', type: 'long' },
    { name: 'Took', type: 'timespan' },
    { name: 'Keys', type: 'dynamic' },
  ],
  rows: [
    ['erin', '9007199254740993', '00:00:09', '["a"]'],
    ['', '9007199254740992', '1.00:00:00', null],
    ['Root', null, '00:10:00', '[]'],
    ['alice', '5', null, '{"x":1}'],
  ],
  truncated: false,
  statistics: { compileMs: 1, executeMs: 1, tables: ['T'] },
}

const set = () => new ResultSet(answer)
const first = (results: ResultSet, column = 0) => results.slice(0, 10).map((row) => row[column])
const all = { filters: {}, search: '' }

test('the summary says what holds something', () => {
  expect(
    set()
      .summary()
      .columns.map(({ filled, widest }) => [filled, widest]),
  ).toEqual([
    [3, 5],
    [3, 16],
    [3, 10],
    [3, 7],
  ])
})

test('sorting: text without case, numbers with all digits, spans by length, empty ones last both ways', () => {
  const results = set()
  results.arrange({ ...all, sort: { column: 0, descending: false } })
  expect(first(results)).toEqual(['alice', 'erin', 'Root', ''])
  results.arrange({ ...all, sort: { column: 0, descending: true } })
  expect(first(results)).toEqual(['Root', 'erin', 'alice', ''])
  results.arrange({ ...all, sort: { column: 1, descending: true } })
  expect(first(results, 1)).toEqual(['9007199254740993', '9007199254740992', '5', null])
  results.arrange({ ...all, sort: { column: 2, descending: false } })
  expect(first(results, 2)).toEqual(['00:00:09', '00:10:00', '1.00:00:00', null])
})

test('filters', () => {
  const results = set()
  expect(results.arrange({ filters: { 0: 'R' }, search: '' })).toBe(2)
  expect(results.arrange({ filters: { 0: 'r', 1: '>5' }, search: '' })).toBe(1)
  expect(results.arrange({ filters: {}, search: '"x"' })).toBe(1)
  expect(results.arrange({ filters: { 0: '!root' }, search: '' })).toBe(3)
  expect(results.arrange(all)).toBe(4)
})

test.each([
  ['=Root', 'string', 'root', true],
  ['>=10', 'int', 9, false],
  ['>=10', 'long', '100', true],
  ['<2026-11', 'datetime', '2026-10-31T00:00:00Z', true],
  ['> ', 'string', '', false],
] as const)('%j on %s %j is %s', (filter, type, cell, expected) => {
  expect(testOf(filter, type)(cell)).toBe(expected)
})

test('facets count what is left', () => {
  const results = new ResultSet({
    ...answer,
    rows: [['a'], ['b'], ['a'], ['c']].map(([u]) => [u!, null, null, null]),
  })
  expect(results.facets(0, 2)).toEqual({
    top: [
      { value: 'a', count: 2 },
      { value: 'b', count: 1 },
    ],
    others: 1,
  })
})

test('CSV quotes, disarms formulas, and keeps numbers', () => {
  const results = new ResultSet({
    ...answer,
    columns: answer.columns.slice(0, 2),
    rows: [
      ['=cmd|x, "y"', '-5'],
      ['-5', '6'],
    ],
  })
  expect(results.export('csv', [0, 1]).join('')).toBe('User,Serial\r\n"\'=cmd|x, ""y""",-5\r\n-5,6\r\n')
})

test('JSON keeps digits and dynamics', () => {
  const text = set().export('json', [0, 1, 3]).join('')
  expect(text).toContain('"Serial":9007199254740993,"Keys":["a"]')
  expect(JSON.parse(text)).toHaveLength(4)
})

test('a table for the clipboard has a row a line', () => {
  const results = new ResultSet({ ...answer, rows: [['a\tb\nc', '1', null, null]] })
  expect(results.export('tsv', [0, 1]).join('')).toBe('User\tSerial\na b c\t1\n')
})
