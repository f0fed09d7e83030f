/** Rows of text as they were when an alert was made: what is filled, the times first. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { count, fullTime } from '../design/format'
import { Who } from '../design/marks'
import { useZone } from '../design/zone'
import { PEOPLE } from '../logs/results/cell-text'
import styles from './rows-table.module.css'

const SHOWN = 20
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/
/** Columns that repeat others for Sentinel's old way of mapping entities. */
const REPEATED = /^(timestamp|\w+CustomEntity|TenantId|SourceSystem|Type|_TimeReceived)$/

export function RowsTable({
  columns,
  rows,
  label,
}: {
  columns: readonly string[]
  rows: readonly (readonly string[])[]
  label: string
}) {
  const [all, setAll] = useState(false)
  const zone = useZone()
  const shown = columns
    .map((name, i) => ({ name, i }))
    .filter(
      ({ name, i }) => !REPEATED.test(name) && rows.some((row) => row[i] !== '' && row[i] !== undefined),
    )
  const visible = all ? rows : rows.slice(0, SHOWN)
  return (
    <div className={styles.frame}>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={label}>
        <table className={styles.table}>
          <thead>
            <tr>
              {shown.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {visible.map((row, n) => (
              <tr key={n}>
                {shown.map(({ name, i }) => {
                  const value = row[i] ?? ''
                  return (
                    <td key={name} title={value.length > 60 ? value : undefined}>
                      {PEOPLE.has(name) && value !== '' ? (
                        <Who name={value} plain />
                      ) : ISO.test(value) ? (
                        fullTime(value, zone)
                      ) : (
                        value
                      )}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > visible.length && (
        <div className={styles.more}>
          <Button variant="subtle" size="compact-sm" onClick={() => setAll(true)}>
            Show all {count(rows.length)} rows
          </Button>
        </div>
      )}
    </div>
  )
}
