/** The parts of Analytics. */
import { Link } from '@tanstack/react-router'
import styles from './tabs.module.css'

const TABS = [
  { to: '/analytics', label: 'Rules' },
  { to: '/analytics/templates', label: 'Templates' },
  { to: '/analytics/coverage', label: 'ATT&CK coverage' },
] as const

export function AnalyticsTabs() {
  return (
    <nav className={styles.tabs} aria-label="Parts of Analytics">
      {TABS.map(({ to, label }) => (
        <Link
          key={to}
          to={to}
          className={styles.tab}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ 'data-active': true, 'aria-current': 'page' }}
        >
          {label}
        </Link>
      ))}
    </nav>
  )
}
