/**
 * Which windows does a rule have to look at?
 *
 * Event time is cut into slots of the rule's frequency, and each slot is run once, when it has passed: that is
 * the schedule, and `through` is the event time up to which it has got. Rows that arrive with a time before
 * `through` (an imported history, a host that was cut off) would never be seen by it. They get slots of
 * their own, over their own time range: so a history is run as if the rule had been there.
 *
 * Times here are ticks of 100 ns since 0001-01-01 (see @auspex/kql).
 */
export interface Window {
  /** First and past-the-last event time that is looked at. */
  readonly start: bigint
  readonly end: bigint
}

export const TICKS_PER_MINUTE = 600_000_000n

const ticks = (minutes: number) => BigInt(Math.round(minutes * 60)) * 10_000_000n

const smaller = (a: bigint, b: bigint) => (a < b ? a : b)
const larger = (a: bigint, b: bigint) => (a > b ? a : b)

/** How many slots after its own still see a row. */
const reachOf = (look: bigint, step: bigint) => (look + step - 1n) / step - 1n

/** Consecutive slots of event time, numbered from 0 at `origin`, each with the window that is looked at for it. */
export class Slots {
  readonly origin: bigint
  readonly step: bigint
  readonly count: bigint
  readonly #look: bigint
  readonly #stop: bigint | undefined

  private constructor(origin: bigint, step: bigint, look: bigint, count: bigint, stop?: bigint) {
    this.origin = origin
    this.step = step
    this.count = larger(count, 0n)
    this.#look = look
    this.#stop = stop
  }

  /** One slot, which is its own window. */
  static one(start: bigint, end: bigint): Slots {
    return new Slots(start, end - start, end - start, 1n)
  }

  /** As text, for the control state. */
  toText(): string {
    return [this.origin, this.step, this.#look, this.count, this.#stop ?? ''].join(' ')
  }

  static fromText(text: string): Slots {
    const [origin = '', step = '', look = '', count = '', stop = ''] = text.split(' ')
    return new Slots(
      BigInt(origin),
      BigInt(step),
      BigInt(look),
      BigInt(count),
      stop === '' ? undefined : BigInt(stop),
    )
  }

  /** A history from its first to its last event (inclusive); the last slot ends with it. Minutes. */
  static ofHistory(first: bigint, last: bigint, frequency: number, period: number): Slots {
    const step = ticks(frequency)
    return new Slots(first, step, ticks(period), (last - first) / step + 1n, last + 1n)
  }

  /** The slots of the schedule, which has got to `through`, that see rows from `first` to `last`. */
  static ofLate(first: bigint, last: bigint, through: bigint, frequency: number, period: number): Slots {
    const step = ticks(frequency)
    const back = (through - first + step - 1n) / step
    const origin = through - back * step
    const reach = reachOf(ticks(period), step)
    return new Slots(origin, step, ticks(period), smaller(back, (last - origin) / step + 1n + reach))
  }

  /** The slots behind `through` that have passed by `now`, `delay` minutes for late rows included. */
  static due(through: bigint, now: bigint, frequency: number, period: number, delay: number): Slots {
    const step = ticks(frequency)
    return new Slots(through, step, ticks(period), (now - ticks(delay) - through) / step)
  }

  /** Where the last slot ends. */
  get end(): bigint {
    const end = this.origin + this.count * this.step
    return this.#stop === undefined ? end : smaller(end, this.#stop)
  }

  /** All event time that any of the windows looks at. */
  get range(): Window {
    return { start: larger(0n, this.origin + this.step - this.#look), end: this.end }
  }

  window(index: bigint): Window {
    const end = this.origin + (index + 1n) * this.step
    return {
      start: larger(0n, end - this.#look),
      end: this.#stop === undefined ? end : smaller(end, this.#stop),
    }
  }

  /** Indexes of the windows that can see a row, where `starts` are the beginnings of the slots that hold rows. */
  around(starts: Iterable<bigint>): Set<bigint> {
    const reach = reachOf(this.#look, this.step)
    const indexes = new Set<bigint>()
    for (const start of starts) {
      const index = (start - this.origin) / this.step
      const last = smaller(index + reach, this.count - 1n)
      for (let i = larger(0n, index); i <= last; i++) indexes.add(i)
    }
    return indexes
  }
}
