/**
 * Which windows does a rule have to look at?
 *
 * Event time is cut into slots of the rule's frequency, and each slot is run once, when it has passed: that is
 * the schedule, and `through` is the event time up to which it has got. Rows that arrive with a time before
 * `through` (an imported history, a host that was cut off) would never be seen by it. They get slots of
 * their own, over their own time range, that look only at the rows that just arrived: so a history is run
 * as if the rule had been there, and no row is looked at twice.
 *
 * Times here are ticks of 100 ns since 0001-01-01 (see @auspex/kql).
 */
export interface Window {
  /** First and past-the-last event time that is looked at. */
  readonly start: bigint
  readonly end: bigint
}

export const TICKS_PER_MINUTE = 600_000_000n

/** Never more than this many slots at once: a clock gone mad must not become an endless loop. */
export const MAX_SLOTS = 100_000

/** Slots over a history from its first to its last event (inclusive); the last one ends with it. */
export function historyWindows(first: bigint, last: bigint, frequency: number, period: number): Window[] {
  const step = BigInt(Math.round(frequency)) * TICKS_PER_MINUTE
  const look = BigInt(Math.round(period)) * TICKS_PER_MINUTE
  const stop = last + 1n
  const windows: Window[] = []
  for (let from = first; from < stop && windows.length < MAX_SLOTS; from += step) {
    const end = from + step < stop ? from + step : stop
    windows.push({ start: from + step - look, end })
  }
  return windows
}

/** Slots of the schedule that have passed by `now`, `delay` minutes for late rows included. */
export function dueWindows(
  through: bigint,
  now: bigint,
  frequency: number,
  period: number,
  delay: number,
): Window[] {
  const step = BigInt(Math.round(frequency)) * TICKS_PER_MINUTE
  const look = BigInt(Math.round(period)) * TICKS_PER_MINUTE
  const ready = now - BigInt(delay) * TICKS_PER_MINUTE
  const windows: Window[] = []
  for (let end = through + step; end <= ready && windows.length < MAX_SLOTS; end += step) {
    windows.push({ start: end - look, end })
  }
  return windows
}
