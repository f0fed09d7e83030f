/** One incident: what was found, who and what it is about, what was done about it, and what is left to do. */
import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiError } from '../api/client'
import { type Incident, useIncident, useIncidentChange } from '../api/incidents'
import { copyText } from '../design/clipboard'
import { plural } from '../design/format'
import { Icon } from '../design/icons'
import { PersonAs, SEVERITIES, SeverityMark, StatusMark } from '../design/marks'
import { Failure, Waiting } from '../design/states'
import { Time } from '../design/time'
import { useShortcuts } from '../shell/shortcuts'
import { useTitle } from '../shell/title'
import { ActivityTab } from './activity-tab'
import { AlertsTab } from './alerts-tab'
import { CloseDialog } from './close-dialog'
import { namesOf, peopleOf } from './entities'
import { GraphTab } from './graph/graph-tab'
import styles from './incident-page.module.css'
import { OwnerDialog } from './owner-dialog'
import { Side } from './side'
import { TimelineTab } from './timeline-tab'

const route = getRouteApi('/incidents/$number')

const TABS = [
  { id: 'alerts', label: 'Evidence', of: (incident: Incident) => plural(incident.alertCount, 'alert') },
  { id: 'graph', label: 'Graph', of: () => '' },
  { id: 'timeline', label: 'Timeline', of: () => '' },
  { id: 'activity', label: 'Activity', of: ({ commentCount }: Incident) => plural(commentCount, 'comment') },
] as const

export function IncidentPage() {
  const { number } = route.useParams()
  const incident = useIncident(Number(number))
  useTitle(incident.data ? `#${number} ${incident.data.title}` : `Incident ${number}`)
  if (incident.isPending) return <Waiting lines={12} label="Loading the incident" />
  if (incident.isError) {
    const missing = incident.error instanceof ApiError && incident.error.status === 404
    return (
      <Failure
        error={incident.error}
        title={missing ? `There is no incident ${number}` : 'The incident could not be loaded'}
        retry={() => void incident.refetch()}
      />
    )
  }
  return <Loaded incident={incident.data} />
}

function Loaded({ incident }: { incident: Incident }) {
  const { number, title, severity, status, description } = incident
  const { tab = 'alerts', alert } = route.useSearch()
  const navigate = useNavigate()
  const change = useIncidentChange(incident)
  const [closing, setClosing] = useState(false)
  const [assigning, setAssigning] = useState(false)
  const [person, as] = peopleOf(incident.entities)
  const hosts = namesOf(incident.entities, 'Host')

  const show = (next: string) =>
    void navigate({
      to: '/incidents/$number',
      params: { number: String(number) },
      search: { tab: next },
      replace: true,
    })
  useShortcuts([
    ...TABS.map(({ id, label }, i) => ({
      keys: String(i + 1),
      label,
      group: 'Incident',
      run: () => show(id),
    })),
    { keys: 'a', label: 'Assign', group: 'Incident', run: () => setAssigning(true) },
    {
      keys: 'c',
      label: status === 'Closed' ? 'Open again' : 'Close',
      group: 'Incident',
      run: () => (status === 'Closed' ? change.mutate({ status: 'Active' }) : setClosing(true)),
    },
  ])

  return (
    <div className={styles.page}>
      <header className={styles.top}>
        <div className={styles.crumbs}>
          <Link to="/incidents">Incidents</Link>
          <span aria-hidden="true">/</span>
          <span>#{number}</span>
        </div>
        <div className={styles.head}>
          <h1 className={styles.title}>{title}</h1>
          <div className={styles.actions}>
            <Menu>
              <Menu.Target>
                <Button
                  variant="default"
                  rightSection={<Icon name="down" size={12} />}
                  aria-label={`Severity: ${severity}`}
                >
                  <SeverityMark severity={severity} />
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {SEVERITIES.map((each) => (
                  <Menu.Item key={each} onClick={() => change.mutate({ severity: each })}>
                    <SeverityMark severity={each} />
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
            <Menu>
              <Menu.Target>
                <Button
                  variant="default"
                  rightSection={<Icon name="down" size={12} />}
                  aria-label={`Status: ${status}`}
                >
                  <StatusMark status={status} />
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {(['New', 'Active'] as const).map((each) => (
                  <Menu.Item key={each} onClick={() => change.mutate({ status: each })}>
                    <StatusMark status={each} />
                  </Menu.Item>
                ))}
                <Menu.Item onClick={() => setClosing(true)}>
                  <StatusMark status="Closed" />
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
            <Button
              variant="default"
              leftSection={<Icon name="user" size={14} />}
              onClick={() => setAssigning(true)}
            >
              {incident.owner?.name ?? 'Assign'}
            </Button>
            {status === 'Closed' ? (
              <Button variant="default" onClick={() => change.mutate({ status: 'Active' })}>
                Open again
              </Button>
            ) : (
              <Button onClick={() => setClosing(true)}>Close…</Button>
            )}
            <Tooltip label="Copy a link to this incident">
              <ActionIcon
                aria-label="Copy a link to this incident"
                onClick={() => void copyText(location.href)}
              >
                <Icon name="link" />
              </ActionIcon>
            </Tooltip>
          </div>
        </div>
        <p className={styles.summary}>
          {person !== undefined && <PersonAs person={person} as={as} />}
          {hosts.length > 0 && (
            <span>
              on <span className="fact">{hosts.join(', ')}</span>
            </span>
          )}
          <span>
            <Time iso={incident.firstActivityTime} as="full" />
            {incident.lastActivityTime !== incident.firstActivityTime && (
              <>
                {' – '}
                <Time iso={incident.lastActivityTime} as="full" />
              </>
            )}
          </span>
        </p>
        <nav className={styles.tabs} aria-label="Parts of the incident">
          {TABS.map(({ id, label, of }) => (
            <Link
              key={id}
              to="/incidents/$number"
              params={{ number: String(number) }}
              search={{ tab: id }}
              replace
              className={styles.tab}
              data-active={tab === id || undefined}
              aria-current={tab === id ? 'page' : undefined}
            >
              {label}
              <span className={styles.tabCount}>{of(incident)}</span>
            </Link>
          ))}
        </nav>
      </header>
      <div className={styles.columns} data-whole={tab === 'graph' || undefined}>
        <div className={styles.mainColumn}>
          {tab === 'graph' ? (
            <GraphTab number={number} />
          ) : tab === 'timeline' ? (
            <TimelineTab incident={incident} />
          ) : tab === 'activity' ? (
            <ActivityTab incident={incident} />
          ) : (
            <>
              {description !== '' && (
                <p className={styles.description}>{description.replace(/\n(?!\n|[-*])/g, ' ')}</p>
              )}
              <AlertsTab incident={incident} opened={alert} />
            </>
          )}
        </div>
        {tab !== 'graph' && <Side incident={incident} />}
      </div>
      <CloseDialog
        opened={closing}
        close={() => setClosing(false)}
        title={`Close incident ${number}`}
        submit={(how) => change.mutate({ status: 'Closed', ...how })}
      />
      <OwnerDialog
        opened={assigning}
        close={() => setAssigning(false)}
        current={incident.owner?.name}
        submit={(owner) => change.mutate({ owner })}
      />
    </div>
  )
}
