/** What became of a line: its outcome, and how certain that is. */
import type { Command } from '../fold/processes.js'
import { OPAQUE_SCORE, type Pair, type TypedCommand } from './align.js'
import type { Entered } from './entered.js'
import { type Expectation, onlyDefines } from './expect.js'
import type { LineDoubt, Outcome } from './model.js'
import type { Started } from './started.js'

/** The part of the typed programs that have run: how far execs of this shell are recorded at all. */
export function coverageOf(
  commands: readonly { command: TypedCommand }[],
  pairsOf: ReadonlyMap<number, readonly Pair[]>,
): { matched: number; part: number } {
  let programs = 0
  let matched = 0
  for (const [i, { command }] of commands.entries()) {
    if (command.expectation.kind !== 'program') continue
    const ran = pairsOf.get(i)?.length ?? 0
    matched += ran
    if (ran > 0) programs += ran
    else if (!command.expectation.optional) programs++
  }
  return { matched, part: programs === 0 ? 0 : matched / programs }
}

export interface Verdict {
  readonly outcome: Outcome
  readonly confidence: number
  readonly commands: readonly Command[]
  readonly ranAt: number | undefined
  readonly doubts: readonly LineDoubt[]
}

export function judge(
  line: Entered,
  expectations: readonly Expectation[],
  indexes: readonly number[],
  pairsOf: ReadonlyMap<number, readonly Pair[]>,
  commands: readonly { line: number; command: TypedCommand }[],
  started: readonly Started[],
  coverage: { readonly matched: number; readonly part: number },
): Verdict {
  const pairs = indexes.flatMap((index) => pairsOf.get(index) ?? [])
  const certain = pairs.filter(
    (pair) => pair.score !== OPAQUE_SCORE && started[pair.started]!.isWrite !== true,
  )
  const ran = pairs.flatMap((pair) => started[pair.started]!.command ?? [])
  const ranAt = pairs.length === 0 ? undefined : Math.min(...pairs.map((pair) => started[pair.started]!.time))
  const isInferredAbort = line.end === 'interrupt' && line.read.at(-1)?.end !== 'interrupt'
  // What the command line was completed to is what ran.
  const doubts: LineDoubt[] =
    isInferredAbort ||
    (line.end === 'return' &&
      line.read.length > 0 &&
      line.read.at(-1)!.text !== line.text &&
      line.read.length === 1)
      ? [...line.doubts, 'interrupted']
      : [...line.doubts]
  const isProven = ran.some(({ commandLine }) => NOT_ASCII.test(commandLine))
  if (NOT_ASCII.test(line.text) && !isProven) doubts.push('encoding')
  const unsure = doubts.includes('encoding') ? 0.5 : 1
  const verdict = (outcome: Outcome, confidence: number): Verdict => ({
    outcome,
    confidence: Math.round(confidence * unsure * 100) / 100,
    commands: ran,
    ranAt,
    doubts,
  })
  if (line.end === 'end-of-file') return verdict('builtin', 1)
  if (line.end !== 'return') return verdict('aborted', isInferredAbort ? 0.6 : 1)
  if (expectations.length === 0) {
    if (pairs.length > 0) return verdict('ran', 0.3)
    if (line.text.trim() === '' && line.doubts.length > 0) return verdict('unknown', 0)
    return onlyDefines(line.text) || line.text.trim() === '' || line.text.trim().startsWith('#')
      ? verdict('builtin', 1)
      : verdict('unknown', 0)
  }
  const needed = indexes.filter((_, i) => expectations[i]!.kind === 'program' && !expectations[i]!.optional)
  const met = needed.filter((index) => pairsOf.has(index))
  const doubtful = line.doubts.length > 0 ? 0.9 : 1
  if (certain.length > 0) {
    const mean = certain.reduce((sum, { score }) => sum + score, 0) / certain.length
    const part = needed.length === 0 ? 1 : met.length / needed.length
    const sure = mean * doubtful * (0.5 + 0.5 * part) * certaintyAmongTwins(indexes, pairsOf, commands)
    if (certain.every((pair) => started[pair.started]!.command?.failed === true))
      return verdict('failed', sure)
    return verdict(part < 1 ? 'partly' : 'ran', sure)
  }
  if (ran.length > 0) return verdict('ran', 0.3)
  if (needed.length === 0) {
    return expectations.some(({ kind }) => kind === 'opaque')
      ? verdict('unknown', 0)
      : verdict('builtin', doubtful)
  }
  if (coverage.matched >= 2 && coverage.part >= 0.5) {
    return verdict('not-run', coverage.part * doubtful * certaintyAmongTwins(indexes, pairsOf, commands))
  }
  return verdict('unknown', 0)
}

const NOT_ASCII = /[^\x00-\x7f]/

/** Of several equal commands of which not all ran, nobody can say which did. */
function certaintyAmongTwins(
  indexes: readonly number[],
  pairsOf: ReadonlyMap<number, readonly Pair[]>,
  commands: readonly { command: TypedCommand }[],
): number {
  let certainty = 1
  for (const index of indexes) {
    const own = commands[index]!.command.expectation
    if (own.kind !== 'program') continue
    let same = 1
    let ran = pairsOf.has(index) ? 1 : 0
    // Twins are those that nothing certain stands between.
    for (const step of [-1, 1]) {
      for (let at = index + step; at >= 0 && at < commands.length; at += step) {
        const other = commands[at]!.command.expectation
        const isTwin = isSameCommand(own, other)
        if (isTwin) {
          same++
          if (pairsOf.has(at)) ran++
        } else if (pairsOf.has(at)) break
      }
    }
    const isRun = pairsOf.has(index)
    if (same > 1 && ran !== same && ran !== 0)
      certainty = Math.min(certainty, isRun ? ran / same : 1 - ran / same)
  }
  return certainty
}

function isSameCommand(a: Expectation, b: Expectation): boolean {
  return (
    a.kind === b.kind &&
    a.name === b.name &&
    a.words.length === b.words.length &&
    a.words.every((word, i) => word.text === b.words[i]!.text)
  )
}
