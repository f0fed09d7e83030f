/**
 * A command line as a shell reads it: which simple commands stand in it, and of which words.
 *
 * This follows the grammar that POSIX shells and bash share, as far as it tells what a typed line would start. It
 * expands nothing: a variable, a glob or a substitution is a piece of a word whose text the line does not say. The
 * commands of a substitution are listed before the command that uses them, because they run before it.
 *
 * One pass over the text; `MAX_DEPTH` bounds what may stand inside of each other.
 */

import { knownText, literalWord, type ShellWord, WordReader } from './words.js'

export interface Redirection {
  readonly operator: string
  readonly target: ShellWord | undefined
}

export interface ShellCommand {
  /** `NAME=value` before the command, or alone. */
  readonly assignments: readonly ShellWord[]
  readonly words: readonly ShellWord[]
  readonly redirections: readonly Redirection[]
  /** Commands with the same number are joined by `|`. */
  readonly pipeline: number
  /** May be passed over: behind `&&` or `||`, in a branch. */
  readonly conditional: boolean
  /** May run any number of times: inside of a loop. */
  readonly repeated: boolean
  /** Body of a function: it runs when the function is called. */
  readonly defined: boolean
}

export interface ShellLine {
  readonly commands: readonly ShellCommand[]
  /** False when the shell would ask for another line: an open quote, a loop without its end, `\` at the end. */
  readonly complete: boolean
  /** Names of functions that the line defines. */
  readonly functions: readonly string[]
}

const MAX_DEPTH = 40
const MAX_COMMANDS = 2000

export function parseShellLine(text: string): ShellLine {
  const parser = new Parser(text)
  parser.list(undefined)
  return { commands: parser.commands, complete: parser.complete, functions: parser.functions }
}

/** What holds for the commands at a place. */
interface State {
  readonly conditional: boolean
  /** Behind `&&` or `||` of the same list. */
  readonly chained: boolean
  readonly repeated: boolean
  readonly defined: boolean
}

interface Frame {
  /** The word that ends it: `fi`, `done`, `esac`, `}`. */
  readonly end: string
  readonly outer: State
}

const OPERATORS = [
  '&>>',
  '<<-',
  '<<<',
  ';;&',
  '&&',
  '||',
  '|&',
  ';;',
  ';&',
  '&>',
  '<<',
  '>>',
  '<&',
  '>&',
  '<>',
  '>|',
  '<(',
  '>(',
  '|',
  '&',
  ';',
  '\n',
  '(',
  ')',
  '<',
  '>',
]
const REDIRECTIONS = new Set(['&>>', '&>', '<<-', '<<<', '<<', '>>', '<&', '>&', '<>', '>|', '<', '>'])
/** Words after which a command is expected. */
const PASSED = new Set(['then', 'else', 'elif', 'do', '!', 'time', 'coproc', '{'])
const BLANK = /[ \t]/

class Parser extends WordReader {
  readonly commands: ShellCommand[] = []
  readonly functions: string[] = []
  #pipeline = 0
  #pipelines = 0
  #state: State = { conditional: false, chained: false, repeated: false, defined: false }
  #depth = 0
  /** Delimiters of here-documents whose lines are still to come. */
  #documents: string[] = []
  #frames: Frame[] = []

