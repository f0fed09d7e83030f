/**
 * One session as it is shown: computed from its state when it is asked for, and kept as long as nothing was added.
 */
import type { Change, FileUse } from '../fold/model.js'
import type { Command, Process } from '../fold/processes.js'
import { isSensitive } from '../fold/sensitive.js'
import { isInteractiveMethod, type SessionState } from '../fold/state.js'
import { riskOf } from '../risk/risk.js'
import type { HiddenInput, TypedLine, TypedSession } from '../typed/model.js'
import type { KeyStream } from '../typed/streams.js'
import { typedSession } from '../typed/typed.js'
import { iso } from './iso.js'
import type {
  AlertRecord,
  ChangeRecord,
  CommandRecord,
  ConnectionRecord,
  FailedLoginRecord,
  FileRecord,
  HiddenRecord,
  KeysState,
  LineRecord,
  NoteRecord,
  Page,
  ProcessRecord,
  RiskRecord,
  SessionDetail,
  SessionRecord,
  TimelineItem,
} from './records.js'
import { timelineOf } from './timeline.js'

export interface ViewOptions {
  /** Show secrets. */
  readonly reveal?: boolean
}

const MAX_LISTED = 50

export class SessionView {
  readonly state: SessionState
  readonly #options: ViewOptions
  readonly #streams: (() => readonly KeyStream[]) | undefined
  #typed: { version: number; value: TypedSession } | undefined
  #risk: { version: number; value: RiskRecord } | undefined
  #timeline: { version: number; value: readonly TimelineItem[] } | undefined

  /** @param streams gives the session's key streams, linked with those of other sessions */
  constructor(state: SessionState, options: ViewOptions = {}, streams?: () => readonly KeyStream[]) {
    this.state = state
    this.#options = options
    this.#streams = streams
  }

  #held = false

  /** Whether typed lines stay as they were computed, although more has come. */
  hold(held: boolean): void {
    this.#held = held
  }

  get uid(): string {
    return this.state.uid
  }

  get typed(): TypedSession {
    const version = this.state.typedVersion
    if (this.#typed === undefined || (this.#typed.version !== version && !this.#held)) {
      const streams = this.#streams?.()
      const value = typedSession(this.state, {
        ...this.#options,
        ...(streams === undefined ? {} : { streams }),
      })
      this.#typed = { version, value }
    }
    return this.#typed.value
  }

