/** What a command may touch; handed in, so that a test can be its terminal, its clock and its environment. */
export interface Output {
  write(text: string): void
  /** Resolves when more may be written: for long output, so that a slow reader is waited for. */
  writeBytes(bytes: Uint8Array): Promise<void>
  /** Undefined in a pipe or a file. */
  readonly columns: number | undefined
}

export interface Effects {
  readonly input: AsyncIterable<Uint8Array>
  readonly out: Output
  readonly err: Output
  readonly env: Readonly<Record<string, string | undefined>>
  readonly homeDirectory: string
  readonly hostName: string
  /** Who is at the terminal: what they change is logged with this name. */
  readonly userName: string
  readonly isRoot: boolean
  readonly now: () => Date
  /** IANA name of the zone that a person sees times in. */
  readonly timeZone: string
  readonly newId: () => string
  readonly randomBytes: (size: number) => Buffer
  /** Of this program. */
  readonly version: string
  /** Asks for a line that is not shown as it is typed; undefined without a terminal. */
  readonly askSecret?: (question: string) => Promise<string>
  /** Aborts at Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal
}

/** Exit codes: 0 fine, 1 found something or failed, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2

/** A failure that a person can act on: printed as it is, without a stack. */
export class CliError extends Error {
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode = 1) {
    super(message)
    this.name = 'CliError'
    this.exitCode = exitCode
  }
}
