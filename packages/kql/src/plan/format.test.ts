import { expect, test } from 'vitest'
import { compile } from '../compile.js'
import { formatPlan } from './format.js'

const schema = {
  name: 'd',
  tables: [
    {
      name: 'T',
      columns: [
        { name: 'a', type: 'long' as const },
        { name: 'b', type: 'string' as const },
        { name: 'unused', type: 'string' as const },
      ],
    },
  ],
}

const plan = (text: string) => formatPlan(compile(text, { schema, now: 0n }).plan)

test('operators from the result down to the table, with only the columns that are used', () => {
  const lines = plan('T | where a > 1 | summarize n = count() by b | top 3 by n').split('\n')
  expect(lines.map((line) => line.trim().split(' ')[0])).toEqual([
    'result',
    expect.stringMatching(/^(sort|limit)$/),
    ...lines.slice(2).map(() => expect.any(String)),
  ])
  expect(lines.at(-1)).toMatch(/^ +scan T \(a#\d+:long, b#\d+:string(, _RowId#\d+:long)?\)$/)
  expect(lines.join('\n')).toMatch(/filter \(a#\d+ > long\(1\)\)/)
  expect(lines.join('\n')).toMatch(/aggregate n#\d+:long = count\(\).* by b#\d+:string/)
})

test('both sides of a join, a let that is shared, text in quotes', () => {
  const text = plan('let S = materialize(T | where b == "x\\"y"); S | join kind=inner S on a')
  expect(text).toMatch(/^shared S\n {2}filter \(b#\d+ == "x\\"y"\)/)
  expect(text).toMatch(/join inner on a#\d+ == a1?#\d+\n +reference S\n +reference S$/)
})
