/** Work that must not overlap, or not more than so many at once: each waits its turn, in order of arrival. */
export class Turns {
  readonly #limit: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(limit = 1) {
    this.#limit = limit
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#running++
    try {
      return await work()
    } finally {
      // The turn goes over to the next in line without being given back in between.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }
}
