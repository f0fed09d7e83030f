/**
 * Ties what was typed to what ran: an alignment of two sequences, the commands of the typed lines and the programs
 * that the shell started.
 *
 * The kernel stamps keys when its buffer is written out, so they have no times; but a shell reads its lines in their
 * order and starts what stands in them in that order. So the best alignment is looked for, as between two texts: each
 * pair that fits is worth its score, a program that nobody typed costs little, and a typed program that did not run
 * costs a little more. Where the record in which a line was written out says when it must have run, only that span
 * is looked at.
 */
import type { Expectation } from './expect.js'
import { MIN_SCORE, type Ran, score } from './match.js'

/** A typed command, and the span of time in which it can have been started. */
export interface TypedCommand {
  readonly expectation: Expectation
  readonly from: number
  readonly to: number
}

/** A program that the shell started, in the order in which it did. */
export interface StartedProgram extends Ran {
  readonly time: number
}

export interface Pair {
  readonly typed: number
  readonly started: number
  /** 0..1; `OPAQUE_SCORE` for what was only possible. */
  readonly score: number
}

/** What something unknown is worth that may have started a program. */
export const OPAQUE_SCORE = 0.05
const UNTYPED = -0.1
const DID_NOT_RUN = -0.3
/** Cells of the table; longer sequences are aligned in pieces. */
const MAX_CELLS = 6_000_000

/** The pairs of the best alignment, in order. `typed` may come several times (a loop), `started` once. */
export function align(typed: readonly TypedCommand[], started: readonly StartedProgram[]): Pair[] {
  if (typed.length === 0 || started.length === 0) return []
  if ((typed.length + 1) * (started.length + 1) > MAX_CELLS) return alignInPieces(typed, started)
  return new Alignment(typed, started).pairs()
}

/** Cuts both where the spans of the typed commands do, or in half. */
function alignInPieces(typed: readonly TypedCommand[], started: readonly StartedProgram[]): Pair[] {
  if (typed.length === 1) {
    const rows = Math.floor(MAX_CELLS / 4)
    return align(typed, started.slice(0, rows))
  }
  const middle = middleOf(typed)
  const border = typed[middle]!.from
  const cut = started.findIndex(({ time }) => time >= border)
  const hasBorder = Number.isFinite(border) && cut > 0
  const at = hasBorder ? cut : Math.floor((started.length * middle) / typed.length)
  const before = align(typed.slice(0, middle), started.slice(0, at))
  const after = align(typed.slice(middle), started.slice(at))
  return [
    ...before,
    ...after.map((pair) => ({ ...pair, typed: pair.typed + middle, started: pair.started + at })),
  ]
}

/** A place near the middle where the span changes. */
function middleOf(typed: readonly TypedCommand[]): number {
  const middle = typed.length >> 1
  for (let off = 0; off < middle; off++) {
    for (const at of [middle + off, middle - off]) {
      if (at > 0 && at < typed.length && typed[at]!.from !== typed[at - 1]!.from) return at
    }
  }
  return middle
}

// How a cell was reached.
const START = 0
const SKIP_TYPED = 1
const SKIP_STARTED = 2
const MATCH = 3
/** As MATCH, but the typed command may start more. */
const STAY = 4
/** Back to the beginning of a loop. */
const AGAIN = 5

class Alignment {
  readonly #typed: readonly TypedCommand[]
  readonly #started: readonly StartedProgram[]
  readonly #width: number
  readonly #how: Uint8Array
  /** For AGAIN: the row that it came from. */
  readonly #from = new Map<number, number>()
  readonly #scores = new Map<number, number>()

  constructor(typed: readonly TypedCommand[], started: readonly StartedProgram[]) {
    this.#typed = typed
    this.#started = started
    this.#width = started.length + 1
    this.#how = new Uint8Array((typed.length + 1) * this.#width)
  }

