/** The lines of one shell, tied to what it started. */
import { MASK, maskCommandLine, visibleLine } from '@auspex/auditd'
import type { Command, Process } from '../fold/processes.js'
import { align, type Pair, type TypedCommand } from './align.js'
import { type Entered, enteredLines, expected } from './entered.js'
import { type Expectation, HOLE } from './expect.js'
import { splitInterrupted } from './interrupted.js'
import type { Origin, TypedLine, TypedOptions } from './model.js'
import { type Started, startedBy } from './started.js'
import { type KeyStream, ownRelays } from './streams.js'
import { coverageOf, judge, type Verdict } from './verdict.js'
import { SHELL_FILES } from './vocabulary.js'

/** How long a shell reads its files (ms). */
const STARTING = 2_000

export interface Known {
  readonly origin: Origin
  readonly line: TypedLine | undefined
}

/** What the lines say; everything else follows from the tree. */
export interface Origins {
  readonly processes: Map<Process, Known>
  /** For the execs of one process that differ. */
  readonly commands: Map<Command, Known>
}

function firstTimes({ reports }: KeyStream): ReadonlyMap<string, number> {
  const times = new Map<string, number>()
  for (const { data, time } of reports) {
    const text = Buffer.from(data).toString('utf8')
    if (!times.has(text)) times.set(text, time)
  }
  return times
}

export class ShellLines {
  readonly #stream: KeyStream
  readonly #options: TypedOptions
  readonly #lines: TypedLine[]
  readonly #origins: Origins
  #reports: ReadonlyMap<string, number> | undefined

  constructor(stream: KeyStream, options: TypedOptions, lines: TypedLine[], origins: Origins) {
    this.#stream = stream
    this.#options = options
    this.#lines = lines
    this.#origins = origins
  }

  run(): void {
    const started = this.#stream.process === undefined ? [] : startedBy(this.#stream.process)
    let entered = enteredLines(this.#stream)
    let commands = expected(entered, this.#stream)
    let pairs = align(
      commands.map(({ command }) => command),
      started,
    )
    const split = splitInterrupted(
      entered.map(({ pattern }) => pattern),
      commands.map(({ line, command }) => ({ line, expectation: command.expectation })),
      started,
      pairs,
    )
    if (split.size > 0) {
      entered = entered.flatMap((line, i) => {
        const at = split.get(i)
        if (at === undefined) return [line]
        return [
          {
            ...line,
            text: line.pattern.slice(0, at).replaceAll(HOLE, ''),
            pattern: line.pattern.slice(0, at),
            end: 'interrupt' as const,
          },
          {
            ...line,
            text: line.pattern.slice(at).replaceAll(HOLE, ''),
            pattern: line.pattern.slice(at),
            from: line.from + 1,
          },
        ]
      })
      commands = expected(entered, this.#stream)
      pairs = align(
        commands.map(({ command }) => command),
        started,
      )
    }
    this.#conclude(entered, commands, started, pairs)
  }

  #conclude(
    entered: readonly Entered[],
    commands: readonly { line: number; command: TypedCommand }[],
    started: readonly Started[],
    pairs: readonly Pair[],
  ): void {
    const byLine = new Map<number, { expectations: Expectation[]; indexes: number[] }>()
    for (const [i, { line, command }] of commands.entries()) {
      const entry = byLine.get(line) ?? { expectations: [], indexes: [] }
      entry.expectations.push(command.expectation)
      entry.indexes.push(i)
      byLine.set(line, entry)
    }
    const pairsOf = new Map<number, Pair[]>()
    for (const pair of pairs) {
      const list = pairsOf.get(pair.typed)
      if (list === undefined) pairsOf.set(pair.typed, [pair])
      else list.push(pair)
    }
    const coverage = coverageOf(commands, pairsOf)
    const matched = new Set<number>()
    let before: string | undefined
    let firstRan: number | undefined
    let lastRan: number | undefined
    for (const [i, line] of entered.entries()) {
      const { expectations, indexes } = byLine.get(i) ?? { expectations: [], indexes: [] }
      const verdict = judge(line, expectations, indexes, pairsOf, commands, started, coverage)
      const typed = this.#typedLine(line, verdict, before)
      before = line.text
      if (line.text !== '' || line.end === 'end-of-file' || line.doubts.length > 0) this.#lines.push(typed)
      for (const pair of indexes.flatMap((index) => pairsOf.get(index) ?? [])) {
        matched.add(pair.started)
        const { process, ownExec, isWrite } = started[pair.started]!
        if (isWrite === true) continue
        const origin = { origin: 'typed' as const, line: typed }
        if (ownExec === undefined) {
          this.#origins.processes.set(process, origin)
          for (const command of process.execs.slice(1))
            this.#origins.commands.set(command, { origin: 'from-typed', line: typed })
          if (process.execs[0] !== undefined) this.#origins.commands.set(process.execs[0], origin)
        } else this.#origins.commands.set(ownExec, origin)
        const { time } = started[pair.started]!
        firstRan = firstRan === undefined ? time : Math.min(firstRan, time)
        lastRan = lastRan === undefined ? time : Math.max(lastRan, time)
      }
    }
    const becameShell = started.flatMap(({ ownExec, time }) => (ownExec === undefined ? [] : time))
    const isOfShellFiles = (time: number) =>
      firstRan === undefined ||
      time < firstRan ||
      time > lastRan! ||
      becameShell.some((then) => time >= then && time - then < STARTING)
    for (const [j, { process, ownExec, time, command, isWrite }] of started.entries()) {
      if (matched.has(j) || isWrite === true) continue
      const name = command?.arguments[0]?.replace(/^.*\//, '') ?? ''
      const isShellFile = SHELL_FILES.has(name) && isOfShellFiles(time)
      const origin = {
        origin: isShellFile ? ('shell-files' as const) : ('not-typed' as const),
        line: undefined,
      }
      if (ownExec === undefined) this.#origins.processes.set(process, origin)
      else this.#origins.commands.set(ownExec, origin)
    }
  }

  #typedLine(line: Entered, verdict: Verdict, before: string | undefined): TypedLine {
    const { session, process, inputs, pid } = this.#stream
    const shown = this.#shown(line, verdict, before)
    const input = inputs[line.input]
    const previous = inputs[line.input - 1]
    return {
      id: `${session.uid}-${pid}-${line.from}`,
      stream: this.#stream,
      text: shown,
      masked: shown.includes(MASK) && !line.text.includes(MASK),
      end: line.end,
      doubts: verdict.doubts,
      writtenAt: input?.time ?? session.last,
      after: previous?.time ?? process?.first ?? session.start,
      enteredAt: this.#reportedAt(line),
      ranAt: verdict.ranAt,
      outcome: verdict.outcome,
      confidence: verdict.confidence,
      commands: verdict.commands,
      relays: ownRelays(this.#stream),
      injected: input?.injected ?? false,
    }
  }

  #shown(line: Entered, verdict: Verdict, before: string | undefined): string {
    if (this.#options.reveal === true) return line.text
    // What ran is a command, whatever it looks like and whatever came before.
    if (verdict.outcome !== 'not-run' && verdict.commands.length > 0) return maskCommandLine(line.text)
    return visibleLine(
      { text: line.text, cooked: line.read.at(-1)?.cooked === true },
      this.#stream.reader,
      before,
    )
  }

  /** When the shell itself reported the line (USER_TTY). */
  #reportedAt(line: Entered): number | undefined {
    this.#reports ??= firstTimes(this.#stream)
    return this.#reports.get(line.text)
  }
}
