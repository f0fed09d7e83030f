/** The runs of a rule, as they are kept: the last of each in the control state, all of them in SentinelHealth. */
import { ticksToIso } from '@auspex/kql'
import type { Kysely } from 'kysely'
import { type LogRow, toOutbox } from '../control/outbox.js'
import type { ControlTables } from '../control/schema.js'
import { isoDuration } from '../rules/duration.js'
import type { AnalyticsRule } from '../rules/rule.js'
import type { Job } from './state.js'

type Db = Kysely<ControlTables>

/**
 * `empty`: no row in it could have been found, so that nothing was asked; `suppressed`: an alert before it holds
 * the rule back.
 */
export type Outcome = 'ran' | 'empty' | 'suppressed' | 'failed'

export interface RunRecord {
  readonly kind: Job['kind']
  /** Ticks. */
  readonly start: bigint
  readonly end: bigint
  /** How many windows in a row this stands for. */
  readonly windows: number
  readonly outcome: Outcome
  readonly rowCount: number
  readonly alertCount: number
  readonly entityCount: number
  readonly droppedEntities: number
  readonly durationMs: number
  /** What a person should know of it although it went well. */
  readonly issues: readonly string[]
  readonly error?: string
}

const KEPT = 1000

async function forgetOld(db: Db, ruleId: string): Promise<void> {
  const { last } = await db
    .selectFrom('rule_run')
    .select(({ fn }) => fn.max('id').as('last'))
    .where('rule_id', '=', ruleId)
    .executeTakeFirstOrThrow()
  const old = await db
    .selectFrom('rule_run')
    .select('id')
    .where('rule_id', '=', ruleId)
    .where('id', '<=', last ?? 0)
    .orderBy('id', 'desc')
    .offset(KEPT)
    .limit(1)
    .executeTakeFirst()
  if (old === undefined) return
  await db.deleteFrom('rule_run').where('rule_id', '=', ruleId).where('id', '<=', old.id).execute()
}

const OPERATORS = { gt: 'GreaterThan', lt: 'LessThan', eq: 'Equal', ne: 'NotEqual' } as const

/** A row of SentinelHealth, as documented for the runs of analytics rules. */
function healthRow(rule: AnalyticsRule, run: RunRecord, now: string, correlationId: string): LogRow {
  const isFailed = run.outcome === 'failed'
  const isScheduled = rule.kind === 'Scheduled'
  const status = isFailed ? 'Failure' : run.issues.length > 0 ? 'Partial success' : 'Success'
  const description = {
    ran: 'Rule executed successfully',
    empty: `No row that the rule could find in ${run.windows} window${run.windows === 1 ? '' : 's'}`,
    suppressed: 'An earlier alert suppresses the rule',
    failed: 'The run failed',
  }[run.outcome]
  return {
    TimeGenerated: now,
    Type: 'SentinelHealth',
    CorrelationId: correlationId,
    Description: description,
    ExtendedProperties: {
      RuleId: rule.id,
      TriggerType: rule.kind,
      AggregationKind: rule.aggregation,
      QueryStartTimeUTC: ticksToIso(run.start),
      QueryEndTimeUTC: ticksToIso(run.end),
      ...(isScheduled
        ? {
            QueryFrequency: isoDuration(rule.frequency),
            QueryPeriod: isoDuration(rule.period),
            TriggerOperator: OPERATORS[rule.triggerOperator],
            TriggerThreshold: rule.triggerThreshold,
          }
        : {}),
      SuppressionEnabled: rule.suppressionEnabled,
      SuppressionDuration: isoDuration(rule.suppression),
      QueryResultAmount: run.rowCount,
      AlertsGeneratedAmount: run.alertCount,
      EntitiesGeneratedAmount: run.entityCount,
      EntitiesDroppedDueToMappingIssuesAmount: run.droppedEntities,
      QueryPerformanceIndicators: { DurationMs: run.durationMs },
      Windows: run.windows,
      Outcome: run.outcome,
      Issues: run.issues.map((text) => ({ Description: text })),
    },
    OperationName: isScheduled ? 'Scheduled analytics rule run' : 'NRT analytics rule run',
    Reason: run.error ?? '',
    RecordId: correlationId,
    SentinelResourceId: rule.id,
    SentinelResourceKind: rule.kind,
    SentinelResourceName: rule.name,
    SentinelResourceType: 'Analytics Rule',
    SourceSystem: 'Auspex',
    Status: status,
  }
}

export async function recordRuns(
  db: Db,
  rule: AnalyticsRule,
  runs: readonly RunRecord[],
  now: string,
  newId: () => string,
): Promise<void> {
  for (const run of runs) {
    await db
      .insertInto('rule_run')
      .values({
        rule_id: rule.id,
        kind: run.kind,
        window_start: ticksToIso(run.start),
        window_end: ticksToIso(run.end),
        ran_at: now,
        row_count: run.rowCount,
        alert_count: run.alertCount,
        windows: run.windows,
        outcome: run.outcome,
        duration_ms: Math.round(run.durationMs),
        error: run.error ?? null,
      })
      .execute()
    await toOutbox(db, 'SentinelHealth', healthRow(rule, run, now, newId()))
  }
  if (runs.length > 0) await forgetOld(db, rule.id)
}

/** A health row about the rule itself, not about a run. */
export async function recordDisabled(
  db: Db,
  rule: AnalyticsRule,
  reason: string,
  now: string,
  newId: () => string,
): Promise<void> {
  const id = newId()
  await toOutbox(db, 'SentinelHealth', {
    TimeGenerated: now,
    Type: 'SentinelHealth',
    CorrelationId: id,
    Description: 'The rule was disabled after permanent failures in a row',
    ExtendedProperties: { RuleId: rule.id },
    OperationName: 'Analytics rule disabled',
    Reason: reason,
    RecordId: id,
    SentinelResourceId: rule.id,
    SentinelResourceKind: rule.kind,
    SentinelResourceName: rule.name,
    SentinelResourceType: 'Analytics Rule',
    SourceSystem: 'Auspex',
    Status: 'Failure',
  })
}

export interface PastRun {
  readonly kind: string
  readonly start: string
  readonly end: string
  readonly ranAt: string
  readonly windows: number
  readonly outcome: Outcome
  readonly rowCount: number
  readonly alertCount: number
  readonly durationMs: number
  readonly error: string | null
}

/** The last runs of a rule, newest first. */
export async function pastRuns(db: Db, ruleId: string, limit: number): Promise<PastRun[]> {
  const rows = await db
    .selectFrom('rule_run')
    .selectAll()
    .where('rule_id', '=', ruleId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    kind: row.kind,
    start: row.window_start,
    end: row.window_end,
    ranAt: row.ran_at,
    windows: row.windows,
    outcome: row.outcome as Outcome,
    rowCount: row.row_count,
    alertCount: row.alert_count,
    durationMs: row.duration_ms,
    error: row.error,
  }))
}
