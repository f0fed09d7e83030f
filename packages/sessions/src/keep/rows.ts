/** Sessions, commands and typed lines as rows of AuditSession, AuditCommand and AuditKeystroke. */
import type { TableBatch } from '@auspex/store'
import type { Command } from '../fold/processes.js'
import type { SessionState } from '../fold/state.js'
import type { HiddenRecord, LineRecord } from '../view/records.js'
import { ancestorsOf, type SessionView } from '../view/session-view.js'

export type Row = Readonly<Record<string, unknown>>

/** Rows of one table by column. */
export function batchOf(table: string, rows: readonly Row[]): TableBatch {
  const names = new Set(rows.flatMap((row) => Object.keys(row)))
  const columns = new Map([...names].map((name) => [name, rows.map((row) => row[name])]))
  return { table, rowCount: rows.length, columns }
}

const json = (value: unknown): string => JSON.stringify(value)
const time = (iso: string | null): number | undefined => (iso === null ? undefined : Date.parse(iso))

/** @param updated milliseconds since 1970 */
export function sessionRow(view: SessionView, updated: number): Row {
  const record = view.record()
  return {
    TimeGenerated: time(record.start),
    Computer: record.computer,
    SessionUid: record.uid,
    SessionId: record.session,
    AuditUser: record.user,
    AuditUserId: record.userId,
    IsStartKnown: record.startKnown,
    EndTime: time(record.end),
    EndReason: record.endReason,
    LastActivityTime: time(record.lastActivity),
    LogonMethod: record.method,
    SourceAddress: record.sourceAddress,
    Terminal: record.terminal,
    FailedLogons: record.failedBefore,
    Became: json(record.became),
    BecameRoot: record.becameRoot,
    RefusedChanges: record.refusedChanges,
    Changes: json(
      view.changes().map(({ time: at, how, from, to, succeeded, commandLine }) => ({
        time: at,
        how,
        from,
        to,
        succeeded,
        commandLine,
      })),
    ),
    KeystrokeState: record.keys,
    TypedLines: record.typedLines,
    TypedRan: record.typedRan,
    TypedNotRun: record.typedNotRun,
    Commands: record.commands,
    RootCommands: record.rootCommands,
    FailedCommands: record.failedCommands,
    CommandsNotTyped: record.notTyped,
    FilesChanged: record.filesChanged,
    FilesDeleted: record.filesDeleted,
    Connections: record.connections,
    DestinationAddresses: json(record.addresses),
    Techniques: json(record.techniques),
    RiskScore: record.risk.score,
    RiskLevel: record.risk.level,
    RiskReasons: json(record.risk.reasons),
    Alerts: json(record.alerts),
    Events: record.events,
    UpdatedTime: updated,
  }
}

export function commandRow(session: SessionState, command: Command): Row {
  const { process } = command
  return {
    TimeGenerated: command.time,
    Computer: session.computer,
    SessionUid: session.uid,
    SessionId: session.number,
    EventId: command.id,
    AuditUser: session.user,
    AuditUserId: session.auditUserId,
    User: session.nameOf(command.userId, command.user),
    UserId: command.userId,
    EffectiveUser: session.nameOf(command.effectiveUserId, command.effectiveUser),
    EffectiveUserId: command.effectiveUserId,
    ProcessId: command.pid,
    ParentProcessId: command.ppid,
    ProcessName: command.name,
    Executable: command.executable,
    CommandLine: command.commandLine,
    Arguments: json(command.arguments),
    WorkingDirectory: command.directory,
    Terminal: command.terminal,
    Result: command.failed ? 'failure' : 'success',
    ExitCode: command.exitCode,
    ParentProcessName: process.parent?.name ?? '',
    ParentCommandLine: process.parent?.commandLine ?? '',
    Ancestors: json(ancestorsOf(process)),
    Keys: json(command.keys),
    Techniques: json(command.techniques),
  }
}

/** The columns that a row of AuditKeystroke can fill, and those of them that are times. */
export const LINE_COLUMNS = [
  'TimeGenerated',
  'Computer',
  'SessionUid',
  'SessionId',
  'LineId',
  'AuditUser',
  'AuditUserId',
  'User',
  'ProcessId',
  'ProcessName',
  'Terminal',
  'Text',
  'IsMasked',
  'Ending',
  'Doubts',
  'TimeOf',
  'AfterTime',
  'WrittenTime',
  'Outcome',
  'Confidence',
  'Commands',
  'Relays',
  'IsInjected',
  'KeyCount',
  'CopiedKeys',
  'CopyOf',
] as const
export const LINE_TIMES = ['TimeGenerated', 'AfterTime', 'WrittenTime'] as const

function shared(session: SessionState): Row {
  return {
    Computer: session.computer,
    SessionUid: session.uid,
    SessionId: session.number,
    AuditUser: session.user,
    AuditUserId: session.auditUserId,
  }
}

export function lineRow(session: SessionState, line: LineRecord): Row {
  return {
    ...shared(session),
    TimeGenerated: time(line.time ?? line.before),
    LineId: line.id,
    User: line.user,
    ProcessId: line.pid,
    ProcessName: line.reader,
    Terminal: line.terminal,
    Text: line.text,
    IsMasked: line.masked,
    Ending: line.end,
    Doubts: json(line.doubts),
    TimeOf: line.timeOf ?? 'written',
    AfterTime: time(line.after),
    WrittenTime: time(line.before),
    Outcome: line.outcome,
    Confidence: line.confidence,
    Commands: json(line.commands),
    Relays: json(line.relays),
    IsInjected: line.injected,
  }
}

export function hiddenRow(session: SessionState, input: HiddenRecord): Row {
  return {
    ...shared(session),
    TimeGenerated: time(input.writtenAt),
    LineId: input.id,
    ProcessId: input.pid,
    ProcessName: input.reader,
    Terminal: input.terminal,
    IsMasked: true,
    TimeOf: 'written',
    WrittenTime: time(input.writtenAt),
    Outcome: 'hidden',
    KeyCount: input.keys,
    CopiedKeys: input.copied,
    CopyOf: json(input.copyOf),
  }
}
