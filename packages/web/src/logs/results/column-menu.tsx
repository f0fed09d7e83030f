/** What can be done with a column: order, size, and which values it has. */
import { Menu } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { count, plural } from '../../design/format'
import { Icon } from '../../design/icons'
import { useZone } from '../../design/zone'
import { cellText } from './cell-text'
import styles from './column-menu.module.css'
import type { GridProps } from './grid-props'
import { moved, resized, toggled } from './layout'

const TOP = 8

export function ColumnMenu({
  number,
  results,
  summary,
  view,
  onView,
  layout,
  onLayout,
  count: rowCount,
  onCondition,
}: GridProps & { number: number; sortBy: (column: number) => void }) {
  const column = summary.columns[number]!
  const zone = useZone()
  const values = useQuery({
    queryKey: ['facets', summary.statistics, view, rowCount, number],
    queryFn: () => results.facets(number, TOP),
    gcTime: 0,
  })
  const most = values.data?.top[0]?.count ?? 1
  const sort = (descending: boolean) => onView({ ...view, sort: { column: number, descending } })
  const width = layout.widths[number] ?? 120
  return (
    <>
      <Menu.Label>
        {column.name} · {column.type} · {plural(column.filled, 'row')} filled
      </Menu.Label>
      <Menu.Item leftSection={<Icon name="up" size={14} />} onClick={() => sort(false)}>
        Sort ascending
      </Menu.Item>
      <Menu.Item leftSection={<Icon name="down" size={14} />} onClick={() => sort(true)}>
        Sort descending
      </Menu.Item>
      <Menu.Item
        leftSection={<Icon name="close" size={14} />}
        onClick={() => onLayout(toggled(layout, number, false))}
      >
        Hide
      </Menu.Item>
      <div className={styles.pair}>
        <Menu.Item closeMenuOnClick={false} onClick={() => onLayout(moved(layout, number, -1))}>
          Move left
        </Menu.Item>
        <Menu.Item closeMenuOnClick={false} onClick={() => onLayout(moved(layout, number, 1))}>
          Move right
        </Menu.Item>
      </div>
      <div className={styles.pair}>
        <Menu.Item closeMenuOnClick={false} onClick={() => onLayout(resized(layout, number, width * 0.75))}>
          Narrower
        </Menu.Item>
        <Menu.Item closeMenuOnClick={false} onClick={() => onLayout(resized(layout, number, width * 1.4))}>
          Wider
        </Menu.Item>
      </div>
      <Menu.Divider />
      <Menu.Label>Most frequent values; choose one to add it to the query</Menu.Label>
      {values.data === undefined && <div className={styles.waiting}>Counting…</div>}
      {values.data?.top.map(({ value, count: rows }) => {
        const text = cellText(value, column.type, zone)
        return (
          <Menu.Item
            key={`${typeof value}${value}`}
            className={styles.value}
            onClick={() => onCondition(column, value, false)}
          >
            <span className={styles.bar} style={{ width: `${(100 * rows) / most}%` }} />
            <span className={styles.line}>
              <span className={styles.text}>{text === '' ? '(empty)' : text}</span>
              <span className={styles.count}>{count(rows)}</span>
            </span>
          </Menu.Item>
        )
      })}
      {values.data !== undefined && values.data.others > 0 && (
        <div className={styles.waiting}>and {plural(values.data.others, 'other value')}</div>
      )}
    </>
  )
}
