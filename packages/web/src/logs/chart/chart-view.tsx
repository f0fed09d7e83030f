/** The rows of an answer as a chart: the one that the query asks for, or one that is chosen here. */
import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { plural } from '../../design/format'
import Plot, { type Palette } from '../../design/plot'
import { Empty, Waiting } from '../../design/states'
import { useZone } from '../../design/zone'
import type { Results } from '../results/results'
import type { RunState } from '../run'
import { CHART_KINDS, CHART_NAMES, type ChartKind, chartData, kindOf, suggestedKind } from './chart-data'
import { chartOption } from './chart-option'
import styles from './chart-view.module.css'

/** More points than that no screen shows. */
const MAX_ROWS = 50_000

export default function ChartView({
  state,
  results,
}: {
  state: RunState & { status: 'done' }
  results: Results
}) {
  const { summary, count } = state
  const asked = kindOf(summary.render)
  const [chosen, setChosen] = useState<ChartKind>()
  const kind = chosen ?? asked ?? suggestedKind(summary.columns) ?? 'columnchart'
  const zone = useZone()
  const rows = useQuery({
    queryKey: ['chart-rows', summary.statistics, state.elapsedMs, state.view, count],
    queryFn: () => results.slice(0, MAX_ROWS),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const data = useMemo(
    () =>
      rows.data === undefined
        ? undefined
        : chartData(kind, summary.columns, rows.data, kind === asked ? summary.render?.properties : {}),
    [asked, kind, rows.data, summary],
  )
  const option = useCallback(
    (palette: Palette) => (data && !('reason' in data) ? chartOption(data, palette, zone) : {}),
    [data, zone],
  )
  return (
    <div className={styles.chart}>
      <div className={styles.bar}>
        <SegmentedControl
          aria-label="Kind of chart"
          value={kind}
          onChange={(value) => setChosen(value as ChartKind)}
          data={CHART_KINDS.map((name) => ({ value: name, label: CHART_NAMES[name] }))}
        />
        {data && !('reason' in data) && data.leftOut > 0 && (
          <span className={styles.note}>{plural(data.leftOut, 'smaller value')} left out</span>
        )}
        {count > MAX_ROWS && <span className={styles.note}>the first {plural(MAX_ROWS, 'row')}</span>}
      </div>
      <div className={styles.plot}>
        {data === undefined ? (
          <Waiting />
        ) : 'reason' in data ? (
          <Empty icon="chart" title="No chart of these rows">
            {data.reason}
          </Empty>
        ) : (
          <Plot
            option={option}
            label={`${CHART_NAMES[kind]} chart of ${plural(count, 'row')}; the table has its figures`}
          />
        )}
      </div>
    </div>
  )
}
