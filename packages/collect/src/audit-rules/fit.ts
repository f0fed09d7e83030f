/** Leaves out what a host can not load, so that the rest loads: a line that fails can stop those behind it. */
import type { RulesHost } from './checks/check.js'
import { VALUE_CHECKS } from './checks/values.js'
import { parseRules } from './parse.js'
import type { Finding, Machine } from './rules.js'

export interface FittedRules {
  /** The file with the lines left out as comments that say why. */
  readonly text: string
  /** One finding for each line left out. */
  readonly left: readonly Finding[]
}

const DOES_NOT_LOAD: ReadonlySet<string> = new Set(['path-missing', 'user-unknown'])

export function fitRules(text: string, machine: Machine, host: RulesHost): FittedRules {
  const file = parseRules(text, { machine })
  const rules = file.statements.filter((statement) => statement.kind === 'rule')
  const context = { text, file, rules, machine, host }
  const left = new Map<number, Finding>()
  for (const finding of file.problems) left.set(finding.at.line, finding)
  for (const { name, severity, run } of VALUE_CHECKS) {
    if (!DOES_NOT_LOAD.has(name)) continue
    for (const report of run(context)) left.set(report.at.line, { check: name, severity, ...report })
  }
  const lines = text.split('\n').map((line, i) => {
    const finding = left.get(i + 1)
    return finding === undefined ? line : `# not here, ${finding.message.split(':')[0]}: ${line.trim()}`
  })
  return { text: lines.join('\n'), left: [...left.values()].sort((a, b) => a.at.line - b.at.line) }
}

const MACHINES: Readonly<Record<string, Machine>> = {
  x64: 'x86_64',
  arm64: 'aarch64',
  ia32: 'i386',
  arm: 'arm',
}

/** The machine of an architecture as node names it; undefined: one whose calls we do not know. */
export const machineOf = (nodeArchitecture: string): Machine | undefined => MACHINES[nodeArchitecture]
