/** Queries that people saved, by folder. */
import { ActionIcon, TextInput, Tooltip } from '@mantine/core'
import { useState } from 'react'
import { type SavedQuery, useDeleteQuery, useSavedQueries } from '../../api/saved'
import { Icon } from '../../design/icons'
import { Empty, Failure, Waiting } from '../../design/states'
import { Time } from '../../design/time'
import styles from './history-list.module.css'

export function SavedList({ open }: { open: (query: SavedQuery) => void }) {
  const saved = useSavedQueries()
  const remove = useDeleteQuery()
  const [text, setText] = useState('')
  if (saved.isPending) return <Waiting lines={8} />
  if (saved.isError) return <Failure error={saved.error} retry={() => void saved.refetch()} />
  if (saved.data.length === 0) {
    return (
      <Empty icon="save" title="No query has been saved yet">
        Save the one that is shown with the button above it. Everybody here will see it.
      </Empty>
    )
  }
  const wanted = text.trim().toLowerCase()
  const shown = saved.data.filter(({ name, folder, query }) =>
    `${folder} ${name} ${query}`.toLowerCase().includes(wanted),
  )
  const folders = Map.groupBy(shown, ({ folder }) => folder)
  return (
    <div className={styles.side}>
      <TextInput
        className={styles.find}
        aria-label="Find a saved query"
        placeholder="Find a saved query"
        leftSection={<Icon name="search" size={14} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className={styles.list}>
        {[...folders].map(([folder, queries]) => (
          <section key={folder}>
            {folder !== '' && <h3 className={styles.folder}>{folder}</h3>}
            <ul>
              {queries.map((query) => (
                <li key={query.id} className={styles.saved}>
                  <button
                    type="button"
                    className={styles.entry}
                    onClick={() => open(query)}
                    title={query.query}
                  >
                    <span className={styles.name}>{query.name}</span>
                    <span className={styles.about}>
                      {query.owner} <Time iso={query.changedTime} as="ago" />
                    </span>
                  </button>
                  <Tooltip label="Delete">
                    <ActionIcon
                      size={22}
                      className={styles.remove}
                      aria-label={`Delete ${query.name}`}
                      onClick={() => remove.mutate(query.id)}
                    >
                      <Icon name="trash" size={13} />
                    </ActionIcon>
                  </Tooltip>
                </li>
              ))}
            </ul>
          </section>
        ))}
        {shown.length === 0 && <Empty icon="search" title="No saved query has these words" />}
      </div>
    </div>
  )
}
