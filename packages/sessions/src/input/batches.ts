/** Events and keys from rows: batches of the log reader or of a query, by column. */
import { encodeText, recordTypeName, type TableBatch } from '@auspex/auditd'
import type { EventFile, KeyInput, SessionEvent } from './event.js'

type Column = readonly unknown[] | undefined

/** Columns of AuditEvent that sessions need. */
export const EVENT_COLUMNS = [
  'TimeGenerated',
  'Computer',
  'EventId',
  'Serial',
  'RecordTypes',
  'Category',
  'Action',
  'Result',
  'AuditUser',
  'AuditUserId',
  'User',
  'UserId',
  'EffectiveUser',
  'EffectiveUserId',
  'TargetUser',
  'SessionId',
  'Terminal',
  'ProcessId',
  'ParentProcessId',
  'ProcessName',
  'Executable',
  'CommandLine',
  'Arguments',
  'WorkingDirectory',
  'Syscall',
  'ExitCode',
  'Files',
  'FileAccess',
  'SourceAddress',
  'DestinationAddress',
  'DestinationPort',
  'Keys',
  'Techniques',
  'Message',
] as const

/** Columns of LinuxAuditLog_CL that the keys of a TTY or USER_TTY record are made of. */
export const KEY_COLUMNS = [
  'TimeGenerated',
  'Computer',
  'AuditID_s',
  'SerialNumber_s',
  'RecordType_s',
  'ses_s',
  'auid_s',
  'uid_s',
  'pid_s',
  'major_s',
  'minor_s',
  'comm_s',
  'ioctl_s',
  'data_s',
] as const

const text = (cell: unknown): string => (cell === undefined || cell === null ? '' : String(cell))
const number = (cell: unknown): number | undefined =>
  cell === undefined || cell === null ? undefined : Number(cell)

const NONE: readonly never[] = []

/** Parses each JSON text once: most cells of these columns are alike. */
function jsonReader<T>(make: (value: unknown) => T, empty: T): (cell: unknown) => T {
  const known = new Map<string, T>()
  return (cell) => {
    if (cell === undefined || cell === null || cell === '') return empty
    const json = String(cell)
    let value = known.get(json)
    if (value === undefined) {
      value = make(parseJson(json))
      if (known.size >= 2048) known.clear()
      known.set(json, value)
    }
    return value
  }
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : NONE)

function files(value: unknown): readonly EventFile[] {
  if (!Array.isArray(value)) return NONE
  return value.map((file: Record<string, unknown>) => ({
    path: text(file.path),
    role: text(file.role),
    mode: text(file.mode),
  }))
}

/**
 * The events of a batch of AuditEvent rows.
 * @param milliseconds what a cell of TimeGenerated is in milliseconds since 1970
 */
export function* eventsOf(
  batch: Pick<TableBatch, 'rowCount' | 'columns'>,
  milliseconds: (cell: unknown) => number = Number,
): Generator<SessionEvent> {
  const column = (name: (typeof EVENT_COLUMNS)[number]): Column => batch.columns.get(name)
  const c = Object.fromEntries(EVENT_COLUMNS.map((name) => [name, column(name)])) as Record<
    (typeof EVENT_COLUMNS)[number],
    Column
  >
  for (let i = 0; i < batch.rowCount; i++) {
    yield {
      time: milliseconds(c.TimeGenerated?.[i]),
      computer: text(c.Computer?.[i]),
      eventId: text(c.EventId?.[i]),
      serial: number(c.Serial?.[i]) ?? 0,
      recordTypes: readStrings(c.RecordTypes?.[i]),
      category: text(c.Category?.[i]),
      action: text(c.Action?.[i]),
      result: text(c.Result?.[i]),
      auditUser: text(c.AuditUser?.[i]),
      auditUserId: number(c.AuditUserId?.[i]),
      user: text(c.User?.[i]),
      userId: number(c.UserId?.[i]),
      effectiveUser: text(c.EffectiveUser?.[i]),
      effectiveUserId: number(c.EffectiveUserId?.[i]),
      targetUser: text(c.TargetUser?.[i]),
      session: number(c.SessionId?.[i]),
      terminal: text(c.Terminal?.[i]),
      pid: number(c.ProcessId?.[i]),
      ppid: number(c.ParentProcessId?.[i]),
      processName: text(c.ProcessName?.[i]),
      executable: text(c.Executable?.[i]),
      commandLine: text(c.CommandLine?.[i]),
      arguments: readStrings(c.Arguments?.[i]),
      directory: text(c.WorkingDirectory?.[i]),
      syscall: text(c.Syscall?.[i]),
      exitCode: number(c.ExitCode?.[i]),
      files: readFiles(c.Files?.[i]),
      fileAccess: text(c.FileAccess?.[i]),
      sourceAddress: text(c.SourceAddress?.[i]),
      destinationAddress: text(c.DestinationAddress?.[i]),
      destinationPort: number(c.DestinationPort?.[i]),
      keys: readStrings(c.Keys?.[i]),
      techniques: readStrings(c.Techniques?.[i]),
      message: text(c.Message?.[i]),
    }
  }
}

