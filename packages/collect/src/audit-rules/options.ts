/** The options that stand at the start of a line of a rules file, but for rules (-a -A -d -w -W). Source: auditctl(8). */

export interface ControlOption {
  /** Undefined: takes no value. */
  readonly value?: 'number' | 'text' | 'pair'
  readonly minimum?: number
  readonly maximum?: number
  /** What the line does; completes "this line …". */
  readonly does: string
}

export const CONTROLS: Readonly<Record<string, ControlOption>> = {
  '-b': { value: 'number', minimum: 0, does: 'sets the size of the kernel’s queue' },
  '-c': { does: 'goes on after a line that fails, and says so at the end' },
  '-D': { does: 'deletes all rules' },
  '-e': { value: 'number', minimum: 0, maximum: 2, does: 'turns auditing off (0), on (1), or locks it (2)' },
  '-f': {
    value: 'number',
    minimum: 0,
    maximum: 2,
    does: 'says what the kernel does when a record is lost: nothing, a message, panic',
  },
  '-h': { does: 'prints help' },
  '-i': { does: 'hides every error in the rules that follow' },
  '-l': { does: 'lists rules' },
  '-m': { value: 'text', does: 'writes a record' },
  '-q': { value: 'pair', does: 'makes a mounted tree part of a watched one' },
  '-r': { value: 'number', minimum: 0, does: 'limits records per second' },
  '-R': { value: 'text', does: 'reads another rules file' },
  '-s': { does: 'prints the state of the audit system' },
  '-t': { does: 'trims the watched trees after a mount' },
  '-v': { does: 'prints the version' },
  '--backlog_wait_time': {
    value: 'number',
    minimum: 0,
    maximum: 600_000,
    does: 'sets how long a process waits for a place in the queue, in ticks of the kernel’s clock',
  },
  '--loginuid-immutable': { does: 'makes the login user unchangeable' },
  '--reset-lost': { does: 'sets the counter of lost records to 0' },
  '--reset_backlog_wait_time_actual': { does: 'sets the counter of waiting time to 0' },
  '--signal': { value: 'text', does: 'sends a signal to the audit daemon' },
}

/** Of no use in a rules file. */
export const COMMAND_LINE_ONLY: ReadonlySet<string> = new Set([
  '-h',
  '-l',
  '-m',
  '-R',
  '-s',
  '-v',
  '--signal',
])
