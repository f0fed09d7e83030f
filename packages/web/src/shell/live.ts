/**
 * What happens on the server, as it happens: what is shown and has changed is asked for anew. The browser reconnects by
 * itself and says what it heard last.
 */
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'

export type Connection = 'live' | 'waiting'

let connection: Connection = 'waiting'
const listeners = new Set<() => void>()

function set(next: Connection): void {
  if (connection === next) return
  connection = next
  for (const listener of listeners) listener()
}

export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => connection,
  )
}

/** Rows can arrive many times a second; pages ask at most so often. */
const REST_MS = 3000

/** Keys of queries that an event makes old. */
const MAKES_OLD: Readonly<Record<string, readonly string[]>> = {
  incident: ['incidents', 'kql'],
  run: ['rules', 'kql'],
  ingested: ['kql', 'sessions', 'hosts'],
}

export function listen(queries: QueryClient): () => void {
  const source = new EventSource('/api/events')
  const old = new Set<string>()
  let timer: number | undefined
  const refresh = () => {
    timer = undefined
    // A page that nobody looks at waits until somebody does.
    if (document.hidden) return
    const keys = [...old]
    old.clear()
    for (const key of keys) void queries.invalidateQueries({ queryKey: [key] })
  }
  const later = () => {
    timer ??= window.setTimeout(refresh, REST_MS)
  }
  for (const [kind, keys] of Object.entries(MAKES_OLD)) {
    source.addEventListener(kind, () => {
      for (const key of keys) old.add(key)
      later()
    })
  }
  source.addEventListener('open', () => set('live'))
  source.addEventListener('error', () => set('waiting'))
  const seen = () => {
    if (!document.hidden && old.size > 0) later()
  }
  document.addEventListener('visibilitychange', seen)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', seen)
    source.close()
    set('waiting')
  }
}

export function useLive(): void {
  const queries = useQueryClient()
  useEffect(() => listen(queries), [queries])
}
