/**
 * A list of things as a table: sorted by its headers, walked with j and k or the arrows, opened with Enter, chosen
 * with x. One row at a time can be reached by Tab.
 */
import { Checkbox } from '@mantine/core'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useShortcuts } from '../shell/shortcuts'
import styles from './data-table.module.css'
import { Icon } from './icons'

export interface TableColumn<R> {
  readonly id: string
  readonly header: string
  readonly cell: (row: R) => ReactNode
  /** Width in px; without it the column takes what is left. */
  readonly width?: number
  readonly right?: boolean
  /** Can be sorted by. */
  readonly sortable?: boolean
  /** Left out where the table is narrower than this, in px. */
  readonly from?: 700 | 850 | 1000 | 1200
}

export interface Sort {
  readonly column: string
  readonly descending: boolean
}

export interface DataTableProps<R> {
  readonly label: string
  readonly columns: readonly TableColumn<R>[]
  readonly rows: readonly R[]
  readonly rowKey: (row: R) => string
  readonly onOpen?: (row: R) => void
  /** The row that is shown beside the table. */
  readonly shown?: string | undefined
  /** Pressing a row, and walking through the rows while one is shown. */
  readonly onShow?: (row: R) => void
  readonly sort?: Sort
  readonly onSort?: (sort: Sort) => void
  readonly chosen?: ReadonlySet<string>
  readonly onChoose?: (chosen: ReadonlySet<string>) => void
  readonly foot?: ReactNode
}

export function DataTable<R>(props: DataTableProps<R>) {
  const { label, columns, rows, rowKey, onOpen, shown, onShow, sort, onSort, chosen, onChoose, foot } = props
  const body = useRef<HTMLTableSectionElement>(null)
  const [current, setCurrent] = useState(0)
  const at = Math.min(current, Math.max(0, rows.length - 1))

  useEffect(() => {
    const i = shown === undefined ? -1 : rows.findIndex((row) => rowKey(row) === shown)
    if (i >= 0) setCurrent(i)
  }, [shown, rows, rowKey])

  const focusRow = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to))
    setCurrent(next)
    const row = body.current?.rows[next]
    row?.focus()
    row?.scrollIntoView({ block: 'nearest' })
    const value = rows[next]
    if (shown !== undefined && value !== undefined) onShow?.(value)
  }
  const toggle = (row: R) => {
    if (!chosen || !onChoose) return
    const next = new Set(chosen)
    if (!next.delete(rowKey(row))) next.add(rowKey(row))
    onChoose(next)
  }
  const isInBody = () => body.current?.contains(document.activeElement) ?? false
  useShortcuts([
    { keys: 'j', label: 'Next row', group: label, run: () => focusRow(isInBody() ? at + 1 : at) },
    { keys: 'k', label: 'Row before', group: label, run: () => focusRow(isInBody() ? at - 1 : at) },
    ...(onChoose
      ? [
          {
            keys: 'x',
            label: 'Choose the row',
            group: label,
            run: () => rows[at] !== undefined && toggle(rows[at]),
          },
        ]
      : []),
  ])
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLTableRowElement)) return
    const row = rows[at]
    if (event.key === 'ArrowDown') focusRow(at + 1)
    else if (event.key === 'ArrowUp') focusRow(at - 1)
    else if (event.key === 'Home') focusRow(0)
    else if (event.key === 'End') focusRow(rows.length - 1)
    else if (event.key === 'Enter' && row !== undefined) (onOpen ?? onShow)?.(row)
    else if (event.key === ' ' && row !== undefined) (onShow ?? onOpen)?.(row)
    else return
    event.preventDefault()
  }
  const all = rows.length > 0 && rows.every((row) => chosen?.has(rowKey(row)))
  const press = onShow ?? onOpen
  return (
    <div className={styles.frame}>
      <table className={styles.table} aria-label={label}>
        <colgroup>
          {chosen && <col style={{ width: 40 }} />}
          {columns.map(({ id, width, from }) => (
            <col key={id} data-from={from} style={width === undefined ? undefined : { width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {chosen && (
              <th className={styles.choose}>
                <Checkbox
                  aria-label="Choose all rows"
                  checked={all}
                  indeterminate={!all && chosen.size > 0}
                  onChange={() => onChoose?.(all ? new Set() : new Set(rows.map(rowKey)))}
                />
              </th>
            )}
            {columns.map(({ id, header, right, sortable, from }) => {
              const isSorted = sort?.column === id
              return (
                <th
                  key={id}
                  scope="col"
                  data-right={right || undefined}
                  data-from={from}
                  aria-sort={
                    sortable
                      ? isSorted
                        ? sort.descending
                          ? 'descending'
                          : 'ascending'
                        : 'none'
                      : undefined
                  }
                >
                  {sortable ? (
                    <button
                      type="button"
                      className={styles.sort}
                      onClick={() => onSort?.({ column: id, descending: isSorted ? !sort.descending : true })}
                    >
                      {header}
                      {isSorted && <Icon name={sort.descending ? 'down' : 'up'} size={12} />}
                    </button>
                  ) : (
                    header
                  )}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={onKeyDown}>
          {rows.map((row, i) => {
            const key = rowKey(row)
            return (
              <tr
                key={key}
                tabIndex={i === at ? 0 : -1}
                data-shown={shown === key || undefined}
                data-chosen={chosen?.has(key) || undefined}
                data-press={press ? true : undefined}
                onFocus={(event) => event.target === event.currentTarget && setCurrent(i)}
                onClick={(event) => {
                  if ((event.target as HTMLElement).closest('a, button, input, label')) return
                  if (window.getSelection()?.toString()) return
                  setCurrent(i)
                  press?.(row)
                }}
              >
                {chosen && (
                  <td className={styles.choose}>
                    <Checkbox
                      aria-label={`Choose ${key}`}
                      tabIndex={-1}
                      checked={chosen.has(key)}
                      onChange={() => toggle(row)}
                    />
                  </td>
                )}
                {columns.map(({ id, cell, right, from }) => (
                  <td key={id} data-right={right || undefined} data-from={from}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
      {foot}
    </div>
  )
}
