import { expect, test } from 'vitest'
import { RETIRED, TACTICS, TECHNIQUES, tacticNames } from './index.js'

test('every technique has tactics that exist', () => {
  const slugs = new Set(TACTICS.map(({ slug }) => slug))
  for (const technique of TECHNIQUES.values()) {
    expect(technique.tactics.length).toBeGreaterThan(0)
    for (const tactic of technique.tactics) expect(slugs).toContain(tactic)
  }
})

test('every successor of a retired id exists, and no retired id does', () => {
  for (const [id, { now }] of RETIRED) {
    expect(TECHNIQUES.has(id)).toBe(false)
    for (const successor of now) expect(TECHNIQUES.has(successor), successor).toBe(true)
  }
})

test('tactics have the names that Sentinel writes', () => {
  expect(tacticNames(TECHNIQUES.get('T1548.003')!)).toEqual(['PrivilegeEscalation', 'DefenseEvasion'])
  expect(TACTICS.map(({ name }) => name)).toContain('CommandAndControl')
})