  pairs(): Pair[] {
    const rows = this.#typed.length + 1
    let before = new Float64Array(rows)
    let column = new Float64Array(rows)
    this.#how[0] = START
    for (let i = 1; i < rows; i++) {
      column[i] = column[i - 1]! + this.#skipCost(i - 1)
      this.#how[i * this.#width] = SKIP_TYPED
    }
    for (let j = 1; j < this.#width; j++) {
      ;[before, column] = [column, before]
      column[0] = before[0]! + this.#untyped(j - 1)
      this.#how[j] = SKIP_STARTED
      for (let i = 1; i < rows; i++) this.#relax(i, j, before, column)
      this.#loops(j, column)
    }
    return this.#trace()
  }

  #relax(i: number, j: number, before: Float64Array, column: Float64Array): void {
    const at = i * this.#width + j
    let best = before[i]! + this.#untyped(j - 1)
    let how = SKIP_STARTED
    const skipped = column[i - 1]! + this.#skipCost(i - 1)
    if (skipped > best) {
      best = skipped
      how = SKIP_TYPED
    }
    const fits = this.#score(i - 1, j - 1)
    if (fits > 0) {
      if (before[i - 1]! + fits > best) {
        best = before[i - 1]! + fits
        how = MATCH
      }
      // What is unknown may start any number of programs, each worth less than one that was typed.
      if (fits === OPAQUE_SCORE && before[i]! + fits > best) {
        best = before[i]! + fits
        how = STAY
      }
    }
    column[i] = best
    this.#how[at] = how
  }

  /** Behind the end of a loop it may begin again. */
  #loops(j: number, column: Float64Array): void {
    for (let i = 1; i <= this.#typed.length; i++) {
      const { loopFrom } = this.#typed[i - 1]!.expectation
      if (loopFrom === undefined || column[i]! <= column[loopFrom]!) continue
      column[loopFrom] = column[i]!
      this.#how[loopFrom * this.#width + j] = AGAIN
      this.#from.set(loopFrom * this.#width + j, i)
      for (let k = loopFrom + 1; k < i; k++) {
        const skipped = column[k - 1]! + this.#skipCost(k - 1)
        if (skipped <= column[k]!) continue
        column[k] = skipped
        this.#how[k * this.#width + j] = SKIP_TYPED
      }
    }
  }

  #untyped(j: number): number {
    return this.#started[j]!.isWrite === true ? 0 : UNTYPED
  }

  #skipCost(i: number): number {
    const { kind, optional } = this.#typed[i]!.expectation
    return kind === 'program' && !optional ? DID_NOT_RUN : 0
  }

  #score(i: number, j: number): number {
    const { expectation, from, to } = this.#typed[i]!
    const program = this.#started[j]!
    if (program.time < from || program.time > to) return 0
    const key = i * this.#width + j
    const known = this.#scores.get(key)
    if (known !== undefined) return known
    const fits = score(expectation, program)
    const isPossible = expectation.kind === 'opaque' && program.isWrite !== true
    const value = fits >= MIN_SCORE ? fits : isPossible ? OPAQUE_SCORE : 0
    if (value > 0) this.#scores.set(key, value)
    return value
  }

  #trace(): Pair[] {
    const pairs: Pair[] = []
    let i = this.#typed.length
    let j = this.#width - 1
    while (i > 0 || j > 0) {
      const at = i * this.#width + j
      switch (this.#how[at]) {
        case SKIP_TYPED:
          i--
          break
        case SKIP_STARTED:
          j--
          break
        case MATCH:
          pairs.push({ typed: i - 1, started: j - 1, score: this.#score(i - 1, j - 1) })
          i--
          j--
          break
        case STAY:
          pairs.push({ typed: i - 1, started: j - 1, score: this.#score(i - 1, j - 1) })
          j--
          break
        case AGAIN:
          i = this.#from.get(at)!
          break
        default:
          return pairs.reverse()
      }
    }
    return pairs.reverse()
  }
}
