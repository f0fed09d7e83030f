import { expect, test } from 'vitest'
import type { RuleSummary } from '../api/rules'
import { coverageOf, isCovered } from './coverage'

const rule = (id: string, techniques: string[], enabled = true) =>
  ({ id, techniques, enabled }) as unknown as RuleSummary

test('a technique is covered by the rules, alerts and events of its parts, too', () => {
  const tactics = coverageOf(
    [rule('a', ['T1548.001']), rule('b', ['T1548']), rule('c', ['T1548.003'], false)],
    new Map([['T1548.003', 4]]),
    new Map([['T1548.001', 7]]),
  )
  const escalation = tactics.find(({ name }) => name === 'PrivilegeEscalation')!
  const technique = escalation.techniques.find(({ id }) => id === 'T1548')!
  expect(technique.rules.map(({ id }) => id)).toEqual(['a', 'b'])
  expect(technique).toMatchObject({ alerts: 4, events: 7 })
  expect(technique.parts.find(({ id }) => id === 'T1548.003')).toMatchObject({ rules: 0, alerts: 4 })
  expect(tactics[0]!.techniques.some(isCovered)).toBe(false)
  expect(tactics).toHaveLength(14)
})
