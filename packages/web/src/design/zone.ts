/** Times are stored in UTC; a person sees them in UTC or in the browser's zone, as they chose. */
import { useSyncExternalStore } from 'react'

export type Zone = 'UTC' | 'local'
const KEY = 'auspex.zone'
const listeners = new Set<() => void>()
let zone: Zone = localStorage.getItem(KEY) === 'local' ? 'local' : 'UTC'

export function setZone(next: Zone): void {
  zone = next
  localStorage.setItem(KEY, next)
  for (const listener of listeners) listener()
}

export const currentZone = (): Zone => zone

export function useZone(): Zone {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }, currentZone)
}
