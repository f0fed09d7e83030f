/** Files that are loaded one behind the other, as augenrules joins them: an exclusion of the first hides the second. */
import { type LintOptions, lintRules } from './lint.js'
import type { Finding } from './rules.js'

export interface RulesText {
  readonly path: string
  readonly text: string
}

export interface FileFinding extends Finding {
  /** `at` is a place in this file. */
  readonly path: string
}

export function lintFiles(files: readonly RulesText[], options: LintOptions = {}): FileFinding[] {
  const parts = files.map(({ path, text }) => ({ path, text: text.replace(/\n?$/, '\n') }))
  const starts: { readonly path: string; readonly before: number }[] = []
  let before = 0
  for (const { path, text } of parts) {
    starts.push({ path, before })
    before += text.split('\n').length - 1
  }
  return lintRules(parts.map(({ text }) => text).join(''), options).map((finding) => {
    const start = starts.findLast((candidate) => candidate.before < finding.at.line)!
    return { ...finding, path: start.path, at: { ...finding.at, line: finding.at.line - start.before } }
  })
}
