/**
 * The processes of a session, as far as its events tell of them.
 *
 * The kernel gives a number to a new process that an old one may have had, so a process is a number and a span of
 * time. Not every process is in the log: one that was only forked has no exec, and one whose execs the rules do not
 * record has nothing but children. Such a process stands in the tree all the same, and who its parent was is inferred
 * where the log does not say it (`parentInferred`).
 */
import { readerOf } from '@auspex/auditd'

/** One exec. Secrets in the arguments are masked where the event was. */
export interface Command {
  /** EventId of the exec. */
  readonly id: string
  readonly time: number
  readonly serial: number
  readonly process: Process
  readonly pid: number
  readonly ppid: number | undefined
  readonly user: string
  readonly userId: number | undefined
  readonly effectiveUser: string
  readonly effectiveUserId: number | undefined
  readonly name: string
  readonly executable: string
  readonly arguments: readonly string[]
  readonly commandLine: string
  readonly directory: string
  readonly terminal: string
  readonly failed: boolean
  /** Negative: an error number. */
  readonly exitCode: number | undefined
  readonly keys: readonly string[]
  readonly techniques: readonly string[]
}

export class Process {
  /** Number in the session, from 0. */
  readonly index: number
  readonly pid: number
  ppid: number | undefined
  parent: Process | undefined
  /** The parent is a guess. */
  parentInferred = false
  /** When something was first and last seen of it. */
  first: number
  last: number
  ended: number | undefined
  name = ''
  executable = ''
  commandLine = ''
  terminal = ''
  user = ''
  userId: number | undefined
  effectiveUser = ''
  effectiveUserId: number | undefined
  readonly execs: Command[] = []
  /** Files that it opened for writing itself: a shell's redirections. */
  readonly writes: { readonly time: number; readonly path: string }[] = []
  readonly children: Process[] = []
  /** How often the process numbers had gone round when it was last seen. */
  round: number

  constructor(index: number, pid: number, time: number, round: number) {
    this.index = index
    this.pid = pid
    this.first = time
    this.last = time
    this.round = round
  }

  /** Nothing is known of it but that it has children. */
  get isUnseen(): boolean {
    return this.name === '' && this.executable === ''
  }

  get isShell(): boolean {
    return readerOf(this.name) === 'shell' || readerOf(baseName(this.executable)) === 'shell'
  }
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** What one event says of a process. */
export interface Sighting {
  readonly time: number
  readonly pid: number
  readonly ppid: number | undefined
  readonly name: string
  readonly executable: string
  readonly terminal: string
  readonly user: string
  readonly userId: number | undefined
  readonly effectiveUser: string
  readonly effectiveUserId: number | undefined
  /** The event is an exec that succeeded. */
  readonly isExec: boolean
  /** How often the host's process numbers have gone round. */
  readonly round: number
}

/** Programs that fork without an exec, in the order in which they are taken for the parent of an unseen process. */
const FORKERS =
  /^(?:sudo|su|sshd|sshd-session|login|screen|tmux|script|cron|crond|atd|runuser|doas|pkexec|systemd)$/
/** An event that comes late may be this much older than what was first seen of its process (ms). */
const MAX_LATE = 600_000
/** Processes of a session that are kept for its tree; of more, only the youngest of each number. */
const MAX_PROCESSES = 200_000

export class ProcessTable {
  readonly #byPid = new Map<number, Process[]>()
  /** Shells that were started to be typed at, youngest last. */
  readonly #interactive: Process[] = []
  /** In the order in which they were first seen; not more than `MAX_PROCESSES`. */
  readonly all: Process[] = []
  /** All that were seen. */
  count = 0

  /** Takes in what an event says of a process. */
  see(sighting: Sighting): Process {
    const { pid, time } = sighting
    let process = this.find(pid, time) ?? this.#soonAfter(pid, time, sighting.executable)
    if (process !== undefined && this.#isAnother(process, sighting)) process = undefined
    process ??= this.#add(pid, time, sighting.round)
    if (time < process.first) process.first = time
    if (time >= process.last) {
      process.last = time
      process.round = sighting.round
      if (sighting.name !== '') process.name = sighting.name
      if (sighting.executable !== '') process.executable = sighting.executable
      if (sighting.terminal !== '') process.terminal = sighting.terminal
      if (sighting.userId !== undefined) {
        process.userId = sighting.userId
        process.user = sighting.user
      }
      if (sighting.effectiveUserId !== undefined) {
        process.effectiveUserId = sighting.effectiveUserId
        process.effectiveUser = sighting.effectiveUser
      }
    }
    this.#setParent(process, sighting)
    return process
  }

  /** Takes note of an exec that `see` has been told of. */
  addExec(process: Process, command: Command): void {
    process.execs.push(command)
    if (isInteractiveShell(command)) this.#interactive.push(process)
  }

  /** The process that had this number at that time. */
  find(pid: number, time: number): Process | undefined {
    const list = this.#byPid.get(pid)
    if (list === undefined) return undefined
    for (let i = list.length - 1; i >= 0; i--) if (list[i]!.first <= time) return list[i]
    return undefined
  }

  /** Events of one record reach us before those of several: a process may have been seen later already. */
  #soonAfter(pid: number, time: number, executable: string): Process | undefined {
    const next = this.#byPid.get(pid)?.find((process) => process.first > time)
    if (next === undefined || next.first - time > MAX_LATE) return undefined
    const isSame =
      executable === '' || next.executable === '' || next.executable === executable || next.execs.length === 0
    return isSame ? next : undefined
  }