  /** Commands up to `)` (which is taken), or to the end. */
  list(until: ')' | undefined): void {
    if (++this.#depth > MAX_DEPTH) {
      this.at = this.text.length
      this.complete = false
      this.#depth--
      return
    }
    const outer = { frames: this.#frames, state: this.#state, pipeline: this.#pipeline }
    this.#frames = []
    this.#enter()
    this.#pipeline = ++this.#pipelines
    this.#commands(until)
    if (this.#frames.length > 0) this.complete = false
    this.#frames = outer.frames
    this.#state = outer.state
    this.#pipeline = outer.pipeline
    this.#depth--
  }

  #commands(until: ')' | undefined): void {
    /** Behind `|`, `&&` or `||`: a command has to come. */
    let pending = false
    for (;;) {
      this.#blanks()
      const operator = this.#operator()
      if (operator === undefined) {
        if (this.at >= this.text.length) break
        pending = false
        this.#command()
        continue
      }
      if (REDIRECTIONS.has(operator) || operator === '<(' || operator === '>(') {
        pending = false
        this.#command()
        continue
      }
      this.at += operator.length
      switch (operator) {
        case ')':
          if (until === ')' && this.#frames.at(-1)?.end !== 'esac') {
            if (pending) this.complete = false
            return
          }
          break
        case '(':
          pending = false
          this.list(')')
          break
        case '&&':
        case '||':
          this.#state = { ...this.#state, chained: true }
          this.#pipeline = ++this.#pipelines
          pending = true
          break
        case '|':
        case '|&':
          pending = true
          break
        default:
          if (operator === '\n') {
            this.#readDocuments()
            // A line that ends behind an operator goes on.
            if (pending) break
          }
          pending = false
          this.#state = { ...this.#state, chained: false }
          this.#pipeline = ++this.#pipelines
          if (operator.startsWith(';;') || operator === ';&') this.#casePattern()
      }
    }
    if (until !== undefined || pending || this.#documents.length > 0) this.complete = false
  }

  /** A list inside of another: what holds outside holds here, and `&&` begins anew. */
  #enter(): void {
    const { conditional, chained } = this.#state
    this.#state = { ...this.#state, conditional: conditional || chained, chained: false }
  }

  #blanks(): void {
    for (;;) {
      const character = this.text[this.at]
      if (character !== undefined && BLANK.test(character)) this.at++
      else if (character === '\\' && this.text[this.at + 1] === '\n') this.at += 2
      else if (character === '\\' && this.at + 1 === this.text.length) {
        this.complete = false
        this.at++
      } else if (character === '#') {
        while (this.at < this.text.length && this.text[this.at] !== '\n') this.at++
      } else return
    }
  }

