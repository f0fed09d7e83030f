/** Sessions read back from the store: found in AuditSession, and rebuilt from the events and keys that made them. */
import { SessionFold } from '../fold/host.js'
import { baseName } from '../fold/processes.js'
import { BECOMING, type SessionState } from '../fold/state.js'
import { EVENT_COLUMNS, eventsOf, KEY_COLUMNS, keysOf } from '../input/batches.js'
import type { KeyInput, SessionAlert, SessionEvent } from '../input/event.js'
import { type Item, LogSessions } from '../input/log.js'
import { CLOCKS_APART, keyStreams } from '../typed/streams.js'
import { datetime, list, milliseconds, type Questions, type RowRange, text } from './questions.js'

export interface StoredSession {
  readonly uid: string
  readonly computer: string
  readonly number: number
  readonly auditUserId: number | undefined
  readonly start: number
  readonly last: number
  readonly alerts: readonly string[]
}

/** How far around what the row says events are looked for (ms). */
const MARGIN = 60_000
/** How long before a login others count (ms). */
export const LOGINS_WINDOW = 3_600_000
const MAX_FOUND = 10_000
/** Sessions that one ssh client may have led to. */
const MAX_REACHED = 20

const FIELDS = 'SessionUid, Computer, SessionId, AuditUserId, TimeGenerated, LastActivityTime, Alerts'

export async function findStored(
  questions: Questions,
  where: string,
  signal?: AbortSignal,
): Promise<StoredSession[]> {
  const rows = await questions.rows(
    `AuditSession | where ${where} | project ${FIELDS} | take ${MAX_FOUND}`,
    {},
    signal,
  )
  return rows.map((row) => ({
    uid: String(row.SessionUid),
    computer: String(row.Computer),
    number: Number(row.SessionId),
    auditUserId: row.AuditUserId === null ? undefined : Number(row.AuditUserId),
    start: milliseconds(row.TimeGenerated),
    last: milliseconds(row.LastActivityTime ?? row.TimeGenerated),
    alerts: parsed(row.Alerts),
  }))
}

function parsed(json: unknown): string[] {
  try {
    const value: unknown = JSON.parse(String(json ?? '[]'))
    return Array.isArray(value) ? value.map(String) : []
  } catch {
    return []
  }
}

/** Sessions that the ssh clients of this one may have led to: they have read the same keys. */
export async function findReached(
  questions: Questions,
  state: SessionState,
  signal?: AbortSignal,
): Promise<StoredSession[]> {
  const found: StoredSession[] = []
  for (const { kind, data, process, inputs } of keyStreams(state)) {
    const last = inputs.at(-1)?.time
    if (kind !== 'relay' || data.length === 0 || process === undefined || last === undefined) continue
    const where = `LogonMethod == "ssh" and SessionUid != ${text(state.uid)} and TimeGenerated between (${datetime(process.first - CLOCKS_APART)} .. ${datetime(last + CLOCKS_APART)})`
    found.push(...(await findStored(questions, where, signal)).slice(0, MAX_REACHED))
  }
  return found
}

export interface LoadOptions {
  /** Only rows up to this one. */
  readonly upTo?: bigint
  /** Command lines with their secrets, from the raw records. */
  readonly reveal?: boolean
  readonly signal?: AbortSignal
}

/** The session as it was folded; undefined if none of its events are there any more. */
export async function loadSession(
  questions: Questions,
  stored: StoredSession,
  options: LoadOptions = {},
): Promise<SessionState | undefined> {
  const { signal } = options
  const fold = new SessionFold()
  const items: Item[] = []
  const before = `Computer == ${text(stored.computer)} and TimeGenerated between (${datetime(stored.start - LOGINS_WINDOW)} .. ${datetime(stored.start - 1)})`
  await rememberLogins(questions, fold, before, options)
  if (options.reveal === true) {
    const log = await revealed(questions, stored, signal)
    items.push(...log)
  } else {
    for await (const event of events(questions, sessionEvents(stored), options)) items.push(event)
    for await (const input of keys(questions, sessionKeys(stored), options)) items.push(input)
  }
  items.sort((a, b) => a.time - b.time || a.serial - b.serial)
  for (const item of items) {
    if ('data' in item) fold.addKeys(item)
    else fold.add(item)
  }
  const [found] = fold
    .sessions()
    .filter(({ number }) => number === stored.number)
    .sort((a, b) => Math.abs(a.start - stored.start) - Math.abs(b.start - stored.start))
  if (found === undefined) return undefined
  found.keepUid(stored.uid)
  for (const alert of await alertsById(questions, stored.alerts, signal)) found.addAlert(alert)
  return found
}

