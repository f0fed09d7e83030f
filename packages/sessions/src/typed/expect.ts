/**
 * What a typed line would start: a list of expectations, one for each simple command in it.
 *
 * Each word becomes a pattern: its text where the line says it, anything where only the shell knew (a variable, a
 * glob, a completion).
 */
import {
  assignment,
  knownText,
  literalWord,
  MASK,
  maskArguments,
  parseShellLine,
  type ShellCommand,
  type ShellWord,
} from '@auspex/auditd'
import { baseName } from '../fold/processes.js'
import { ALIASES, BUILTINS, OPAQUE, TRANSPARENT } from './vocabulary.js'

/** Stands in a text where a completion put something that is not known. */
export const HOLE = '\uE000'

export interface WordPattern {
  /** The whole word, where it is known. */
  readonly text: string | undefined
  /** Otherwise what is known of it: anything may stand between these pieces. */
  readonly pieces: readonly string[]
  /** It may become several arguments, or none. */
  readonly many: boolean
}

export type ExpectationKind =
  /** A program: there should be an exec. */
  | 'program'
  /** The shell does it itself. */
  | 'builtin'
  /** The shell opens a file for it: `> file`. */
  | 'write'
  /** A function, `source`, a line of the history that nobody knows: anything may have been run, or nothing. */
  | 'opaque'

export interface Expectation {
  readonly kind: ExpectationKind
  /** Name of the command without its folder; undefined where it is not known. */
  readonly name: string | undefined
  readonly words: readonly WordPattern[]
  /** Other command lines that the name may stand for. */
  readonly alternatives: readonly (readonly WordPattern[])[]
  /** It need not have run. */
  readonly optional: boolean
  readonly repeated: boolean
  /** Index of the first expectation of the loop that it ends, if it ends one. */
  loopFrom: number | undefined
}

/** What the shell has learned from the lines so far. */
export class ShellKnowledge {
  /** Functions, with the commands of their bodies. */
  readonly functions = new Map<string, readonly ShellCommand[]>()
  readonly aliases = new Map<string, readonly string[]>()

  /** Takes note of the functions and aliases that a line defines. */
  learn(text: string): void {
    if (!/alias|function|\(\s*\)/.test(text)) return
    const { commands, functions } = parseShellLine(text)
    const body = commands.filter(({ defined }) => defined)
    // Of several functions in one line nobody can tell whose a command is.
    for (const name of functions) this.functions.set(name, functions.length === 1 ? body : [])
    for (const { words } of commands) {
      if (literalWord(words[0] ?? NO_WORD) !== 'alias') continue
      for (const word of words.slice(1)) {
        const [, name, value] = /^([^=\s]+)=([\s\S]*)$/.exec(knownText(word)) ?? []
        if (name !== undefined && value !== undefined) this.aliases.set(name, [value])
      }
    }
  }
}

const NO_WORD: ShellWord = { from: 0, to: 0, pieces: [] }
const MAX_WORDS = 400

/** What a line would start, in the order in which a shell runs it. */
export function expectationsOf(text: string, knowledge: ShellKnowledge): Expectation[] {
  const { commands, functions } = parseShellLine(text)
  const found: Expectation[] = []
  let loopFrom: number | undefined
  for (const [i, command] of commands.entries()) {
    if (command.defined) continue
    if (command.repeated) loopFrom ??= found.length
    const expectation = expectationOf(command, knowledge, functions)
    const body = expectation?.kind === 'opaque' ? knowledge.functions.get(expectation.name ?? '') : undefined
    if (body !== undefined && body.length > 0) {
      const called = body.flatMap((part) => expectationOf(part, knowledge, functions) ?? [])
      found.push(...called.map((part) => ({ ...part, optional: true })))
    } else if (expectation !== undefined) found.push(expectation)
    if (expectation === undefined || expectation.kind === 'builtin') found.push(...writesOf(command))
    const isLast = command.repeated && commands[i + 1]?.repeated !== true
    if (isLast && loopFrom !== undefined) {
      if (found.length > loopFrom) found.at(-1)!.loopFrom = loopFrom
      loopFrom = undefined
    }
  }
  return found
}

