/** What was typed on the left, what it started on the right, and between them what happened without being typed. */
import { Button, SegmentedControl, Chip as Toggle } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { CommandRecord, LineRecord, LoadedList, TimelineItem } from '../api/sessions'
import { count, plural } from '../design/format'
import { Icon, type IconName } from '../design/icons'
import { Chip, Who } from '../design/marks'
import { Empty, Failure, Waiting } from '../design/states'
import { Time } from '../design/time'
import { countsOf, rowAt, type StoryFilter, type StoryRow, storyOf } from './story'
import styles from './story-tab.module.css'
import { certainty, ORIGINS, OUTCOMES } from './words'

const ICONS: Readonly<Record<string, IconName>> = {
  'refused-login': 'error',
  login: 'user',
  change: 'root',
  file: 'file',
  connection: 'address',
  note: 'info',
  alert: 'incidents',
  hidden: 'keyboard',
  end: 'signout',
}

/** So many rows before the end of what is loaded, the next page is asked for. */
const NEAR_END = 80

export function StoryTab({
  timeline,
  lines,
  commands,
  isPending,
  error,
  selected,
  select,
  at,
}: {
  timeline: LoadedList<TimelineItem>
  lines: ReadonlyMap<string, LineRecord>
  commands: ReadonlyMap<string, CommandRecord>
  isPending: boolean
  error: Error | null
  selected: string | undefined
  select: (id: string | undefined) => void
  at: number | undefined
}) {
  const [filter, setFilter] = useState<StoryFilter>('all')
  const [withFiles, setWithFiles] = useState(false)
  const [withConnections, setWithConnections] = useState(true)
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useMemo(
    () => storyOf(timeline.items, lines, commands, { filter, withFiles, withConnections, opened }),
    [commands, filter, lines, opened, timeline.items, withConnections, withFiles],
  )
  const counts = useMemo(() => countsOf(lines.values(), commands.values()), [commands, lines])
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 34,
    overscan: 16,
    getItemKey: (i) => rows[i]!.key,
  })
  const reached = at === undefined ? rows.length : rowAt(rows, at)

  useEffect(() => {
    if (at !== undefined && reached >= 0) virtual.scrollToIndex(reached, { align: 'center' })
  }, [at, reached, virtual])
  // What a link names is brought into view, once.
  const shown = useRef<string>(undefined)
  useEffect(() => {
    if (selected === undefined || shown.current === selected || rows.length === 0) return
    const i = rows.findIndex(
      (row) => row.item.id === selected || (row.kind === 'line' && row.line.commands.includes(selected)),
    )
    if (i < 0) return
    shown.current = selected
    virtual.scrollToIndex(i, { align: 'auto' })
  }, [rows, selected, virtual])
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (timeline.hasMore && last > rows.length - NEAR_END) timeline.more()
  }, [last, rows.length, timeline])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    if (event.target !== scroller.current) return
    event.preventDefault()
    const now = rows.findIndex((row) => row.item.id === selected)
    const by = event.key === 'ArrowDown' ? 1 : -1
    const next = rows[Math.max(0, Math.min(rows.length - 1, now + by))]
    if (!next) return
    shown.current = undefined
    select(next.item.id)
  }

  if (isPending || timeline.isPending) return <Waiting lines={12} label="Loading what happened" />
  if (error) return <Failure error={error} />
  return (
    <>
      <div className={styles.bar}>
        <SegmentedControl
          aria-label="What is listed"
          value={filter}
          onChange={(value) => setFilter(value as StoryFilter)}
          data={[
            { value: 'all', label: 'The whole story' },
            { value: 'ran', label: `Typed and ran ${count(counts.ran)}` },
            { value: 'not-run', label: `Typed, nothing ran ${count(counts.notRun)}` },
            { value: 'not-typed', label: `Ran without being typed ${count(counts.notTyped)}` },
          ]}
        />
        {filter === 'all' && (
          <>
            <Toggle size="xs" checked={withFiles} onChange={setWithFiles} variant="outline">
              Files
            </Toggle>
            <Toggle size="xs" checked={withConnections} onChange={setWithConnections} variant="outline">
              Network
            </Toggle>
          </>
        )}
        {timeline.hasMore && (
          <span className={styles.note}>
            {count(timeline.items.length)} of {count(timeline.total)} are loaded
          </span>
        )}
      </div>
      <div className={styles.heads} aria-hidden="true">
        <span>Time</span>
        <span>Typed</span>
        <span>Ran</span>
      </div>
      {rows.length === 0 ? (
        <Empty icon="keyboard" title={filter === 'all' ? 'Nothing of this session is in the log' : 'None'} />
      ) : (
        <div
          className={styles.scroller}
          ref={scroller}
          tabIndex={0}
          role="region"
          aria-label="What happened, in its order"
          onKeyDown={onKeyDown}
        >
          <ol className={styles.list} style={{ height: virtual.getTotalSize() }}>
            {items.map((item) => {
              const row = rows[item.index]!
              return (
                <li
                  key={item.key}
                  ref={virtual.measureElement}
                  data-index={item.index}
                  className={styles.item}
                  style={{ transform: `translateY(${item.start}px)` }}
                  data-later={item.index > reached || undefined}
                  data-now={(at !== undefined && item.index === reached) || undefined}
                >
                  <RowOf
                    row={row}
                    selected={selected}
                    select={(id) => {
                      shown.current = id
                      select(id === selected ? undefined : id)
                    }}
                    opened={opened.has(row.key)}
                    toggle={() => {
                      const next = new Set(opened)
                      if (!next.delete(row.key)) next.add(row.key)
                      setOpened(next)
                    }}
                  />
                </li>
              )
            })}
          </ol>
        </div>
      )}
    </>
  )
}

