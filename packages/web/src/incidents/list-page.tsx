/** All incidents: filtered, sorted, changed many at once, looked into without leaving the list. */
import { Button, Menu, Modal, MultiSelect, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useMemo, useState } from 'react'
import { type IncidentSummary, useBulkChange, useIncidentCount, useIncidents } from '../api/incidents'
import { useMay, useMe } from '../api/me'
import { useViews } from '../api/saved'
import { DataTable, type Sort, type TableColumn } from '../design/data-table'
import { count, plural } from '../design/format'
import { Icon } from '../design/icons'
import { PersonAs, SEVERITIES, SeverityMark, STATUSES, StatusMark } from '../design/marks'
import { PageHeader } from '../design/panel'
import { Empty, Failure, Waiting } from '../design/states'
import { Time } from '../design/time'
import { TimePicker } from '../design/time-picker'
import { useTitle } from '../shell/title'
import { CloseDialog } from './close-dialog'
import { namesOf, peopleOf } from './entities'
import styles from './list-page.module.css'
import {
  BUILT_IN,
  DEFAULT_SORT,
  filterOf,
  isSameView,
  type ListSearch,
  OPEN,
  readSearch,
  writeSearch,
} from './list-search'
import { OwnerDialog } from './owner-dialog'
import { Preview } from './preview'

const route = getRouteApi('/incidents')

export const COLUMNS: readonly TableColumn<IncidentSummary>[] = [
  {
    id: 'severity',
    header: 'Severity',
    width: 118,
    sortable: true,
    cell: ({ severity }) => <SeverityMark severity={severity} />,
  },
  { id: 'number', header: 'No.', width: 56, sortable: true, right: true, cell: ({ number }) => number },
  {
    id: 'title',
    header: 'Title',
    cell: ({ number, title }) => (
      <Link
        to="/incidents/$number"
        params={{ number: String(number) }}
        className={styles.title}
        tabIndex={-1}
      >
        {title}
      </Link>
    ),
  },
  { id: 'status', header: 'Status', width: 84, cell: ({ status }) => <StatusMark status={status} /> },
  {
    id: 'who',
    header: 'Who',
    width: 186,
    from: 1000,
    cell: ({ entities }) => {
      const [person, as] = peopleOf(entities)
      return person === undefined ? '' : <PersonAs person={person} as={as} />
    },
  },
  {
    id: 'host',
    header: 'Host',
    width: 126,
    from: 850,
    cell: ({ entities }) => <span className="fact">{namesOf(entities, 'Host').join(', ')}</span>,
  },
  {
    id: 'owner',
    header: 'Owner',
    width: 110,
    from: 1200,
    cell: ({ owner }) => owner?.name ?? <span className={styles.nobody}>nobody</span>,
  },
  {
    id: 'alerts',
    header: 'Alerts',
    width: 62,
    right: true,
    from: 1000,
    cell: ({ alertCount }) => count(alertCount),
  },
  {
    id: 'activity',
    header: 'Last activity',
    width: 152,
    sortable: true,
    from: 700,
    cell: ({ lastActivityTime, sla, status }) => (
      <>
        <Time iso={lastActivityTime} />
        {status !== 'Closed' && (sla.isAcknowledgeLate || sla.isCloseLate) && (
          <span className={styles.late} title="Later than the time that its severity allows">
            <Icon name="clock" size={12} />
            <span className="visually-hidden">overdue</span>
          </span>
        )}
      </>
    ),
  },
]

