/** One query that runs, ran or failed, with its rows. A tab keeps it, also while another page is shown. */

import { setsOwnTime } from '../kql/text'
import { timespanOf } from '../kql/time-range'
import { remember } from './history'
import type { Summary, View } from './results/result-set'
import { Results } from './results/results'

export type RunState =
  | { readonly status: 'idle' }
  | { readonly status: 'running'; readonly query: string; readonly startedAt: number; readonly bytes: number }
  | {
      readonly status: 'done'
      readonly query: string
      readonly range: string
      readonly summary: Summary
      readonly elapsedMs: number
      readonly bytes: number
      /** Rows left by the view. */
      readonly count: number
      readonly view: View
    }
  | { readonly status: 'failed'; readonly query: string; readonly error: Error }
  | { readonly status: 'cancelled'; readonly query: string }

const ALL: View = { filters: {}, search: '' }

export class Run {
  results = new Results()
  #state: RunState = { status: 'idle' }
  #turn = 0
  readonly #listeners = new Set<() => void>()

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  readonly state = (): RunState => this.#state

  async start(query: string, range: string): Promise<void> {
    if (this.#state.status === 'running') this.cancel()
    const turn = ++this.#turn
    const startedAt = performance.now()
    this.#set({ status: 'running', query, startedAt, bytes: 0 })
    const timespan = setsOwnTime(query) ? undefined : timespanOf(range, Date.now())
    try {
      const { summary, bytes } = await this.results.run({ query, ...(timespan && { timespan }) }, (sofar) => {
        if (turn === this.#turn) this.#set({ status: 'running', query, startedAt, bytes: sofar })
      })
      if (turn !== this.#turn) return
      const elapsedMs = performance.now() - startedAt
      remember({ query, range, at: new Date().toISOString(), rows: summary.rowCount, ms: elapsedMs })
      this.#set({
        status: 'done',
        query,
        range,
        summary,
        elapsedMs,
        bytes,
        count: summary.rowCount,
        view: ALL,
      })
    } catch (error) {
      if (turn !== this.#turn) return
      remember({ query, range, at: new Date().toISOString(), failed: (error as Error).message })
      this.#set({ status: 'failed', query, error: error as Error })
    }
  }

  /** Ends the query here and on the server. */
  cancel(): void {
    if (this.#state.status !== 'running') return
    const { query } = this.#state
    this.#turn++
    this.results.close()
    this.results = new Results()
    this.#set({ status: 'cancelled', query })
  }

  async arrange(view: View): Promise<void> {
    const state = this.#state
    if (state.status !== 'done') return
    this.#set({ ...state, view })
    const turn = this.#turn
    const count = await this.results.arrange(view)
    const now = this.#state
    if (turn === this.#turn && now.status === 'done' && now.view === view) this.#set({ ...now, count })
  }

  close(): void {
    this.#turn++
    this.results.close()
    this.#listeners.clear()
  }

  #set(state: RunState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}
