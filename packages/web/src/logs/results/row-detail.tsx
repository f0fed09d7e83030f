/** One row in full: what is filled, a value a line, and ways on from it. */
import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { copyText } from '../../design/clipboard'
import { count } from '../../design/format'
import { HrefLink } from '../../design/href-link'
import { Icon } from '../../design/icons'
import { Waiting } from '../../design/states'
import { useZone } from '../../design/zone'
import type { Cell } from '../../kql/answer'
import { TypeMark } from '../side/type-mark'
import { cellText } from './cell-text'
import { pathsOn } from './paths-on'
import { type ColumnSummary, jsonCell, type Summary } from './result-set'
import type { Results } from './results'
import styles from './row-detail.module.css'

const isEmpty = (cell: Cell | undefined) => cell === null || cell === undefined || cell === ''

/** Dynamics with their lines; other values as they are in the table. */
function shown(cell: Cell, column: ColumnSummary, zone: 'UTC' | 'local'): string {
  if (column.type !== 'dynamic')
    return column.type === 'datetime' ? cellText(cell, column.type, zone) : String(cell)
  try {
    return JSON.stringify(JSON.parse(String(cell)), null, 2)
  } catch {
    return String(cell)
  }
}

export function RowDetail({
  results,
  summary,
  row,
  count: rowCount,
  onRow,
  onCondition,
}: {
  results: Results
  summary: Summary
  row: number
  count: number
  onRow: (row: number | undefined) => void
  onCondition: (column: ColumnSummary, value: Cell, negated: boolean) => void
}) {
  useSyncExternalStore(results.subscribe, results.version)
  const zone = useZone()
  const cells = results.row(row)
  const filled = summary.columns.flatMap((column, i) =>
    isEmpty(cells?.[i]) ? [] : [{ column, cell: cells![i]! }],
  )
  const json = () =>
    `{\n${filled.map(({ column, cell }) => `  ${JSON.stringify(column.name)}: ${jsonCell(cell, column.type)}`).join(',\n')}\n}`
  const paths = cells === undefined ? [] : pathsOn(summary.columns, cells)
  return (
    <aside className={styles.detail} aria-label={`Row ${count(row + 1)}`}>
      <div className={styles.bar}>
        <span className={styles.title}>Row {count(row + 1)}</span>
        <span className={styles.buttons}>
          <Tooltip label="The row before">
            <ActionIcon aria-label="The row before" disabled={row === 0} onClick={() => onRow(row - 1)}>
              <Icon name="up" />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="The row after">
            <ActionIcon
              aria-label="The row after"
              disabled={row >= rowCount - 1}
              onClick={() => onRow(row + 1)}
            >
              <Icon name="down" />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Copy as JSON">
            <ActionIcon aria-label="Copy as JSON" onClick={() => void copyText(json())}>
              <Icon name="copy" />
            </ActionIcon>
          </Tooltip>
          <ActionIcon aria-label="Close the row" onClick={() => onRow(undefined)}>
            <Icon name="close" />
          </ActionIcon>
        </span>
      </div>
      {paths.length > 0 && (
        <div className={styles.paths}>
          {paths.map(({ label, href, icon }) => (
            <Button
              key={label}
              component={HrefLink}
              href={href}
              variant="default"
              size="compact-sm"
              leftSection={<Icon name={icon} size={13} />}
            >
              {label}
            </Button>
          ))}
        </div>
      )}
      {cells === undefined ? (
        <Waiting lines={10} />
      ) : (
        <dl className={styles.list}>
          {filled.map(({ column, cell }) => (
            <div key={column.name} className={styles.entry}>
              <dt className={styles.name}>
                <TypeMark type={column.type} />
                <span>{column.name}</span>
                <span className={styles.actions}>
                  <Tooltip label="Only rows with this value">
                    <ActionIcon
                      size={20}
                      aria-label={`Only rows with this ${column.name}`}
                      onClick={() => onCondition(column, cell, false)}
                    >
                      <Icon name="plus" size={13} />
                    </ActionIcon>
                  </Tooltip>
                  <Tooltip label="No rows with this value">
                    <ActionIcon
                      size={20}
                      aria-label={`No rows with this ${column.name}`}
                      onClick={() => onCondition(column, cell, true)}
                    >
                      <svg width="13" height="13" viewBox="0 0 24 24" aria-hidden="true">
                        <path d="M5 12h14" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
                      </svg>
                    </ActionIcon>
                  </Tooltip>
                  <Tooltip label="Copy">
                    <ActionIcon
                      size={20}
                      aria-label={`Copy ${column.name}`}
                      onClick={() => void copyText(String(cell))}
                    >
                      <Icon name="copy" size={13} />
                    </ActionIcon>
                  </Tooltip>
                </span>
              </dt>
              <dd className={styles.value}>{shown(cell, column, zone)}</dd>
            </div>
          ))}
        </dl>
      )}
    </aside>
  )
}
