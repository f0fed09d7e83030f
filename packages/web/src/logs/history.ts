/** The queries that were run in this browser, the newest first. */
import { useSyncExternalStore } from 'react'

export interface Past {
  readonly query: string
  readonly range: string
  /** ISO time. */
  readonly at: string
  readonly rows?: number
  readonly ms?: number
  readonly failed?: string
}

const KEY = 'auspex.history'
const KEPT = 200
/** Longer texts are not kept: the browser's store is small. */
const LONGEST = 20_000

function read(): readonly Past[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(kept) ? kept.filter((entry) => typeof entry?.query === 'string') : []
  } catch {
    return []
  }
}

let past: readonly Past[] = read()
const listeners = new Set<() => void>()

function set(next: readonly Past[]): void {
  past = next
  try {
    localStorage.setItem(KEY, JSON.stringify(past))
  } catch {
    // A full store keeps what it has; the list of this page goes on.
  }
  for (const listener of listeners) listener()
}

/** A query that is run again moves to the top. */
export function remember(entry: Past): void {
  if (entry.query.length > LONGEST) return
  set(
    [entry, ...past.filter(({ query, range }) => query !== entry.query || range !== entry.range)].slice(
      0,
      KEPT,
    ),
  )
}

export const forgetAll = (): void => set([])

export function useHistory(): readonly Past[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => past,
  )
}
