/** What is refused before the parser sees it: texts that it would take too long for, and what is no query. */
import type { RawDiagnostic } from './front/bind.js'

const MAX_TEXT_LENGTH = 65_536
const MAX_NESTING = 200

export const COMMAND = {
  code: 'AUX003',
  severity: 'error',
  message: 'Management commands are not queries and are not run here.',
} as const

export function textProblem(text: string, maxTextLength = MAX_TEXT_LENGTH): RawDiagnostic | undefined {
  if (text.length > maxTextLength) {
    return {
      code: 'AUX001',
      severity: 'error',
      message: `The query has ${text.length} characters; ${maxTextLength} are allowed.`,
      start: maxTextLength,
      length: 0,
    }
  }
  if (/^(\s|\/\/.*\n)*\./.test(text)) return { ...COMMAND, start: 0, length: text.length }
  const depth = nestingDepth(text)
  if (depth <= MAX_NESTING) return undefined
  return {
    code: 'AUX002',
    severity: 'error',
    message: `Brackets are nested ${depth} deep; ${MAX_NESTING} are allowed.`,
    start: 0,
    length: 0,
  }
}

/** How deep brackets stand in each other. Texts and comments count too, which only makes the answer too big. */
function nestingDepth(text: string): number {
  let depth = 0
  let deepest = 0
  for (const character of text) {
    if (character === '(' || character === '[' || character === '{') deepest = Math.max(deepest, ++depth)
    else if (character === ')' || character === ']' || character === '}') depth = Math.max(0, depth - 1)
  }
  return deepest
}
