/**
 * The input of a session, a stream for each program that read any, and which streams are only copies of others.
 *
 * sudo, su, screen, tmux and script read the terminal and pass the keys on to a terminal of their own, where a shell
 * reads them again; ssh passes them on to another host. Both readings are in the log. The inner one is what counts;
 * of the outer one there remain the keys that were not passed on, such as a password at sudo's own prompt.
 */
import { Buffer } from 'node:buffer'
import { type Reader, readerOf } from '@auspex/auditd'
import type { Process } from '../fold/processes.js'
import type { SessionState } from '../fold/state.js'
import type { KeyInput } from '../input/event.js'

/** Part of a stream that another one has, too. */
export interface Copy {
  readonly from: number
  readonly to: number
  readonly of: KeyStream
}

export interface KeyStream {
  readonly session: SessionState
  readonly process: Process | undefined
  readonly pid: number
  /** Short name of the program. */
  readonly reader: string
  readonly kind: Reader
  readonly terminal: string
  /** In the order in which they were written. */
  readonly inputs: readonly KeyInput[]
  readonly data: Buffer
  /** Lines that the program reported itself (USER_TTY). */
  readonly reports: readonly KeyInput[]
  /** Set where this stream repeats others. */
  copies: readonly Copy[]
  /** Relays that have this stream's keys as well. */
  readonly relays: Set<KeyStream>
}

/** Keys that match by chance: shorter runs are not taken for copies, unless they are all that is left. */
const MIN_RUN = 4

export function keyStreams(session: SessionState): KeyStream[] {
  const inputs = [...session.keys].sort((a, b) => a.time - b.time || a.serial - b.serial)
  const groups = new Map<string, KeyInput[]>()
  for (const input of inputs) {
    const process = session.processes.find(input.pid, input.time)
    const key = `${input.pid} ${process?.index ?? ''}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [input])
    else group.push(input)
  }
  const streams = [...groups.values()].map((group): KeyStream => {
    const first = group.find(({ recordType }) => recordType === 'TTY') ?? group[0]!
    const process = session.processes.find(first.pid, first.time)
    const keys = group.filter(({ recordType }) => recordType === 'TTY')
    const reader = first.reader !== '' ? first.reader : (process?.name ?? '')
    return {
      session,
      process,
      pid: first.pid,
      reader,
      kind: readerOf(reader),
      terminal: first.terminal !== '' ? first.terminal : (process?.terminal ?? ''),
      inputs: keys,
      data: Buffer.concat(keys.map(({ data }) => data)),
      reports: group.filter(({ recordType }) => recordType === 'USER_TTY'),
      copies: [],
      relays: new Set(),
    }
  })
  for (const outer of streams) {
    if (outer.kind !== 'relay' && outer.kind !== 'prompt') continue
    const inner = streams.filter((stream) => stream !== outer && isInside(stream, outer))
    setCopies(outer, inner)
  }
  return streams
}

/**
 * Finds the copies between sessions: what was typed into an ssh client of one is what the shell of another read.
 * @param streams of sessions that may belong together
 */
export function linkAcrossSessions(streams: readonly KeyStream[]): void {
  for (const outer of streams) {
    if (outer.kind !== 'relay' || outer.copies.length > 0 || outer.data.length < MIN_RUN) continue
    const begun = outer.process?.first ?? outer.session.start
    const written = outer.inputs.at(-1)?.time ?? outer.session.last
    const inner = streams.filter(
      ({ session, data, inputs }) =>
        session !== outer.session &&
        data.length >= MIN_RUN &&
        session.start >= begun - CLOCKS_APART &&
        (inputs.at(-1)?.time ?? session.last) <= written + CLOCKS_APART,
    )
    setCopies(outer, inner)
  }
}

/** How far the clocks of two hosts may be apart (ms). */
export const CLOCKS_APART = 120_000

/** Whether a program below the outer one read it; where the tree has holes, the terminal and the times tell. */
function isInside(inner: KeyStream, outer: KeyStream): boolean {
  for (let up = inner.process?.parent; up !== undefined; up = up.parent) if (up === outer.process) return true
  const begun = outer.process?.first ?? 0
  const first = inner.process?.first ?? inner.inputs[0]?.time ?? 0
  return inner.terminal !== outer.terminal && first >= begun && lastTime(inner) <= lastTime(outer)
}

function lastTime(stream: KeyStream): number {
  return stream.inputs.at(-1)?.time ?? stream.reports.at(-1)?.time ?? 0
}

/** Follows each inner stream through the outer one, as far as they are alike. */
function setCopies(outer: KeyStream, inner: readonly KeyStream[]): void {
  const places = new Map(inner.map((stream) => [stream, 0]))
  const copies: Copy[] = []
  for (let at = 0; at < outer.data.length; ) {
    let best: { stream: KeyStream; length: number } | undefined
    for (const [stream, place] of places) {
      const length = commonRun(outer.data, at, stream.data, place)
      const needed = Math.min(MIN_RUN, stream.data.length - place)
      if (length > 0 && length >= needed && length > (best?.length ?? 0)) best = { stream, length }
    }
    if (best === undefined) {
      at++
      continue
    }
    const { stream, length } = best
    copies.push({ from: at, to: at + length, of: stream })
    places.set(stream, places.get(stream)! + length)
    stream.relays.add(outer)
    at += length
  }
  outer.copies = copies
}

function commonRun(a: Buffer, from: number, b: Buffer, at: number): number {
  let length = 0
  while (from + length < a.length && at + length < b.length && a[from + length] === b[at + length]) length++
  return length
}

/** Programs of the same session that passed the keys on; what another session's ssh client read is told there. */
export function ownRelays({ session, relays }: KeyStream): string[] {
  return [...relays].filter((relay) => relay.session === session).map(({ reader }) => reader)
}

/** How many keys of a stream nobody else has. */
export function ownKeys(stream: KeyStream): number {
  return stream.copies.reduce((left, { from, to }) => left - (to - from), stream.data.length)
}
