/** What the rule would have found: its last 50 runs over the data that is there, against its threshold. */
import { Button, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { simulateRule } from '../../api/rules'
import { count } from '../../design/format'
import { Histogram } from '../../design/histogram'
import { Icon } from '../../design/icons'
import { Panel } from '../../design/panel'
import { Failure, Waiting } from '../../design/states'
import { useKql } from '../../kql/ask'
import type { Draft } from './draft'
import styles from './steps.module.css'

const NEWEST = 'AuditEvent | summarize Newest = max(TimeGenerated)'

export function SimulationPanel({ draft, yaml }: { draft: Draft; yaml: string }) {
  const [asked, setAsked] = useState<{ yaml: string; until?: string }>()
  const [until, setUntil] = useState<'now' | 'newest'>('now')
  const newest = useKql(NEWEST)
  const end = newest.data?.[0]?.Newest
  const result = useQuery({
    queryKey: ['rules', 'simulate', asked],
    queryFn: ({ signal }) => simulateRule(asked!.yaml, asked!.until ? { until: asked!.until } : {}, signal),
    enabled: asked !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const start = () =>
    setAsked({
      yaml,
      // A moment later, so that the newest event is in the last run.
      ...(until === 'newest' &&
        typeof end === 'string' && { until: new Date(Date.parse(end) + 1000).toISOString() }),
    })
  const changed = asked !== undefined && asked.yaml !== yaml
  return (
    <Panel
      title="Results simulation"
      actions={
        <Button
          variant={result.data && !changed ? 'default' : 'filled'}
          size="compact-sm"
          leftSection={<Icon name="run" size={11} />}
          loading={result.isFetching}
          disabled={draft.query.trim() === ''}
          onClick={start}
        >
          Test with current data
        </Button>
      }
    >
      <div className={styles.stack}>
        <SegmentedControl
          aria-label="When the last run ends"
          value={until}
          onChange={(value) => setUntil(value as typeof until)}
          data={[
            { value: 'now', label: '50 runs until now' },
            { value: 'newest', label: '50 runs until the newest event' },
          ]}
        />
        {result.isFetching ? (
          <Waiting height={190} lines={5} label="The rule is tried" />
        ) : result.isError ? (
          <Failure error={result.error} title="The rule could not be tried" />
        ) : result.data === undefined ? (
          <p className={styles.note}>
            Runs the rule as it stands here over the data that is there, on its schedule, before it is saved.
            No alert is raised.
          </p>
        ) : (
          <>
            {changed && <p className={styles.note}>The rule was changed after this test.</p>}
            <div className={styles.figures}>
              <div>
                <b>{count(result.data.alerts)}</b>
                <span>alerts in {result.data.runs.length} runs</span>
              </div>
              <div>
                <b>
                  {result.data.alertsPerDay < 10
                    ? result.data.alertsPerDay.toFixed(1)
                    : count(Math.round(result.data.alertsPerDay))}
                </b>
                <span>alerts a day</span>
              </div>
              <div>
                <b>{count(Math.max(0, ...result.data.runs.map(({ rows }) => rows)))}</b>
                <span>rows at most</span>
              </div>
            </div>
            <RunsChart draft={draft} runs={result.data.runs} />
          </>
        )}
      </div>
    </Panel>
  )
}

function RunsChart({
  draft,
  runs,
}: {
  draft: Draft
  runs: readonly { start: string; end: string; rows: number; alerts: number }[]
}) {
  const first = runs[0]
  const second = runs[1]
  if (!first) return null
  const step = second ? Date.parse(second.end) - Date.parse(first.end) : 3_600_000
  const scheduled = draft.kind === 'Scheduled'
  return (
    <Histogram
      label="Rows of each run"
      height={170}
      from={Date.parse(first.end) - step}
      step={step}
      series={[
        {
          name: 'rows of runs with an alert',
          color: 'high',
          values: runs.map(({ rows, alerts }) => (alerts > 0 ? rows : 0)),
        },
        {
          name: 'rows of other runs',
          color: 'chart-7',
          values: runs.map(({ rows, alerts }) => (alerts > 0 ? 0 : rows)),
        },
      ]}
      {...(scheduled && {
        threshold: { value: draft.triggerThreshold, label: `threshold ${draft.triggerThreshold}` },
      })}
    />
  )
}
