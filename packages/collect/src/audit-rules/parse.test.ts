import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalRule } from './canonical.js'
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
    expect(parseRules(line).problems.length === 0).toBe(loads)
  })

  it('is refused at the word that is wrong', () => {
    const text = '-D\n# a comment\n-a always,exit -F arch=b64 -S open,opne,close -k x\n-w /etc/passwd -p q\n'
    expect(parseRules(text).problems).toEqual([
      expect.objectContaining({ check: 'syscall-unknown', at: { line: 3, column: 36, endColumn: 40 } }),
      expect.objectContaining({ check: 'value-wrong', at: { line: 4, column: 19, endColumn: 20 } }),
    ])
  })

  it('is the rule that it stands for', () => {
    const [watch] = parseRules('-w /tmp/a\\ b -p wa -k one -k two').statements as [Rule]
    expect(watch).toMatchObject({ list: 'exit', action: 'always', watch: true })
    expect(watch.fields.map(({ name, value }) => [name, value])).toEqual([
      ['path', '/tmp/a b'],
      ['perm', 'wa'],
    ])
    expect(watch.keys.map(({ text }) => text)).toEqual(['one', 'two'])
  })
})

describe('two ways to write a rule', () => {
  const canonical = (line: string) => canonicalRule(parseRules(line).statements[0] as Rule)

  it.each([
    ['-w /etc/ -p aw -k x', '-a always,exit -F dir=/etc -F perm=wa -F key=x'],
    ['-a exit,always -F arch=x86_64 -S open -S close', '-a always,exit -F arch=b64 -S close,open'],
    ['-a always,exit -S open -F auid!=unset', '-a always,exit -S open -F auid!=4294967295'],
    ['-a always,exit -S open -F a0=64 -F a1=0100', '-a always,exit -S open -F a0=0x40 -F a1=0x40'],
    ['-a always,exit -S open -F a0=-1', '-a always,exit -S open -F a0=0xFFFFFFFF'],
    ['-a always,exit -S open -C auid!=uid', '-a always,exit -S open -C uid!=auid'],
    ['-a always,exclude -F msgtype=CWD', '-a never,exclude -F msgtype=1307'],
  ])('%s is %s', (one, other) => expect(canonical(one)).toBe(canonical(other)))
})

describe('any text', () => {
  it('is read line by line: each rule or refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { statements, problems } = parseRules(text)
        const lines = text.split('\n').length
        for (const { at } of [...statements, ...problems]) expect(at.line).toBeLessThanOrEqual(lines)
      }),
    )
  })
})