const readStrings = jsonReader(strings, NONE as readonly string[])
const readFiles = jsonReader(files, NONE as readonly EventFile[])

const UNSET = new Set(['', '-1', '4294967295'])
const id = (cell: unknown): number | undefined => {
  const written = text(cell)
  const value = Number(written)
  return UNSET.has(written) || !Number.isSafeInteger(value) ? undefined : value
}

/** The keys of a batch of LinuxAuditLog_CL rows; rows of other record types are passed over. */
export function* keysOf(
  batch: Pick<TableBatch, 'rowCount' | 'columns'>,
  milliseconds: (cell: unknown) => number = Number,
): Generator<KeyInput> {
  const types = batch.columns.get('RecordType_s')
  const cell = (name: (typeof KEY_COLUMNS)[number], row: number) => batch.columns.get(name)?.[row]
  for (let i = 0; i < batch.rowCount; i++) {
    const recordType = text(types?.[i])
    if (recordType !== 'TTY' && recordType !== 'USER_TTY') continue
    const pid = id(cell('pid_s', i))
    if (pid === undefined) continue
    yield {
      time: milliseconds(cell('TimeGenerated', i)),
      computer: text(cell('Computer', i)),
      eventId: `${text(cell('Computer', i))}/${text(cell('AuditID_s', i))}`,
      serial: Number(text(cell('SerialNumber_s', i))) || 0,
      recordType: recordTypeName(recordType),
      session: id(cell('ses_s', i)),
      auditUserId: id(cell('auid_s', i)),
      userId: id(cell('uid_s', i)),
      pid,
      terminal: terminalOf(id(cell('major_s', i)), id(cell('minor_s', i))),
      reader: text(cell('comm_s', i)),
      data: encodeText(text(cell('data_s', i))),
      injected: text(cell('ioctl_s', i)) === 'TIOCSTI',
    }
  }
}

/** A LOGIN record: the beginning of a session. */
export interface LoginRecord {
  readonly time: number
  readonly computer: string
  readonly number: number
  readonly auditUserId: number | undefined
  readonly pid: number | undefined
}

/** The LOGIN records of a batch of LinuxAuditLog_CL rows. */
export function* loginsOf(
  batch: Pick<TableBatch, 'rowCount' | 'columns'>,
  milliseconds: (cell: unknown) => number = Number,
): Generator<LoginRecord> {
  const types = batch.columns.get('RecordType_s')
  const cell = (name: (typeof KEY_COLUMNS)[number], row: number) => batch.columns.get(name)?.[row]
  for (let i = 0; i < batch.rowCount; i++) {
    const number = id(cell('ses_s', i))
    if (types?.[i] !== 'LOGIN' || number === undefined) continue
    yield {
      time: milliseconds(cell('TimeGenerated', i)),
      computer: text(cell('Computer', i)),
      number,
      auditUserId: id(cell('auid_s', i)),
      pid: id(cell('pid_s', i)),
    }
  }
}

/** The terminal of a device number. Source: Documentation/admin-guide/devices.txt. */
function terminalOf(major: number | undefined, minor: number | undefined): string {
  if (major === undefined || minor === undefined) return ''
  if (major >= 136 && major <= 143) return `pts/${(major - 136) * 256 + minor}`
  if (major === 4) return minor < 64 ? `tty${minor}` : `ttyS${minor - 64}`
  return ''
}
