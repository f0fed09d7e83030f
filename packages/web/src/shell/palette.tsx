/** The command palette: every page and action by its name, and the things that the data holds by theirs. */
import { Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useMemo, useState } from 'react'
import { Icon } from '../design/icons'
import { Kbd } from '../design/marks'
import { type Command, matching, useLiveCommands } from './commands'
import { findThings } from './find'
import styles from './palette.module.css'
import { keyNames } from './shortcuts'

export function Palette({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={close}
      withCloseButton={false}
      padding={0}
      size={620}
      yOffset="12vh"
      centered={false}
      attributes={{ content: { 'aria-label': 'Command palette' } }}
    >
      {opened && <Chooser close={close} />}
    </Modal>
  )
}

function Chooser({ close }: { close: () => void }) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const listId = useId()
  const navigate = useNavigate()
  const commands = useLiveCommands()
  const asked = useDeferredValue(text.trim())
  const things = useQuery({
    queryKey: ['palette', asked],
    queryFn: ({ signal }) => findThings(asked, signal),
    enabled: asked.length >= 2,
    staleTime: 30_000,
  })

  const entries = useMemo<Command[]>(() => {
    const found = (asked.length >= 2 ? (things.data ?? []) : []).map(
      ({ group, label, hint, icon, href }): Command => ({
        id: href,
        group,
        label,
        icon,
        ...(hint !== undefined && { hint }),
        run: () => void navigate({ href }),
      }),
    )
    const kql: Command[] = /\|/.test(asked)
      ? [
          {
            id: 'kql',
            group: 'Query',
            label: `Run ${asked}`,
            icon: 'run',
            run: () => void navigate({ to: '/logs', search: { q: asked } }),
          },
        ]
      : []
    return [...kql, ...matching(commands, text), ...found]
  }, [asked, commands, navigate, text, things.data])

  const chosen = Math.min(at, entries.length - 1)
  useEffect(() => {
    document.getElementById(`${listId}-${chosen}`)?.scrollIntoView({ block: 'nearest' })
  }, [chosen, listId])

  const choose = (entry: Command | undefined) => {
    if (!entry) return
    close()
    // The dialog gives the focus back first, so that the command can take it.
    setTimeout(entry.run, 0)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      const next = chosen + step
      setAt(
        Math.abs(step) === 1
          ? (next + entries.length) % entries.length
          : Math.max(0, Math.min(entries.length - 1, next)),
      )
    } else if (event.key === 'Enter') {
      event.preventDefault()
      choose(entries[chosen])
    }
  }

  let group = ''
  return (
    <div className={styles.palette}>
      <div className={styles.inputRow}>
        <Icon name="search" size={18} />
        <input
          className={styles.input}
          autoFocus
          data-autofocus
          value={text}
          placeholder="Go to a page, do something, find an incident, a user, a host, or type KQL"
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={entries.length > 0 ? `${listId}-${chosen}` : undefined}
          aria-label="Command or search"
          onChange={(event) => {
            setText(event.target.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className={styles.list} id={listId} role="listbox" aria-label="Commands" tabIndex={-1}>
        {entries.map((entry, i) => {
          const heading = entry.group === group ? undefined : entry.group
          group = entry.group
          return (
            <div key={entry.id} role="presentation">
              {heading && (
                <div className={styles.group} role="presentation">
                  {heading}
                </div>
              )}
              <div
                id={`${listId}-${i}`}
                role="option"
                tabIndex={-1}
                aria-selected={i === chosen}
                className={styles.entry}
                onMouseMove={() => setAt(i)}
                onClick={() => choose(entry)}
              >
                <Icon name={entry.icon} size={15} />
                <span className={styles.label}>{entry.label}</span>
                {entry.hint && <span className={styles.hint}>{entry.hint}</span>}
                {entry.keys && <Kbd keys={keyNames(entry.keys)} />}
              </div>
            </div>
          )
        })}
        {entries.length === 0 && (
          <p className={styles.nothing}>{things.isFetching ? 'Looking…' : 'Nothing has this name.'}</p>
        )}
      </div>
    </div>
  )
}
