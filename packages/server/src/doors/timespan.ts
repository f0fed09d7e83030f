/**
 * The `timespan` of a query request, as the Log Analytics API takes it: an ISO 8601 duration that ends now (`PT1H`),
 * or two of start, end and duration with a slash between (`2026-11-22T00:00:00Z/P1D`).
 */
import { parseDatetime } from '@auspex/kql'

export interface TimeRange {
  /** Ticks; `from` is in the range and `to` is not. */
  readonly from: bigint
  readonly to: bigint
}

const DURATION =
  /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,7})?)S)?)?$/i
const SECONDS = [365 * 86_400, 30 * 86_400, 7 * 86_400, 86_400, 3600, 60, 1]

/** Ticks of an ISO 8601 duration (a year has 365 days and a month 30); undefined if it is none. */
function durationTicks(text: string): bigint | undefined {
  const match = DURATION.exec(text)
  const parts = match?.slice(1)
  if (!parts?.some((part) => part !== undefined)) return undefined
  const seconds = parts.reduce((sum, part, i) => sum + Number(part ?? 0) * SECONDS[i]!, 0)
  return BigInt(Math.round(seconds * 1e7))
}

/** The range in ticks; undefined for a text that is no timespan, and for one whose end is before its start. */
export function parseTimespanParameter(text: string, now: bigint): TimeRange | undefined {
  const [first = '', second, ...rest] = text.trim().split('/')
  if (rest.length > 0) return undefined
  const length = durationTicks(first)
  if (second === undefined) return length === undefined ? undefined : { from: now - length, to: now }
  const secondLength = durationTicks(second)
  const start = length === undefined ? parseDatetime(first) : null
  const end = secondLength === undefined ? parseDatetime(second) : null
  const range =
    start !== null && end !== null
      ? { from: start, to: end }
      : start !== null && secondLength !== undefined
        ? { from: start, to: start + secondLength }
        : length !== undefined && end !== null
          ? { from: end - length, to: end }
          : undefined
  return range !== undefined && range.from <= range.to ? range : undefined
}