function expectationOf(
  command: ShellCommand,
  knowledge: ShellKnowledge,
  functions: readonly string[],
): Expectation | undefined {
  let words: readonly ShellWord[] = command.words.slice(0, MAX_WORDS)
  while (words.length > 1 && TRANSPARENT.has(literalWord(words[0]!) ?? '')) {
    words = words.slice(1)
    while (words.length > 1 && literalWord(words[0]!)?.startsWith('-')) words = words.slice(1)
  }
  if (words.length === 0) return undefined
  const optional = command.conditional || command.repeated
  const shared = { optional, repeated: command.repeated, loopFrom: undefined }
  const literal = literalWord(words[0]!)
  const patterns = patternsOf(words)
  if (literal === undefined || literal.includes(HOLE)) {
    // `$CMD x`, or a command whose name was completed.
    const begins = literal?.slice(0, literal.indexOf(HOLE)) ?? ''
    const kind = begins === '' ? 'opaque' : 'program'
    return { ...shared, kind, name: undefined, words: patterns, alternatives: [] }
  }
  const name = baseName(literal)
  if (OPAQUE.has(name) || knowledge.functions.has(literal) || functions.includes(literal)) {
    return { ...shared, kind: 'opaque', name, words: patterns, alternatives: [] }
  }
  const aliases = knowledge.aliases.get(literal) ?? ALIASES.get(literal) ?? []
  const alternatives = aliases.map((alias) => [
    ...patternsOf(parseShellLine(alias).commands[0]?.words ?? []),
    ...patterns.slice(1),
  ])
  const kind = BUILTINS.has(literal) ? 'builtin' : 'program'
  return { ...shared, kind, name, words: patterns, alternatives, optional: optional || kind === 'builtin' }
}

/** The files that the shell itself opens for a command that needs no process. */
function writesOf({ redirections, repeated }: ShellCommand): Expectation[] {
  return redirections.flatMap(({ operator, target }) => {
    if (target === undefined || !WRITING.has(operator)) return []
    const words = patternsOf([target])
    if (words[0]!.text === '/dev/null' || /^[0-9-]+$/.test(words[0]!.text ?? '')) return []
    return [
      {
        kind: 'write',
        name: undefined,
        words,
        alternatives: [],
        optional: true,
        repeated,
        loopFrom: undefined,
      },
    ]
  })
}

const WRITING = new Set(['>', '>>', '>|', '&>', '&>>'])

/** The words as patterns, with their secrets masked as they are in the recorded arguments. */
export function patternsOf(words: readonly ShellWord[]): WordPattern[] {
  const known = words.map(knownText)
  const masked = maskArguments(known)
  return words.map((word, i) => {
    if (masked[i] !== known[i]) {
      const shown = masked[i]!.slice(0, masked[i]!.indexOf(MASK))
      return { text: undefined, pieces: [shown, ''], many: false }
    }
    return patternOf(word)
  })
}

function patternOf(word: ShellWord): WordPattern {
  const text = literalWord(word)
  if (text !== undefined && !text.includes(HOLE)) return { text, pieces: [text], many: false }
  const pieces = ['']
  let many = false
  for (const piece of word.pieces) {
    if (piece.text === undefined) {
      pieces.push('')
      if (!piece.quoted) many = true
      continue
    }
    const [first, ...others] = piece.text.split(HOLE)
    pieces.push(pieces.pop()! + first!, ...others)
  }
  // A completion closes the word and may begin another.
  if (text?.endsWith(HOLE)) many = true
  return { text: undefined, pieces, many }
}

/** Whether the line only sets variables or defines functions. */
export function onlyDefines(text: string): boolean {
  const { commands, functions } = parseShellLine(text)
  const isSetting = commands.every(
    ({ words, assignments, defined }) =>
      defined || (words.length === 0 && assignments.some((word) => assignment(word))),
  )
  return isSetting && commands.length + functions.length > 0
}
