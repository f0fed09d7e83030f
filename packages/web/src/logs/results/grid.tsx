/**
 * The rows of an answer: only those on the screen exist, both ways. One element has the focus and names the active
 * cell; the arrows move it, Enter opens the row or sorts by the column, the menu key opens the column's menu.
 */
import { Menu, TextInput } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type KeyboardEvent,
  memo,
  type PointerEvent,
  useEffect,
  useId,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { copyText } from '../../design/clipboard'
import { count, plural } from '../../design/format'
import { Icon } from '../../design/icons'
import { SEVERITIES, SeverityMark, Who } from '../../design/marks'
import { useZone, type Zone } from '../../design/zone'
import type { Cell } from '../../kql/answer'
import { TypeMark } from '../side/type-mark'
import { cellText, isRight, PEOPLE } from './cell-text'
import { ColumnMenu } from './column-menu'
import styles from './grid.module.css'
import type { GridProps } from './grid-props'
import { type Layout, resized, shownColumns } from './layout'
import type { ColumnSummary } from './result-set'

const ROW = 28
const HEADER = 32
const FILTERS = 34

interface Place {
  /** -1 is the header. */
  readonly row: number
  /** Among the shown columns. */
  readonly column: number
}

export function Grid(props: GridProps) {
  const {
    results,
    summary,
    count: rowCount,
    view,
    onView,
    layout,
    onLayout,
    withFilters,
    openRow,
    onOpenRow,
  } = props
  const scroller = useRef<HTMLDivElement>(null)
  const zone = useZone()
  const id = useId()
  useSyncExternalStore(results.subscribe, results.version)
  const shown = shownColumns(layout)
  const [place, setPlace] = useState<Place>({ row: 0, column: 0 })
  const [menu, setMenu] = useState<number>()
  const head = HEADER + (withFilters ? FILTERS : 0)

  const rows = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    scrollPaddingStart: head,
    paddingStart: 0,
  })
  const gutter = Math.max(44, String(rowCount).length * 8 + 22)
  const columns = useVirtualizer({
    horizontal: true,
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => layout.widths[shown[i]!] ?? 120,
    overscan: 3,
    scrollPaddingStart: gutter,
  })
  useEffect(() => {
    columns.measure()
  }, [columns, layout])

  const active = {
    row: Math.min(place.row, rowCount - 1),
    column: Math.min(place.column, shown.length - 1),
  }
  const moveTo = (row: number, column: number) => {
    const next = {
      row: Math.max(-1, Math.min(rowCount - 1, row)),
      column: Math.max(0, Math.min(shown.length - 1, column)),
    }
    setPlace(next)
    if (next.row >= 0) rows.scrollToIndex(next.row, { align: 'auto' })
    columns.scrollToIndex(next.column, { align: 'auto' })
    if (openRow !== undefined && next.row >= 0 && next.row !== openRow) onOpenRow(next.row)
  }
  const sortBy = (column: number) => {
    const sort =
      view.sort?.column !== column
        ? { column, descending: false }
        : view.sort.descending
          ? undefined
          : { column, descending: true }
    const { sort: _, ...rest } = view
    onView(sort ? { ...rest, sort } : rest)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== scroller.current) return
    const pageRows = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 400) - head) / ROW) - 1)
    const whole = event.ctrlKey || event.metaKey
    const { row, column } = active
    const cell = row >= 0 ? results.row(row)?.[shown[column]!] : undefined
    switch (event.key) {
      case 'ArrowDown':
        if (event.altKey && row === -1) setMenu(shown[column])
        else moveTo(row + 1, column)
        break
      case 'ArrowUp':
        moveTo(row - 1, column)
        break
      case 'ArrowRight':
        moveTo(row, column + 1)
        break
      case 'ArrowLeft':
        moveTo(row, column - 1)
        break
      case 'PageDown':
        moveTo(row + pageRows, column)
        break
      case 'PageUp':
        moveTo(Math.max(0, row - pageRows), column)
        break
      case 'Home':
        moveTo(whole ? 0 : row, 0)
        break
      case 'End':
        moveTo(whole ? rowCount - 1 : row, shown.length - 1)
        break
      case 'Enter':
      case ' ':
        if (row === -1) sortBy(shown[column]!)
        else onOpenRow(openRow === row ? undefined : row)
        break
      case 'Escape':
        if (openRow === undefined) return
        onOpenRow(undefined)
        break
      case 'ContextMenu':
        setMenu(shown[column])
        break
      case 'c':
        if (!whole || window.getSelection()?.toString()) return
        void copyText(cell === null || cell === undefined ? '' : String(cell))
        break
      default:
        return
    }
    event.preventDefault()
  }

  const items = columns.getVirtualItems()
  const left = items[0]?.start ?? 0
  const width = columns.getTotalSize() + gutter
  return (
    <div
      className={styles.grid}
      ref={scroller}
      role="grid"
      aria-label={`Results, ${plural(rowCount, 'row')}`}
      aria-rowcount={rowCount + 1}
      aria-colcount={shown.length}
      aria-activedescendant={
        rowCount > 0 || active.row < 0 ? `${id}-${active.row}-${active.column}` : undefined
      }
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div className={styles.header} role="row" aria-rowindex={1} style={{ width, height: head }}>
        <div className={styles.corner} style={{ width: gutter }} role="presentation" />
        {items.map((item) => {
          const number = shown[item.index]!
          return (
            <HeaderCell
              key={number}
              id={`${id}--1-${item.index}`}
              column={summary.columns[number]!}
              index={item.index}
              left={item.start + gutter}
              width={item.size}
              active={active.row === -1 && active.column === item.index}
              sorted={
                view.sort?.column === number ? (view.sort.descending ? 'descending' : 'ascending') : 'none'
              }
              onSort={() => {
                setPlace({ row: -1, column: item.index })
                sortBy(number)
              }}
              onWidth={(size) => onLayout(resized(layout, number, size))}
              menuOpened={menu === number}
              onMenu={(opened) => setMenu(opened ? number : undefined)}
              filter={withFilters ? (view.filters[number] ?? '') : undefined}
              onFilter={(text) => onView({ ...view, filters: { ...view.filters, [number]: text } })}
              menu={<ColumnMenu {...props} number={number} sortBy={sortBy} />}
            />
          )
        })}
      </div>
      <div className={styles.body} role="rowgroup" style={{ height: rows.getTotalSize(), width }}>
        {rows.getVirtualItems().map((item) => (
          <Row
            key={item.key}
            id={id}
            index={item.index}
            top={item.start}
            width={width}
            gutter={gutter}
            left={left}
            cells={results.row(item.index)}
            from={items[0]?.index ?? 0}
            shown={shown.slice(items[0]?.index ?? 0, (items.at(-1)?.index ?? -1) + 1)}
            layout={layout}
            columns={summary.columns}
            zone={zone}
            active={active.row === item.index ? active.column : undefined}
            opened={openRow === item.index}
            onPress={(column) => {
              setPlace({ row: item.index, column })
              if (window.getSelection()?.toString()) return
              onOpenRow(openRow === item.index ? undefined : item.index)
            }}
          />
        ))}
      </div>
    </div>
  )
}

