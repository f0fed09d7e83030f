/**
 * What happens, told to whoever listens: the browser's pages and the live tail. Events have rising numbers, and the
 * newest are kept, so that a listener that lost its connection hears what it missed.
 */

export type LiveEvent =
  | { readonly kind: 'incident'; readonly number: number; readonly change: string }
  | { readonly kind: 'run'; readonly rule: string; readonly alerts: number; readonly error: string | null }
  | { readonly kind: 'ingested'; readonly table: string; readonly rows: number }

export interface NumberedEvent {
  readonly id: number
  readonly event: LiveEvent
}

type Listener = (event: NumberedEvent) => void

const KEPT = 1000

export class Live {
  readonly #listeners = new Set<Listener>()
  readonly #kept: NumberedEvent[] = []
  #next = 1

  tell(event: LiveEvent): void {
    const numbered = { id: this.#next++, event }
    this.#kept.push(numbered)
    if (this.#kept.length > KEPT) this.#kept.shift()
    for (const listener of this.#listeners) listener(numbered)
  }

  /**
   * @param after the number of the last event that the listener has heard; those since are told at once
   * @returns ends the listening
   */
  listen(listener: Listener, after?: number): () => void {
    if (after !== undefined) {
      for (const event of this.#kept) if (event.id > after) listener(event)
    }
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get listeners(): number {
    return this.#listeners.size
  }
}
