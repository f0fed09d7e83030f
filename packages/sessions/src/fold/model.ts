/** What a session is made of once its events have been folded. Times are milliseconds since 1970. */
/** The person behind the session became another user, or tried to. */
export interface Change {
  readonly time: number
  /** `sudo`, `su`, …; `setuid` for another program with the setuid bit; `unexplained` where nothing says how. */
  readonly how: string
  readonly from: string
  readonly to: string
  readonly succeeded: boolean
  /** What was to be run as that user, where it is known. */
  readonly commandLine: string
  readonly pid: number | undefined
  readonly eventId: string
}

/** A file that was changed, or a sensitive one that was read. */
export interface FileUse {
  readonly path: string
  /** `created`, `written`, `deleted`, `renamed`, `permissions`, `owner`, `attributes`, `linked`, `read` */
  readonly kinds: Set<string>
  count: number
  first: number
  last: number
  readonly programs: Set<string>
  readonly users: Set<string>
}

/** Traffic to or from another host. */
export interface Connection {
  readonly address: string
  readonly port: number | undefined
  readonly direction: 'to' | 'from' | 'listen'
  count: number
  failed: number
  first: number
  last: number
  readonly programs: Set<string>
  readonly users: Set<string>
}

/** A login that was refused. */
export interface FailedLogin {
  readonly time: number
  readonly account: string
  readonly address: string
  readonly terminal: string
  readonly program: string
  readonly eventId: string
}

/** Something else that is worth a line: accounts, audit rules, anomalies. */
export interface Note {
  readonly time: number
  readonly kind: string
  readonly text: string
  readonly pid: number | undefined
  readonly eventId: string
}