interface RowProps {
  readonly id: string
  readonly index: number
  readonly top: number
  readonly width: number
  readonly gutter: number
  readonly left: number
  readonly cells: readonly Cell[] | undefined
  readonly from: number
  readonly shown: readonly number[]
  readonly layout: Layout
  readonly columns: readonly ColumnSummary[]
  readonly zone: Zone
  readonly active: number | undefined
  readonly opened: boolean
  readonly onPress: (column: number) => void
}

const Row = memo(
  function Row({
    id,
    index,
    top,
    width,
    gutter,
    left,
    cells,
    from,
    shown,
    layout,
    columns,
    zone,
    active,
    opened,
    onPress,
  }: RowProps) {
    return (
      <div
        className={styles.row}
        role="row"
        aria-rowindex={index + 2}
        aria-selected={opened}
        style={{ transform: `translateY(${top}px)`, width }}
      >
        <div
          className={styles.number}
          style={{ width: gutter }}
          role="presentation"
          onClick={() => onPress(active ?? 0)}
        >
          {count(index + 1)}
        </div>
        <div style={{ width: left, flex: 'none' }} role="presentation" />
        {shown.map((number, i) => {
          const { name, type } = columns[number]!
          const cell = cells?.[number] ?? null
          const text = cellText(cell, type, zone)
          return (
            <div
              key={number}
              id={`${id}-${index}-${from + i}`}
              role="gridcell"
              aria-colindex={from + i + 1}
              className={styles.cell}
              data-right={isRight(type) || undefined}
              data-active={active === from + i || undefined}
              data-waiting={cells === undefined || undefined}
              style={{ width: layout.widths[number] }}
              title={text.length > 24 ? text : undefined}
              onClick={() => onPress(from + i)}
            >
              {PEOPLE.has(name) && text !== '' ? (
                <Who name={text} plain />
              ) : SEVERITIES.some((severity) => severity === text) && /severity/i.test(name) ? (
                <SeverityMark severity={text} />
              ) : (
                text
              )}
            </div>
          )
        })}
      </div>
    )
  },
  (before, after) =>
    before.cells === after.cells &&
    before.top === after.top &&
    before.index === after.index &&
    before.width === after.width &&
    before.left === after.left &&
    before.from === after.from &&
    before.shown.length === after.shown.length &&
    before.shown[0] === after.shown[0] &&
    before.layout === after.layout &&
    before.zone === after.zone &&
    before.active === after.active &&
    before.opened === after.opened,
)

