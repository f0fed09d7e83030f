/** The lines that a shell got, and what each would start. */
import {
  type Doubt,
  type LineEnd,
  parseShellLine,
  type TypedLine as ReadLine,
  TypedLines,
} from '@auspex/auditd'
import type { TypedCommand } from './align.js'
import { type Expectation, expectationsOf, HOLE, ShellKnowledge } from './expect.js'
import { expandHistory } from './history.js'
import type { KeyStream } from './streams.js'

/** A shell's line before its outcome is known. */
export interface Entered {
  readonly read: readonly ReadLine[]
  readonly text: string
  /** The text with HOLE where more may stand. */
  readonly pattern: string
  readonly end: LineEnd
  readonly doubts: readonly Doubt[]
  readonly from: number
  /** Index of the input in which it ended. */
  readonly input: number
  readonly isLastOfInput: boolean
}

const MAX_JOINED = 100
/** A record may be stamped this much before the exec that it precedes (ms). */
const STAMP_SLACK = 1_000

/** The lines that a shell got, those that belong together joined. */
export function enteredLines(stream: KeyStream): Entered[] {
  const reader = new TypedLines()
  const read: { line: ReadLine; input: number }[] = []
  stream.inputs.forEach((input, i) => {
    for (const line of reader.push(input.data)) read.push({ line, input: i })
  })
  for (const line of reader.end()) read.push({ line, input: Math.max(0, stream.inputs.length - 1) })
  const entered: Entered[] = []
  for (let i = 0; i < read.length; ) {
    let count = 1
    let pattern = withHoles(read[i]!.line)
    const isKnown = () => read[i + count - 1]!.line.holes.length === 0
    while (
      count < MAX_JOINED &&
      i + count < read.length &&
      read[i + count - 1]!.line.end === 'return' &&
      isKnown() &&
      !parseShellLine(pattern).complete
    ) {
      pattern += `\n${withHoles(read[i + count]!.line)}`
      count++
    }
    const parts = read.slice(i, i + count)
    const last = parts.at(-1)!
    entered.push({
      read: parts.map(({ line }) => line),
      text: pattern.replaceAll(HOLE, ''),
      pattern,
      end: last.line.end,
      doubts: [...new Set(parts.flatMap(({ line }) => line.doubts))],
      from: parts[0]!.line.from,
      input: last.input,
      isLastOfInput: read[i + count]?.input !== last.input,
    })
    i += count
  }
  if (stream.inputs.length > 0) return entered
  // The keys themselves are not there: only what the shell reported.
  return stream.reports.map((report, i) => {
    const text = Buffer.from(report.data).toString('utf8')
    return {
      read: [],
      text,
      pattern: text,
      end: 'return' as const,
      doubts: [],
      from: i,
      input: -1,
      isLastOfInput: false,
    }
  })
}

function withHoles(line: ReadLine): string {
  let text = ''
  let at = 0
  for (const hole of line.holes) {
    text += line.text.slice(at, hole) + HOLE
    at = hole
  }
  return text + line.text.slice(at)
}

/** What the lines would start, each with the span of time in which it can have. */
export function expected(
  entered: readonly Entered[],
  stream: KeyStream,
): { line: number; command: TypedCommand }[] {
  const found: { line: number; command: TypedCommand }[] = []
  const knowledge = new ShellKnowledge()
  const before: string[] = []
  for (const [i, line] of entered.entries()) {
    if (line.end !== 'return') continue
    const { text, unknown } = expandHistory(line.pattern, before)
    const from = (stream.inputs[line.input - 1]?.time ?? Number.NEGATIVE_INFINITY) - STAMP_SLACK
    const next = stream.inputs[line.input + 1]
    const to = line.isLastOfInput
      ? (next?.time ?? Number.POSITIVE_INFINITY)
      : (stream.inputs[line.input]?.time ?? Number.POSITIVE_INFINITY)
    const base = found.length
    const expectations = unknown ? [] : expectationsOf(text, knowledge)
    for (const expectation of expectations) {
      if (expectation.loopFrom !== undefined) expectation.loopFrom += base
      found.push({ line: i, command: { expectation, from, to: to + STAMP_SLACK } })
    }
    if (expectations.length === 0 && (unknown || text === HOLE)) {
      found.push({ line: i, command: { expectation: UNKNOWN_LINE, from, to: to + STAMP_SLACK } })
    }
    knowledge.learn(text)
    if (text.trim() !== '') before.push(text)
  }
  return found
}

const UNKNOWN_LINE: Expectation = {
  kind: 'opaque',
  name: undefined,
  words: [],
  alternatives: [],
  optional: true,
  repeated: false,
  loopFrom: undefined,
}