export function IncidentsPage() {
  useTitle('Incidents')
  const { p: previewed, ...search } = route.useSearch()
  const navigate = useNavigate()
  const mayRespond = useMay('respond')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const sorting = search.sort ?? DEFAULT_SORT
  const sort: Sort = { column: sorting.replace('-', ''), descending: sorting.startsWith('-') }
  // The time is that of the last change of the filter: a list that asks for a new time each second never settles.
  const filter = useMemo(() => filterOf(search, Date.now()), [search])
  const incidents = useIncidents(filter)
  const rows = incidents.data?.pages.flatMap(({ items }) => items) ?? []
  const total = incidents.data?.pages[0]?.total ?? 0
  const set = (change: Partial<ListSearch> & { p?: string | undefined }, replace = false) => {
    if (!('p' in change)) setChosen(new Set())
    void navigate({ to: '/incidents', search: { ...search, p: previewed, ...change }, replace })
  }
  const picked = rows.filter(({ number }) => chosen.has(String(number)))
  const shown = rows.find(({ number }) => String(number) === previewed)
  return (
    <div className={styles.page}>
      <div className={styles.top}>
        <PageHeader
          title="Incidents"
          actions={
            <ViewMenu search={search} open={(view) => void navigate({ to: '/incidents', search: view })} />
          }
        />
        <Filters search={search} set={set} />
      </div>
      <div className={styles.split}>
        <div className={styles.list}>
          {chosen.size > 0 ? (
            <BulkBar incidents={picked} done={() => setChosen(new Set())} />
          ) : (
            <div className={styles.counts} role="status">
              {incidents.isPending ? 'Loading' : plural(total, 'incident')}
              {incidents.isError && ' · could not be refreshed'}
            </div>
          )}
          {incidents.isPending ? (
            <Waiting lines={14} />
          ) : incidents.isError && rows.length === 0 ? (
            <Failure error={incidents.error} retry={() => void incidents.refetch()} />
          ) : rows.length === 0 ? (
            <NoIncidents
              search={search}
              clear={() => void navigate({ to: '/incidents', search: { status: 'all' } })}
            />
          ) : (
            <DataTable
              label="Incidents"
              columns={COLUMNS}
              rows={rows}
              rowKey={keyOf}
              sort={sort}
              onSort={({ column, descending }) => set({ sort: `${descending ? '-' : ''}${column}` })}
              {...(mayRespond && { chosen, onChoose: setChosen })}
              shown={previewed}
              onShow={({ number }) =>
                set({ p: String(number) === previewed ? undefined : String(number) }, true)
              }
              onOpen={({ number }) =>
                void navigate({ to: '/incidents/$number', params: { number: String(number) } })
              }
              foot={
                incidents.hasNextPage && (
                  <div className={styles.more}>
                    <Button
                      variant="default"
                      loading={incidents.isFetchingNextPage}
                      onClick={() => void incidents.fetchNextPage()}
                    >
                      Show more ({count(rows.length)} of {count(total)})
                    </Button>
                  </div>
                )
              }
            />
          )}
        </div>
        {shown && <Preview incident={shown} close={() => set({ p: undefined }, true)} />}
      </div>
    </div>
  )
}

const keyOf = ({ number }: IncidentSummary) => String(number)

function Filters({ search, set }: { search: ListSearch; set: (change: Partial<ListSearch>) => void }) {
  const me = useMe()
  const [text, setText] = useState(search.text ?? '')
  const setLater = useDebouncedCallback(
    (value: string) => set({ text: value || undefined } as Partial<ListSearch>),
    250,
  )
  const given = [
    ['technique', 'Technique'],
    ['entity', 'Entity'],
    ['rule', 'Rule'],
    ['label', 'Label'],
  ] as const
  return (
    <div className={styles.filters}>
      <StatusFilter value={search.status ?? OPEN} onChange={(status) => set({ status })} search={search} />
      <TextInput
        className={styles.text}
        aria-label="Find in title and description"
        placeholder="Find in title and description"
        leftSection={<Icon name="search" size={14} />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setLater(event.currentTarget.value)
        }}
      />
      <MultiSelect
        className={styles.severity}
        aria-label="Severity"
        placeholder={search.severity ? '' : 'Any severity'}
        data={[...SEVERITIES]}
        value={search.severity?.split(',') ?? []}
        onChange={(values) => set({ severity: values.join(',') })}
        clearable
      />
      <Select
        className={styles.owner}
        aria-label="Owner"
        placeholder="Any owner"
        data={[
          { value: 'none', label: 'Nobody' },
          { value: me.name, label: `${me.name} (me)` },
          ...(search.owner && search.owner !== 'none' && search.owner !== me.name ? [search.owner] : []),
        ]}
        value={search.owner ?? null}
        onChange={(owner) => set({ owner: owner ?? '' })}
        clearable
      />
      <TimePicker value={search.t ?? 'all'} onChange={(t) => set({ t: t === 'all' ? '' : t })} />
      {given.map(([key, name]) =>
        search[key] ? (
          <Button
            key={key}
            variant="light"
            rightSection={<Icon name="close" size={12} />}
            onClick={() => set({ [key]: '' })}
            aria-label={`Remove the filter ${name} ${search[key]}`}
          >
            {name}: {search[key]}
          </Button>
        ) : null,
      )}
    </div>
  )
}

const STATUS_CHOICES = [
  { value: OPEN, label: 'Open' },
  ...STATUSES.map((status) => ({ value: status as string, label: status as string })),
  { value: 'all', label: 'All' },
]

function StatusFilter({
  value,
  onChange,
  search,
}: {
  value: string
  onChange: (status: string) => void
  search: ListSearch
}) {
  return (
    <div className={styles.statuses} role="group" aria-label="Status">
      {STATUS_CHOICES.map((choice) => (
        <StatusChoice
          key={choice.value}
          {...choice}
          active={value === choice.value}
          search={search}
          choose={() => onChange(choice.value === OPEN ? '' : choice.value)}
        />
      ))}
    </div>
  )
}

