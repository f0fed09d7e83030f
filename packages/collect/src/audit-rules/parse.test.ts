import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRules } from './parse.js'
import type { Rule } from './rules.js'

interface Case {
  readonly line: string
  readonly loads: boolean
}

const cases = JSON.parse(
  readFileSync(new URL('./cases/auditctl-3.0.9.json', import.meta.url), 'utf8'),
) as readonly Case[]

describe('a line of a rules file', () => {
  it.each(cases)('$line: loads $loads', ({ line, loads }) => {
    expect(parseRules(line).problems.map(({ message }) => message).length === 0).toBe(loads)
  })
})
