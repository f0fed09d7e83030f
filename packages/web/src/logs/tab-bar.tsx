/** The open queries. */
import { ActionIcon, Tooltip } from '@mantine/core'
import { type KeyboardEvent, useSyncExternalStore } from 'react'
import { Icon } from '../design/icons'
import { closeDocument } from './editor/documents'
import styles from './tab-bar.module.css'
import { closeTab, openTab, runOf, showTab, type Tab, titleOf, type useTabs } from './tabs'

export function TabBar({ tabs: { tabs, active } }: { tabs: ReturnType<typeof useTabs> }) {
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ id }) => id === active)
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = tabs[(at + step + tabs.length) % tabs.length]!
    showTab(next.id)
    document.getElementById(`tab-${next.id}`)?.focus()
  }
  return (
    <div className={styles.bar}>
      <div className={styles.tabs} role="tablist" aria-label="Queries" tabIndex={-1} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <TabItem key={tab.id} tab={tab} active={tab.id === active} />
        ))}
      </div>
      <Tooltip label="New query">
        <ActionIcon aria-label="New query" onClick={() => openTab()}>
          <Icon name="plus" size={15} />
        </ActionIcon>
      </Tooltip>
    </div>
  )
}

function TabItem({ tab, active }: { tab: Tab; active: boolean }) {
  const run = runOf(tab.id)
  const { status } = useSyncExternalStore(run.subscribe, run.state)
  const title = titleOf(tab)
  const close = () => {
    closeTab(tab.id)
    closeDocument(tab.id)
  }
  return (
    <div className={styles.item} data-active={active || undefined} role="presentation">
      <button
        type="button"
        id={`tab-${tab.id}`}
        role="tab"
        aria-selected={active}
        tabIndex={active ? 0 : -1}
        className={styles.tab}
        onClick={() => showTab(tab.id)}
        onAuxClick={(event) => event.button === 1 && close()}
        onKeyDown={(event) => event.key === 'Delete' && close()}
        title={title}
      >
        {status === 'running' && <span className={styles.running} />}
        {title}
      </button>
      <button
        type="button"
        className={styles.close}
        title={`Close ${title}`}
        aria-hidden="true"
        tabIndex={-1}
        onClick={close}
      >
        <Icon name="close" size={11} />
      </button>
    </div>
  )
}