function StatusChoice({
  value,
  label,
  active,
  search,
  choose,
}: {
  value: string
  label: string
  active: boolean
  search: ListSearch
  choose: () => void
}) {
  const filter = useMemo(
    () => ({ ...filterOf({ ...search, status: value }, Date.now()), sort: undefined }),
    [search, value],
  )
  const found = useIncidentCount(filter)
  return (
    <button type="button" className={styles.statusChoice} aria-pressed={active} onClick={choose}>
      {label}
      <span className={styles.statusCount}>{found.data === undefined ? '' : count(found.data)}</span>
    </button>
  )
}

function NoIncidents({ search, clear }: { search: ListSearch; clear: () => void }) {
  if (isSameView(search, {})) {
    return (
      <Empty
        icon="check"
        title="No incident is open"
        action={
          <Button component={Link} to="/analytics" variant="default">
            See which rules run
          </Button>
        }
      >
        Either everything is closed, or no enabled rule has found anything yet.
      </Empty>
    )
  }
  return (
    <Empty
      icon="filter"
      title="No incident fits these filters"
      action={
        <Button variant="default" onClick={clear}>
          Show all incidents
        </Button>
      }
    />
  )
}

function BulkBar({ incidents, done }: { incidents: readonly IncidentSummary[]; done: () => void }) {
  const bulk = useBulkChange()
  const [closing, setClosing] = useState(false)
  const [assigning, setAssigning] = useState(false)
  const numbers = incidents.map(({ number }) => number)
  const change = (what: Parameters<typeof bulk.mutate>[0]['change']) =>
    bulk.mutate({ numbers, change: what }, { onSuccess: done })
  return (
    <div className={styles.bulk} role="toolbar" aria-label="Change the chosen incidents">
      <b>{plural(numbers.length, 'incident')} chosen</b>
      <Menu>
        <Menu.Target>
          <Button variant="default" rightSection={<Icon name="down" size={12} />} loading={bulk.isPending}>
            Status
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => change({ status: 'New' })}>New</Menu.Item>
          <Menu.Item onClick={() => change({ status: 'Active' })}>Active</Menu.Item>
          <Menu.Item onClick={() => setClosing(true)}>Closed…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Menu>
        <Menu.Target>
          <Button variant="default" rightSection={<Icon name="down" size={12} />}>
            Severity
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {SEVERITIES.map((severity) => (
            <Menu.Item key={severity} onClick={() => change({ severity })}>
              <SeverityMark severity={severity} />
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Button variant="default" onClick={() => setAssigning(true)}>
        Owner…
      </Button>
      <Button variant="subtle" color="gray" onClick={done}>
        Choose none
      </Button>
      <CloseDialog
        opened={closing}
        close={() => setClosing(false)}
        title={`Close ${plural(numbers.length, 'incident')}`}
        submit={(how) => change({ status: 'Closed', ...how })}
      />
      <OwnerDialog
        opened={assigning}
        close={() => setAssigning(false)}
        submit={(owner) => change({ owner })}
      />
    </div>
  )
}

function ViewMenu({ search, open }: { search: ListSearch; open: (search: ListSearch) => void }) {
  const { views, save, remove } = useViews('incidents')
  const mayRespond = useMay('respond')
  const [naming, setNaming] = useState(false)
  const [name, setName] = useState('')
  const saved = views.map((view) => ({ ...view, search: readSearch(view.search) }))
  const current = [...BUILT_IN, ...saved].find((view) => isSameView(view.search, search))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({ name: name.trim(), search: writeSearch(search) })
    setNaming(false)
  }
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<Icon name="star" size={14} />}
            rightSection={<Icon name="down" size={12} />}
          >
            {current?.name ?? 'Own filters'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Views</Menu.Label>
          {BUILT_IN.map((view) => (
            <Menu.Item key={view.name} onClick={() => open(view.search)}>
              {view.name}
            </Menu.Item>
          ))}
          {saved.length > 0 && <Menu.Label>Saved</Menu.Label>}
          {saved.map((view) => (
            <Menu.Item
              key={view.id}
              onClick={() => open(view.search)}
              rightSection={
                <span
                  title="Delete the view"
                  onClick={(event) => {
                    event.stopPropagation()
                    remove.mutate(view.id)
                  }}
                >
                  <Icon name="trash" size={13} />
                </span>
              }
              onKeyDown={(event) => event.key === 'Delete' && remove.mutate(view.id)}
            >
              {view.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item
            leftSection={<Icon name="save" size={14} />}
            onClick={() => {
              setName('')
              setNaming(true)
            }}
            disabled={current !== undefined || !mayRespond}
          >
            Save these filters…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={naming}
        onClose={() => setNaming(false)}
        title="Save these filters"
        size="sm"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <form onSubmit={submit} className={styles.form}>
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Button type="submit" disabled={name.trim() === ''}>
            Save
          </Button>
        </form>
      </Modal>
    </>
  )
}
