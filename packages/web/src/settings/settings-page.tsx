/** What administrators and contributors keep in order. */
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMay, useMe } from '../api/me'
import { Page, PageHeader } from '../design/panel'
import { Empty } from '../design/states'
import { useTitle } from '../shell/title'
import { Account } from './account'
import { Automation } from './automation'
import { Data } from './data'
import styles from './settings-page.module.css'
import { Tokens } from './tokens'
import { Users } from './users'
import { Watchlists } from './watchlists'

const route = getRouteApi('/settings')

const SECTIONS = [
  { id: 'account', label: 'You', needs: 'read', Section: Account },
  { id: 'users', label: 'Users', needs: 'administer', Section: Users },
  { id: 'tokens', label: 'Tokens', needs: 'administer', Section: Tokens },
  { id: 'watchlists', label: 'Watchlists', needs: 'read', Section: Watchlists },
  { id: 'automation', label: 'Automation', needs: 'read', Section: Automation },
  { id: 'data', label: 'Data', needs: 'read', Section: Data },
] as const

export function SettingsPage() {
  const { section = 'account' } = route.useSearch()
  const current = SECTIONS.find(({ id }) => id === section) ?? SECTIONS[0]
  useTitle(`${current.label} · Settings`)
  const allowed = useMay(current.needs)
  const me = useMe()
  return (
    <Page>
      <PageHeader title="Settings" />
      <div className={styles.columns}>
        <nav className={styles.nav} aria-label="Settings">
          {SECTIONS.map(({ id, label }) => (
            <Link
              key={id}
              to="/settings"
              search={{ section: id }}
              className={styles.link}
              data-active={current.id === id || undefined}
              aria-current={current.id === id ? 'page' : undefined}
            >
              {label}
            </Link>
          ))}
        </nav>
        <div className={styles.content}>
          {allowed ? (
            <current.Section />
          ) : (
            <Empty icon="shield" title="This is for administrators">
              You are {me.name}, with the role {me.role ?? 'none'}. An administrator can give you another.
            </Empty>
          )}
        </div>
      </div>
    </Page>
  )
}
