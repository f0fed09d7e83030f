/** Logins, rebuilt from the log: who, from where, what they became, how much of it to look at. */
import { Button, Select, Switch, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { type SessionRecord, useSessions } from '../api/sessions'
import { DataTable, type Sort, type TableColumn } from '../design/data-table'
import { count, duration, plural } from '../design/format'
import { Icon } from '../design/icons'
import { Chip, Who } from '../design/marks'
import { PageHeader } from '../design/panel'
import { Empty, Failure, Waiting } from '../design/states'
import { Time } from '../design/time'
import { TimePicker } from '../design/time-picker'
import { parseRange } from '../kql/time-range'
import { useTitle } from '../shell/title'
import styles from './list-page.module.css'
import { RiskMark } from './risk'

const route = getRouteApi('/sessions')

const COLUMNS: readonly TableColumn<SessionRecord>[] = [
  { id: 'risk', header: 'Risk', width: 110, sortable: true, cell: ({ risk }) => <RiskMark risk={risk} /> },
  {
    id: 'who',
    header: 'Who, and whom they became',
    cell: ({ uid, user, became }) => (
      <Link to="/sessions/$uid" params={{ uid }} className={styles.who} tabIndex={-1}>
        <Who name={user} />
        {became.map((name) => (
          <span key={name} className={styles.became}>
            <span aria-hidden="true">→</span>
            <span className="visually-hidden">became</span>
            <Who name={name} />
          </span>
        ))}
      </Link>
    ),
  },
  {
    id: 'host',
    header: 'Host',
    width: 140,
    cell: ({ computer }) => <span className="fact">{computer}</span>,
  },
  {
    id: 'from',
    header: 'From',
    width: 172,
    from: 1000,
    cell: ({ method, sourceAddress, failedBefore }) => (
      <>
        {method} <span className="fact">{sourceAddress}</span>
        {failedBefore > 0 && (
          <span
            className={styles.refused}
            title={`${plural(failedBefore, 'login')} refused in the hour before`}
          >
            {' '}
            {count(failedBefore)} refused
          </span>
        )}
      </>
    ),
  },
  { id: 'start', header: 'Began', width: 150, sortable: true, cell: ({ start }) => <Time iso={start} /> },
  {
    id: 'length',
    header: 'Lasted',
    width: 100,
    from: 850,
    cell: ({ start, end, lastActivity }) =>
      end === null ? (
        <Chip tone="good">open</Chip>
      ) : (
        <span className={styles.soft}>
          {duration(Math.max(1, Date.parse(end ?? lastActivity) - Date.parse(start)))}
        </span>
      ),
  },
  {
    id: 'typed',
    header: 'Typed',
    width: 78,
    right: true,
    sortable: true,
    from: 700,
    cell: ({ typedLines, keys }) =>
      keys === 'recorded' ? (
        count(typedLines)
      ) : (
        <span className={styles.soft}>{keys === 'missing' ? 'missing' : ''}</span>
      ),
  },
  {
    id: 'commands',
    header: 'Ran',
    width: 70,
    right: true,
    sortable: true,
    from: 700,
    cell: ({ commands, notTyped }) =>
      notTyped > 0 ? (
        <span className={styles.warn} title={`${plural(notTyped, 'of them')} ran without being typed`}>
          {count(commands)}
        </span>
      ) : (
        count(commands)
      ),
  },
  {
    id: 'root',
    header: 'As root',
    width: 78,
    right: true,
    from: 1000,
    cell: ({ rootCommands }) =>
      rootCommands > 0 ? <span className={styles.root}>{count(rootCommands)}</span> : 0,
  },
  {
    id: 'alerts',
    header: 'Alerts',
    width: 66,
    right: true,
    from: 1200,
    cell: ({ alerts }) => (alerts.length > 0 ? <b>{count(alerts.length)}</b> : 0),
  },
]

const SORTS: Readonly<Record<string, (session: SessionRecord) => number | string>> = {
  risk: ({ risk }) => risk.score,
  start: ({ start }) => start,
  typed: ({ typedLines }) => typedLines,
  commands: ({ commands }) => commands,
}

export function SessionsPage() {
  useTitle('Sessions')
  const search = route.useSearch()
  const navigate = useNavigate()
  const set = (change: Partial<typeof search>) =>
    void navigate({ to: '/sessions', search: { ...search, ...change }, replace: true })
  const filter = useMemo(() => {
    const range = search.t === undefined ? undefined : parseRange(search.t, Date.now())
    return {
      user: search.user,
      host: search.host,
      root: search.root === '1' ? true : undefined,
      method: search.method,
      address: search.address,
      from: range?.from === undefined ? undefined : new Date(range.from).toISOString(),
      to: search.t?.includes('..') && range?.to !== undefined ? new Date(range.to).toISOString() : undefined,
    }
  }, [search])
  const sessions = useSessions(filter)
  const sorting = search.sort ?? '-start'
  const sort: Sort = { column: sorting.replace('-', ''), descending: sorting.startsWith('-') }
  const rows = useMemo(() => {
    const key = SORTS[sort.column] ?? SORTS.start!
    return [...(sessions.data?.pages.flatMap(({ items }) => items) ?? [])].sort((a, b) => {
      const [x, y] = [key(a), key(b)]
      return (x < y ? -1 : x > y ? 1 : 0) * (sort.descending ? -1 : 1)
    })
  }, [sessions.data, sort.column, sort.descending])
  const total = sessions.data?.pages[0]?.total ?? 0
  const filtered = Boolean(
    search.user || search.host || search.root || search.method || search.address || search.t,
  )

  return (
    <div className={styles.page}>
      <div className={styles.top}>
        <PageHeader title="Sessions">
          Logins, rebuilt from the audit log: what was typed, what really ran, and as whom.
        </PageHeader>
        <div className={styles.filters}>
          <LateText label="User" value={search.user} onChange={(user) => set({ user })} />
          <LateText label="Host" value={search.host} onChange={(host) => set({ host })} />
          <LateText label="Address" value={search.address} onChange={(address) => set({ address })} />
          <Select
            w={130}
            aria-label="Method"
            placeholder="Any method"
            data={['ssh', 'console', 'su', 'cron', 'systemd']}
            value={search.method ?? null}
            onChange={(method) => set({ method: method ?? undefined })}
            clearable
          />
          <TimePicker value={search.t ?? 'all'} onChange={(t) => set({ t: t === 'all' ? undefined : t })} />
          <Switch
            label="Became root"
            checked={search.root === '1'}
            onChange={(event) => set({ root: event.currentTarget.checked ? '1' : undefined })}
          />
          <span className={styles.count} role="status">
            {sessions.isSuccess && plural(total, 'session')}
          </span>
        </div>
      </div>
      <div className={styles.body}>
        {sessions.isPending ? (
          <Waiting lines={14} />
        ) : sessions.isError && rows.length === 0 ? (
          <Failure
            error={sessions.error}
            title="The sessions could not be loaded"
            retry={() => void sessions.refetch()}
          />
        ) : rows.length === 0 ? (
          filtered ? (
            <Empty
              icon="filter"
              title="No session fits these filters"
              action={
                <Button variant="default" onClick={() => void navigate({ to: '/sessions', search: {} })}>
                  Show all sessions
                </Button>
              }
            />
          ) : (
            <Empty icon="sessions" title="No login is in the log yet">
              A session is rebuilt as soon as its records arrive. Keys are recorded where{' '}
              <code>pam_tty_audit</code> is on: <code>auspex host check</code> says whether it is.
            </Empty>
          )
        ) : (
          <DataTable
            label="Sessions"
            columns={COLUMNS}
            rows={rows}
            rowKey={keyOf}
            sort={sort}
            onSort={({ column, descending }) => set({ sort: `${descending ? '-' : ''}${column}` })}
            onOpen={({ uid }) => void navigate({ to: '/sessions/$uid', params: { uid } })}
            foot={
              sessions.hasNextPage && (
                <div className={styles.more}>
                  <Button
                    variant="default"
                    loading={sessions.isFetchingNextPage}
                    onClick={() => void sessions.fetchNextPage()}
                  >
                    Show more ({count(rows.length)} of {count(total)})
                  </Button>
                </div>
              )
            }
          />
        )}
      </div>
    </div>
  )
}

const keyOf = ({ uid }: SessionRecord) => uid

/** A field whose text becomes a filter when the typing pauses. */
function LateText({
  label,
  value,
  onChange,
}: {
  label: string
  value: string | undefined
  onChange: (value: string | undefined) => void
}) {
  const [text, setText] = useState(value ?? '')
  const later = useDebouncedCallback((next: string) => onChange(next || undefined), 250)
  return (
    <TextInput
      w={140}
      aria-label={label}
      placeholder={label}
      leftSection={
        <Icon name={label === 'User' ? 'user' : label === 'Host' ? 'host' : 'address'} size={13} />
      }
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        later(event.currentTarget.value.trim())
      }}
    />
  )
}
