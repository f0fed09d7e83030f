/** What comes out of the keys of a session: typed lines and what became of each, and why each command ran. */
import type { Doubt, LineEnd } from '@auspex/auditd'
import type { Command } from '../fold/processes.js'
import type { KeyStream } from './streams.js'

export type Outcome =
  /** Everything in it that needs a program has run. */
  | 'ran'
  /** A part of it has. */
  | 'partly'
  /** It was started, and refused: the exec failed, or sudo said no. */
  | 'failed'
  /** The shell did it itself, which leaves nothing in the log. */
  | 'builtin'
  /** Nothing of it ran, though what this shell runs is recorded: no such command, or thrown away. */
  | 'not-run'
  /** ^C, or the input ended before return. */
  | 'aborted'
  /** Nothing of it is in the log, which may be because the rules do not record it. */
  | 'unknown'
  /** It was typed into a program that is no shell. */
  | 'input'

export type LineDoubt =
  | Doubt
  /** ^C is not in the log: that the line was thrown away, or that another one was before it, is inferred. */
  | 'interrupted'
  /** Characters beyond ASCII: a shell whose locale is not UTF-8 takes their bytes for keys. */
  | 'encoding'

export interface TypedLine {
  readonly id: string
  readonly stream: KeyStream
  /** What may be shown of it; lines that belong together (a loop) are parted by newlines. */
  readonly text: string
  readonly masked: boolean
  readonly end: LineEnd
  readonly doubts: readonly LineDoubt[]
  /** When the kernel wrote the keys out. They were typed before. */
  readonly writtenAt: number
  /** They were typed after this. */
  readonly after: number
  /** When the shell reported the line (USER_TTY), which is when it was entered. */
  readonly enteredAt: number | undefined
  /** When the first program that it started did, or the shell opened a file for it. */
  readonly ranAt: number | undefined
  readonly outcome: Outcome
  /** 0..1: how certain the outcome and the commands are. */
  readonly confidence: number
  readonly commands: readonly Command[]
  /** Programs that read the same keys and passed them on. */
  readonly relays: readonly string[]
  /** Put into the terminal by a program (TIOCSTI). */
  readonly injected: boolean
}

/** Input that is not shown: what other programs than shells read. */
export interface HiddenInput {
  readonly id: string
  readonly stream: KeyStream
  readonly writtenAt: number
  /** Keys in all, and those of them that another reading has, too. */
  readonly keys: number
  readonly copied: number
  /** Who read the copied ones: `bash (29104)`. */
  readonly copyOf: readonly string[]
  /** The keys, for who may see them. */
  readonly text: string | undefined
}

/** Why a command ran. */
export type Origin =
  | 'typed'
  /** Started by a typed command, or by what that started. */
  | 'from-typed'
  /** By the shell before its first prompt, or after the last line. */
  | 'shell-files'
  /** By the login, before there was a shell. */
  | 'login'
  /** By a shell whose keys are in the log, though nobody typed it there. */
  | 'not-typed'
  /** The keys that may have started it are not in the log. */
  | 'unknown'

export interface TypedSession {
  readonly lines: readonly TypedLine[]
  readonly hidden: readonly HiddenInput[]
  readonly streams: readonly KeyStream[]
  /** Where a line stands among what happened: its time, or the earliest that it can have been entered. */
  placeOf(line: TypedLine): number
  origin(command: Command): Origin
  /** The typed line that the command goes back to. */
  lineOf(command: Command): TypedLine | undefined
}

export interface TypedOptions {
  /** Show secrets. */
  readonly reveal?: boolean
  /** Streams of the session, where the caller has linked them with others' (`linkAcrossSessions`). */
  readonly streams?: readonly KeyStream[]
}
