/** The pages of the navigation, in its order. */
import type { IconName } from '../design/icons'

export const PLACES = [
  { to: '/', label: 'Overview', icon: 'overview', keys: 'g o', words: 'home dashboard' },
  { to: '/incidents', label: 'Incidents', icon: 'incidents', keys: 'g i', words: 'alerts cases' },
  {
    to: '/sessions',
    label: 'Sessions',
    icon: 'sessions',
    keys: 'g s',
    words: 'logins keystrokes who was root replay',
  },
  { to: '/logs', label: 'Logs', icon: 'logs', keys: 'g l', words: 'kql query search' },
  {
    to: '/analytics',
    label: 'Analytics',
    icon: 'analytics',
    keys: 'g a',
    words: 'rules detections mitre attack coverage',
  },
  { to: '/hosts', label: 'Hosts', icon: 'hosts', keys: 'g h', words: 'agents computers health lag loss' },
  {
    to: '/settings',
    label: 'Settings',
    icon: 'settings',
    keys: 'g ,',
    words: 'users tokens retention watchlists',
  },
] as const satisfies readonly { to: string; label: string; icon: IconName; keys: string; words: string }[]
