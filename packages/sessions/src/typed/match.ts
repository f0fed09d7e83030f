/** How well an exec fits an expectation: 0 not at all, 1 word for word. */
import { baseName } from '../fold/processes.js'
import type { Expectation, WordPattern } from './expect.js'

/** What was run: the arguments of an exec. */
export interface Ran {
  /** Of a file that a shell opened: its path. */
  readonly arguments: readonly string[]
  readonly isWrite?: boolean
  readonly executable: string
}

/** Less is no match. */
export const MIN_SCORE = 0.35
/** Arguments that are compared; a longer command line is compared as far as that. */
const MAX_ARGUMENTS = 400
/** How many arguments an interpreter may stand before the script: `/usr/bin/env python3 script`. */
const MAX_INTERPRETER = 3
/** How many an alias may put behind the command. */
const MAX_INSERTED = 6

export function score(expectation: Expectation, ran: Ran): number {
  if (expectation.kind === 'write' || ran.isWrite === true) {
    return expectation.kind === 'write' && ran.isWrite === true
      ? scoreWrite(expectation.words[0]!, ran.arguments[0]!)
      : 0
  }
  const args = ran.arguments.length > MAX_ARGUMENTS ? ran.arguments.slice(0, MAX_ARGUMENTS) : ran.arguments
  let best = 0
  for (const words of [expectation.words, ...expectation.alternatives]) {
    const fits = scoreWords(words, args, ran.executable)
    best = Math.max(best, words === expectation.words ? fits : fits * 0.9)
    if (best === 1) return 1
  }
  if (best > 0 || expectation.kind !== 'program') return best
  // Another name, and the same arguments, of which some say something: an alias that nobody told us of.
  const [, ...rest] = expectation.words
  const last = rest.at(-1)
  if (last === undefined || args.length < 2 || !fits(last, args.at(-1)!)) return 0
  if (!rest.some(({ text }) => text !== undefined && text.length >= 3)) return 0
  for (let inserted = 1; inserted <= MAX_INSERTED && inserted < args.length; inserted++) {
    if (fitsAll(rest, args.slice(inserted))) return 0.55
  }
  return 0
}

/** A file's path is absolute in the log; in the line it may be relative to a directory that is not known. */
function scoreWrite(target: WordPattern, path: string): number {
  if (fits(target, path)) return 1
  const isAbsolute = (target.text ?? target.pieces[0]!).startsWith('/')
  if (isAbsolute) return 0
  const parts = path.split('/')
  return parts.some((_, i) => i > 0 && fits(target, parts.slice(i).join('/'))) ? 0.8 : 0
}

function scoreWords(words: readonly WordPattern[], args: readonly string[], executable: string): number {
  const [command, ...rest] = words
  if (command === undefined || args.length === 0) return 0
  // Nothing is known of the command: its arguments have to tell.
  const isNameless = command.text === undefined && command.pieces.every((piece) => piece === '')
  if (isNameless && !rest.some(({ text }) => text !== undefined)) return 0
  for (let at = 0; at <= MAX_INTERPRETER && at < args.length; at++) {
    if (!isCommand(command, args[at]!)) continue
    if (at > 0 && isCommand(command, executable)) break
    const behind = args.slice(at + 1)
    const isOpen = rest.some(({ text }) => text === undefined) || command.text === undefined
    const certainty = isNameless ? 0.6 : isOpen ? 0.9 : 1
    if (fitsAll(rest, behind)) return certainty * (at === 0 ? 1 : 0.95)
    for (let inserted = 1; inserted <= MAX_INSERTED && inserted <= behind.length; inserted++) {
      if (fitsAll(rest, behind.slice(inserted))) return certainty * 0.85
    }
    const found = fitting(rest, behind)
    // The same command with other arguments: a word was changed by the shell, or it is another call.
    if (found >= 0.5 && rest.length > 1) return 0.35 + 0.3 * (found - 0.5)
    return 0
  }
  return 0
}

function isCommand(word: WordPattern, arg: string): boolean {
  if (word.text !== undefined) return arg === word.text || baseName(arg) === baseName(word.text)
  return fits(word, arg) || fits(word, baseName(arg))
}

/** Whether a word can have become this argument: its pieces stand in it, in order, the outer ones at the ends. */
function fits({ text, pieces }: WordPattern, arg: string): boolean {
  if (text !== undefined) return text === arg
  const last = pieces.length - 1
  if (!arg.startsWith(pieces[0]!)) return false
  let at = pieces[0]!.length
  for (let i = 1; i < last; i++) {
    at = arg.indexOf(pieces[i]!, at)
    if (at < 0) return false
    at += pieces[i]!.length
  }
  return arg.length - pieces[last]!.length >= at && arg.endsWith(pieces[last]!)
}

/** Whether the words can have become exactly these arguments. */
function fitsAll(words: readonly WordPattern[], args: readonly string[]): boolean {
  const simple = words.every(({ many }) => !many)
  if (simple) return words.length === args.length && words.every((word, i) => fits(word, args[i]!))
  // reached[n]: the words so far can have taken n arguments.
  let reached = new Array<boolean>(args.length + 1).fill(false)
  reached[0] = true
  for (const word of words) {
    const next = new Array<boolean>(args.length + 1).fill(false)
    for (let n = 0; n <= args.length; n++) {
      const before = n > 0 && (word.many ? next[n - 1]! || reached[n - 1]! : reached[n - 1]!)
      next[n] = (word.many && reached[n]!) || (before && fits(word, args[n - 1]!))
    }
    reached = next
  }
  return reached[args.length]!
}

/** The part of the words that stand among the arguments, in their order. */
function fitting(words: readonly WordPattern[], args: readonly string[]): number {
  if (words.length === 0) return 0
  let found = 0
  let at = 0
  for (const word of words) {
    const next = args.findIndex((arg, i) => i >= at && fits(word, arg))
    if (next < 0) continue
    found++
    at = next + 1
  }
  return found / words.length
}
