/**
 * The one way in. Whatever waits while a transaction is being synced goes into the next one together, so
 * that a hundred senders share a sync instead of waiting for a hundred.
 */
export interface CommitQueueLimits {
  /** The most jobs, and the most rows, of one transaction. */
  readonly maxJobs: number
  readonly maxRows: number
}

export interface Job<Input, Output> {
  readonly input: Input
  readonly rows: number
  resolve(output: Output): void
  reject(error: unknown): void
}

export class CommitQueue<Input, Output> {
  readonly #commit: (inputs: readonly Input[]) => Promise<readonly Output[]>
  readonly #limits: CommitQueueLimits
  readonly #waiting: Job<Input, Output>[] = []
  #draining: Promise<void> | undefined

  constructor(
    commit: (inputs: readonly Input[]) => Promise<readonly Output[]>,
    limits: CommitQueueLimits = { maxJobs: 64, maxRows: 131_072 },
  ) {
    this.#commit = commit
    this.#limits = limits
  }

  add(input: Input, rows: number): Promise<Output> {
    const done = new Promise<Output>((resolve, reject) => {
      this.#waiting.push({ input, rows, resolve, reject })
    })
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined
    })
    return done
  }

  /** Resolves when all that was added is committed or refused. */
  async idle(): Promise<void> {
    while (this.#draining) await this.#draining
  }

  async #drain(): Promise<void> {
    // Senders of the same tick belong together.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const group = this.#nextGroup()
      try {
        await this.#settle(group)
      } catch (error) {
        if (group.length === 1) group[0]!.reject(error)
        // One bad batch must not refuse its neighbours: each gets its own transaction and its own answer.
        else for (const job of group) await this.#settle([job]).catch((own) => job.reject(own))
      }
    }
  }

  async #settle(group: readonly Job<Input, Output>[]): Promise<void> {
    const outputs = await this.#commit(group.map((job) => job.input))
    for (const [index, job] of group.entries()) job.resolve(outputs[index]!)
  }

  #nextGroup(): Job<Input, Output>[] {
    const group = [this.#waiting.shift()!]
    let rows = group[0]!.rows
    while (this.#waiting.length > 0 && group.length < this.#limits.maxJobs) {
      rows += this.#waiting[0]!.rows
      if (rows > this.#limits.maxRows) break
      group.push(this.#waiting.shift()!)
    }
    return group
  }
}
