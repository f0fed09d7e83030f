/** The audit.rules language: reading it, what is wrong with a file of it, and what technique a rule looks for. */
export { canonicalRule, type Ids } from './canonical.js'
export type { RulesHost } from './checks/check.js'
export { type FittedRules, fitRules, machineOf } from './fit.js'
export { type AttackVersion, type KeyTechnique, techniquesOf } from './keys.js'
export { type LintOptions, lintRules } from './lint.js'
export { type ParseOptions, parseRules } from './parse.js'
export type { Control, Finding, Machine, Rule, RulesFile, Severity, Span, Statement } from './rules.js'
export { TECHNIQUES, type Technique } from './techniques.js'
