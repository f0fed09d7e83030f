/** What came of a query: its rows, its chart, how it was run; or that it runs, failed, or gave nothing. */
import { Button, Checkbox, Menu, Popover, SegmentedControl, TextInput, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react'
import { ApiError, api } from '../../api/client'
import { copyText } from '../../design/clipboard'
import { bytes, count, duration, plural } from '../../design/format'
import { Icon } from '../../design/icons'
import { Chip } from '../../design/marks'
import { notifyFailure } from '../../design/notices'
import { Empty, Failure, Waiting } from '../../design/states'
import type { Cell } from '../../kql/answer'
import { condition, setsOwnTime, withOperator } from '../../kql/text'
import { labelOf } from '../../kql/time-range'
import { isTable, kindOf } from '../chart/chart-data'
import type { Run, RunState } from '../run'
import { Grid } from './grid'
import { firstLayout, type Layout, named, shownColumns, toggled } from './layout'
import type { ColumnSummary, ExportFormat } from './result-set'
import styles from './results-pane.module.css'
import { RowDetail } from './row-detail'

const ChartView = lazy(() => import('../chart/chart-view'))

export type ResultView = 'rows' | 'chart' | 'plan'

export interface ResultsPaneProps {
  readonly run: Run
  readonly state: RunState
  readonly view: ResultView | undefined
  readonly onView: (view: ResultView) => void
  readonly onQuery: (query: string) => void
  readonly onReveal: (line: number, column: number) => void
  readonly actions: ReactNode
}

export function ResultsPane(props: ResultsPaneProps) {
  const { run, state, onReveal } = props
  switch (state.status) {
    case 'idle':
      return (
        <Empty icon="logs" title="Ask a question">
          Write KQL above and press Shift+Enter, or look at a few rows of a table on the left. Nothing is run
          until you say so.
        </Empty>
      )
    case 'running':
      return <Running state={state} cancel={() => run.cancel()} />
    case 'cancelled':
      return (
        <Empty icon="stop" title="Cancelled">
          The query was ended here and on the server.
        </Empty>
      )
    case 'failed':
      return <QueryFailure error={state.error} onReveal={onReveal} />
    case 'done':
      return <Done {...props} state={state} key={`${state.query}${state.elapsedMs}`} />
  }
}

function Running({ state, cancel }: { state: RunState & { status: 'running' }; cancel: () => void }) {
  const [now, setNow] = useState(performance.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 100)
    return () => clearInterval(timer)
  }, [])
  return (
    <div className={styles.running}>
      <div className={styles.runningLine}>
        <span>{state.bytes === 0 ? 'Running' : `Reading ${bytes(state.bytes)}`}</span>
        <span className={styles.clock}>{((now - state.startedAt) / 1000).toFixed(1)} s</span>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<Icon name="stop" size={12} />}
          onClick={cancel}
        >
          Cancel
        </Button>
      </div>
      <Waiting lines={8} label="The query is running" />
    </div>
  )
}