interface HeaderCellProps {
  readonly id: string
  readonly column: ColumnSummary
  readonly index: number
  readonly left: number
  readonly width: number
  readonly active: boolean
  readonly sorted: 'ascending' | 'descending' | 'none'
  readonly onSort: () => void
  readonly onWidth: (width: number) => void
  readonly menuOpened: boolean
  readonly onMenu: (opened: boolean) => void
  readonly filter: string | undefined
  readonly onFilter: (text: string) => void
  readonly menu: React.ReactNode
}

function HeaderCell(props: HeaderCellProps) {
  const { column, left, width, sorted, onSort, onWidth, menuOpened, onMenu, filter, onFilter } = props
  const pull = (event: PointerEvent<HTMLElement>) => {
    event.preventDefault()
    event.stopPropagation()
    const handle = event.currentTarget
    const start = event.clientX
    handle.setPointerCapture(event.pointerId)
    const move = (now: globalThis.PointerEvent) => onWidth(width + now.clientX - start)
    handle.addEventListener('pointermove', move)
    handle.addEventListener('pointerup', () => handle.removeEventListener('pointermove', move), {
      once: true,
    })
  }
  return (
    <div
      id={props.id}
      className={styles.headerCell}
      role="columnheader"
      aria-colindex={props.index + 1}
      aria-sort={sorted}
      data-active={props.active || undefined}
      style={{ left, width }}
    >
      <div className={styles.headerTop}>
        <button
          type="button"
          className={styles.sort}
          tabIndex={-1}
          onClick={onSort}
          title={`${column.name}: ${column.type}`}
        >
          <TypeMark type={column.type} />
          <span className={styles.headerName}>{column.name}</span>
          {sorted !== 'none' && <Icon name={sorted === 'ascending' ? 'up' : 'down'} size={12} />}
        </button>
        <Menu opened={menuOpened} onChange={onMenu} position="bottom-start" width={270}>
          <Menu.Target>
            <button
              type="button"
              className={styles.menuButton}
              tabIndex={-1}
              aria-label={`Menu of ${column.name}`}
            >
              <Icon name="down" size={12} />
            </button>
          </Menu.Target>
          <Menu.Dropdown>{menuOpened && props.menu}</Menu.Dropdown>
        </Menu>
      </div>
      {filter !== undefined && (
        <TextInput
          size="xs"
          className={styles.filter}
          aria-label={`Filter ${column.name}`}
          placeholder="contains, =, !, >"
          value={filter}
          onChange={(event) => onFilter(event.currentTarget.value)}
        />
      )}
      <span
        className={styles.pull}
        onPointerDown={pull}
        onDoubleClick={() => onWidth(Math.min(900, column.widest * 7.4 + 28))}
      />
    </div>
  )
}
