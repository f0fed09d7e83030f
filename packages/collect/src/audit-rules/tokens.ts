/** A line cut at its blanks, as auditctl cuts it: only spaces separate, `\ ` is a space of the word itself. */
import type { Named } from './rules.js'

export function tokens(text: string, line: number): Named[] {
  const found: Named[] = []
  const word = /(?:\\ |[^ ])+/g
  for (const match of text.matchAll(word)) {
    const column = match.index + 1
    found.push({
      text: match[0].replaceAll('\\ ', ' '),
      at: { line, column, endColumn: column + match[0].length },
    })
  }
  return found
}

/** Lines with their numbers, without blank ones and comments. */
export function* ruleLines(text: string): Generator<{ line: number; text: string }> {
  let line = 0
  for (const raw of text.split('\n')) {
    line++
    const content = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    const first = content.search(/[^ ]/)
    if (first >= 0 && content[first] !== '#') yield { line, text: content }
  }
}