  get risk(): RiskRecord {
    const { version } = this.state
    if (this.#risk?.version !== version) this.#risk = { version, value: riskOf(this.state, this.typed) }
    return this.#risk.value
  }

  get keys(): KeysState {
    const { state } = this
    if (state.keys.length > 0) return 'recorded'
    const isExpected = state.keysExpected && state.terminal !== '' && isInteractiveMethod(state.method)
    if (!isExpected || state.commandCount === 0) return 'none'
    return state.isOpen ? 'pending' : 'missing'
  }

  record(): SessionRecord {
    const { state, typed, risk } = this
    const became = state.changes.filter(({ succeeded }) => succeeded)
    const files = [...state.files.values()]
    const lines = typed.lines.filter(({ outcome }) => outcome !== 'input')
    const connections = [...state.connections.values()]
    return {
      uid: state.uid,
      computer: state.computer,
      session: state.number,
      user: state.user,
      userId: state.auditUserId ?? null,
      start: iso(state.start),
      startKnown: state.startKnown,
      end: state.endedAt === undefined ? null : iso(state.endedAt),
      endReason: state.end ?? '',
      lastActivity: iso(state.last),
      method: state.method,
      sourceAddress: state.sourceAddress,
      terminal: state.terminal,
      failedBefore: state.failedBefore.length,
      became: [...new Set(became.map(({ to }) => to))],
      becameRoot: became.some(({ to }) => to === 'root' || to === '0'),
      refusedChanges: state.changes.length - became.length,
      keys: this.keys,
      typedLines: lines.length,
      typedRan: lines.filter(
        ({ outcome }) => outcome === 'ran' || outcome === 'partly' || outcome === 'failed',
      ).length,
      typedNotRun: lines.filter(({ outcome }) => outcome === 'not-run' || outcome === 'aborted').length,
      commands: state.commandCount,
      rootCommands: state.rootCommandCount,
      failedCommands: state.failedCommandCount,
      notTyped: state.commands.filter((command) => !command.failed && typed.origin(command) === 'not-typed')
        .length,
      filesChanged: files.filter(({ kinds }) =>
        [...kinds].some((kind) => kind !== 'read' && kind !== 'deleted'),
      ).length,
      filesDeleted: files.filter(({ kinds }) => kinds.has('deleted')).length,
      connections: connections.length,
      addresses: [...new Set(connections.map(({ address }) => address))].slice(0, MAX_LISTED),
      techniques: [...state.techniques].sort(),
      alerts: [...state.alerts.keys()],
      risk,
      events: state.events,
    }
  }

  failedLogins(): FailedLoginRecord[] {
    return this.state.failedBefore.map(({ time, account, address, program, eventId }) => ({
      time: iso(time),
      account,
      address,
      program,
      eventId,
    }))
  }

  changes(): ChangeRecord[] {
    return this.state.changes.map(changeRecord)
  }

  lines(): LineRecord[] {
    return this.typed.lines.map((line) => this.lineRecord(line))
  }

  lineRecord(line: TypedLine): LineRecord {
    const { stream, enteredAt, ranAt } = line
    const time = enteredAt ?? ranAt
    return {
      id: line.id,
      reader: stream.reader === '' ? (stream.process?.name ?? '') : stream.reader,
      pid: stream.pid,
      terminal: stream.terminal,
      user: this.#userOf(stream),
      text: line.text,
      masked: line.masked,
      end: line.end,
      doubts: line.doubts,
      time: time === undefined ? null : iso(time),
      timeOf:
        enteredAt !== undefined
          ? 'report'
          : ranAt === undefined
            ? null
            : line.commands.length > 0
              ? 'command'
              : 'file',
      after: iso(line.after),
      before: iso(line.writtenAt),
      outcome: line.outcome,
      confidence: line.confidence,
      commands: line.commands.map(({ id }) => id),
      relays: line.relays,
      injected: line.injected,
    }
  }

  #userOf({ process, inputs, reports }: KeyStream): string {
    const id = inputs[0]?.userId ?? reports[0]?.userId ?? process?.userId
    return this.state.nameOf(
      id,
      process?.userId === id && process?.user !== undefined ? process.user : String(id ?? ''),
    )
  }

  hidden(): HiddenRecord[] {
    return this.typed.hidden.map((input) => this.#hiddenRecord(input))
  }

  #hiddenRecord(input: HiddenInput): HiddenRecord {
    const { stream } = input
    const other = stream.copies.find(({ of }) => of.session !== this.state)
    return {
      id: input.id,
      reader: stream.reader,
      pid: stream.pid,
      terminal: stream.terminal,
      writtenAt: iso(input.writtenAt),
      keys: input.keys,
      copied: input.copied,
      copyOf: input.copyOf,
      copyOfSession: other?.of.session.uid ?? null,
      text: input.text ?? null,
    }
  }

  /** Commands in the order of their times. */
  commands(): CommandRecord[] {
    return this.#sortedCommands().map((command) => this.commandRecord(command))
  }

  /** A page of the commands; `cursor` is what the page before gave as `next`. */
  commandPage(cursor: string | undefined, limit: number): Page<CommandRecord> {
    return page(this.#sortedCommands(), cursor, limit, (command) => this.commandRecord(command))
  }

  #sortedCommands(): readonly Command[] {
    return [...this.state.commands].sort((a, b) => a.time - b.time || a.serial - b.serial)
  }

  commandRecord(command: Command): CommandRecord {
    const { state, typed } = this
    return {
      id: command.id,
      time: iso(command.time),
      user: state.nameOf(command.userId, command.user),
      userId: command.userId ?? null,
      effectiveUser: state.nameOf(command.effectiveUserId, command.effectiveUser),
      effectiveUserId: command.effectiveUserId ?? null,
      pid: command.pid,
      ppid: command.ppid ?? null,
      name: command.name,
      executable: command.executable,
      commandLine: command.commandLine,
      arguments: command.arguments,
      directory: command.directory,
      terminal: command.terminal,
      failed: command.failed,
      exitCode: command.exitCode ?? null,
      origin: typed.origin(command),
      line: typed.lineOf(command)?.id ?? null,
      ancestors: ancestorsOf(command.process),
      keys: command.keys,
      techniques: command.techniques,
    }
  }

