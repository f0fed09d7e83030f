import { type Finding, printFinding } from '@auspex/detect'
import type { Desk } from '../../desk.js'
import { CliError, type Effects, type ExitCode } from '../../effects.js'
import { printable } from '../../output/table.js'
import { readRuleFiles } from './files.js'

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`

function summary(files: number, findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const warnings = findings.length - errors
  return `${count(files, 'rule')}: ${count(errors, 'error')}, ${count(warnings, 'warning')}.\n`
}

/** 1 when there is an error. */
export async function validateFiles(
  desk: Desk,
  paths: readonly string[],
  { format, tables }: { readonly format: 'text' | 'json'; readonly tables: boolean },
  effects: Effects,
): Promise<ExitCode> {
  const files = await readRuleFiles(paths)
  if (files.length === 0) throw new CliError(`no rule file (*.yaml) is in ${paths.join(', ')}`, 2)
  const findings = await desk.rules.validate(files, tables)
  if (format === 'json') effects.out.write(`${JSON.stringify(findings, undefined, 2)}\n`)
  else {
    for (const finding of findings) effects.out.write(`${printable(printFinding(finding))}\n`)
    effects.out.write(summary(files.length, findings))
  }
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0
}
