/**
 * Which windows of a job are worth a run? A history can have thousands of them, and a rule finds something in a
 * few. A rule that finds nothing in no rows at all (most do) needs a run only where the conditions that stand on
 * its tables let rows through; one that reports an absence needs them all.
 */
import { type Footprint, footprint, renderPlan, ticksToIso } from '@auspex/kql'
import { isTriggered } from '../alerts/make.js'
import type { AnalyticsRule } from '../rules/rule.js'
import { type Asker, FROM_THE_FUTURE, IN_TIME, optionsOf, type RowRanges } from './ask.js'
import type { Job, RowMarks } from './state.js'
import type { Slots } from './windows.js'

/** So few are simply run. */
const FEW = 4n
/** Without a hint which windows matter, at most this many of the latest are run. */
export const MAX_BLIND = 10_000n

const TICKS_PER_SECOND = 10_000_000n

type Indexes = ReadonlySet<bigint>

/** Undefined stands for all. */
type Found = Indexes | undefined

export const upTo = (marks: RowMarks): RowRanges =>
  Object.fromEntries(Object.entries(marks).map(([table, row]) => [table, { upTo: row }]))

export const between = (before: RowMarks, seen: RowMarks): RowRanges =>
  Object.fromEntries(
    Object.entries(seen).map(([table, row]) => [table, { after: before[table] ?? 0n, upTo: row }]),
  )

function range(from: bigint, to: bigint): bigint[] {
  return Array.from({ length: Number(to - from) }, (_, i) => from + BigInt(i))
}

async function windowsOf(found: Footprint, slots: Slots, asker: Asker): Promise<Found> {
  switch (found.kind) {
    case 'always':
      return undefined
    case 'slots': {
      const offsets = (await asker.values(renderPlan(found.plan))) as bigint[]
      return slots.around(offsets.map((offset) => slots.origin + offset))
    }
    case 'all': {
      let both: Found
      for (const one of found.of) {
        const windows = await windowsOf(one, slots, asker)
        if (windows !== undefined) both = both === undefined ? windows : intersection(both, windows)
        if (both?.size === 0) return both
      }
      return both
    }
    case 'any': {
      let any: Indexes = new Set()
      for (const one of found.of) {
        const windows = await windowsOf(one, slots, asker)
        if (windows === undefined) return undefined
        any = new Set([...any, ...windows])
      }
      return any
    }
  }
}

/** The windows that can see one of these rows, of any table. */
async function around(rows: RowRanges, slots: Slots, asker: Asker): Promise<Indexes> {
  const starts: bigint[] = []
  const { start: from, end: to } = slots.range
  for (const table of Object.keys(rows)) {
    const compiled = await asker.compile(
      `['${table}'] | summarize by Offset = bin(TimeGenerated - datetime(${ticksToIso(slots.origin)}), ${slots.step / TICKS_PER_SECOND}s)`,
      optionsOf({ start: from, end: to, rows }),
    )
    for (const offset of (await asker.values(compiled)) as bigint[]) starts.push(slots.origin + offset)
  }
  return slots.around(starts)
}

/** Whether the job looks again at windows that may have been looked at, for what has come to them since. */
export const isCorrection = (kind: Job['kind']): boolean => kind === 'late' || kind === 'future'

/** Indexes of the slots from `job.next` on that are worth a run, ascending. */
export async function worthRunning(rule: AnalyticsRule, job: Job, asker: Asker): Promise<readonly bigint[]> {
  const { slots, next, seen, before, kind } = job
  if (slots.count - next <= FEW) return range(next, slots.count)
  const sorted = (found: Indexes) =>
    [...found].filter((index) => index >= next).sort((a, b) => (a < b ? -1 : 1))
  // Nothing is new where no new row is.
  const fresh = isCorrection(kind) ? await around(between(before, seen), slots, asker) : undefined
  const ahead = kind === 'future' ? FROM_THE_FUTURE : IN_TIME
  const nothing = await asker.ask(rule.query, { ...slots.window(0n), rows: upTo(cleared(seen)) })
  if (isTriggered(rule, nothing.rowCount)) {
    return fresh ? sorted(fresh) : range(larger(next, slots.count - MAX_BLIND), slots.count)
  }
  const { start, end } = slots.range
  const options = optionsOf({ start, end, rows: upTo(seen), ahead })
  const { plan } = await asker.compile(rule.query, options)
  const { plan: other } = await asker.compile(rule.query, { ...options, now: start })
  const marks = footprint(plan, other, { origin: slots.origin, step: slots.step })
  const windows = (await windowsOf(marks, slots, asker)) ?? fresh ?? (await around(upTo(seen), slots, asker))
  return sorted(fresh === undefined ? windows : intersection(windows, fresh))
}

const larger = (a: bigint, b: bigint) => (a > b ? a : b)

const intersection = (a: Indexes, b: Indexes): Indexes => new Set([...a].filter((index) => b.has(index)))

const cleared = (marks: RowMarks): RowMarks =>
  Object.fromEntries(Object.keys(marks).map((table) => [table, 0n]))
