import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Draft, draftOf, emptyDraft, keyAt, readYaml, yamlOf } from './draft'

const article = readFileSync(
  new URL('../../../../../content/analytics/linux-auditlog-pam-tty.yaml', import.meta.url),
  'utf8',
)

test('a file that nobody changed is written as it was', () => {
  const draft = readYaml(article) as Draft
  expect(draft.name).toBe('Custom Analytic - Linux AuditLog + PAM TTY Session Activity')
  expect(draft.description).toMatch(/^This Detection monitors/)
  expect(draft.enabled).toBe(false)
  expect(yamlOf(draft, article)).toBe(article)
})

test('a change is written where it belongs; comments and the rest stay', () => {
  const draft = { ...(readYaml(article) as Draft), severity: 'High', queryFrequency: '1h' }
  const text = yamlOf(draft, article)
  expect(text).toContain('severity: High')
  expect(text).toContain("# The article's rule, its query as it stands.")
  const before = article.split('\n')
  expect(text.split('\n').filter((line, i) => line !== before[i])).toEqual([
    'severity: High',
    'queryFrequency: 1h',
  ])
})

test('a new rule has the keys in their usual order, and its query as a block', () => {
  const text = yamlOf({ ...emptyDraft('T\n| where a == 1'), id: 'x', name: 'N', tactics: ['Execution'] })
  expect(text).toMatch(/^id: x\nname: N\n/)
  expect(text).toContain('query: |\n  T\n  | where a == 1\n')
  expect(text).not.toContain('entityMappings')
  expect(readYaml(text)).toEqual({
    ...emptyDraft('T\n| where a == 1'),
    id: 'x',
    name: 'N',
    tactics: ['Execution'],
  })
})

test('a near-real-time rule has no schedule', () => {
  const text = yamlOf({ ...emptyDraft('T'), kind: 'NRT' })
  expect(text).toContain('kind: NRT')
  expect(text).not.toMatch(/queryFrequency|triggerThreshold/)
})

test('what is no YAML says where', () => {
  expect(readYaml('a: [1,\nb: 2')).toMatchObject({ line: expect.any(Number), message: expect.any(String) })
  expect(readYaml('- a')).toMatchObject({ message: 'a rule is a mapping of keys' })
})

test('what a file lacks takes its default', () => {
  expect(draftOf({ name: 5, tactics: 'x', entityMappings: [{}] })).toMatchObject({
    name: '5',
    tactics: [],
    entityMappings: [{ entityType: '', fieldMappings: [] }],
  })
})

test('a line tells the key that it stands in', () => {
  expect(keyAt(article, article.split('\n').findIndex((line) => line.includes('makeset(tty_s)')) + 1)).toBe(
    'query',
  )
  expect(keyAt(article, 5)).toBe('name')
})