  #operator(): string | undefined {
    return OPERATORS.find((operator) => this.text.startsWith(operator, this.at))
  }

  /** A simple command, or a word of the grammar such as `if`. */
  #command(): void {
    const assignments: ShellWord[] = []
    const words: ShellWord[] = []
    const redirections: Redirection[] = []
    for (;;) {
      this.#blanks()
      const operator = this.#operator()
      if (operator !== undefined && operator !== '<(' && operator !== '>(') {
        if (REDIRECTIONS.has(operator)) {
          redirections.push(this.#redirection(operator))
          continue
        }
        if (operator === '(' && words.length === 1 && this.#functionHead(words[0]!)) return
        if (operator === '(' && words.length === 0 && assignments.length > 0) {
          // NAME=(...): an array.
          this.at++
          this.list(')')
          continue
        }
        break
      }
      if (this.at >= this.text.length) break
      const word = this.word()
      if (/^[0-9]+$/.test(this.text.slice(word.from, word.to)) && /[<>]/.test(this.text[this.at] ?? ''))
        continue
      if (words.length === 0) {
        const plain = literalWord(word)
        if (plain !== undefined && this.text.slice(word.from, word.to) === plain) {
          if (assignments.length === 0 && redirections.length === 0 && this.#keyword(plain)) return
        }
        if (/^[A-Za-z_][A-Za-z0-9_]*(?:\[[^\]]*\])?\+?=/.test(this.text.slice(word.from, word.to))) {
          assignments.push(word)
          continue
        }
      }
      words.push(word)
    }
    if (assignments.length + words.length + redirections.length === 0) return
    if (this.commands.length >= MAX_COMMANDS) return
    const { conditional, chained, repeated, defined } = this.#state
    this.commands.push({
      assignments,
      words,
      redirections,
      pipeline: this.#pipeline,
      conditional: conditional || chained,
      repeated,
      defined,
    })
  }

  /** Handles a word of the grammar; false if it is none and begins a command. */
  #keyword(word: string): boolean {
    switch (word) {
      case 'if':
        this.#push('fi')
        return true
      case 'while':
      case 'until':
        this.#push('done', { repeated: true })
        return true
      case 'for':
      case 'select':
        this.#forHead()
        this.#push('done', { repeated: true })
        return true
      case 'case':
        this.#blanks()
        if (this.at < this.text.length && this.#operator() === undefined) this.word()
        this.#push('esac', { conditional: true })
        this.#skipTo('in')
        this.#casePattern()
        return true
      case 'function':
        this.#blanks()
        if (this.#operator() === undefined && this.at < this.text.length)
          this.functions.push(knownText(this.word()))
        this.#blanks()
        if (this.text.startsWith('()', this.at)) this.at += 2
        this.#functionBody()
        return true
      case 'then':
      case 'else':
      case 'elif':
        if (this.#frames.at(-1)?.end !== 'fi') return false
        this.#state = { ...this.#state, conditional: true }
        return true
      case 'fi':
      case 'done':
      case 'esac':
      case '}': {
        const frame = this.#frames.at(-1)
        if (frame?.end !== word) return false
        this.#frames.pop()
        this.#state = frame.outer
        return true
      }
      case '{':
        this.#push('}')
        return true
      default:
        return PASSED.has(word)
    }
  }

  #push(end: string, inside: Partial<State> = {}): void {
    this.#frames.push({ end, outer: this.#state })
    this.#enter()
    this.#state = { ...this.#state, ...inside }
  }

  /** `NAME in words`, or `((…))`, up to `do`. */
  #forHead(): void {
    this.#blanks()
    if (this.text.startsWith('((', this.at)) {
      const end = this.text.indexOf('))', this.at)
      this.at = end < 0 ? this.text.length : end + 2
      return
    }
    for (;;) {
      this.#blanks()
      if (this.at >= this.text.length) return
      const operator = this.#operator()
      if (operator !== undefined && operator !== '<(') return
      this.word()
    }
  }

  #skipTo(word: string): void {
    for (let i = 0; i < 20; i++) {
      this.#blanks()
      while (this.text[this.at] === '\n') {
        this.at++
        this.#blanks()
      }
      if (this.at >= this.text.length || this.#operator() !== undefined) return
      const { from, to } = this.word()
      if (this.text.slice(from, to) === word) return
    }
  }

  /** `pattern)` of a case, if one comes. */
  #casePattern(): void {
    if (this.#frames.at(-1)?.end !== 'esac') return
    for (;;) {
      this.#blanks()
      if (this.at >= this.text.length) return
      const operator = this.#operator()
      if (operator === ')') {
        this.at++
        return
      }
      if (operator !== undefined) {
        if (operator !== '\n' && operator !== '|' && operator !== '(') return
        this.at += operator.length
        continue
      }
      const before = this.at
      const { from, to } = this.word()
      if (this.text.slice(from, to) === 'esac') {
        this.at = before
        return
      }
    }
  }

  /** `name()` begins a function. */
  #functionHead(word: ShellWord): boolean {
    const name = literalWord(word)
    if (name === undefined || !/^\(\s*\)/.test(this.text.slice(this.at, this.at + 16))) return false
    this.at = this.text.indexOf(')', this.at) + 1
    this.functions.push(name)
    this.#functionBody()
    return true
  }

  #functionBody(): void {
    this.#blanks()
    while (this.text[this.at] === '\n') {
      this.at++
      this.#blanks()
    }
    if (this.text[this.at] === '{') {
      this.at++
      this.#push('}', { defined: true })
    } else if (this.text[this.at] === '(') {
      this.at++
      const outer = this.#state
      this.#state = { ...outer, defined: true }
      this.list(')')
      this.#state = outer
    }
  }

  #redirection(operator: string): Redirection {
    this.at += operator.length
    this.#blanks()
    if (this.at >= this.text.length) {
      this.complete = false
      return { operator, target: undefined }
    }
    const next = this.#operator()
    if (next !== undefined && next !== '<(' && next !== '>(' && next !== '&')
      return { operator, target: undefined }
    const target = this.word()
    if (operator === '<<' || operator === '<<-') this.#documents.push(knownText(target))
    return { operator, target }
  }

  /** The lines of here-documents, behind the line that names them. */
  #readDocuments(): void {
    while (this.#documents.length > 0) {
      if (this.at >= this.text.length) return
      const end = this.text.indexOf('\n', this.at)
      const line = this.text.slice(this.at, end < 0 ? undefined : end)
      this.at = end < 0 ? this.text.length : end + 1
      if (line.replace(/^\t+/, '') === this.#documents[0]) this.#documents.shift()
    }
  }

  protected override substitution(): void {
    this.list(')')
  }

  protected override backquotes(text: string): void {
    const inner = new Parser(text)
    inner.#depth = this.#depth
    inner.list(undefined)
    this.#adopt(inner)
  }

  #adopt(inner: Parser): void {
    for (const command of inner.commands) {
      // Places are those of the inner text: nothing is said of the outer one.
      const words = command.words.map((word) => ({ ...word, from: -1, to: -1 }))
      this.commands.push({
        ...command,
        words,
        assignments: [],
        redirections: [],
        pipeline: this.#pipelines + command.pipeline,
        conditional: command.conditional || this.#state.conditional || this.#state.chained,
        repeated: command.repeated || this.#state.repeated,
        defined: command.defined || this.#state.defined,
      })
    }
    this.#pipelines += inner.#pipelines
    if (!inner.complete) this.complete = false
  }
}
