import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromArm, toArm } from './arm.js'
import { readRule } from './read.js'
import { anyRule } from './rule.testing.js'
import { rewriteRule, writeRule } from './write.js'

const content = new URL('../../../../content/analytics/', import.meta.url)
const shipped = readdirSync(content)
  .filter((name) => /(?<!\.test)\.yaml$/.test(name))
  .map((name) => readFileSync(new URL(name, content), 'utf8'))

test('any rule is read from its file as it was written', () => {
  fc.assert(
    fc.property(anyRule, (rule) => {
      expect(readRule(writeRule(rule), 'rule.yaml')).toEqual(rule)
    }),
  )
})

test('any rule comes back out of ARM as it went in', () => {
  fc.assert(
    fc.property(fc.array(anyRule, { maxLength: 3 }), (rules) => {
      const unique = [...new Map(rules.map((rule) => [rule.id, rule])).values()]
      const text = JSON.stringify(toArm(unique))
      expect(fromArm(text).rules).toEqual(unique)
    }),
  )
})

test('a file that does not change stays as it is, byte for byte', () => {
  for (const text of shipped) expect(rewriteRule(text, readRule(text, 'rule.yaml'))).toBe(text)
})

test('a change of one thing keeps all comments and spellings', () => {
  const text = `# Ours since May.
id: 11111111-1111-1111-1111-111111111111
name: Old name # as agreed
description: d
severity: Medium   # was High
queryFrequency: PT1H # hourly
queryPeriod: 01:00:00
triggerOperator: GreaterThan
triggerThreshold: 0
tactics: [Execution]
# the query
query: |
  T
  | where a == 1 // never 2
incidentConfiguration:
  createIncident: true # yes
  groupingConfiguration:
    enabled: false
    lookbackDuration: PT5H # half a day
`
  const rule = readRule(text, 'rule.yaml')
  const after = rewriteRule(text, {
    ...rule,
    severity: 'Low',
    grouping: { ...rule.grouping, enabled: true },
  })
  expect(after).toBe(text.replace('Medium   # was', 'Low # was').replace('enabled: false', 'enabled: true'))
  const other = rewriteRule(text, { ...rule, query: 'T\n| where a == 2\n' })
  expect(readRule(other, 'rule.yaml').query).toBe('T\n| where a == 2\n')
  expect(other).toContain('# the query')
  expect(other).toContain('# half a day')
})

test('any rule can be put into a file that held any other', () => {
  fc.assert(
    fc.property(anyRule, anyRule, (before, after) => {
      expect(readRule(rewriteRule(writeRule(before), after), 'rule.yaml')).toEqual(after)
    }),
    { numRuns: 50 },
  )
})
