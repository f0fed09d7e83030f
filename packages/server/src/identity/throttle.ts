/**
 * Two bounds on what one caller may ask. `Throttle` is a bucket of tokens for each key: `burst` at once, refilled
 * at `perSecond`. `Backoff` doubles the wait after each failure in a row, so that passwords can not be tried.
 */
import { TooManyRequestsError } from './errors.js'

const MAX_KEYS = 10_000

interface Bucket {
  level: number
  at: number
}

export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

export class Throttle {
  readonly #rate: Rate
  readonly #what: string
  readonly #now: () => number
  readonly #buckets = new Map<string, Bucket>()

  /** @param now ms; monotonic or not, it only has to go on */
  constructor(what: string, rate: Rate, now: () => number) {
    this.#what = what
    this.#rate = rate
    this.#now = now
  }

  /** Throws {@link TooManyRequestsError} when the key has asked too much. */
  take(key: string, cost = 1): void {
    const { burst, perSecond } = this.#rate
    const now = this.#now()
    const bucket = this.#buckets.get(key) ?? { level: burst, at: now }
    const level = Math.min(burst, bucket.level + (Math.max(0, now - bucket.at) / 1000) * perSecond)
    if (level < cost) {
      throw new TooManyRequestsError(
        `too many ${this.#what}: wait, and ask again`,
        (cost - level) / perSecond,
      )
    }
    // Refreshed keys go to the end, so the oldest are the first to be forgotten.
    this.#buckets.delete(key)
    this.#buckets.set(key, { level: level - cost, at: now })
    if (this.#buckets.size > MAX_KEYS) this.#buckets.delete(this.#buckets.keys().next().value!)
  }
}

const FREE_FAILURES = 4
const MAX_WAIT_S = 900

export class Backoff {
  readonly #now: () => number
  readonly #failures = new Map<string, { count: number; until: number }>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** Throws {@link TooManyRequestsError} while the key has to wait. */
  check(key: string): void {
    const until = this.#failures.get(key)?.until ?? 0
    const wait = (until - this.#now()) / 1000
    if (wait > 0) throw new TooManyRequestsError('too many failed sign-ins: wait, and try again', wait)
  }

  failed(key: string): void {
    const count = (this.#failures.get(key)?.count ?? 0) + 1
    const wait = count <= FREE_FAILURES ? 0 : Math.min(MAX_WAIT_S, 2 ** (count - FREE_FAILURES))
    this.#failures.delete(key)
    this.#failures.set(key, { count, until: this.#now() + wait * 1000 })
    if (this.#failures.size > MAX_KEYS) this.#failures.delete(this.#failures.keys().next().value!)
  }

  succeeded(key: string): void {
    this.#failures.delete(key)
  }
}
