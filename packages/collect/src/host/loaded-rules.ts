/** Rules in the kernel beside those on the disk. */
import { canonicalRule, type FileFinding, lintFiles, parseRules, type Rule } from '../audit-rules/index.js'
import type { HostFacts } from './facts.js'

export interface RuleAt {
  readonly path: string
  readonly line: number
  /** As written. */
  readonly text: string
}

export interface RulesComparison {
  /** How many different rules the disk has. */
  readonly wanted: number
  /** On the disk, not in the kernel. */
  readonly missing: readonly RuleAt[]
  /** In the kernel, on no disk. */
  readonly foreign: readonly string[]
}

export function compareRules(facts: HostFacts): RulesComparison {
  const { machine = 'x86_64', ids, loadedRules = '', rulesOnDisk } = facts
  const canonical = (rule: Rule) => canonicalRule(rule, ids)
  const listing = loadedRules.split('\n').filter((line) => line.startsWith('-'))
  const inKernel = new Map<string, string>()
  for (const line of listing) {
    for (const rule of rulesOf(line, machine)) inKernel.set(canonical(rule), line)
  }
  const missing: RuleAt[] = []
  const wanted = new Set<string>()
  for (const { path, text } of rulesOnDisk) {
    const lines = text.split('\n')
    for (const rule of rulesOf(text, machine)) {
      wanted.add(canonical(rule))
      if (inKernel.has(canonical(rule))) continue
      missing.push({ path, line: rule.at.line, text: lines[rule.at.line - 1]!.trim() })
    }
  }
  return {
    wanted: wanted.size,
    missing,
    foreign: [...inKernel].filter(([rule]) => !wanted.has(rule)).map(([, line]) => line),
  }
}

const rulesOf = (text: string, machine: NonNullable<HostFacts['machine']>): Rule[] =>
  parseRules(text, { machine }).statements.filter(
    (statement) => statement.kind === 'rule' && statement.change !== 'delete',
  ) as Rule[]

const linted = new WeakMap<HostFacts, readonly FileFinding[]>()

/** All files together, as they are loaded together; each finding at its own file. Once for each host. */
export function lintDisk(facts: HostFacts): readonly FileFinding[] {
  let found = linted.get(facts)
  if (found === undefined) {
    const { machine, rulesHost: host, rulesOnDisk } = facts
    found = lintFiles(rulesOnDisk, { host, ...(machine === undefined ? {} : { machine }) })
    linted.set(facts, found)
  }
  return found
}
