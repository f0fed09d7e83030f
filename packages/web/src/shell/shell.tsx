/** The frame of every page: where one can go, what is live, and the keys. */
import { ActionIcon, Menu, Tooltip, useMantineColorScheme } from '@mantine/core'
import { useLocalStorage, useMediaQuery } from '@mantine/hooks'
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useMe, useSignOut } from '../api/me'
import { Icon, Mark } from '../design/icons'
import { Notices } from '../design/notices'
import { setZone, useZone } from '../design/zone'
import { type Command, useCommands } from './commands'
import { useConnection, useLive } from './live'
import { Palette } from './palette'
import { PLACES } from './places'
import styles from './shell.module.css'
import { ShortcutHelp } from './shortcut-help'
import { keyNames, useShortcuts } from './shortcuts'

export function Shell() {
  useLive()
  const me = useMe()
  const signOut = useSignOut()
  const connection = useConnection()
  const [palette, setPalette] = useState(false)
  const [help, setHelp] = useState(false)
  const narrow = useMediaQuery('(max-width: 1180px)', undefined, { getInitialValueInEffect: false })
  const [folded, setFolded] = useLocalStorage({ key: 'auspex.nav-folded', defaultValue: false })
  const small = folded || narrow === true
  const navigate = useNavigate()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const main = useRef<HTMLElement>(null)
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const dark =
    colorScheme === 'dark' || (colorScheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches)
  const zone = useZone()

  const commands = useMemo<Command[]>(
    () => [
      ...PLACES.map(
        ({ to, label, icon, keys, words }): Command => ({
          id: to,
          group: 'Go to',
          label,
          icon,
          keys,
          words,
          run: () => void navigate({ to }),
        }),
      ),
      {
        id: 'theme',
        group: 'Do',
        label: dark ? 'Use the light theme' : 'Use the dark theme',
        words: 'theme dark light appearance',
        icon: dark ? 'sun' : 'moon',
        run: () => setColorScheme(dark ? 'light' : 'dark'),
      },
      {
        id: 'zone',
        group: 'Do',
        label: zone === 'UTC' ? 'Show times in the local zone' : 'Show times in UTC',
        words: 'time zone utc local',
        icon: 'clock',
        run: () => setZone(zone === 'UTC' ? 'local' : 'UTC'),
      },
      {
        id: 'keys',
        group: 'Do',
        label: 'Show the keyboard shortcuts',
        icon: 'keyboard',
        keys: '?',
        run: () => setHelp(true),
      },
    ],
    [dark, navigate, setColorScheme, zone],
  )
  useCommands(commands)
  useShortcuts([
    {
      keys: 'mod+k',
      label: 'Command palette',
      group: 'Everywhere',
      inText: true,
      run: () => setPalette(true),
    },
    { keys: '?', label: 'These shortcuts', group: 'Everywhere', run: () => setHelp(true) },
    ...PLACES.map(({ to, label, keys }) => ({
      keys,
      label,
      group: 'Go to',
      run: () => void navigate({ to }),
    })),
  ])

  // Who moves by keyboard or reader continues in the new page, not in the navigation.
  const shown = useRef(path)
  useEffect(() => {
    if (shown.current === path) return
    shown.current = path
    main.current?.focus({ preventScroll: true })
    main.current?.scrollTo(0, 0)
  }, [path])

  return (
    <div className={styles.shell} data-small={small || undefined}>
      <a className={styles.skip} href="#main">
        Skip to the page
      </a>
      <nav className={styles.nav} aria-label="Pages">
        <Link to="/" className={styles.brand} aria-label="Auspex: overview">
          <Mark />
          <span className={styles.word}>Auspex</span>
        </Link>
        <Tooltip label={`Search and commands  ${keyNames('mod+k')}`} position="right" disabled={!small}>
          <button type="button" className={styles.search} onClick={() => setPalette(true)}>
            <Icon name="search" size={15} />
            <span className={styles.word}>Search</span>
            <kbd className={styles.searchKeys}>{keyNames('mod+k').replace(' ', '+')}</kbd>
          </button>
        </Tooltip>
        <ul className={styles.places}>
          {PLACES.map(({ to, label, icon }) => (
            <li key={to}>
              <Tooltip label={label} position="right" disabled={!small}>
                <Link
                  to={to}
                  className={styles.place}
                  aria-label={label}
                  activeOptions={{ exact: to === '/', includeSearch: false }}
                  activeProps={{ 'data-active': true, 'aria-current': 'page' }}
                >
                  <Icon name={icon} size={17} />
                  <span className={styles.word}>{label}</span>
                </Link>
              </Tooltip>
            </li>
          ))}
        </ul>
        <Tooltip
          label={
            connection === 'live'
              ? 'Pages follow what happens'
              : 'No connection: pages ask again twice a minute'
          }
          position="right"
        >
          <div className={styles.connection} data-live={connection === 'live' || undefined} role="status">
            <span className={styles.pulse} />
            <span className={styles.word}>{connection === 'live' ? 'Live' : 'Not live'}</span>
          </div>
        </Tooltip>
        <div className={styles.foot}>
          <Menu position="right-end" width={220}>
            <Menu.Target>
              <ActionIcon aria-label="Appearance and help" size={32}>
                <Icon name="dots" size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Label>Theme</Menu.Label>
              {(['light', 'dark', 'auto'] as const).map((scheme) => (
                <Menu.Item
                  key={scheme}
                  leftSection={
                    <Icon name={scheme === 'light' ? 'sun' : scheme === 'dark' ? 'moon' : 'screen'} />
                  }
                  rightSection={colorScheme === scheme ? <Icon name="check" size={14} /> : null}
                  onClick={() => setColorScheme(scheme)}
                >
                  {{ light: 'Light', dark: 'Dark', auto: 'As the system' }[scheme]}
                </Menu.Item>
              ))}
              <Menu.Label>Times</Menu.Label>
              {(['UTC', 'local'] as const).map((name) => (
                <Menu.Item
                  key={name}
                  leftSection={<Icon name="clock" />}
                  rightSection={zone === name ? <Icon name="check" size={14} /> : null}
                  onClick={() => setZone(name)}
                >
                  {name === 'UTC' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone}
                </Menu.Item>
              ))}
              <Menu.Divider />
              <Menu.Item leftSection={<Icon name="keyboard" />} onClick={() => setHelp(true)}>
                Keyboard shortcuts
              </Menu.Item>
              <Menu.Item
                component="a"
                href="/api/docs"
                target="_blank"
                leftSection={<Icon name="external" />}
              >
                API
              </Menu.Item>
              <Menu.Item leftSection={<Icon name="signout" />} onClick={() => void signOut()}>
                Sign out {me.name}
              </Menu.Item>
              <Menu.Label>Auspex {me.server.version}</Menu.Label>
            </Menu.Dropdown>
          </Menu>
          {!narrow && (
            <ActionIcon
              aria-label={folded ? 'Unfold the navigation' : 'Fold the navigation'}
              size={32}
              onClick={() => setFolded(!folded)}
            >
              <Icon name="panel" size={17} />
            </ActionIcon>
          )}
        </div>
      </nav>
      <main className={styles.main} id="main" ref={main} tabIndex={-1}>
        <Outlet />
      </main>
      <Palette opened={palette} close={() => setPalette(false)} />
      <ShortcutHelp opened={help} close={() => setHelp(false)} />
      <Notices />
    </div>
  )
}
