/** The words of a command line: quotes, expansions, and where each stands. */

/** A part of a word: its text, or undefined for what only the running shell knows. */
export interface WordPiece {
  readonly text: string | undefined
  readonly quoted: boolean
}

/** A word and its place in the text. */
export interface ShellWord {
  readonly from: number
  readonly to: number
  readonly pieces: readonly WordPiece[]
}

/** The text of a word; undefined if the line does not say all of it. */
export function literalWord(word: ShellWord): string | undefined {
  let text = ''
  for (const piece of word.pieces) {
    if (piece.text === undefined) return undefined
    text += piece.text
  }
  return text
}

/** What the line says of a word's text; what it does not say is left out. */
export function knownText(word: ShellWord): string {
  return word.pieces.map((piece) => piece.text ?? '').join('')
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Reads words from a text. What stands in `$(…)` is a list of commands: who can read those extends this. */
export abstract class WordReader {
  complete = true
  protected readonly text: string
  protected at = 0

  constructor(text: string) {
    this.text = text
  }

  /** Reads commands up to `)`, which is taken. */
  protected abstract substitution(): void
  /** Reads the commands of a text in backquotes. */
  protected abstract backquotes(text: string): void

  /** A word. It takes at least one character. */
  protected word(): ShellWord {
    const from = this.at
    const pieces: WordPiece[] = []
    let run = ''
    const flush = () => {
      if (run !== '') pieces.push({ text: run, quoted: false })
      run = ''
    }
    const unknown = (quoted = false) => {
      flush()
      pieces.push({ text: undefined, quoted })
    }
    while (this.at < this.text.length) {
      const character = this.text[this.at]!
      const next = this.text[this.at + 1]
      if (character === '<' || character === '>') {
        if (next !== '(' || this.at > from) break
        this.at += 2
        this.substitution()
        unknown()
        continue
      }
      if (/[ \t\n;&|()]/.test(character)) {
        if (this.at === from) {
          // Not reached by the grammar; it keeps every loop going forwards.
          this.at++
          unknown()
        }
        break
      }
      switch (character) {
        case '\\':
          if (next === undefined) this.complete = false
          else if (next !== '\n') {
            flush()
            pieces.push({ text: next, quoted: true })
          }
          this.at += 2
          break
        case "'":
          flush()
          this.at++
          pieces.push({ text: this.#upTo("'"), quoted: true })
          break
        case '"':
          flush()
          this.at++
          this.#doubleQuoted(pieces)
          break
        case '$':
          if (next === "'") {
            flush()
            this.at += 2
            pieces.push({ text: this.#ansiQuoted(), quoted: true })
          } else if (next === '"') {
            flush()
            this.at += 2
            this.#doubleQuoted(pieces)
          } else if (this.#expansion()) unknown()
          else {
            run += '$'
            this.at++
          }
          break
        case '`':
          this.at++
          this.#backquoted()
          unknown()
          break
        case '*':
        case '?':
          this.at++
          unknown()
          break
        case '[':
          if (/^\[[^\]\s/]+\]/.test(this.text.slice(this.at, this.at + 64))) {
            this.at = this.text.indexOf(']', this.at) + 1
            unknown()
          } else {
            run += character
            this.at++
          }
          break
        case '{': {
          const brace = /^\{[^{}\s]*(?:,|\.\.)[^{}\s]*\}/.exec(this.text.slice(this.at, this.at + 512))
          if (brace === null) {
            run += character
            this.at++
          } else {
            this.at += brace[0].length
            unknown()
          }
          break
        }
        case '~':
          if (this.at === from) {
            this.at++
            while (/[A-Za-z0-9._-]/.test(this.text[this.at] ?? '')) this.at++
            unknown()
          } else {
            run += character
            this.at++
          }
          break
        default:
          run += character
          this.at++
      }
    }
    flush()
    this.at = Math.min(this.at, this.text.length)
    return { from, to: this.at, pieces }
  }

  /** The text up to a closing mark, which is taken too. */
  #upTo(mark: string): string {
    const end = this.text.indexOf(mark, this.at)
    const text = this.text.slice(this.at, end < 0 ? undefined : end)
    if (end < 0) this.complete = false
    this.at = end < 0 ? this.text.length : end + mark.length
    return text
  }

  #doubleQuoted(pieces: WordPiece[]): void {
    let run = ''
    const before = pieces.length
    for (;;) {
      const character = this.text[this.at]
      if (character === undefined) {
        this.complete = false
        break
      }
      if (character === '"') {
        this.at++
        break
      }
      if (character === '\\' && this.at + 1 < this.text.length) {
        const next = this.text[this.at + 1]!
        if (/[$`"\\]/.test(next)) run += next
        else if (next !== '\n') run += `\\${next}`
        this.at += 2
        continue
      }
      const isExpansion =
        (character === '$' && this.#expansion()) || (character === '`' && this.#startBackquoted())
      if (isExpansion) {
        if (run !== '') pieces.push({ text: run, quoted: true })
        run = ''
        pieces.push({ text: undefined, quoted: true })
        continue
      }
      run += character
      this.at++
    }
    if (run !== '' || pieces.length === before) pieces.push({ text: run, quoted: true })
  }

  #startBackquoted(): boolean {
    this.at++
    this.#backquoted()
    return true
  }

  #backquoted(): void {
    this.backquotes(this.#upTo('`').replaceAll('\\`', '`'))
  }

  /** `$name`, `${…}`, `$(…)`, `$((…))`, `$1`, `$?`: takes it; false if the `$` is only a `$`. */
  #expansion(): boolean {
    const next = this.text[this.at + 1]
    if (next === undefined) return false
    if (next === '(') {
      if (this.text[this.at + 2] === '(') {
        const end = this.text.indexOf('))', this.at)
        if (end < 0) this.complete = false
        this.at = end < 0 ? this.text.length : end + 2
        return true
      }
      this.at += 2
      this.substitution()
      return true
    }
    if (next === '{') {
      this.at += 2
      this.#braced()
      return true
    }
    if (/[A-Za-z_]/.test(next)) {
      this.at += 2
      while (/[A-Za-z0-9_]/.test(this.text[this.at] ?? '')) this.at++
      return true
    }
    if (/[0-9@*#?$!-]/.test(next)) {
      this.at += 2
      return true
    }
    return false
  }

  #braced(): void {
    let depth = 1
    while (this.at < this.text.length) {
      const character = this.text[this.at++]
      if (character === '\\') this.at++
      else if (character === '{') depth++
      else if (character === '}' && --depth === 0) return
    }
    this.at = Math.min(this.at, this.text.length)
    this.complete = false
  }

  /** `$'…'`, with its escapes. */
  #ansiQuoted(): string {
    let text = ''
    while (this.at < this.text.length) {
      const character = this.text[this.at++]!
      if (character === "'") return text
      if (character !== '\\') {
        text += character
        continue
      }
      const coded = /^(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|u([0-9a-fA-F]{1,4}))/.exec(
        this.text.slice(this.at, this.at + 6),
      )
      if (coded !== null) {
        this.at += coded[0].length
        const code =
          coded[2] === undefined ? Number.parseInt(coded[1] ?? coded[3]!, 16) : Number.parseInt(coded[2], 8)
        text += String.fromCharCode(code)
        continue
      }
      const letter = this.text[this.at++]
      if (letter !== undefined) text += ANSI[letter] ?? letter
    }
    this.complete = false
    return text
  }
}

const ANSI: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  v: '\v',
}

/** The name and the value of `NAME=value`; undefined if the word is none. */
export function assignment(
  word: ShellWord,
): { readonly name: string; readonly value: ShellWord } | undefined {
  const first = word.pieces[0]
  const at = first?.text?.indexOf('=') ?? -1
  if (first?.text === undefined || first.quoted || at < 1) return undefined
  const name = first.text.slice(0, at).replace(/\+$|\[.*$/, '')
  if (!NAME.test(name)) return undefined
  const rest = first.text.slice(at + 1)
  const pieces = [...(rest === '' ? [] : [{ text: rest, quoted: false }]), ...word.pieces.slice(1)]
  return { name, value: { from: word.from < 0 ? -1 : word.from + at + 1, to: word.to, pieces } }
}
