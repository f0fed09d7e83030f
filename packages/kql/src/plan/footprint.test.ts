import { expect, test } from 'vitest'
import { compile, renderPlan } from '../compile.js'
import { type Footprint, footprint } from './footprint.js'

const schema = {
  name: 'test',
  tables: ['T', 'U'].map((name) => ({
    name,
    columns: [
      { name: 'TimeGenerated', type: 'datetime' as const },
      { name: 'a', type: 'string' as const },
      { name: 'n', type: 'long' as const },
    ],
  })),
}

function print(found: Footprint): string {
  if (found.kind === 'always') return 'always'
  if (found.kind === 'slots') {
    const { sql } = renderPlan(found.plan)
    const from = /FROM "(\w+)"/.exec(sql)?.[1]
    const where = /WHERE ([\s\S]*)\nGROUP/.exec(sql)?.[1]?.replace(/\s+/g, ' ')
    return where === undefined ? `${from}` : `${from} where ${where}`
  }
  return `${found.kind}(${found.of.map(print).join('; ')})`
}

const slots = { origin: 0n, step: 600_000_000n }
const of = (text: string) =>
  print(footprint(compile(text, { schema, now: 10n }).plan, compile(text, { schema, now: 20n }).plan, slots))

test.each([
  ['T', 'T'],
  ['T | where a == "x" | extend b = n + 1 | where b > 2', `T where "a" = 'x' AND "n" + 1 > 2`],
  ['T | where a == "x" | summarize count() by a | where count_ > 5', `T where "a" = 'x'`],
  ['T | where a == "x" | summarize count()', 'always'],
  ['print 1', 'always'],
  [
    'T | where a == "x" | join kind=inner (U | where a == "y") on n',
    `all(T where "a" = 'x'; U where "a" = 'y')`,
  ],
  ['T | where a == "x" | join kind=leftanti (U | where a == "y") on n', `T where "a" = 'x'`],
  ['T | where a == "x" | join kind=leftouter (U) on n', `T where "a" = 'x'`],
  ['T | where a == "x" | join kind=fullouter (U) on n', `any(T where "a" = 'x'; U)`],
  ['union (T | where a == "x"), (U | where a == "y")', `any(T where "a" = 'x'; U where "a" = 'y')`],
  [
    'let t = materialize(T | where a == "x"); t | join kind=inner t on n',
    `all(T where "a" = 'x'; T where "a" = 'x')`,
  ],
  // What another time or other rows decide is left out.
  ['T | where a == "x" and TimeGenerated > ago(1h)', `T where "a" = 'x'`],
  ['T | extend age = now() - TimeGenerated | where age > 1h and a == "x"', 'T'],
  ['T | where a == "x" and a in ((U | project a))', `T where "a" = 'x'`],
  ['T | where a == "x" | mv-expand b = split(a, ",") | where b == "y" | top 5 by n', `T where "a" = 'x'`],
])('%s', (text, expected) => {
  expect(of(text)).toBe(expected)
})
