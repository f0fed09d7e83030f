/** A sign of life a minute: who the agent is, how far behind it is, and what of the log was lost on the way to it. */
import type { TableBatch } from '@auspex/store'

export interface KernelStatus {
  readonly enabled: number
  /** Records that the kernel had to drop since it started. */
  readonly lost: number
  readonly backlog: number
  readonly backlogLimit: number
}

/** What `auditctl -s` prints; undefined where it is not that. */
export function parseKernelStatus(text: string): KernelStatus | undefined {
  const values = new Map(
    [...text.matchAll(/^(\w+) (\d+)$/gm)].map(([, name, value]) => [name, Number(value)]),
  )
  const of = (name: string) => values.get(name)
  const [enabled, lost, backlog, backlogLimit] = [
    of('enabled'),
    of('lost'),
    of('backlog'),
    of('backlog_limit'),
  ]
  if (enabled === undefined || lost === undefined || backlog === undefined || backlogLimit === undefined) {
    return undefined
  }
  return { enabled, lost, backlog, backlogLimit }
}

export interface Beat {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly computer: string
  readonly agent: string
  readonly version: string
  readonly osName: string
  /** Seconds from the time of the newest record to when it was spooled; null when none came since the last beat. */
  readonly lagSeconds: number | null
  readonly recordsPerSecond: number
  readonly spoolBytes: number
  readonly spoolMessages: number
  readonly isSpoolFull: boolean
  /** Serial numbers that the log does not have, since the agent started. */
  readonly missingRecords: number
  /** Lines that are no records, since the agent started. */
  readonly unparsedLines: number
  readonly kernel: KernelStatus | undefined
  readonly rulesLoaded: number | undefined
  /** What `host check` finds wrong: [{id, severity, title}]. */
  readonly findings:
    | readonly { readonly id: string; readonly severity: string; readonly title: string }[]
    | undefined
}

export function heartbeat(beat: Beat): TableBatch {
  const row = {
    TimeGenerated: beat.time,
    Computer: beat.computer,
    Category: 'Auspex Agent',
    OSType: 'Linux',
    OSName: beat.osName,
    Version: beat.version,
    SourceComputerId: beat.agent,
    SourceSystem: 'Linux',
    LagSeconds: beat.lagSeconds,
    RecordsPerSecond: beat.recordsPerSecond,
    SpoolBytes: beat.spoolBytes,
    SpoolMessages: beat.spoolMessages,
    SpoolFull: beat.isSpoolFull,
    MissingRecords: beat.missingRecords,
    UnparsedLines: beat.unparsedLines,
    KernelEnabled: beat.kernel?.enabled,
    KernelLost: beat.kernel?.lost,
    KernelBacklog: beat.kernel?.backlog,
    KernelBacklogLimit: beat.kernel?.backlogLimit,
    RulesLoaded: beat.rulesLoaded,
    Findings: beat.findings === undefined ? undefined : JSON.stringify(beat.findings),
  }
  return {
    table: 'Heartbeat',
    rowCount: 1,
    columns: new Map(Object.entries(row).map(([name, value]) => [name, [value]])),
  }
}
