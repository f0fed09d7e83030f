/**
 * What was typed in a session, and what became of each line.
 *
 * Three lists come out of it: lines that ran, lines that did not, and commands that ran without being typed. Nothing
 * is claimed that the log does not show: where execs are not recorded, a line's outcome is `unknown`; where the text
 * or the match is a guess, `confidence` says how good.
 */
import { MASK, visibleLine } from '@auspex/auditd'
import type { Command } from '../fold/processes.js'
import { isInteractiveShell, type Process } from '../fold/processes.js'
import type { SessionState } from '../fold/state.js'
import { enteredLines } from './entered.js'
import type { HiddenInput, TypedLine, TypedOptions, TypedSession } from './model.js'
import { type Known, type Origins, ShellLines } from './shell.js'
import { type KeyStream, keyStreams, ownKeys, ownRelays } from './streams.js'

export function typedSession(session: SessionState, options: TypedOptions = {}): TypedSession {
  const streams = options.streams ?? keyStreams(session)
  const lines: TypedLine[] = []
  const hidden: HiddenInput[] = []
  const origins: Origins = { processes: new Map(), commands: new Map() }
  for (const stream of streams) {
    if (stream.kind === 'shell') new ShellLines(stream, options, lines, origins).run()
    else if (stream.kind === 'interpreter') lines.push(...inputLines(stream, options))
    else if (stream.data.length > 0) hidden.push(hiddenInput(stream, options))
  }
  const places = placesOf(lines)
  const ordered = lines
    .map((line, i) => ({ line, i, place: places.get(line)! }))
    .sort((a, b) => a.place - b.place || a.i - b.i)
    .map(({ line }) => line)
  const derived = new Map<Process, Known>()
  const find = (command: Command): Known => {
    const own = origins.commands.get(command) ?? derived.get(command.process)
    if (own !== undefined) return own
    const known = originOf(command.process, origins.processes, session.loginPid)
    derived.set(command.process, known)
    return known
  }
  return {
    lines: ordered,
    hidden,
    streams,
    placeOf: (line) => places.get(line) ?? line.after,
    origin: (command) => find(command).origin,
    lineOf: (command) => find(command).line,
  }
}

/** The origin of a process is that of the nearest process above it that has one. */
function originOf(process: Process, known: ReadonlyMap<Process, Known>, loginPid: number | undefined): Known {
  for (let at: Process | undefined = process; at !== undefined; at = at.parent) {
    const found = known.get(at)
    if (found === undefined) {
      // A shell that asked for lines, and whose keys are not in the log: somebody may have typed it there.
      if (at !== process && isAsking(at)) return { origin: 'unknown', line: undefined }
      continue
    }
    return found.origin === 'typed' && at !== process ? { origin: 'from-typed', line: found.line } : found
  }
  for (let up = process.parent; up !== undefined; up = up.parent) {
    if (up.isShell && up.terminal !== '') return { origin: 'unknown', line: undefined }
    // What started it has ended: it was left to the first process.
    if (up.pid !== loginPid && up.ppid === 1) return { origin: 'unknown', line: undefined }
  }
  return { origin: 'login', line: undefined }
}

function isAsking(process: Process): boolean {
  return process.terminal !== '' && process.execs.some(isInteractiveShell)
}

/** Lines of an interpreter. */
function inputLines(stream: KeyStream, options: TypedOptions): TypedLine[] {
  const { session, process, inputs, pid } = stream
  let before: string | undefined
  return enteredLines(stream)
    .filter(({ text, end }) => text !== '' || end === 'end-of-file')
    .map((line) => {
      const text =
        options.reveal === true
          ? line.text
          : visibleLine({ text: line.text, cooked: false }, stream.reader, before)
      before = line.text
      return {
        id: `${session.uid}-${pid}-${line.from}`,
        stream,
        text,
        masked: text.includes(MASK) && !line.text.includes(MASK),
        end: line.end,
        doubts: line.doubts,
        writtenAt: inputs[line.input]?.time ?? session.last,
        after: inputs[line.input - 1]?.time ?? process?.first ?? session.start,
        enteredAt: undefined,
        ranAt: undefined,
        outcome: line.end === 'interrupt' ? 'aborted' : 'input',
        confidence: 1,
        commands: [],
        relays: ownRelays(stream),
        injected: inputs[line.input]?.injected ?? false,
      } satisfies TypedLine
    })
}

function hiddenInput(stream: KeyStream, options: TypedOptions): HiddenInput {
  const { session, pid, inputs, data, copies } = stream
  const own = ownKeys(stream)
  return {
    id: `${session.uid}-${pid}-0`,
    stream,
    writtenAt: inputs.at(-1)?.time ?? session.last,
    keys: data.length,
    copied: data.length - own,
    copyOf: [...new Set(copies.map(({ of }) => `${of.reader} (${of.pid})`))],
    text: options.reveal === true ? data.toString('utf8') : undefined,
  }
}

/**
 * Where the lines of several shells stand in time. One whose time is not known stands behind the line before it in its
 * shell, and behind all that that one started: the shell asks for the next when it is over.
 */
function placesOf(lines: readonly TypedLine[]): Map<TypedLine, number> {
  const places = new Map<TypedLine, number>()
  const last = new Map<KeyStream, number>()
  const ends = new Map<Process, number>()
  for (const line of lines) {
    // Behind what started the program that read it.
    const floor = Math.max(last.get(line.stream) ?? Number.NEGATIVE_INFINITY, line.after + 0.5)
    const place = line.enteredAt ?? line.ranAt ?? floor
    places.set(line, place)
    const isInBackground = /&\s*(?:$|[^&>\s])/.test(line.text)
    const others = isInBackground
      ? []
      : line.commands.filter(({ process }) => process !== line.stream.process)
    last.set(line.stream, Math.max(place, floor, ...others.map(({ process }) => endOf(process, ends))))
  }
  return places
}

/** When something was last seen of a process and of all that it started. */
function endOf(process: Process, known: Map<Process, number>): number {
  const found = known.get(process)
  if (found !== undefined) return found
  known.set(process, process.last)
  const end = process.children.reduce((latest, child) => Math.max(latest, endOf(child, known)), process.last)
  known.set(process, end)
  return end
}
