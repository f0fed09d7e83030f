/** Names of ATT&CK's techniques by their ids. */
import { RETIRED, TECHNIQUES } from '@auspex/attack'

export function techniqueName(id: string): string {
  const known = TECHNIQUES.get(id)
  return known?.name ?? (RETIRED.has(id) ? 'retired id' : '')
}
