import { readdirSync, readFileSync } from 'node:fs'
import { compile } from '@auspex/kql'
import { TABLES } from '@auspex/store'
import { expect, test } from 'vitest'
import { isRuleFile } from '../library.js'
import { printFinding } from './finding.js'
import { validateRules } from './validate.js'

const parts = {
  schema: { name: 'test', tables: TABLES },
  compile: async (...args: Parameters<typeof compile>) => compile(...args),
  now: 0n,
}

const RULE = `id: 11111111-1111-1111-1111-111111111111
name: A rule
description: d
severity: Medium
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
tactics: [Execution]
relevantTechniques: [T1059.004]
query: |
  LinuxAuditLog_CL
  | where RecordType_s == "EXECVE"
  | project TimeGenerated, Computer, a0_s
entityMappings:
  - entityType: Host
    fieldMappings: [{identifier: FullName, columnName: Computer}]
version: 1.0.0
kind: Scheduled
`

const validate = async (...texts: string[]) =>
  (
    await validateRules(
      texts.map((text, i) => ({ file: `${i}.yaml`, text })),
      parts,
    )
  ).map(printFinding)

test('a good rule has no findings', async () => {
  expect(await validate(RULE)).toEqual([])
})

test('every shipped rule and hunting query has no findings', async () => {
  const files = ['analytics', 'hunting'].flatMap((folder) => {
    const url = new URL(`../../../../../content/${folder}/`, import.meta.url)
    const names = readdirSync(url).filter(isRuleFile)
    return names.map((file) => ({ file, text: readFileSync(new URL(file, url), 'utf8') }))
  })
  expect((await validateRules(files, parts)).map(printFinding)).toEqual([])
  expect(files.length).toBeGreaterThan(40)
})

test.each([
  [
    'a query that does not bind, at its line and column in the file',
    RULE.replace('where RecordType_s', 'where RecordTyp_s'),
    /^0\.yaml:13:11: error: .*RecordTyp_s.* \[kql\]$/,
  ],
  [
    'a table that is not there',
    RULE.replace('LinuxAuditLog_CL', 'Nowhere_CL'),
    /^0\.yaml:12:3: error: .*Nowhere_CL.* \[kql\]$/,
  ],
  [
    'a mapped column that the query does not give',
    RULE.replace('columnName: Computer', 'columnName: computer'),
    /^0\.yaml:17:56: error: the query's result has no column computer; did you mean Computer\? \[columns\]$/,
  ],
  [
    'a placeholder without a column',
    `${RULE}alertDetailsOverride: {alertDisplayNameFormat: "{{Who}}"}\n`,
    /^0\.yaml:20:48: error: .*no column Who.* \[columns\]$/,
  ],
  [
    'a technique of other tactics',
    RULE.replace('T1059.004', 'T1003'),
    /^0\.yaml:10:22: error: T1003 .* CredentialAccess.* \[techniques\]$/,
  ],
  [
    'a technique of more tactics',
    RULE.replace('T1059.004', 'T1053'),
    /^0\.yaml:10:22: warning: T1053 .*Persistence.* \[techniques\]$/,
  ],
  [
    'a technique that was replaced',
    RULE.replace('T1059.004', 'T1168'),
    /warning: .*T1168.*(revoked|deprecated|no technique).* \[techniques\]$/,
  ],
  [
    'an old entity column that the mappings pass over',
    RULE.replace('project ', 'extend AccountCustomEntity = auid_s | project '),
    /^0\.yaml:1[56]:.*warning: the query makes AccountCustomEntity.* \[entity-mappings\]$/,
  ],
  [
    'an id that is no GUID',
    RULE.replace(/^id: .*/, 'id: x'),
    /^0\.yaml:1:5: warning: "x" is no GUID.* \[id\]$/,
  ],
  [
    'a letter that Azure-Sentinel does not take',
    RULE.replace('name: A', 'name: Ä'),
    /"Ä" \(U\+00C4\).* \[non-ascii\]$/,
  ],
  [
    'a structure that does not hold',
    RULE.replace('triggerThreshold: 0', 'triggerThreshold: -1'),
    /^0\.yaml:8:19: error: triggerThreshold: expected a whole number.* \[structure\]$/,
  ],
])('%s is found', async (_, text, expected) => {
  const findings = await validate(text)
  expect(findings).toHaveLength(1)
  expect(findings[0]).toMatch(expected)
})

test('the second rule of an id is found', async () => {
  expect(await validate(RULE, RULE)).toEqual([
    '1.yaml:1:5: error: the id is that of 0.yaml; every rule needs one of its own [id]',
  ])
})

test('a hunting query needs no schedule', async () => {
  expect(
    await validate(`id: 22222222-2222-2222-2222-222222222222
name: A hunt
tactics: [Execution]
relevantTechniques: [T1059]
query: LinuxAuditLog_CL | take 1
`),
  ).toEqual([])
})

test('a dry run that fails is found', async () => {
  const failing = { ...parts, dryRun: () => Promise.reject(new Error('no memory')) }
  const [finding] = await validateRules([{ file: 'a.yaml', text: RULE }], failing)
  expect(printFinding(finding!)).toBe('a.yaml:11:8: error: the query can not be run: no memory [run]')
})
