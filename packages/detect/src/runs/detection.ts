/**
 * Runs the analytics rules. All that a pass finds for a rule (alerts, incidents, how far the rule has got)
 * is committed at once, so that a crash repeats a pass or does not, but never half of it. Rows for the log
 * tables (SecurityAlert, SecurityIncident) go through an outbox for the same reason.
 */
import { formatValue, type KqlValue, parseDatetime, ticksToIso } from '@auspex/kql'
import type { Store, TableBatch } from '@auspex/store'
import { type Alert, alertsOf, type RunResult } from '../alerts/alert.js'
import type { Row } from '../alerts/entities.js'
import type { ControlDatabase } from '../control/database.js'
import { commitFindings, type RuleState, type RunRecord } from '../incidents/commit.js'
import type { Incident } from '../incidents/incident.js'
import type { AnalyticsRule } from '../rules/rule.js'
import { TRIGGERS } from '../rules/vocabulary.js'
import type { Compile } from './compile.js'
import { Slots, TICKS_PER_MINUTE, type Window } from './windows.js'

export interface DetectionParts {
  readonly store: Pick<Store, 'schema' | 'query' | 'ingest' | 'position' | 'lastRow'>
  readonly control: ControlDatabase
  readonly rules: readonly AnalyticsRule[]
  readonly compile: Compile
  /** The time now, in ticks. */
  readonly now: () => bigint
  readonly newId: () => string
  /** Minutes that a slot waits for late rows; Sentinel waits 5. */
  readonly delay?: number
}

/** Table to the rows (by row id, in the order of arrival) that a query may see. */
type RowRanges = Record<string, { after?: bigint; upTo: bigint }>

const lastOf = (ranges: RowRanges) =>
  Object.fromEntries(Object.entries(ranges).map(([table, { upTo }]) => [table, upTo]))

/** A run that failed; the rule goes on with the next pass. */
export interface RunFailure {
  readonly rule: AnalyticsRule
  readonly error: Error
}

export interface PassReport {
  /** Incidents that are new or got an alert. */
  readonly incidents: readonly Incident[]
  readonly runs: number
  readonly failures: readonly RunFailure[]
}

const TICKS_PER_SECOND = 10_000_000n
const FEW_SLOTS = 4n
const MAX_ROWS = 10_000
const RUN_TIMEOUT_MS = 120_000
const OUTBOX_SOURCE = 'control:outbox'
const OUTBOX_BATCH = 1000

export class Detection {
  readonly #parts: DetectionParts

  constructor(parts: DetectionParts) {
    this.#parts = parts
  }

  get rules(): readonly AnalyticsRule[] {
    return this.#parts.rules
  }

  /** Runs each rule over the rows that arrived since its last pass and over the slots that are due. */
  async pass(signal?: AbortSignal): Promise<PassReport> {
    const incidents = new Map<number, Incident>()
    const failures: RunFailure[] = []
    let runs = 0
    for (const rule of this.#parts.rules) {
      if (signal?.aborted) break
      try {
        const report = await this.#passOf(rule, signal)
        runs += report.runs
        for (const incident of report.incidents) incidents.set(incident.number, incident)
      } catch (error) {
        if (signal?.aborted) break
        failures.push({ rule, error: error as Error })
      }
    }
    await this.#flushOutbox()
    return { incidents: [...incidents.values()], runs, failures }
  }

