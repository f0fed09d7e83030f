/**
 * Stored functions as files: each is the command that makes it in Kusto, so that a file can be run there as it is.
 *
 *     .create-or-alter function with (docstring = 'Who logged in', folder = 'ASIM')
 *     _Im_Authentication(starttime:datetime = datetime(null)) {
 *       AuditEvent | where …
 *     }
 */
import type { StoredFunction } from '@auspex/kql'

/** Thrown with the place of what is no function; the message names file, line and column. */
export class FunctionFileError extends Error {
  readonly code = 'FUNCTION_FILE'

  constructor(file: string, text: string, offset: number, message: string) {
    const before = text.slice(0, offset).split('\n')
    super(`${file}:${before.length}:${before.at(-1)!.length + 1}: ${message}`)
    this.name = 'FunctionFileError'
  }
}

const HEAD = /\.(?:create-or-alter|create|alter)\s+function\b(?:\s+ifnotexists\b)?/iy
const NAME = /\s*([A-Za-z_][A-Za-z0-9_]*|\['[^'\]]+'\])\s*/y
const SPACE = /(?:\s|\/\/[^\n]*(?:\n|$))*/y

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']' }

class Scanner {
  readonly #file: string
  readonly #text: string
  #at = 0

  constructor(file: string, text: string) {
    this.#file = file
    this.#text = text
  }

  fail(message: string, at = this.#at): never {
    throw new FunctionFileError(this.#file, this.#text, at, message)
  }

  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found !== null) this.#at = pattern.lastIndex
    return found
  }

  get isAtEnd(): boolean {
    this.match(SPACE)
    return this.#at >= this.#text.length
  }

  /** What stands between a bracket and its partner, without the two. Texts and comments hold no brackets. */
  bracketed(open: string, what: string): string {
    this.match(SPACE)
    if (this.#text[this.#at] !== open) this.fail(`expected ${open} of ${what}`)
    const start = this.#at
    const stack = [CLOSING[open]!]
    for (let i = start + 1; i < this.#text.length; i++) {
      const character = this.#text[i]!
      if (character === '"' || character === "'") i = this.#endOfText(i)
      else if (this.#text.startsWith('//', i)) i = this.#endOfLine(i)
      else if (character in CLOSING) stack.push(CLOSING[character]!)
      else if (character === stack.at(-1)) {
        stack.pop()
        if (stack.length === 0) {
          this.#at = i + 1
          return this.#text.slice(start + 1, i)
        }
      }
    }
    return this.fail(`the ${open} of ${what} is not closed`, start)
  }

  #endOfLine(i: number): number {
    const end = this.#text.indexOf('\n', i)
    return end < 0 ? this.#text.length : end
  }

  #endOfText(start: number): number {
    const quote = this.#text[start]!
    const isVerbatim = this.#text[start - 1] === '@'
    for (let i = start + 1; i < this.#text.length; i++) {
      if (this.#text[i] === '\\' && !isVerbatim) i++
      else if (this.#text[i] === quote) {
        if (isVerbatim && this.#text[i + 1] === quote) i++
        else return i
      }
    }
    return this.fail('the text is not closed', start)
  }
}

/** The functions of a file. Throws {@link FunctionFileError}. */
export function readFunctions(text: string, file: string): StoredFunction[] {
  const scanner = new Scanner(file, text)
  const functions: StoredFunction[] = []
  while (!scanner.isAtEnd) {
    if (scanner.match(HEAD) === null) scanner.fail('expected .create-or-alter function NAME(…) { … }')
    const properties = scanner.match(/\s+with\b/iy) === null ? '' : scanner.bracketed('(', 'with')
    const name = scanner.match(NAME)?.[1]?.replace(/^\['|'\]$/g, '')
    if (name === undefined) scanner.fail('expected the name of the function')
    const parameters = scanner.bracketed('(', 'the parameters')
    const body = scanner.bracketed('{', 'the body')
    const docstring = /\bdocstring\s*=\s*(['"])((?:\\.|(?!\1).)*)\1/
      .exec(properties)?.[2]
      ?.replace(/\\(.)/g, '$1')
    functions.push({
      name: name!,
      parameters: `(${parameters})`,
      body: body.trim(),
      ...(docstring === undefined ? {} : { docstring }),
    })
  }
  return functions
}
