/**
 * Lines that were thrown away with ^C and are glued to the next one.
 *
 * The terminal turns ^C into a signal: it is no key that the shell reads, so it is not in the log. What was typed
 * before it is, and seems to be the beginning of the line that came next: `rm -rf /` and ^C and `ls` stand there as
 * `rm -rf /ls`. What ran gives it away: where nothing fits the whole line and the end of it fits a program that
 * nobody typed, the line was begun anew there.
 */
import type { Pair } from './align.js'
import { type Expectation, expectationsOf, ShellKnowledge } from './expect.js'
import { type Ran, score } from './match.js'

/** The end of the line has to fit this well. */
const MIN_FIT = 0.85

/**
 * Where lines have to be cut: index of the line, and of the character at which it was begun anew.
 * @param lines the lines, with holes
 * @param commands what is expected of each line
 */
export function splitInterrupted(
  lines: readonly string[],
  commands: readonly { readonly line: number; readonly expectation: Expectation }[],
  started: readonly Ran[],
  pairs: readonly Pair[],
): Map<number, number> {
  const cuts = new Map<number, number>()
  const paired = new Set(pairs.map((pair) => pair.typed))
  const taken = new Set(pairs.map((pair) => pair.started))
  for (const [line, text] of lines.entries()) {
    const own = commands.flatMap((command, i) => (command.line === line ? [i] : []))
    const hasProgram = own.some((i) => commands[i]!.expectation.kind === 'program')
    if (own.length === 0 || own.some((i) => paired.has(i))) continue
    // Only what ran between the lines before and behind it can be its.
    const before = pairs.findLast((pair) => pair.typed < own[0]!)?.started ?? -1
    const after = pairs.find((pair) => pair.typed > own.at(-1)!)?.started ?? started.length
    for (let j = before + 1; j < after && !cuts.has(line); j++) {
      if (taken.has(j)) continue
      const at = beginning(text, started[j]!)
      // A line of the shell's own leaves nothing anyway: there the end has to say more.
      if (at === undefined || (!hasProgram && started[j]!.arguments.length < 2)) continue
      cuts.set(line, at)
      taken.add(j)
    }
  }
  return cuts
}

/** Where in the text a line begins that fits the program. */
function beginning(text: string, ran: Ran): number | undefined {
  const name = ran.arguments[0]
  if (name === undefined || name.length < 2) return undefined
  for (const wanted of new Set([name, name.slice(name.lastIndexOf('/') + 1)])) {
    for (let at = text.indexOf(wanted, 1); at > 0; at = text.indexOf(wanted, at + 1)) {
      const first = expectationsOf(text.slice(at), new ShellKnowledge())[0]
      if (first?.kind === 'program' && score(first, ran) >= MIN_FIT) return at
    }
  }
  return undefined
}
