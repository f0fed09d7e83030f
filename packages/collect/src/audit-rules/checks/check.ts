/** What a check of a rules file is given and gives. To add one: an entry in a file of this folder. */
import type { Machine, Rule, RulesFile, Severity, Span } from '../rules.js'

/** The host that the rules are for; without one, the checks that need it say nothing. */
export interface RulesHost {
  readonly users: ReadonlySet<string>
  readonly groups: ReadonlySet<string>
  /** Whether there is a file or folder of this path. */
  readonly exists: (path: string) => boolean
}

export interface CheckContext {
  readonly text: string
  readonly file: RulesFile
  /** Rules that are loaded, in the order in which the kernel tries them. */
  readonly rules: readonly Rule[]
  readonly machine: Machine
  readonly host: RulesHost | undefined
}

export interface Report {
  readonly at: Span
  readonly message: string
  readonly advice: string
}

export interface Check {
  readonly name: string
  readonly severity: Severity
  run(context: CheckContext): Iterable<Report>
}

/** A check that looks at one rule at a time. */
export function ruleCheck(
  name: string,
  severity: Severity,
  look: (rule: Rule, context: CheckContext) => Report | undefined,
): Check {
  return {
    name,
    severity,
    *run(context) {
      for (const rule of context.rules) {
        const report = look(rule, context)
        if (report !== undefined) yield report
      }
    },
  }
}