  async #state(rule: AnalyticsRule): Promise<RuleState> {
    const row = await this.#parts.control
      .selectFrom('rule_state')
      .selectAll()
      .where('rule_id', '=', rule.id)
      .executeTakeFirst()
    if (row === undefined) return { arrived: {} }
    const arrived = JSON.parse(row.arrived) as Record<string, string>
    const through = row.through === null ? null : parseDatetime(row.through)
    const suppressedUntil = row.suppressed_until === null ? null : parseDatetime(row.suppressed_until)
    return {
      arrived: Object.fromEntries(Object.entries(arrived).map(([table, id]) => [table, BigInt(id)])),
      ...(through === null ? {} : { through }),
      ...(suppressedUntil === null ? {} : { suppressedUntil }),
    }
  }

  async #passOf(rule: AnalyticsRule, signal?: AbortSignal) {
    const { store, compile, now, newId } = this.#parts
    const schema = store.schema()
    const time = now()
    const state = await this.#state(rule)
    const { tables } = await compile(rule.query, { schema, now: time })

    // Nothing after these rows is looked at in this pass, so that the next one begins exactly behind them.
    const seen: RowRanges = {}
    const fresh: RowRanges = {}
    for (const table of tables) {
      const upTo = await store.lastRow(table)
      seen[table] = { upTo }
      fresh[table] = { after: state.arrived[table] ?? 0n, upTo }
    }
    const late = await this.#extent(fresh, state.through, time)
    let through = state.through
    const passes: { slots: Slots; rows: RowRanges }[] = []
    if (late !== undefined) {
      const slots = Slots.ofHistory(late.first, late.last, rule.frequency, rule.period)
      passes.push({ slots, rows: fresh })
      // A row from the future is looked at now, and must not hold the schedule up until then.
      through ??= slots.end < time ? slots.end : time
    }
    if (through !== undefined) {
      const slots = Slots.due(through, time, rule.frequency, rule.period, this.#parts.delay ?? 5)
      passes.push({ slots, rows: seen })
      through = slots.end
    }
    const windows: { window: Window; rows: RowRanges }[] = []
    for (const { slots, rows } of passes) {
      for (const window of await this.#windows(rule, slots, rows)) windows.push({ window, rows })
    }

    const alerts: Alert[] = []
    const runs: RunRecord[] = []
    let suppressedUntil = state.suppressedUntil
    for (const { window, rows } of windows) {
      signal?.throwIfAborted()
      if (suppressedUntil !== undefined && window.end <= suppressedUntil) continue
      const result = await this.#run(rule, window, rows, signal)
      const found = alertsOf(rule, result, ticksToIso(time), newId)
      alerts.push(...found)
      runs.push({ start: result.start, end: result.end, rows: result.rowCount, alerts: found.length })
      if (found.length > 0 && rule.suppressionEnabled) {
        suppressedUntil = window.end + BigInt(rule.suppression) * TICKS_PER_MINUTE
      }
    }
    const incidents = await commitFindings(this.#parts.control, {
      rule,
      alerts,
      runs,
      ranAt: ticksToIso(time),
      newId,
      state: {
        arrived: { ...state.arrived, ...lastOf(seen) },
        ...(through === undefined ? {} : { through }),
        ...(suppressedUntil === undefined ? {} : { suppressedUntil }),
      },
    })
    return { incidents, runs: runs.length }
  }

  /**
   * The windows of these slots that are worth a run. A rule that finds nothing in no rows at all (most do) needs
   * none where there are no rows; one that reports an absence needs them all.
   */
  async #windows(rule: AnalyticsRule, slots: Slots, rows: RowRanges): Promise<Iterable<Window>> {
    if (slots.count <= FEW_SLOTS) return slots.all()
    const nothing = Object.fromEntries(Object.keys(rows).map((table) => [table, { upTo: 0n }]))
    const empty = await this.#run(rule, slots.window(0n), nothing)
    if (TRIGGERS[rule.triggerOperator](empty.rowCount, rule.triggerThreshold)) return slots.all()

    const { store, compile } = this.#parts
    const starts: bigint[] = []
    const { start, end } = slots.range
    for (const table of Object.keys(rows)) {
      const compiled = await compile(
        `['${table}'] | summarize by Offset = bin(TimeGenerated - datetime(${ticksToIso(slots.origin)}), ${slots.step / TICKS_PER_SECOND}s)`,
        { schema: store.schema(), now: end, timeRange: { from: start, to: end }, rows },
      )
      for (const [offset] of await (await store.query(compiled)).collect()) {
        starts.push(slots.origin + (offset as bigint))
      }
    }
    return slots.around(starts)
  }

  /** First and last event time of the fresh rows that lie before `through`. */
  async #extent(
    fresh: RowRanges,
    through: bigint | undefined,
    time: bigint,
  ): Promise<{ first: bigint; last: bigint } | undefined> {
    const { store, compile } = this.#parts
    let extent: { first: bigint; last: bigint } | undefined
    for (const table of Object.keys(fresh)) {
      const compiled = await compile(
        `['${table}'] | summarize First = min(TimeGenerated), Last = max(TimeGenerated)`,
        {
          schema: store.schema(),
          now: time,
          ...(through === undefined ? {} : { timeRange: { to: through } }),
          rows: fresh,
        },
      )
      const rows = await (await store.query(compiled)).collect()
      const [first, last] = (rows[0] ?? []) as (bigint | null)[]
      if (first == null || last == null) continue
      extent = {
        first: extent === undefined || first < extent.first ? first : extent.first,
        last: extent === undefined || last > extent.last ? last : extent.last,
      }
    }
    return extent
  }

  async #run(rule: AnalyticsRule, window: Window, rows: RowRanges, signal?: AbortSignal): Promise<RunResult> {
    const { store, compile } = this.#parts
    const compiled = await compile(rule.query, {
      schema: store.schema(),
      now: window.end,
      timeRange: { from: window.start, to: window.end },
      rows,
    })
    const result = await store.query(compiled, {
      maxRows: MAX_ROWS,
      timeoutMs: RUN_TIMEOUT_MS,
      ...(signal === undefined ? {} : { signal }),
    })
    const cells = await result.collect()
    const columns = compiled.columns
    return {
      columns: columns.map(({ name }) => name),
      rows: cells.map(
        (row): Row =>
          new Map(columns.map(({ name, type }, i) => [name, formatValue(type, row[i] as KqlValue)])),
      ),
      rowCount: cells.length,
      start: ticksToIso(window.start),
      end: ticksToIso(window.end),
    }
  }

  /** Moves the outbox into the log tables. What a crash left here although the store has it is dropped first. */
  async #flushOutbox(): Promise<void> {
    const { control, store } = this.#parts
    const stored = (await store.position(OUTBOX_SOURCE))?.to ?? 0n
    await control.deleteFrom('outbox').where('seq', '<=', Number(stored)).execute()
    for (;;) {
      const entries = await control
        .selectFrom('outbox')
        .selectAll()
        .orderBy('seq')
        .limit(OUTBOX_BATCH)
        .execute()
      const first = entries[0]
      const last = entries.at(-1)
      if (first === undefined || last === undefined) return
      await store.ingest({
        source: OUTBOX_SOURCE,
        from: BigInt(first.seq) - 1n,
        to: BigInt(last.seq),
        tables: tableBatches(entries, store.schema()),
      })
      await control.deleteFrom('outbox').where('seq', '<=', last.seq).execute()
    }
  }
}

/** Outbox rows (JSON objects, times as ISO text) as batches by column. */
function tableBatches(
  entries: readonly { log_table: string; row: string }[],
  schema: ReturnType<Store['schema']>,
): TableBatch[] {
  const byTable = new Map<string, Record<string, unknown>[]>()
  for (const { log_table, row } of entries) {
    const rows = byTable.get(log_table) ?? []
    rows.push(JSON.parse(row) as Record<string, unknown>)
    byTable.set(log_table, rows)
  }
  return [...byTable].map(([table, rows]) => {
    const types = new Map(
      schema.tables.find(({ name }) => name === table)?.columns.map(({ name, type }) => [name, type]),
    )
    const columns = new Map<string, unknown[]>()
    for (const name of new Set(rows.flatMap((row) => Object.keys(row)))) {
      const isTime = types.get(name) === 'datetime'
      columns.set(
        name,
        rows.map((row) => {
          const value = row[name]
          if (value === null || value === undefined) return undefined
          return isTime ? (parseDatetime(String(value)) ?? undefined) : value
        }),
      )
    }
    return { table, rowCount: rows.length, columns }
  })
}
