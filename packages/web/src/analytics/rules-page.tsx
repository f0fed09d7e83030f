/** The analytics rules: which run, what they found last, which are off or fail. */
import { Button, Select, Switch, TextInput, Tooltip } from '@mantine/core'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type RuleSummary, useRuleState, useRules } from '../api/rules'
import { DataTable, type Sort, type TableColumn } from '../design/data-table'
import { count, plural } from '../design/format'
import { Sparkline } from '../design/histogram'
import { Icon } from '../design/icons'
import { Chip, SEVERITIES, SeverityMark } from '../design/marks'
import { PageHeader } from '../design/panel'
import { Empty, Failure, Waiting } from '../design/states'
import { KqlLink } from '../design/tile'
import { Time } from '../design/time'
import { dynamicOf } from '../kql/answer'
import { useKql } from '../kql/ask'
import { techniqueName } from '../kql/techniques'
import { type Command, useCommands } from '../shell/commands'
import { useShortcuts } from '../shell/shortcuts'
import { useTitle } from '../shell/title'
import { minutes, SOURCES, spaced } from './rule-words'
import styles from './rules-page.module.css'
import { AnalyticsTabs } from './tabs'

const route = getRouteApi('/analytics')

/** The last runs of each rule, from the table that has all of them. */
const LAST_RUNS = `SentinelHealth
| where TimeGenerated > ago(7d) and SentinelResourceType == "Analytics Rule"
| extend Rows = toint(ExtendedProperties.QueryResultAmount)
| sort by TimeGenerated asc
| summarize Rows = make_list(Rows, 500) by RuleId = SentinelResourceId`

const SHOWN_RUNS = 20

const STATES = [
  { value: 'on', label: 'On' },
  { value: 'off', label: 'Off' },
  { value: 'failing', label: 'Failing' },
  { value: 'found', label: 'Found something last' },
]

function isIn(state: string | undefined, rule: RuleSummary): boolean {
  switch (state) {
    case 'on':
      return rule.enabled
    case 'off':
      return !rule.enabled
    case 'failing':
      return rule.lastError !== null || rule.autoDisabled
    case 'found':
      return (rule.lastRun?.rowCount ?? 0) > 0
    default:
      return true
  }
}

const SORTS: Readonly<Record<string, (rule: RuleSummary) => string | number>> = {
  severity: ({ severity }) => SEVERITIES.length - SEVERITIES.indexOf(severity),
  name: ({ name }) => name.toLowerCase(),
  last: ({ lastRun }) => lastRun?.ranAt ?? '',
}

