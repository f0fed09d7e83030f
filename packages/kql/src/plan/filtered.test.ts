import { expect, test } from 'vitest'
import { compile } from '../compile.js'
import { formatPlan } from './format.js'

const columns = [
  { name: 'k', type: 'long' as const },
  { name: 'a', type: 'long' as const },
]
const schema = {
  name: 'd',
  tables: [
    { name: 'L', columns },
    { name: 'R', columns },
  ],
}

/** The kinds of the plan's nodes, from the result down, left before right. */
const shape = (text: string) =>
  formatPlan(compile(text, { schema, now: 0n }).plan)
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(' ')[0])
    .filter((kind) => kind !== 'sort')

test('a condition on the left side chooses before innerunique keeps one row a key', () => {
  expect(shape('L | join R on k | where a == 1')).toEqual(['join', 'first-of-each', 'filter', 'scan', 'scan'])
  expect(shape('L | join R on k | extend b = a + 1 | where a == 1')).toEqual([
    'compute',
    'join',
    'first-of-each',
    'filter',
    'scan',
    'scan',
  ])
})

test('a condition on the right side, on both or on what was computed stays above', () => {
  for (const condition of ['a1 == 1', 'a == a1', 'true or a1 == 1']) {
    expect(shape(`L | join R on k | where ${condition}`)[0]).toBe('filter')
  }
  expect(shape('L | join R on k | extend b = a + a1 | where b == 1')[0]).toBe('filter')
})

test('each part of an `and` goes where it belongs', () => {
  expect(shape('L | join R on k | where a == 1 and a1 == 2')).toEqual([
    'filter',
    'join',
    'first-of-each',
    'filter',
    'scan',
    'scan',
  ])
})

test('other joins are left alone', () => {
  expect(shape('L | join kind=inner R on k | where a == 1')).toEqual(['filter', 'join', 'scan', 'scan'])
})
