/** A time, in the zone that the person chose; the whole of it on hover. */
import { Tooltip } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { fullTime, relative, timeParts } from './format'
import { useZone } from './zone'

/** One clock for all relative times, so that they change together. */
const listeners = new Set<() => void>()
let minute = Date.now()
setInterval(() => {
  minute = Date.now()
  for (const listener of listeners) listener()
}, 20_000)

export function useNow(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => minute,
  )
}

export function Time({ iso, as = 'short' }: { iso: string; as?: 'short' | 'full' | 'ago' | 'clock' }) {
  const zone = useZone()
  const now = useNow()
  const parts = timeParts(iso, zone)
  if (!parts) return <span>{iso}</span>
  const thisYear = parts.date.startsWith(String(new Date(now).getFullYear()))
  const text =
    as === 'full'
      ? fullTime(iso, zone)
      : as === 'ago'
        ? relative(iso, now)
        : as === 'clock'
          ? `${parts.time}.${parts.fraction.slice(0, 3).padEnd(3, '0')}`
          : `${thisYear ? parts.day : parts.date} ${parts.time}`
  return (
    <Tooltip label={`${fullTime(iso, zone)} ${zone === 'UTC' ? 'UTC' : 'local'} · ${relative(iso, now)}`}>
      <time dateTime={iso} className={as === 'ago' ? undefined : 'fact'} style={{ whiteSpace: 'nowrap' }}>
        {text}
      </time>
    </Tooltip>
  )
}
