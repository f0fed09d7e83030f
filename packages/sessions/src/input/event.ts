/**
 * What sessions are made of: events (rows of AuditEvent) and the keys that programs read from terminals (TTY and
 * USER_TTY records). They come from a log file or from the store; nothing behind this knows which.
 */

export interface EventFile {
  readonly path: string
  /** `create`, `delete`, `normal`, `parent`: what the call did with it. */
  readonly role: string
  /** Octal, with the kind of file and the setuid bit: `0104755`. */
  readonly mode: string
}

/** One event. Strings are empty, numbers undefined where the log does not say. */
export interface SessionEvent {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly computer: string
  /** Unique over hosts and boots. */
  readonly eventId: string
  readonly serial: number
  readonly recordTypes: readonly string[]
  readonly category: string
  readonly action: string
  /** `success`, `failure`, or empty. */
  readonly result: string
  /** Who logged in. */
  readonly auditUser: string
  readonly auditUserId: number | undefined
  readonly user: string
  readonly userId: number | undefined
  readonly effectiveUser: string
  readonly effectiveUserId: number | undefined
  readonly targetUser: string
  /** `ses` */
  readonly session: number | undefined
  readonly terminal: string
  readonly pid: number | undefined
  readonly ppid: number | undefined
  /** At most 15 bytes. */
  readonly processName: string
  readonly executable: string
  readonly commandLine: string
  readonly arguments: readonly string[]
  readonly directory: string
  readonly syscall: string
  readonly exitCode: number | undefined
  readonly files: readonly EventFile[]
  /** `read`, `write`, `read-write`: what an open asked for. */
  readonly fileAccess: string
  readonly sourceAddress: string
  readonly destinationAddress: string
  readonly destinationPort: number | undefined
  readonly keys: readonly string[]
  readonly techniques: readonly string[]
  readonly message: string
}

/** What one record says that a program read from its terminal. */
export interface KeyInput {
  /** When the kernel wrote its buffer out: after the keys were typed, often at logout. */
  readonly time: number
  readonly computer: string
  readonly eventId: string
  readonly serial: number
  /** TTY: keys. USER_TTY: a line that the shell itself reported, when it was entered. */
  readonly recordType: string
  readonly session: number | undefined
  readonly auditUserId: number | undefined
  readonly userId: number | undefined
  readonly pid: number
  readonly terminal: string
  /** Short name of the program that read them; empty where the record does not say. */
  readonly reader: string
  readonly data: Uint8Array
  /** Pushed into the terminal by a program (TIOCSTI), not typed. */
  readonly injected: boolean
}

/** An alert that a rule raised on a host, and when what it is about began and ended. */
export interface SessionAlert {
  readonly id: string
  readonly title: string
  readonly severity: string
  readonly from: number
  readonly to: number
}
