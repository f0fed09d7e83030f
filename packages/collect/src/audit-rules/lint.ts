/** What is wrong with a rules file, in the order of its lines: what does not load, then what it does not do. */
import { BLIND_SPOT_CHECKS } from './checks/blind-spots.js'
import type { Check, RulesHost } from './checks/check.js'
import { CONTROL_CHECKS } from './checks/controls.js'
import { COST_CHECKS } from './checks/cost.js'
import { NAMING_CHECKS } from './checks/naming.js'
import { ORDER_CHECKS } from './checks/order.js'
import { VALUE_CHECKS } from './checks/values.js'
import { type ParseOptions, parseRules } from './parse.js'
import type { Finding, Rule } from './rules.js'

export const CHECKS: readonly Check[] = [
  ...VALUE_CHECKS,
  ...BLIND_SPOT_CHECKS,
  ...ORDER_CHECKS,
  ...NAMING_CHECKS,
  ...COST_CHECKS,
  ...CONTROL_CHECKS,
]

export interface LintOptions extends ParseOptions {
  /** Whether names and paths exist is asked of this host. */
  readonly host?: RulesHost
}

export function lintRules(text: string, options: LintOptions = {}): Finding[] {
  const file = parseRules(text, options)
  const rules = inOrderOfTrial(file.statements.filter((statement) => statement.kind === 'rule'))
  const context = { text, file, rules, machine: options.machine ?? 'x86_64', host: options.host }
  const found = CHECKS.flatMap(({ name, severity, run }) =>
    [...run(context)].map((report): Finding => ({ check: name, severity, ...report })),
  )
  return [...file.problems, ...found].sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column)
}

/** `-A` puts a rule before all others. */
function inOrderOfTrial(rules: readonly Rule[]): Rule[] {
  const prepended = rules.filter(({ change }) => change === 'prepend').reverse()
  return [...prepended, ...rules.filter(({ change }) => change === 'append')]
}
