import { expect, test } from 'vitest'
import { parseRuleTests } from './read.js'
import { differences } from './run.js'

const FILE = `tests:
  - name: finds
    log: a.log
    computer: web-1
    rows: 2
    alerts: 1
    titles: [One]
    entities:
      - {type: Account, Name: alice}
  - name: finds nothing
    log: [a.log, b.log]
    rows: 0
`

test('tests are read with what they expect', () => {
  const { tests, problems } = parseRuleTests(FILE)
  expect(problems).toEqual([])
  expect(tests).toEqual([
    {
      name: 'finds',
      logs: ['a.log'],
      computer: 'web-1',
      rows: 2,
      alerts: 1,
      titles: ['One'],
      entities: [{ type: 'Account', identifiers: { Name: 'alice' } }],
      line: 2,
    },
    expect.objectContaining({ logs: ['a.log', 'b.log'], computer: 'test-host', rows: 0, line: 10 }),
  ])
})

test.each([
  ['', 'expected a mapping with tests: a list'],
  ['tests: 1', 'tests: expected a list'],
  ['tests:\n  - name: x\n    log: a\n', 'rows is missing'],
  ['tests:\n  - name: x\n    log: a\n    rows: many\n', 'rows: expected a whole number'],
  ['tests:\n  - name: x\n    log: a\n    rows: 1\n    entities: [alice]\n', 'entities: expected a type'],
])('%j is refused', (text, message) => {
  const { tests, problems } = parseRuleTests(text)
  expect(tests).toEqual([])
  expect(problems.map((problem) => problem.message).join()).toContain(message)
})

test('what differs is said with what was found', () => {
  const [expected] = parseRuleTests(FILE).tests
  const alice = { type: 'Account', identifiers: { Name: 'alice', NTDomain: 'X' } }
  expect(differences(expected!, { rows: 2, alerts: 1, titles: ['Two', 'One'], entities: [alice] })).toEqual(
    [],
  )
  expect(differences(expected!, { rows: 1, alerts: 0, titles: [], entities: [] })).toEqual([
    'rows: expected 2, found 1',
    'alerts: expected 1, found 0',
    'no alert is called "One"; there are none',
    'no entity is Account Name=alice; there are none',
  ])
})
