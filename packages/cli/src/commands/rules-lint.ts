/** `auspex rules lint`: what is wrong with rules files, at which place, and how to mend it. */
import { readFileSync } from 'node:fs'
import { auditRules, host } from '@auspex/collect'
import { CliError, type Effects, type ExitCode } from '../effects.js'
import { printable } from '../output/table.js'

export interface RulesLintArguments {
  /** In the order in which they are loaded. */
  readonly files: readonly string[]
  /** text for people (default), json for programs. */
  readonly format: 'text' | 'json' | undefined
  /** Ask this host whether users and paths of the rules exist. */
  readonly onThisHost: boolean
  /** Leave out what is less than this. Default info: nothing. */
  readonly severity: auditRules.Severity | undefined
}

const WEIGHT: Readonly<Record<auditRules.Severity, number>> = { info: 0, warning: 1, error: 2 }

/** 1 when there is an error. */
export async function rulesLint(args: RulesLintArguments, effects: Effects): Promise<ExitCode> {
  const files = args.files.map((path) => ({ path, text: readRules(path) }))
  const rulesHost = args.onThisHost ? host.rulesHostOf(host.nodeHost()) : undefined
  const machine = auditRules.machineOf(process.arch)
  const found = auditRules
    .lintFiles(files, {
      ...(machine === undefined ? {} : { machine }),
      ...(rulesHost === undefined ? {} : { host: rulesHost }),
    })
    .filter(({ severity }) => WEIGHT[severity] >= WEIGHT[args.severity ?? 'info'])
  if (args.format === 'json') {
    effects.out.write(`${JSON.stringify(found, undefined, 2)}\n`)
  } else {
    for (const finding of found) effects.out.write(describe(finding, files))
    effects.out.write(summary(found))
  }
  return found.some(({ severity }) => severity === 'error') ? 1 : 0
}

function readRules(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new CliError(`${path} can not be read: ${(error as Error).message}`, 2)
  }
}

/** The place as editors read it, the line, and a mark below the word. */
function describe(
  { path, at, severity, check, message, advice }: auditRules.FileFinding,
  files: readonly auditRules.RulesText[],
): string {
  const line = files.find((file) => file.path === path)?.text.split('\n')[at.line - 1] ?? ''
  const width = Math.max(1, at.endColumn - at.column)
  return [
    `${path}:${at.line}:${at.column}: ${severity} ${check}: ${printable(message)}`,
    `  ${printable(line)}`,
    `  ${' '.repeat(at.column - 1)}${'^'.repeat(width)}`,
    `  → ${printable(advice)}`,
    '',
    '',
  ].join('\n')
}

function summary(found: readonly auditRules.FileFinding[]): string {
  if (found.length === 0) return 'Nothing found.\n'
  const count = (severity: auditRules.Severity) =>
    found.filter((finding) => finding.severity === severity).length
  return `${count('error')} errors, ${count('warning')} warnings, ${count('info')} notes\n`
}