  files(): FileRecord[] {
    return [...this.state.files.values()].sort((a, b) => a.first - b.first).map(fileRecord)
  }

  connections(): ConnectionRecord[] {
    return [...this.state.connections.values()]
      .sort((a, b) => a.first - b.first)
      .map(({ address, port, direction, count, failed, first, last, programs, users }) => ({
        address,
        port: port ?? null,
        direction,
        count,
        failed,
        first: iso(first),
        last: iso(last),
        programs: [...programs],
        users: [...users],
      }))
  }

  notes(): NoteRecord[] {
    return this.state.notes.map(({ time, kind, text, eventId }) => ({ time: iso(time), kind, text, eventId }))
  }

  alerts(): AlertRecord[] {
    return [...this.state.alerts.values()].map(({ id, title, severity, from, to }) => ({
      id,
      title,
      severity,
      from: iso(from),
      to: iso(to),
    }))
  }

  timeline(): readonly TimelineItem[] {
    const { version } = this.state
    if (this.#timeline?.version !== version) this.#timeline = { version, value: timelineOf(this) }
    return this.#timeline.value
  }

  timelinePage(cursor: string | undefined, limit: number): Page<TimelineItem> {
    return page(this.timeline(), cursor, limit, (item) => item)
  }

  detail(): SessionDetail {
    return {
      session: this.record(),
      failedLogins: this.failedLogins(),
      changes: this.changes(),
      lines: this.lines(),
      hidden: this.hidden(),
      commands: this.commands(),
      files: this.files(),
      connections: this.connections(),
      notes: this.notes(),
      alerts: this.alerts(),
      timeline: this.timeline(),
    }
  }

  /** The children of a process; of none, those that have no parent in the session. */
  processes(parent: number | undefined, cursor: string | undefined, limit: number): Page<ProcessRecord> {
    const { all } = this.state.processes
    const roots = () =>
      all
        .filter((process) => process.parent === undefined)
        // What is outside of the session, such as the daemon that took the connection, tells nothing.
        .flatMap((process) => (process.isUnseen ? process.children : [process]))
    const list = (parent === undefined ? roots() : (all[parent]?.children ?? [])).toSorted(
      (a, b) => a.first - b.first || a.index - b.index,
    )
    return page(list, cursor, limit, (process) => this.processRecord(process))
  }

  processRecord(process: Process): ProcessRecord {
    const first = process.execs[0]
    return {
      index: process.index,
      parent: process.parent?.index ?? null,
      parentInferred: process.parentInferred,
      pid: process.pid,
      name: process.name,
      executable: process.executable,
      commandLine: process.commandLine,
      user: this.state.nameOf(process.userId, process.user),
      effectiveUser: this.state.nameOf(process.effectiveUserId, process.effectiveUser),
      first: iso(process.first),
      last: iso(process.last),
      children: process.children.length,
      execs: process.execs.map(({ id }) => id),
      origin: first === undefined ? null : this.typed.origin(first),
    }
  }
}

export function changeRecord({ time, how, from, to, succeeded, commandLine, eventId }: Change): ChangeRecord {
  return { time: iso(time), how, from, to, succeeded, commandLine, eventId }
}

export function fileRecord({ path, kinds, count, first, last, programs, users }: FileUse): FileRecord {
  return {
    path,
    kinds: [...kinds],
    count,
    first: iso(first),
    last: iso(last),
    programs: [...programs],
    users: [...users],
    sensitive: isSensitive(path),
  }
}

const MAX_ANCESTORS = 50

/** Names of the programs above a process, from the login down. */
export function ancestorsOf(process: Process): string[] {
  const names: string[] = []
  for (let up = process.parent; up !== undefined && names.length < MAX_ANCESTORS; up = up.parent) {
    names.push(up.name === '' ? '?' : up.name)
  }
  return names.reverse()
}

/** A page of a list, from the place that the cursor names. */
export function page<T, R>(
  list: readonly T[],
  cursor: string | undefined,
  limit: number,
  make: (item: T) => R,
): Page<R> {
  const from = cursor === undefined ? 0 : Math.max(0, Number.parseInt(cursor, 10) || 0)
  const to = Math.min(list.length, from + limit)
  return {
    items: list.slice(from, to).map(make),
    total: list.length,
    next: to < list.length ? String(to) : null,
  }
}
