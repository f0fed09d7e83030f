/**
 * What becomes of a rule whose run failed. It is tried again, later each time. A failure that will be there
 * next time too (the query does not bind, a value can not be converted) turns the rule off after a few times,
 * with the reason; one that may pass (no room, no time, no compiler) never does.
 */
import { KqlError } from '@auspex/kql'
import { QueryFailedError } from '@auspex/store'
import { TICKS_PER_MINUTE } from './windows.js'

/** Permanent failures in a row that turn a rule off. */
export const FAILURES_ALLOWED = 5

const LONGEST_WAIT = 60n * TICKS_PER_MINUTE

export const isPermanent = (error: unknown): boolean =>
  error instanceof KqlError || error instanceof QueryFailedError

/** Ticks to wait after this many failures in a row: 1, 2, 4, … minutes, at most an hour. */
export function waitAfter(failures: number): bigint {
  const wait = TICKS_PER_MINUTE << BigInt(Math.min(failures - 1, 10))
  return wait < LONGEST_WAIT ? wait : LONGEST_WAIT
}

/** Whether a rule that failed has to wait still. A clock that was set back does not make it wait for longer. */
export const mustWait = (retryAt: bigint | undefined, now: bigint): boolean =>
  retryAt !== undefined && now < retryAt && retryAt - now <= LONGEST_WAIT

/** The first line, without the query's values: what a list shows. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!.slice(0, 500)
