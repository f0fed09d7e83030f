/** One rule: what it looks for, how it runs, what it found. */
import { ActionIcon, Button, Menu, Switch } from '@mantine/core'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { ApiError } from '../api/client'
import { type RuleDetail, useRule, useRuleRemoval, useRuleRun, useRuleRuns, useRuleState } from '../api/rules'
import { copyText } from '../design/clipboard'
import { count, duration, plural } from '../design/format'
import { HrefLink } from '../design/href-link'
import { logsHref } from '../design/hrefs'
import { Icon } from '../design/icons'
import { Chip, SeverityMark } from '../design/marks'
import { FactRow, Facts, Panel } from '../design/panel'
import { Empty, Failure, Waiting } from '../design/states'
import { Time } from '../design/time'
import { techniqueName } from '../kql/techniques'
import { useTitle } from '../shell/title'
import styles from './rule-page.module.css'
import { minutes, OPERATOR_WORDS, SOURCES, spaced } from './rule-words'

const TextView = lazy(() => import('../logs/editor/text-view'))
const route = getRouteApi('/analytics/rules/$id')

export function RulePage() {
  const { id } = route.useParams()
  const rule = useRule(id)
  useTitle(rule.data?.name ?? 'Rule')
  if (rule.isPending) return <Waiting lines={12} label="Loading the rule" />
  if (rule.isError) {
    const missing = rule.error instanceof ApiError && rule.error.status === 404
    return (
      <Failure
        error={rule.error}
        title={missing ? 'There is no such rule any more' : 'The rule could not be loaded'}
        retry={() => void rule.refetch()}
      />
    )
  }
  return <Loaded rule={rule.data} />
}

interface Mapping {
  readonly entityType: string
  readonly fieldMappings: readonly { readonly identifier: string; readonly columnName: string }[]
}

function Loaded({ rule }: { rule: RuleDetail }) {
  const { view = 'query' } = route.useSearch()
  const navigate = useNavigate()
  const state = useRuleState()
  const run = useRuleRun()
  const removal = useRuleRemoval()
  const plain = rule.rule
  const query = String(plain.query ?? '').trim()
  const mappings = (plain.entityMappings ?? []) as readonly Mapping[]
  const details = Object.entries((plain.customDetails ?? {}) as Readonly<Record<string, string>>)
  const scheduled = rule.kind === 'Scheduled'
  const show = (next: string) =>
    void navigate({
      to: '/analytics/rules/$id',
      params: { id: rule.id },
      search: { view: next },
      replace: true,
    })
  return (
    <div className={styles.page}>
      <header className={styles.top}>
        <div className={styles.crumbs}>
          <Link to="/analytics">Analytics</Link>
          <span aria-hidden="true">/</span>
          <span>{SOURCES[rule.source]} rule</span>
        </div>
        <div className={styles.head}>
          <h1 className={styles.title}>{rule.displayName}</h1>
          <div className={styles.actions}>
            <Switch
              label={rule.enabled ? 'On' : 'Off'}
              checked={rule.enabled}
              onChange={(event) => state.mutate({ id: rule.id, enabled: event.currentTarget.checked })}
            />
            <Button
              variant="default"
              leftSection={<Icon name="run" size={12} />}
              loading={run.isPending}
              onClick={() => run.mutate(rule.id)}
            >
              Run now
            </Button>
            <Button
              component={Link}
              to={`/analytics/rules/${rule.id}/edit`}
              variant="default"
              leftSection={<Icon name="edit" size={14} />}
            >
              Edit
            </Button>
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon aria-label="More" variant="default">
                  <Icon name="dots" />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  component={HrefLink}
                  href={`/analytics/new?from=${rule.id}`}
                  leftSection={<Icon name="copy" size={14} />}
                >
                  New rule from this one
                </Menu.Item>
                <Menu.Item
                  leftSection={<Icon name="download" size={14} />}
                  onClick={() => void copyText(JSON.stringify(rule.arm, null, 2))}
                >
                  Copy as ARM (JSON)
                </Menu.Item>
                <Menu.Item
                  component={HrefLink}
                  href={`/incidents?rule=${rule.id}&status=all`}
                  leftSection={<Icon name="incidents" size={14} />}
                >
                  Its incidents
                </Menu.Item>
                {rule.source !== 'shipped' && (
                  <Menu.Item
                    color="red"
                    leftSection={<Icon name="trash" size={14} />}
                    onClick={() =>
                      removal.mutate(rule.id, { onSuccess: () => void navigate({ to: '/analytics' }) })
                    }
                  >
                    {rule.source === 'replaced' ? 'Back to the shipped rule' : 'Delete'}
                  </Menu.Item>
                )}
              </Menu.Dropdown>
            </Menu>
          </div>
        </div>
        <p className={styles.summary}>
          <SeverityMark severity={rule.severity} />
          {scheduled ? (
            <span>
              every {minutes(rule.frequencyMinutes)} over the last {minutes(rule.periodMinutes)}, when the
              number of rows {OPERATOR_WORDS[String(plain.triggerOperator)]} {String(plain.triggerThreshold)}
            </span>
          ) : (
            <span>at once, as rows arrive</span>
          )}
        </p>
        {rule.lastError !== null && (
          <p className={styles.error} role="alert">
            <Icon name="error" size={14} />
            {rule.autoDisabled ? 'Turned off after it failed again and again: ' : 'The last run failed: '}
            {rule.lastError}
          </p>
        )}
      </header>
      <div className={styles.columns}>
        <div className={styles.mainColumn}>
          <p className={styles.description}>{rule.description.replace(/\n(?!\n|[-*])/g, ' ')}</p>
          <Panel
            title={
              <span className={styles.views} role="tablist" aria-label="Form of the rule">
                {(['query', 'yaml'] as const).map((each) => (
                  <button
                    key={each}
                    type="button"
                    role="tab"
                    aria-selected={view === each}
                    className={styles.viewTab}
                    onClick={() => show(each)}
                  >
                    {each === 'query' ? 'Query' : 'YAML'}
                  </button>
                ))}
              </span>
            }
            actions={
              <Button
                component={HrefLink}
                href={logsHref(query, '24h')}
                variant="default"
                size="compact-sm"
                leftSection={<Icon name="logs" size={13} />}
              >
                Open in Logs
              </Button>
            }
            flush
          >
            <div className={styles.text}>
              <Suspense fallback={<pre className={styles.plain}>{view === 'yaml' ? rule.yaml : query}</pre>}>
                <TextView
                  text={view === 'yaml' ? rule.yaml : query}
                  language={view === 'yaml' ? 'yaml' : 'kusto'}
                  label={view === 'yaml' ? 'The rule as YAML' : 'The query of the rule'}
                />
              </Suspense>
            </div>
          </Panel>
          <Runs id={rule.id} />
        </div>
        <div className={styles.side}>
          <Panel title="Finds">
            <Facts>
              <FactRow name="Tactics">{rule.tactics.map(spaced).join(', ')}</FactRow>
              <FactRow name="Techniques">
                {rule.techniques.map((id) => (
                  <div key={id}>
                    <code>{id}</code> {techniqueName(id)}
                  </div>
                ))}
              </FactRow>
              <FactRow name="Entities">
                {mappings.length === 0 && <span className={styles.soft}>none are mapped</span>}
                {mappings.map(({ entityType, fieldMappings }) => (
                  <div key={entityType + fieldMappings.map(({ columnName }) => columnName).join()}>
                    {entityType}:{' '}
                    {fieldMappings.map(({ identifier, columnName }) => (
                      <span key={identifier} className="fact">
                        {identifier} = {columnName}{' '}
                      </span>
                    ))}
                  </div>
                ))}
              </FactRow>
              {details.length > 0 && (
                <FactRow name="Details">
                  {details.map(([key, column]) => (
                    <div key={key} className="fact">
                      {key} = {column}
                    </div>
                  ))}
                </FactRow>
              )}
            </Facts>
          </Panel>
          <Panel title="File">
            <Facts>
              <FactRow name="Source">{SOURCES[rule.source]}</FactRow>
              <FactRow name="Version">{String(plain.version ?? '')}</FactRow>
              <FactRow name="Id">
                <span className="fact">{rule.id}</span>
              </FactRow>
              {rule.changedBy !== null && rule.changedTime !== null && (
                <FactRow name={rule.enabled ? 'Turned on' : 'Turned off'}>
                  {rule.changedBy}, <Time iso={rule.changedTime} as="ago" />
                  {rule.reason && <div className={styles.soft}>{rule.reason}</div>}
                </FactRow>
              )}
            </Facts>
          </Panel>
        </div>
      </div>
    </div>
  )
}

