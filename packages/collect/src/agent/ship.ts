/**
 * Sends what waits in the spool, in its order, to one destination. What fails is tried again, later and later, for as
 * long as it takes; only what the receiver says it will never take is set aside, and that is said.
 */
import type { Answer, Destination } from './destination.js'
import type { Spool, Waiting } from './spool.js'

const FIRST_WAIT_MS = 1_000
const MAX_WAIT_MS = 300_000

export interface ShipParts {
  readonly spool: Spool
  readonly destination: Destination
  /** Names of all destinations. */
  readonly destinations: readonly string[]
  readonly signal: AbortSignal
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  /** 0 <= x < 1; spreads the retries of many agents. */
  readonly random: () => number
  readonly say: (message: string) => void
}

export const waitAfter = (failures: number, random: number): number =>
  Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)) * (0.5 + random / 2)

/** Not taken, and never will be: the request itself is wrong. */
const isFinal = ({ status }: Answer) => status === 400 || status === 404 || status === 413 || status === 422

export async function ship(parts: ShipParts): Promise<void> {
  const { spool, destination, destinations, signal, pause, random, say } = parts
  let failures = 0
  while (!signal.aborted) {
    const message = await spool.nextFor(destination.name)
    if (message === undefined) {
      await spool.changed()
      continue
    }
    const problem = await attempt(message, parts)
    if (problem === undefined) {
      if (failures > 0) say(`${destination.name}: takes messages again`)
      failures = 0
      await spool.delivered(destination.name, message.sequence, destinations)
      continue
    }
    if (signal.aborted) return
    failures++
    const wait = Math.max(problem.retryAfterMs ?? 0, waitAfter(failures, random()))
    if (failures === 1 || failures % 10 === 0) {
      say(
        `${destination.name}: ${problem.text}; ${spool.count} messages wait, next try in ${Math.ceil(wait / 1000)} s`,
      )
    }
    await pause(wait, signal)
  }
}

/** Undefined when the message is done with. */
async function attempt(
  message: Waiting,
  { spool, destination, signal, say }: ShipParts,
): Promise<{ readonly text: string; readonly retryAfterMs?: number } | undefined> {
  let answer: Answer
  try {
    answer = await destination.send({ ...message, agent: spool.agent }, signal)
  } catch (error) {
    return { text: (error as Error).message }
  }
  if (answer.status >= 200 && answer.status < 300) return undefined
  const text = `answered ${answer.status}${answer.text === '' ? '' : `: ${answer.text.slice(0, 300)}`}`
  if (!isFinal(answer)) {
    return { text, ...(answer.retryAfter === undefined ? {} : { retryAfterMs: answer.retryAfter * 1000 }) }
  }
  const path = await spool.setAside(message, `${destination.name} ${text}`)
  say(`${destination.name}: ${text}; the message is kept in ${path}`)
  return undefined
}