interface RowProps {
  readonly row: StoryRow
  readonly selected: string | undefined
  readonly select: (id: string) => void
  readonly opened: boolean
  readonly toggle: () => void
}

function RowOf(props: RowProps) {
  const { row, opened, toggle } = props
  switch (row.kind) {
    case 'line':
      return <LineRow {...props} row={row} />
    case 'command':
      return <CommandRow {...props} row={row} />
    case 'group':
      return (
        <div className={styles.row}>
          <span className={styles.time}>
            <Time iso={row.item.time} as="clock" />
          </span>
          <span />
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            className={styles.group}
            aria-expanded={opened}
            leftSection={
              <Icon name="chevron" size={11} style={{ transform: opened ? 'rotate(90deg)' : undefined }} />
            }
            onClick={toggle}
          >
            {plural(row.count, 'command')} of the{' '}
            {row.item.outcome === 'shell-files' ? 'shell’s start-up files' : 'login'}
          </Button>
        </div>
      )
    case 'event':
      return <EventRow {...props} row={row} />
  }
}

const isRoot = (user: string) => user === 'root' || user === '0'

function LineRow({
  row: { item, line, commands },
  selected,
  select,
}: RowProps & { row: StoryRow & { kind: 'line' } }) {
  const outcome = OUTCOMES[line.outcome]
  return (
    <div className={styles.row} data-selected={selected === line.id || undefined}>
      <span className={styles.time}>
        {item.timeKnown ? (
          <Time iso={item.time} as="clock" />
        ) : (
          <span
            className={styles.unknownTime}
            title="Keys have no times of their own, and this line started nothing that has one"
          >
            —
          </span>
        )}
      </span>
      <button
        type="button"
        className={styles.typed}
        onClick={() => select(line.id)}
        data-root={isRoot(line.user) || undefined}
      >
        <span className={styles.prompt}>
          {line.user} {isRoot(line.user) ? '#' : '$'}
        </span>
        <span className={styles.text}>
          {line.text === '' ? <i>empty line</i> : line.text}
          {line.masked && (
            <span className={styles.masked} title="A secret in it is not shown">
              <Icon name="key" size={11} />
              <span className="visually-hidden">a part is masked</span>
            </span>
          )}
        </span>
      </button>
      <div className={styles.ran}>
        {commands.length === 0 ? (
          <span className={styles.outcome} title={outcome.text}>
            <Chip {...(outcome.tone && { tone: outcome.tone })}>{outcome.label}</Chip>
            {line.confidence < 1 && <span className={styles.sure}>{certainty(line.confidence)}</span>}
          </span>
        ) : (
          <>
            {commands.map((command) => (
              <CommandButton key={command.id} command={command} selected={selected} select={select} />
            ))}
            {(line.outcome !== 'ran' || line.confidence < 1) && (
              <span className={styles.outcome} title={outcome.text}>
                {line.outcome !== 'ran' && (
                  <Chip {...(outcome.tone && { tone: outcome.tone })}>{outcome.label}</Chip>
                )}
                {line.confidence < 1 && <span className={styles.sure}>{certainty(line.confidence)}</span>}
              </span>
            )}
          </>
        )}
      </div>
    </div>
  )
}

function CommandButton({
  command,
  selected,
  select,
}: {
  command: CommandRecord
  selected: string | undefined
  select: (id: string) => void
}) {
  const user = command.effectiveUser || command.user
  return (
    <button
      type="button"
      className={styles.command}
      data-root={isRoot(user) || undefined}
      data-selected={selected === command.id || undefined}
      data-failed={command.failed || undefined}
      onClick={() => select(command.id)}
    >
      <span className={styles.dot} aria-hidden="true" />
      <span className={styles.commandLine}>{command.commandLine || command.name}</span>
      {command.failed && <span className={styles.failed}>failed</span>}
      {isRoot(user) && <span className="visually-hidden">as root</span>}
    </button>
  )
}

function CommandRow({
  row: { item, command },
  selected,
  select,
}: RowProps & { row: StoryRow & { kind: 'command' } }) {
  const origin = command ? ORIGINS[command.origin] : undefined
  return (
    <div className={styles.row} data-selected={selected === item.id || undefined}>
      <span className={styles.time}>
        <Time iso={item.time} as="clock" />
      </span>
      <span className={styles.origin} title={origin?.text} data-warn={origin?.tone === 'warn' || undefined}>
        {item.depth > 0 ? '' : origin?.label}
      </span>
      <div className={styles.ran} style={{ paddingLeft: Math.min(item.depth, 6) * 14 }}>
        {command ? (
          <CommandButton command={command} selected={selected} select={select} />
        ) : (
          <span className={styles.commandLine}>{item.text}</span>
        )}
      </div>
    </div>
  )
}

function EventRow({ row: { item }, selected, select }: RowProps & { row: StoryRow & { kind: 'event' } }) {
  const bad =
    item.kind === 'refused-login' ||
    item.kind === 'alert' ||
    item.outcome === 'failure' ||
    item.outcome === 'sensitive'
  return (
    <div
      className={styles.event}
      data-kind={item.kind}
      data-bad={bad || undefined}
      data-selected={selected === item.id || undefined}
    >
      <span className={styles.time}>
        <Time iso={item.time} as="clock" />
      </span>
      <button type="button" className={styles.eventText} onClick={() => select(item.id)}>
        <Icon name={ICONS[item.kind] ?? 'info'} size={13} />
        {item.user !== '' && item.kind !== 'file' && <Who name={item.user} plain />}
        <span>{item.text}</span>
      </button>
    </div>
  )
}
