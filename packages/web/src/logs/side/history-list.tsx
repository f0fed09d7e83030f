/** What was asked in this browser before. */
import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { count, duration } from '../../design/format'
import { Icon } from '../../design/icons'
import { Empty } from '../../design/states'
import { Time } from '../../design/time'
import { labelOf } from '../../kql/time-range'
import { forgetAll, type Past, useHistory } from '../history'
import styles from './history-list.module.css'

export function HistoryList({ open }: { open: (past: Past) => void }) {
  const history = useHistory()
  const [text, setText] = useState('')
  const shown = history.filter(({ query }) => query.toLowerCase().includes(text.trim().toLowerCase()))
  if (history.length === 0) {
    return (
      <Empty icon="history" title="No query has been run here yet">
        Every query that you run is kept in this browser.
      </Empty>
    )
  }
  return (
    <div className={styles.side}>
      <TextInput
        className={styles.find}
        aria-label="Find a query"
        placeholder="Find a query"
        leftSection={<Icon name="search" size={14} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <ul className={styles.list}>
        {shown.map((past) => (
          <li key={past.at + past.query}>
            <button type="button" className={styles.entry} onClick={() => open(past)}>
              <code className={styles.query}>{past.query.replace(/\s+/g, ' ').slice(0, 160)}</code>
              <span className={styles.about}>
                <Time iso={past.at} as="ago" />
                {past.failed !== undefined ? (
                  <span className={styles.failed}>failed</span>
                ) : (
                  <span>
                    {count(past.rows ?? 0)} rows · {duration(past.ms ?? 0)}
                  </span>
                )}
                <span>{labelOf(past.range)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <Empty icon="search" title="No query has these words" />}
      <div className={styles.foot}>
        <Button variant="subtle" color="gray" size="compact-xs" onClick={forgetAll}>
          Forget all
        </Button>
      </div>
    </div>
  )
}