  #isAnother(process: Process, sighting: Sighting): boolean {
    const { time, ppid, round, isExec } = sighting
    if (time < process.last) return false
    if (process.ended !== undefined && time > process.ended + 1000) return true
    if (ppid !== undefined && process.ppid !== undefined && ppid !== process.ppid) {
      // A process whose parent ended gets another one: init, or one that adopts orphans further up.
      if (ppid === 1) return false
      for (let up = process.parent; up !== undefined; up = up.parent) if (up.pid === ppid) return false
      return true
    }
    return isExec && round > process.round && process.execs.length > 0 && !process.isShell
  }

  #add(pid: number, time: number, round: number): Process {
    const process = new Process(this.count++, pid, time, round)
    const isKept = this.all.length < MAX_PROCESSES
    if (isKept) this.all.push(process)
    const list = this.#byPid.get(pid)
    if (list === undefined) this.#byPid.set(pid, [process])
    else {
      if (!isKept) list.length = 0
      list.push(process)
      list.sort((a, b) => a.first - b.first)
    }
    return process
  }

  #setParent(process: Process, { ppid, time, round }: Sighting): void {
    if (ppid === undefined || (process.parent !== undefined && !process.parentInferred)) return
    process.ppid = ppid
    if (ppid === 0 || ppid === process.pid) return
    const parent = this.find(ppid, time) ?? this.#soonAfter(ppid, time, '') ?? this.#add(ppid, time, round)
    if (this.#isAbove(process, parent)) return
    this.#link(process, parent, false)
    if (parent.parent === undefined && parent.ppid === undefined) this.#inferParent(parent, process)
  }

  #isAbove(process: Process, of: Process): boolean {
    for (let up: Process | undefined = of; up !== undefined; up = up.parent) if (up === process) return true
    return false
  }

  #link(process: Process, parent: Process, inferred: boolean): void {
    if (process.parent !== undefined) {
      const at = process.parent.children.indexOf(process)
      if (at >= 0) process.parent.children.splice(at, 1)
    }
    process.parent = parent
    process.parentInferred = inferred
    if (this.all.length < MAX_PROCESSES) parent.children.push(process)
  }

  /**
   * The parent of a process that is known by its child only: a program that forks helpers and has the number just
   * before it, else the innermost shell on the terminal of the child, which forked itself for `(…)` or a pipeline.
   */
  #inferParent(process: Process, child: Process): void {
    for (let pid = process.pid - 1; pid >= process.pid - 8 && pid > 0; pid--) {
      const before = this.find(pid, process.first)
      if (before === undefined || before === child || before.ended !== undefined) continue
      const sameProgram = process.executable !== '' && before.executable === process.executable
      if (!sameProgram && !FORKERS.test(baseName(before.executable))) continue
      if (!this.#isAbove(process, before)) this.#link(process, before, true)
      return
    }
    if (child.terminal === '') return
    for (let i = this.#interactive.length - 1; i >= 0; i--) {
      const shell = this.#interactive[i]!
      if (shell.terminal !== child.terminal || shell.first > process.first || shell.ended !== undefined)
        continue
      if (shell !== process && shell !== child && !this.#isAbove(process, shell))
        this.#link(process, shell, true)
      return
    }
  }
}

/** A shell with options only: nothing tells it what to run, so it asks. */
export function isInteractiveShell({ arguments: args, executable, failed }: Command): boolean {
  if (failed || args.length === 0) return false
  const name = baseName(args[0]!).replace(/^-/, '')
  if (readerOf(name) !== 'shell' && readerOf(baseName(executable)) !== 'shell') return false
  return args.slice(1).every((arg) => arg.startsWith('-') && (arg.startsWith('--') || !arg.includes('c')))
}

/** Counts how often the process numbers of a host have gone round, by the numbers of new processes. */
export class PidRounds {
  #last = 0
  #highest = 0
  round = 0

  see(pid: number): void {
    if (pid > this.#highest) this.#highest = pid
    // New numbers come in order, give or take what runs at the same time.
    if (pid < this.#last - Math.max(this.#highest / 2, 2000)) {
      this.round++
      this.#last = pid
    } else if (pid > this.#last && pid - this.#last < Math.max(this.#highest / 2, 2000)) this.#last = pid
    else if (this.#last === 0) this.#last = pid
  }
}
