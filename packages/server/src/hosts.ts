/** The hosts that records or heartbeats came from: seen when, by which agent, how far behind, and what is wrong. */
import { formatValue, type KqlValue, toJsonValue } from '@auspex/kql'
import type { Requester, Workspace } from './workspace.js'

/** Agents beat once a minute: one that was not heard of for so long is silent. */
const SILENT_AFTER_MINUTES = 5

const QUESTION = `
let Beats = Heartbeat
| where Category == "Auspex Agent"
| summarize arg_max(TimeGenerated, *) by Computer
| project Computer, LastHeartbeat = TimeGenerated, Version, OSName, LagSeconds, RecordsPerSecond, SpoolBytes, SpoolMessages, SpoolFull, MissingRecords, UnparsedLines, KernelEnabled, KernelLost, KernelBacklog, KernelBacklogLimit, RulesLoaded, Findings;
let Seen = AuditEvent
| summarize FirstEvent = min(TimeGenerated), LastEvent = max(TimeGenerated), Events = count(), Users = dcountif(AuditUser, AuditUser != "unset") by Computer;
Seen
| join kind=fullouter Beats on Computer
| extend Computer = iff(isempty(Computer), Computer1, Computer)
| project-away Computer1
| extend State = case(isnull(LastHeartbeat), "no agent", LastHeartbeat < ago(${SILENT_AFTER_MINUTES}m), "silent", SpoolFull, "spool full", "well")
| sort by Computer asc
| take 1000`

export interface HostRecord {
  readonly Computer: string
  readonly State: 'well' | 'silent' | 'spool full' | 'no agent'
  readonly LastHeartbeat: string | null
  readonly FirstEvent: string | null
  readonly LastEvent: string | null
  readonly Events: number | null
  readonly Users: number | null
  readonly Version: string
  readonly OSName: string
  readonly LagSeconds: number | null
  readonly RecordsPerSecond: number | null
  readonly SpoolBytes: number | null
  readonly SpoolMessages: number | null
  readonly SpoolFull: boolean | null
  readonly MissingRecords: number | null
  readonly UnparsedLines: number | null
  readonly KernelEnabled: number | null
  readonly KernelLost: number | null
  readonly KernelBacklog: number | null
  readonly KernelBacklogLimit: number | null
  readonly RulesLoaded: number | null
  /** What `host check` found wrong. */
  readonly Findings:
    | readonly { readonly id: string; readonly severity: string; readonly title: string }[]
    | null
}

export async function listHosts(
  workspace: Pick<Workspace, 'query'>,
  requester: Requester,
  signal?: AbortSignal,
): Promise<HostRecord[]> {
  const { columns, rows } = await workspace.query(QUESTION, signal === undefined ? {} : { signal }, requester)
  return rows.map(
    (row) =>
      Object.fromEntries(
        columns.map(({ name, type }, i) => {
          const value = row[i] as KqlValue
          if (value === null) return [name, type === 'string' ? '' : null]
          if (type === 'long') return [name, Number(value)]
          return [name, type === 'datetime' ? formatValue(type, value) : toJsonValue(type, value)]
        }),
      ) as unknown as HostRecord,
  )
}
