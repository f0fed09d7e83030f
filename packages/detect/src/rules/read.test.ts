import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { FileProblem as RuleProblem } from '../yaml/reader.js'
import { RuleFileError, readRule } from './read.js'

const content = new URL('../../../../content/analytics/', import.meta.url)

test('every shipped rule reads without a complaint, and ids are unique', () => {
  const files = readdirSync(content).filter((name) => !name.includes('.test.'))
  const warnings: RuleProblem[] = []
  const rules = files.map((file) =>
    readRule(readFileSync(new URL(file, content), 'utf8'), file, (w) => warnings.push(w)),
  )
  expect(rules.length).toBeGreaterThan(0)
  expect(warnings).toEqual([])
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
})

test("the article's rule has its schedule, threshold and three entities", () => {
  const text = readFileSync(new URL('linux-auditlog-pam-tty.yaml', content), 'utf8')
  expect(readRule(text, 'rule.yaml')).toMatchObject({
    kind: 'Scheduled',
    severity: 'Medium',
    frequency: 30,
    period: 30,
    triggerOperator: 'gt',
    triggerThreshold: 0,
    aggregation: 'SingleAlert',
    createIncident: true,
    entityMappings: [
      { entityType: 'Host', fieldMappings: [{ identifier: 'FullName', columnName: 'HostCustomEntity' }] },
      {
        entityType: 'Account',
        fieldMappings: [{ identifier: 'FullName', columnName: 'AccountCustomEntity' }],
      },
      {
        entityType: 'Process',
        fieldMappings: [{ identifier: 'CommandLine', columnName: 'URLCustomEntity' }],
      },
    ],
  })
})

const problemsOf = (text: string): readonly RuleProblem[] => {
  try {
    readRule(text, 'rule.yaml')
  } catch (error) {
    if (error instanceof RuleFileError) return error.problems
    throw error
  }
  return []
}

const RULE = `id: 1
name: A rule
description: d
severity: high
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: GreaterThan
triggerThreshold: 3
query: T
`

test('words are read in any case, operators in both spellings', () => {
  expect(readRule(RULE, 'rule.yaml')).toMatchObject({
    severity: 'High',
    triggerOperator: 'gt',
    triggerThreshold: 3,
  })
})

test('all complaints come at once, each with its place', () => {
  const bad = RULE.replace('severity: high', 'severity: Huge').replace('queryPeriod: 1h', 'queryPeriod: soon')
  expect(problemsOf(bad)).toEqual([
    expect.objectContaining({ line: 4, column: 11, message: expect.stringContaining('"Huge"') }),
    expect.objectContaining({
      line: 6,
      column: 14,
      message: expect.stringContaining('"soon" is no duration'),
    }),
  ])
})

test.each([
  [
    'a period that is shorter than the frequency',
    RULE.replace('queryPeriod: 1h', 'queryPeriod: 30m'),
    'shorter',
  ],
  ['a missing query', RULE.replace('query: T\n', ''), 'query is missing'],
  ['no mapping', '- a\n', 'expected a mapping'],
  ['broken YAML', 'id: "x\n', 'Missing closing'],
  ['an empty file', '', 'expected a mapping'],
])('%s is refused', (_, text, message) => {
  expect(
    problemsOf(text)
      .map((problem) => problem.message)
      .join('\n'),
  ).toContain(message)
})

test('an unknown identifier is a warning, and the mapping is kept as it is', () => {
  const warnings: RuleProblem[] = []
  const text = `${RULE}entityMappings:
  - entityType: Host
    fieldMappings:
      - identifier: Name
        columnName: Computer
`
  expect(readRule(text, 'rule.yaml', (w) => warnings.push(w)).entityMappings).toEqual([
    { entityType: 'Host', fieldMappings: [{ identifier: 'Name', columnName: 'Computer' }] },
  ])
  expect(warnings.map(({ line, message }) => [line, message])).toEqual([
    [11, expect.stringContaining('is told by FullName')],
    [13, expect.stringContaining('"Name"')],
  ])
})
