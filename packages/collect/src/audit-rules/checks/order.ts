/**
 * The first rule that matches gives an event its key; the rules behind it are not asked. Rules of files and of
 * system calls are in one order in this: that in which they were loaded.
 */
import { canonicalField, canonicalRule, canonicalSyscalls } from '../canonical.js'
import { type Field, fieldOf, type Rule } from '../rules.js'
import type { Check } from './check.js'

const duplicate: Check = {
  name: 'duplicate',
  severity: 'error',
  *run({ rules }) {
    const seen = new Map<string, Rule>()
    for (const rule of rules) {
      const canonical = canonicalRule(rule)
      const first = seen.get(canonical)
      if (first === undefined) seen.set(canonical, rule)
      else {
        yield {
          at: rule.at,
          message: `the same rule stands in line ${first.at.line}: the kernel refuses the second, and without -i or -c nothing behind it is loaded`,
          advice: 'remove one of them',
        }
      }
    }
  },
}

const shadowed: Check = {
  name: 'never-reached',
  severity: 'warning',
  *run({ rules }) {
    const earlier: Reach[] = []
    for (const rule of rules) {
      if (rule.list !== 'exit') continue
      const reach = reachOf(rule)
      const wider = earlier.find((candidate) => includes(candidate, reach))?.rule
      earlier.push(reach)
      if (wider === undefined || canonicalRule(wider) === canonicalRule(rule)) continue
      yield {
        at: rule.at,
        message:
          wider.action === 'never'
            ? `the exclusion in line ${wider.at.line} takes all that this rule is after`
            : `line ${wider.at.line} matches first: no event gets ${rule.keys[0] === undefined ? 'to this rule' : `the key ${rule.keys[0].text}`}`,
        advice: 'put the narrower rule first, or remove it',
      }
    }
  },
}

/** What a rule matches, taken apart once: each rule is held against all before it. */
interface Reach {
  readonly rule: Rule
  readonly calls: ReadonlySet<string>
  readonly fields: readonly (readonly [Field, canonical: string])[]
  readonly conditions: ReadonlySet<string>
  readonly comparisons: ReadonlySet<string>
}

const reachOf = (rule: Rule): Reach => ({
  rule,
  fields: rule.fields.map((field) => [field, canonicalField(field)]),
  calls: new Set(canonicalSyscalls(rule)),
  conditions: new Set(rule.fields.map((field) => canonicalField(field))),
  comparisons: new Set(
    rule.comparisons.map(({ left, operator, right }) => [left, right].sort().join(operator)),
  ),
})

/** Whether `wide` matches whatever `narrow` matches, as far as the text of the rules shows. */
function includes(wide: Reach, narrow: Reach): boolean {
  if (!wide.calls.has('all') && !isSubset(narrow.calls, wide.calls)) return false
  if (!isSubset(wide.comparisons, narrow.comparisons)) return false
  for (const [field, canonical] of wide.fields) {
    if (narrow.conditions.has(canonical)) continue
    if (!narrow.rule.fields.some((other) => implies(other, field))) return false
  }
  return true
}

function isSubset(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  for (const one of some) if (!all.has(one)) return false
  return true
}

/** Whether `wide` holds wherever `narrow` does. */
function implies(narrow: Field, wide: Field): boolean {
  if (wide.name === 'dir') {
    return (narrow.name === 'dir' || narrow.name === 'path') && isUnder(narrow.value, wide.value)
  }
  if (narrow.name !== wide.name) return false
  if (wide.name === 'perm') return [...narrow.value].every((letter) => wide.value.includes(letter))
  return (
    wide.operator === '>=' &&
    ['=', '>='].includes(narrow.operator) &&
    Number(narrow.value) >= Number(wide.value)
  )
}

const isUnder = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)

const keyTaken: Check = {
  name: 'key-taken',
  severity: 'warning',
  *run({ rules }) {
    const everyCommand = rules.find(
      (rule) =>
        rule.list === 'exit' &&
        rule.action === 'always' &&
        rule.syscalls.some(({ text }) => text === 'execve') &&
        fieldOf(rule, 'path', 'dir', 'exe', 'exit') === undefined &&
        !rule.fields.some(({ name, value }) => name === 'success' && value === '0'),
    )
    if (everyCommand === undefined) return
    for (const rule of rules.slice(rules.indexOf(everyCommand) + 1)) {
      const perm = fieldOf(rule, 'perm')
      if (rule.action !== 'always' || perm === undefined || perm.value !== 'x') continue
      const path = fieldOf(rule, 'path', 'dir')
      if (path === undefined || includes(reachOf(everyCommand), reachOf(rule))) continue
      yield {
        at: rule.at,
        message: `where the rule in line ${everyCommand.at.line} matches too, ${path.value} is recorded under ${everyCommand.keys[0]?.text ?? 'no key'}`,
        advice: 'put rules about single programs before those about every command',
      }
    }
  },
}

export const ORDER_CHECKS: readonly Check[] = [duplicate, shadowed, keyTaken]