export function RulesPage() {
  useTitle('Analytics rules')
  const search = route.useSearch()
  const navigate = useNavigate()
  const rules = useRules()
  const runs = useKql(LAST_RUNS)
  const state = useRuleState()
  const set = (change: Partial<typeof search>) =>
    void navigate({ to: '/analytics', search: { ...search, ...change }, replace: true })

  const spark = useMemo(
    () =>
      new Map(
        (runs.data ?? []).map((row) => [
          String(row.RuleId),
          dynamicOf<number[]>(row.Rows)?.slice(-SHOWN_RUNS) ?? [],
        ]),
      ),
    [runs.data],
  )
  const sorting = search.sort ?? 'name'
  const sort: Sort = { column: sorting.replace('-', ''), descending: sorting.startsWith('-') }
  const wanted = (search.text ?? '').toLowerCase()
  const all = rules.data?.items ?? []
  const shown = useMemo(() => {
    const key = SORTS[sort.column] ?? SORTS.name!
    return all
      .filter(
        (rule) =>
          isIn(search.state, rule) &&
          (!search.severity || rule.severity === search.severity) &&
          (!search.tactic || rule.tactics.includes(search.tactic)) &&
          (!search.technique ||
            rule.techniques.some((id) => id === search.technique || id.startsWith(`${search.technique}.`))) &&
          (wanted === '' ||
            rule.name.toLowerCase().includes(wanted) ||
            rule.description.toLowerCase().includes(wanted) ||
            rule.techniques.some((id) => id.toLowerCase() === wanted)),
      )
      .sort((a, b) => {
        const [x, y] = [key(a), key(b)]
        return (x < y ? -1 : x > y ? 1 : 0) * (sort.descending ? -1 : 1)
      })
  }, [all, search, sort.column, sort.descending, wanted])

  const commands = useMemo<Command[]>(
    () => [
      {
        id: 'new-rule',
        group: 'Do',
        label: 'New analytics rule',
        icon: 'plus',
        keys: 'n',
        run: () => void navigate({ to: '/analytics/new' }),
      },
    ],
    [navigate],
  )
  useCommands(commands)
  useShortcuts([
    { keys: 'n', label: 'New rule', group: 'Analytics', run: () => void navigate({ to: '/analytics/new' }) },
  ])

  const columns: TableColumn<RuleSummary>[] = [
    {
      id: 'on',
      header: 'On',
      width: 58,
      cell: (rule) => (
        <Switch
          aria-label={`${rule.name} is ${rule.enabled ? 'on' : 'off'}`}
          checked={rule.enabled}
          tabIndex={-1}
          onChange={(event) => state.mutate({ id: rule.id, enabled: event.currentTarget.checked })}
        />
      ),
    },
    {
      id: 'severity',
      header: 'Severity',
      width: 124,
      sortable: true,
      cell: ({ severity }) => <SeverityMark severity={severity} />,
    },
    {
      id: 'name',
      header: 'Name',
      sortable: true,
      cell: (rule) => (
        <>
          <Link to="/analytics/rules/$id" params={{ id: rule.id }} className={styles.name} tabIndex={-1}>
            {rule.displayName}
          </Link>
          {rule.source !== 'shipped' && (
            <span className={styles.chip}>
              <Chip>{SOURCES[rule.source]}</Chip>
            </span>
          )}
          {rule.lastError !== null && (
            <Tooltip label={rule.lastError} multiline maw={420}>
              <span className={styles.failing}>
                <Chip tone="bad">
                  <Icon name="error" size={11} /> fails
                </Chip>
              </span>
            </Tooltip>
          )}
        </>
      ),
    },
    {
      id: 'tactics',
      header: 'Tactics',
      width: 190,
      from: 1000,
      cell: ({ tactics }) => <span className={styles.soft}>{tactics.map(spaced).join(', ')}</span>,
    },
    {
      id: 'techniques',
      header: 'Techniques',
      width: 150,
      from: 1200,
      cell: ({ techniques }) => (
        <span className="fact" title={techniques.map((id) => `${id} ${techniqueName(id)}`).join('\n')}>
          {techniques.join(' ')}
        </span>
      ),
    },
    {
      id: 'every',
      header: 'Every',
      width: 74,
      from: 850,
      cell: ({ kind, frequencyMinutes }) => (kind === 'NRT' ? 'at once' : minutes(frequencyMinutes)),
    },
    {
      id: 'spark',
      header: `Rows of the last ${SHOWN_RUNS} runs`,
      width: 170,
      from: 1000,
      cell: ({ id, name }) => {
        const values = spark.get(id)
        return values === undefined ? null : (
          <Sparkline values={values} label={`Rows of the last runs of ${name}: ${values.join(', ')}`} />
        )
      },
    },
    {
      id: 'last',
      header: 'Last run',
      width: 170,
      sortable: true,
      from: 700,
      cell: ({ lastRun, enabled }) =>
        lastRun ? (
          <span className={styles.soft}>
            <Time iso={lastRun.ranAt} as="ago" />
            {lastRun.outcome === 'failed'
              ? ', failed'
              : lastRun.rowCount > 0
                ? `, ${plural(lastRun.rowCount, 'row')}`
                : ''}
          </span>
        ) : (
          <span className={styles.soft}>{enabled ? 'not yet' : ''}</span>
        ),
    },
  ]

  return (
    <div className={styles.page}>
      <div className={styles.top}>
        <PageHeader
          title="Analytics"
          actions={
            <Button component={Link} to="/analytics/new" leftSection={<Icon name="plus" size={14} />}>
              New rule
            </Button>
          }
        />
        <AnalyticsTabs />
      </div>
      <div className={styles.body}>
        <div className={styles.filters}>
          <TextInput
            className={styles.text}
            aria-label="Find a rule"
            placeholder="Find by name, description or technique"
            leftSection={<Icon name="search" size={14} />}
            value={search.text ?? ''}
            onChange={(event) => set({ text: event.currentTarget.value })}
          />
          <Select
            w={150}
            aria-label="State"
            placeholder="Any state"
            data={STATES}
            value={search.state ?? null}
            onChange={(value) => set({ state: value ?? undefined })}
            clearable
          />
          <Select
            w={140}
            aria-label="Severity"
            placeholder="Any severity"
            data={[...SEVERITIES]}
            value={search.severity ?? null}
            onChange={(value) => set({ severity: value ?? undefined })}
            clearable
          />
          <Select
            w={180}
            aria-label="Tactic"
            placeholder="Any tactic"
            data={[...new Set(all.flatMap(({ tactics }) => tactics))]
              .sort()
              .map((value) => ({ value, label: spaced(value) }))}
            value={search.tactic ?? null}
            onChange={(value) => set({ tactic: value ?? undefined })}
            clearable
          />
          {search.technique && (
            <Button
              variant="light"
              rightSection={<Icon name="close" size={12} />}
              aria-label={`Remove the filter technique ${search.technique}`}
              onClick={() => set({ technique: undefined })}
            >
              {search.technique}
            </Button>
          )}
          <span className={styles.count} role="status">
            {rules.isSuccess &&
              (shown.length === all.length
                ? plural(all.length, 'rule')
                : `${count(shown.length)} of ${plural(all.length, 'rule')}`)}
          </span>
          <KqlLink query={LAST_RUNS} range="all" what="the last runs" />
        </div>
        {(rules.data?.broken ?? []).map(({ file, problems }) => (
          <p key={file} className={styles.broken} role="alert">
            <Icon name="error" size={14} /> <code>{file}</code> holds no rule that can be run: line{' '}
            {problems[0]?.line}: {problems[0]?.message}
          </p>
        ))}
        {rules.isPending ? (
          <Waiting lines={14} />
        ) : rules.isError ? (
          <Failure error={rules.error} retry={() => void rules.refetch()} />
        ) : shown.length === 0 ? (
          <Empty
            icon="filter"
            title="No rule fits"
            action={
              <Button variant="default" onClick={() => void navigate({ to: '/analytics', search: {} })}>
                Show all rules
              </Button>
            }
          />
        ) : (
          <DataTable
            label="Rules"
            columns={columns}
            rows={shown}
            rowKey={keyOf}
            sort={sort}
            onSort={({ column, descending }) => set({ sort: `${descending ? '-' : ''}${column}` })}
            onOpen={({ id }) => void navigate({ to: '/analytics/rules/$id', params: { id } })}
          />
        )}
      </div>
    </div>
  )
}

const keyOf = ({ id }: RuleSummary) => id