const OUTCOMES = {
  ran: 'ran',
  empty: 'nothing to look at',
  suppressed: 'held back by an alert',
  failed: 'failed',
} as const
const SHOWN = 60

function Runs({ id }: { id: string }) {
  const runs = useRuleRuns(id)
  const query = `SentinelHealth\n| where SentinelResourceId == "${id}"\n| project TimeGenerated, Status, Rows = toint(ExtendedProperties.QueryResultAmount), Alerts = toint(ExtendedProperties.AlertsGeneratedAmount), Description, Reason\n| sort by TimeGenerated desc`
  return (
    <Panel
      title="Runs"
      flush
      actions={
        <ActionIcon
          component={HrefLink}
          href={logsHref(query, 'all')}
          aria-label="The KQL behind the runs"
          size={24}
        >
          <Icon name="logs" size={14} />
        </ActionIcon>
      }
    >
      {runs.isPending ? (
        <Waiting lines={4} />
      ) : runs.isError ? (
        <Failure error={runs.error} />
      ) : runs.data.length === 0 ? (
        <Empty icon="clock" title="It has not run yet" />
      ) : (
        <div className={styles.runs}>
          <table className={styles.runTable} aria-label="Runs">
            <thead>
              <tr>
                <th scope="col">Ran</th>
                <th scope="col">Looked at</th>
                <th scope="col">Outcome</th>
                <th scope="col" data-right>
                  Rows
                </th>
                <th scope="col" data-right>
                  Alerts
                </th>
                <th scope="col" data-right>
                  Took
                </th>
              </tr>
            </thead>
            <tbody>
              {runs.data.slice(0, SHOWN).map((run) => (
                <tr key={`${run.ranAt}${run.start}${run.kind}`}>
                  <td>
                    <Time iso={run.ranAt} />
                  </td>
                  <td>
                    <Time iso={run.start} /> – <Time iso={run.end} />
                    {run.windows > 1 && <span className={styles.soft}> {plural(run.windows, 'window')}</span>}
                  </td>
                  <td title={run.error ?? undefined}>
                    {run.outcome === 'failed' ? (
                      <Chip tone="bad">failed</Chip>
                    ) : (
                      <span className={styles.soft}>{OUTCOMES[run.outcome]}</span>
                    )}
                  </td>
                  <td data-right>{count(run.rowCount)}</td>
                  <td data-right>{run.alertCount > 0 ? <b>{count(run.alertCount)}</b> : 0}</td>
                  <td data-right>{run.outcome === 'empty' ? '' : duration(run.durationMs)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}