/**
 * Tells a fold of logins that were refused or succeeded: those before a session say something of it.
 * @param where which of them, in KQL
 */
export async function rememberLogins(
  questions: Questions,
  fold: SessionFold,
  where: string,
  options: LoadOptions = {},
): Promise<void> {
  const refused = `AuditEvent | where ${where} | where isnull(SessionId) and Category == "authentication" and Result == "failure" | project ${EVENT_COLUMNS.join(', ')} | sort by TimeGenerated asc`
  const rows = upTo(options, 'AuditEvent')
  const opened = `AuditEvent | where ${where} | where isnotnull(SessionId) and Action == "start" and Result == "success" | project Computer, TargetUser, SourceAddress, TimeGenerated, Executable`
  for (const row of await questions.rows(opened, rows, options.signal)) {
    if (BECOMING.has(baseName(String(row.Executable)))) continue
    fold
      .host(String(row.Computer))
      .succeeded(String(row.TargetUser), String(row.SourceAddress), milliseconds(row.TimeGenerated))
  }
  for await (const event of events(questions, refused, options)) fold.add(event)
}

function ofSession({ computer, number, auditUserId, start, last }: StoredSession): string {
  const user = auditUserId === undefined ? '' : ` and (isnull(AuditUserId) or AuditUserId == ${auditUserId})`
  return `Computer == ${text(computer)} and SessionId == ${number}${user} and TimeGenerated between (${datetime(start - MARGIN)} .. ${datetime(last + MARGIN)})`
}

const sessionEvents = (stored: StoredSession) =>
  `AuditEvent | where ${ofSession(stored)} | project ${EVENT_COLUMNS.join(', ')}`

const sessionKeys = ({ computer, number, start, last }: StoredSession) =>
  `LinuxAuditLog_CL | where RecordType_s in ("TTY", "USER_TTY") and Computer == ${text(computer)} and ses_s == "${number}" and TimeGenerated between (${datetime(start - MARGIN)} .. ${datetime(last + MARGIN)}) | project ${KEY_COLUMNS.join(', ')}`

const upTo = ({ upTo: row }: LoadOptions, table: string): Record<string, RowRange> =>
  row === undefined ? {} : { [table]: { upTo: row } }

async function* events(
  questions: Questions,
  kql: string,
  options: LoadOptions,
): AsyncGenerator<SessionEvent> {
  for await (const batch of questions.batches(kql, upTo(options, 'AuditEvent'), options.signal)) {
    yield* eventsOf({ ...batch }, milliseconds)
  }
}

async function* keys(questions: Questions, kql: string, options: LoadOptions): AsyncGenerator<KeyInput> {
  for await (const batch of questions.batches(kql, upTo(options, 'LinuxAuditLog_CL'), options.signal)) {
    yield* keysOf({ ...batch }, milliseconds)
  }
}

/** The session's events and keys, read anew from the raw records: nothing in them is masked. */
async function revealed(
  questions: Questions,
  stored: StoredSession,
  signal?: AbortSignal,
): Promise<readonly Item[]> {
  const { computer, start, last } = stored
  const kql = `
let Ids = AuditEvent | where ${ofSession(stored)} | project Id = substring(EventId, strlen(Computer) + 1);
LinuxAuditLog_CL
| where Computer == ${text(computer)} and TimeGenerated between (${datetime(start - MARGIN)} .. ${datetime(last + MARGIN)})
| where AuditID_s in (Ids)
| project RawData`
  const log = new LogSessions({ computer, reveal: true })
  const items = log.items()
  for await (const { rowCount, columns } of questions.batches(kql, {}, signal)) {
    const lines = columns.get('RawData')!
    for (let i = 0; i < rowCount; i++) log.push(Buffer.from(`${String(lines[i])}\n`, 'utf8'))
  }
  log.end()
  return items
}

export async function alertsById(
  questions: Questions,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<SessionAlert[]> {
  if (ids.length === 0) return []
  const rows = await questions.rows(
    `SecurityAlert | where SystemAlertId in (${list(ids)}) | project SystemAlertId, AlertName, AlertSeverity, StartTime, EndTime, TimeGenerated`,
    {},
    signal,
  )
  return rows.map(alertOf)
}

export function alertOf(row: Readonly<Record<string, unknown>>): SessionAlert {
  const from = milliseconds(row.StartTime ?? row.TimeGenerated)
  return {
    id: String(row.SystemAlertId),
    title: String(row.AlertName),
    severity: String(row.AlertSeverity),
    from,
    to: row.EndTime === null ? from : milliseconds(row.EndTime),
  }
}