function QueryFailure({
  error,
  onReveal,
}: {
  error: Error
  onReveal: (line: number, column: number) => void
}) {
  const diagnostics = error instanceof ApiError ? error.diagnostics : []
  if (diagnostics.length === 0) return <Failure error={error} title="The query failed" />
  return (
    <div className={styles.diagnostics} role="alert">
      <p className={styles.diagnosticsTitle}>
        <Icon name="error" /> {plural(diagnostics.length, 'mistake')} in the query
      </p>
      <ul>
        {diagnostics.map(({ line, column, message, code, suggestion, documentation }) => (
          <li key={`${line}:${column}:${code}`} className={styles.diagnostic}>
            <button type="button" className={styles.where} onClick={() => onReveal(line, column)}>
              {line}:{column}
            </button>
            <span>
              {message} {suggestion && <em>{suggestion}</em>}{' '}
              {documentation ? (
                <a href={documentation} target="_blank" rel="noreferrer">
                  {code}
                </a>
              ) : (
                <span className={styles.code}>{code}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Done({
  run,
  state,
  view: wanted,
  onView,
  onQuery,
  actions,
}: ResultsPaneProps & { state: RunState & { status: 'done' } }) {
  const { summary, query } = state
  const [layout, setLayout] = useState<Layout>(() => firstLayout(summary))
  const [withFilters, setWithFilters] = useState(false)
  const [openRow, setOpenRow] = useState<number>()
  const view = wanted ?? (kindOf(summary.render) !== undefined ? 'chart' : 'rows')
  const arranged = Boolean(state.view.search) || Object.values(state.view.filters).some(Boolean)

  const onCondition = (column: ColumnSummary, value: Cell, negated: boolean) =>
    onQuery(withOperator(query, `where ${condition(column.name, column.type, value, negated)}`))

  const save = async (format: ExportFormat, to: 'file' | 'clipboard') => {
    try {
      const blob = await run.results.export(format, shownColumns(layout))
      if (to === 'clipboard') {
        await copyText(await blob.text(), `${plural(state.count, 'row')} copied`)
        return
      }
      const link = document.createElement('a')
      link.href = URL.createObjectURL(blob)
      link.download = `auspex-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.${format}`
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
    } catch (error) {
      notifyFailure(error, 'The rows were not written')
    }
  }

  if (summary.columns.length === 0) return <Empty icon="table" title="The query has no columns" />
  return (
    <div className={styles.pane}>
      <div className={styles.bar}>
        <SegmentedControl
          aria-label="View of the results"
          value={view}
          onChange={(value) => onView(value as ResultView)}
          data={[
            { value: 'rows', label: 'Rows' },
            {
              value: 'chart',
              label: 'Chart',
              disabled: summary.render !== undefined && isTable(summary.render),
            },
            { value: 'plan', label: 'How it runs' },
          ]}
        />
        <Statistics state={state} />
        <span className={styles.tools}>
          {view !== 'plan' && (
            <>
              <TextInput
                className={styles.search}
                aria-label="Find in the results"
                placeholder="Find in the results"
                leftSection={<Icon name="search" size={13} />}
                value={state.view.search}
                onChange={(event) => void run.arrange({ ...state.view, search: event.currentTarget.value })}
              />
              <Tooltip label="Filter by column">
                <Button
                  variant={withFilters ? 'light' : 'default'}
                  aria-pressed={withFilters}
                  aria-label="Filter by column"
                  px={8}
                  onClick={() => {
                    if (withFilters) void run.arrange({ ...state.view, filters: {} })
                    setWithFilters(!withFilters)
                  }}
                >
                  <Icon name="filter" size={14} />
                </Button>
              </Tooltip>
              <ColumnChooser columns={summary.columns} layout={layout} onLayout={setLayout} />
              <Menu position="bottom-end">
                <Menu.Target>
                  <Button variant="default" leftSection={<Icon name="download" size={14} />}>
                    Export
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Label>
                    {plural(state.count, 'row')}, {plural(shownColumns(layout).length, 'column')}
                  </Menu.Label>
                  <Menu.Item onClick={() => void save('csv', 'file')}>CSV file</Menu.Item>
                  <Menu.Item onClick={() => void save('json', 'file')}>JSON file</Menu.Item>
                  <Menu.Item onClick={() => void save('tsv', 'clipboard')}>Copy as a table</Menu.Item>
                  <Menu.Item onClick={() => void save('json', 'clipboard')}>Copy as JSON</Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </>
          )}
          {actions}
        </span>
      </div>
      <div className={styles.content}>
        {view === 'plan' ? (
          <HowItRuns query={query} />
        ) : summary.rowCount === 0 ? (
          <Empty icon="search" title="No rows">
            {setsOwnTime(query)
              ? 'No row fits the query and the time that it sets.'
              : `No row fits the query in this time: ${labelOf(state.range)}. A longer time may have some.`}
          </Empty>
        ) : view === 'chart' ? (
          <Suspense fallback={<Waiting />}>
            <ChartView state={state} results={run.results} />
          </Suspense>
        ) : state.count === 0 && arranged ? (
          <Empty
            icon="filter"
            title="No row is left"
            action={
              <Button variant="default" onClick={() => void run.arrange({ filters: {}, search: '' })}>
                Show all {count(summary.rowCount)}
              </Button>
            }
          >
            The filters above leave none of {plural(summary.rowCount, 'row')}.
          </Empty>
        ) : (
          <>
            <Grid
              results={run.results}
              summary={summary}
              count={state.count}
              view={state.view}
              onView={(next) => void run.arrange(next)}
              layout={layout}
              onLayout={setLayout}
              withFilters={withFilters}
              openRow={openRow}
              onOpenRow={setOpenRow}
              onCondition={onCondition}
            />
            {openRow !== undefined && openRow < state.count && (
              <RowDetail
                results={run.results}
                summary={summary}
                row={openRow}
                count={state.count}
                onRow={setOpenRow}
                onCondition={onCondition}
              />
            )}
          </>
        )}
      </div>
    </div>
  )
}

function Statistics({ state }: { state: RunState & { status: 'done' } }) {
  const { summary, elapsedMs, count: left } = state
  const { compileMs, executeMs, tables } = summary.statistics
  const details = [
    `KQL to SQL: ${duration(compileMs)}`,
    `in the store: ${duration(executeMs)}`,
    `on the way and here: ${duration(Math.max(0, elapsedMs - compileMs - executeMs))}`,
    `${bytes(state.bytes)} received`,
    ...(tables.length > 0 ? [`read: ${tables.join(', ')}`] : []),
  ]
  return (
    <span className={styles.statistics} role="status">
      <span>
        {left === summary.rowCount
          ? plural(left, 'row')
          : `${count(left)} of ${plural(summary.rowCount, 'row')}`}
      </span>
      <Tooltip multiline label={<span style={{ whiteSpace: 'pre-line' }}>{details.join('\n')}</span>}>
        <span className={styles.took}>{duration(elapsedMs)}</span>
      </Tooltip>
      {summary.truncated && (
        <Tooltip label="The answer has more rows than are sent at once: narrow the query or its time.">
          <span>
            <Chip tone="warn">not all rows</Chip>
          </span>
        </Tooltip>
      )}
    </span>
  )
}

function ColumnChooser({
  columns,
  layout,
  onLayout,
}: {
  columns: readonly ColumnSummary[]
  layout: Layout
  onLayout: (layout: Layout) => void
}) {
  const [text, setText] = useState('')
  const hidden = layout.hidden.size
  const found = useMemo(() => named(columns, text), [columns, text])
  return (
    <Popover position="bottom-end" width={280} trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<Icon name="columns" size={14} />}>
          Columns
          <span className={styles.hiddenCount}>
            {columns.length - hidden}/{columns.length}
          </span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <div className={styles.chooserTop}>
          <TextInput
            aria-label="Find a column"
            placeholder="Find a column"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            data-autofocus
          />
          <div className={styles.chooserButtons}>
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => onLayout({ ...layout, hidden: new Set() })}
            >
              All
            </Button>
            <Button
              size="compact-xs"
              variant="default"
              onClick={() =>
                onLayout({
                  ...layout,
                  hidden: new Set(columns.flatMap(({ filled }, i) => (filled === 0 ? [i] : []))),
                })
              }
            >
              Filled
            </Button>
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => onLayout({ ...layout, hidden: new Set(columns.keys()) })}
            >
              None
            </Button>
          </div>
        </div>
        <ul className={styles.chooser}>
          {found.map((i) => {
            const { name, filled } = columns[i]!
            return (
              <li key={name} className={styles.chooserLine}>
                <Checkbox
                  label={name}
                  checked={!layout.hidden.has(i)}
                  onChange={() => onLayout(toggled(layout, i))}
                  styles={{ label: { fontFamily: 'var(--font-facts)', overflowWrap: 'anywhere' } }}
                />
                <span className={styles.filled}>{filled === 0 ? 'empty' : count(filled)}</span>
              </li>
            )
          })}
        </ul>
      </Popover.Dropdown>
    </Popover>
  )
}

function HowItRuns({ query }: { query: string }) {
  const explained = useQuery({
    queryKey: ['explain', query],
    queryFn: ({ signal }) =>
      api<{ sql: string }>('/api/explain', { method: 'POST', body: { query }, signal }),
  })
  if (explained.isPending) return <Waiting />
  if (explained.isError) return <Failure error={explained.error} />
  return (
    <div className={styles.plan}>
      <p className={styles.planText}>
        The SQL that this query becomes. The time of the picker is not part of it.
      </p>
      <pre className={styles.sql} tabIndex={0}>
        {explained.data.sql}
      </pre>
    </div>
  )
}
