/**
 * What is handed out of a session: plain data, fit for JSON, without secrets unless they were asked for. Times are ISO
 * 8601 in UTC with milliseconds.
 */
import type { LineEnd } from '@auspex/auditd'
import type { LineDoubt, Origin, Outcome } from '../typed/model.js'

export type RiskLevel = 'none' | 'low' | 'medium' | 'high' | 'critical'

export interface RiskReason {
  /** Names the factor: `failed-logins`, `setuid`, … */
  readonly factor: string
  readonly points: number
  readonly text: string
  /** EventIds or line ids that show it, the first few. */
  readonly evidence: readonly string[]
}

export interface RiskRecord {
  /** 0..100 */
  readonly score: number
  readonly level: RiskLevel
  /** The heaviest first. */
  readonly reasons: readonly RiskReason[]
}

export interface ChangeRecord {
  readonly time: string
  readonly how: string
  readonly from: string
  readonly to: string
  readonly succeeded: boolean
  readonly commandLine: string
  readonly eventId: string
}

export interface FailedLoginRecord {
  readonly time: string
  readonly account: string
  readonly address: string
  readonly program: string
  readonly eventId: string
}

/** Whether the session's keys are in the log. */
export type KeysState =
  /** They are. */
  | 'recorded'
  /** None are, though they are recorded for this session: something is missing. */
  | 'missing'
  /** None have come yet; they are often written at logout. */
  | 'pending'
  /** Nothing was typed, or nothing says that keys are recorded. */
  | 'none'

export interface SessionRecord {
  readonly uid: string
  readonly computer: string
  /** `ses`: the kernel's number, which starts again at boot. */
  readonly session: number
  readonly user: string
  readonly userId: number | null
  readonly start: string
  /** False: the login is not in the log, and `start` is the first event. */
  readonly startKnown: boolean
  /** Null while it is open. */
  readonly end: string | null
  /** `logout`, `reboot`, or `` while it is open. */
  readonly endReason: string
  readonly lastActivity: string
  /** `ssh`, `console`, `cron`, … */
  readonly method: string
  readonly sourceAddress: string
  readonly terminal: string
  readonly failedBefore: number
  /** Users that it became. */
  readonly became: readonly string[]
  readonly becameRoot: boolean
  readonly refusedChanges: number
  readonly keys: KeysState
  readonly typedLines: number
  readonly typedRan: number
  readonly typedNotRun: number
  readonly commands: number
  readonly rootCommands: number
  readonly failedCommands: number
  /** Commands that a shell with recorded keys ran, and that nobody typed there. */
  readonly notTyped: number
  readonly filesChanged: number
  readonly filesDeleted: number
  readonly connections: number
  readonly addresses: readonly string[]
  readonly techniques: readonly string[]
  readonly alerts: readonly string[]
  readonly risk: RiskRecord
  readonly events: number
}

export interface CommandRecord {
  /** EventId of the exec. */
  readonly id: string
  readonly time: string
  readonly user: string
  readonly userId: number | null
  readonly effectiveUser: string
  readonly effectiveUserId: number | null
  readonly pid: number
  readonly ppid: number | null
  readonly name: string
  readonly executable: string
  readonly commandLine: string
  readonly arguments: readonly string[]
  readonly directory: string
  readonly terminal: string
  readonly failed: boolean
  readonly exitCode: number | null
  readonly origin: Origin
  /** The typed line that it goes back to. */
  readonly line: string | null
  /** Programs from the login down to its parent. */
  readonly ancestors: readonly string[]
  readonly keys: readonly string[]
  readonly techniques: readonly string[]
}

export interface LineRecord {
  readonly id: string
  /** The program that read it. */
  readonly reader: string
  readonly pid: number
  readonly terminal: string
  /** User of that program. */
  readonly user: string
  readonly text: string
  /** A part of it is not shown. */
  readonly masked: boolean
  readonly end: LineEnd
  readonly doubts: readonly LineDoubt[]
  /** Null: keys have no times of their own. Set where a command that it started, or the shell itself, tells. */
  readonly time: string | null
  /** What `time` is: when the first command that it started did, when the shell opened a file for it, or when the
   * shell reported the line. */
  readonly timeOf: 'command' | 'file' | 'report' | null
  /** It was typed after this and before that. */
  readonly after: string
  readonly before: string
  readonly outcome: Outcome
  readonly confidence: number
  readonly commands: readonly string[]
  readonly relays: readonly string[]
  readonly injected: boolean
}

export interface HiddenRecord {
  readonly id: string
  readonly reader: string
  readonly pid: number
  readonly terminal: string
  readonly writtenAt: string
  readonly keys: number
  readonly copied: number
  readonly copyOf: readonly string[]
  /** The session whose shell read the copied keys, where it is another one. */
  readonly copyOfSession: string | null
  /** The keys; null unless secrets are revealed. */
  readonly text: string | null
}

export interface FileRecord {
  readonly path: string
  readonly kinds: readonly string[]
  readonly count: number
  readonly first: string
  readonly last: string
  readonly programs: readonly string[]
  readonly users: readonly string[]
  readonly sensitive: boolean
}

export interface ConnectionRecord {
  readonly address: string
  readonly port: number | null
  readonly direction: 'to' | 'from' | 'listen'
  readonly count: number
  readonly failed: number
  readonly first: string
  readonly last: string
  readonly programs: readonly string[]
  readonly users: readonly string[]
}

export interface NoteRecord {
  readonly time: string
  readonly kind: string
  readonly text: string
  readonly eventId: string
}

export interface AlertRecord {
  readonly id: string
  readonly title: string
  readonly severity: string
  readonly from: string
  readonly to: string
}

export interface ProcessRecord {
  /** Number in the session. */
  readonly index: number
  readonly parent: number | null
  readonly parentInferred: boolean
  readonly pid: number
  /** Empty: nothing is known of it but that it had children. */
  readonly name: string
  readonly executable: string
  readonly commandLine: string
  readonly user: string
  readonly effectiveUser: string
  readonly first: string
  readonly last: string
  readonly children: number
  /** EventIds of its execs. */
  readonly execs: readonly string[]
  readonly origin: Origin | null
}

export type TimelineKind =
  | 'refused-login'
  | 'login'
  | 'line'
  | 'command'
  | 'change'
  | 'file'
  | 'connection'
  | 'note'
  | 'alert'
  | 'hidden'
  | 'end'

/** One thing that happened. */
export interface TimelineItem {
  /** Where it stands; for a line whose time is not known the earliest that it can have been. */
  readonly time: string
  readonly timeKnown: boolean
  readonly kind: TimelineKind
  /** Id of the line, EventId, path, …: what it is about. */
  readonly id: string
  readonly user: string
  readonly text: string
  readonly outcome: string
  /** Depth under the typed line that it goes back to: 0 for what stands on its own. */
  readonly depth: number
  /** Id of that line. */
  readonly line: string | null
}

/** All of a session at once. */
export interface SessionDetail {
  readonly session: SessionRecord
  readonly failedLogins: readonly FailedLoginRecord[]
  readonly changes: readonly ChangeRecord[]
  readonly lines: readonly LineRecord[]
  readonly hidden: readonly HiddenRecord[]
  readonly commands: readonly CommandRecord[]
  readonly files: readonly FileRecord[]
  readonly connections: readonly ConnectionRecord[]
  readonly notes: readonly NoteRecord[]
  readonly alerts: readonly AlertRecord[]
  readonly timeline: readonly TimelineItem[]
}

/** A page of a list, and where the next one begins. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly total: number
  readonly next: string | null
}
