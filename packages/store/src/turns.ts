/** Work that must not overlap, or not more than so many at once: each waits its turn, in order of arrival. */
export class Turns {
  readonly #limit: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(limit = 1) {
    this.#limit = limit
  }

  /** @param signal leaves the line; work that has begun must watch it itself */
  async take<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#running >= this.#limit) await this.#wait(signal)
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

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(proceed), 1)
        reject(signal!.reason)
      }
      const proceed = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      if (signal?.aborted) {
        reject(signal.reason)
        return
      }
      signal?.addEventListener('abort', leave, { once: true })
      this.#waiting.push(proceed)
    })
  }
}
