/** The hosts that records come from: whether their agents are heard of, what was lost, what is wrong with their auditing. */
import { useState } from 'react'
import { type HostRecord, useHosts } from '../api/hosts'
import { DataTable, type TableColumn } from '../design/data-table'
import { bytes, count, plural } from '../design/format'
import { HrefLink } from '../design/href-link'
import { logsHref } from '../design/hrefs'
import { PageHeader, Panel } from '../design/panel'
import { Empty, Failure, Waiting } from '../design/states'
import { Time } from '../design/time'
import { useTitle } from '../shell/title'
import styles from './page.module.css'

const COLUMNS: readonly TableColumn<HostRecord>[] = [
  { id: 'host', header: 'Host', cell: ({ Computer }) => <span className={styles.name}>{Computer}</span> },
  {
    id: 'state',
    header: 'Agent',
    width: 110,
    cell: ({ State }) => <span data-state={State}>{State}</span>,
  },
  {
    id: 'heard',
    header: 'Heard',
    width: 110,
    cell: ({ LastHeartbeat }) => (LastHeartbeat === null ? '' : <Time iso={LastHeartbeat} as="ago" />),
  },
  {
    id: 'event',
    header: 'Last event',
    width: 130,
    cell: ({ LastEvent }) => (LastEvent === null ? '' : <Time iso={LastEvent} as="ago" />),
  },
  { id: 'events', header: 'Events', width: 90, right: true, cell: ({ Events }) => count(Events ?? 0) },
  {
    id: 'users',
    header: 'People',
    width: 80,
    right: true,
    from: 850,
    cell: ({ Users }) => count(Users ?? 0),
  },
  {
    id: 'waiting',
    header: 'Waiting',
    width: 90,
    right: true,
    from: 1000,
    cell: ({ SpoolBytes }) => (SpoolBytes === null ? '' : bytes(SpoolBytes)),
  },
  {
    id: 'lost',
    header: 'Lost',
    width: 80,
    right: true,
    cell: ({ KernelLost }) => (KernelLost === null ? '' : count(KernelLost)),
  },
  {
    id: 'findings',
    header: 'Findings',
    width: 90,
    right: true,
    from: 700,
    cell: ({ Findings }) => (Findings === null ? '' : count(Findings.length)),
  },
]

const keyOf = ({ Computer }: HostRecord) => Computer

export function HostsPage() {
  useTitle('Hosts')
  const hosts = useHosts()
  const [chosen, setChosen] = useState<string | undefined>()
  const host = hosts.data?.find(({ Computer }) => Computer === chosen)
  return (
    <div className={styles.page}>
      <PageHeader title="Hosts">
        {hosts.data === undefined ? '' : plural(hosts.data.length, 'host')} that records or heartbeats came
        from
      </PageHeader>
      {hosts.isPending ? (
        <Waiting lines={6} label="Loading the hosts" />
      ) : hosts.isError ? (
        <Failure
          error={hosts.error}
          title="The hosts could not be loaded"
          retry={() => void hosts.refetch()}
        />
      ) : hosts.data.length === 0 ? (
        <Empty title="No host yet">
          auspex up follows the log of its own host; auspex agent sends the log of another one here.
        </Empty>
      ) : (
        <div className={styles.columns}>
          <Panel flush>
            <DataTable
              label="Hosts"
              columns={COLUMNS}
              rows={hosts.data}
              rowKey={keyOf}
              shown={chosen}
              onShow={(row) => setChosen(row.Computer)}
            />
          </Panel>
          {host !== undefined && <Facts host={host} />}
        </div>
      )}
    </div>
  )
}

function Facts({ host }: { host: HostRecord }) {
  const events = `AuditEvent | where Computer == ${JSON.stringify(host.Computer)}`
  const facts: readonly (readonly [string, string])[] = [
    ['Agent', host.Version],
    ['System', host.OSName],
    ['Lag', host.LagSeconds === null ? '' : `${host.LagSeconds.toFixed(1)} s`],
    ['Records', host.RecordsPerSecond === null ? '' : `${host.RecordsPerSecond.toFixed(1)} a second`],
    ['Waiting', host.SpoolMessages === null ? '' : plural(host.SpoolMessages, 'message')],
    [
      'Kernel queue',
      host.KernelBacklog === null ? '' : `${host.KernelBacklog} of ${host.KernelBacklogLimit}`,
    ],
    ['Lost by the kernel', host.KernelLost === null ? '' : count(host.KernelLost)],
    ['Missing serials', host.MissingRecords === null ? '' : count(host.MissingRecords)],
    ['Rules loaded', host.RulesLoaded === null ? '' : count(host.RulesLoaded)],
  ]
  return (
    <Panel title={host.Computer}>
      <p className={styles.links}>
        <HrefLink href={`/sessions?host=${encodeURIComponent(host.Computer)}`}>Its sessions</HrefLink>
        <HrefLink href={logsHref(events)}>Its events</HrefLink>
      </p>
      <dl className={styles.facts}>
        {facts
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {host.Findings === null ? (
        <p className={styles.hint}>No agent tells of its auditing. On the host: auspex host check.</p>
      ) : (
        <>
          <h3 className={styles.heading}>{plural(host.Findings.length, 'finding')} of host check</h3>
          <ul className={styles.findings}>
            {host.Findings.map(({ id, severity, title }) => (
              <li key={id} data-severity={severity}>
                <b>{id}</b> {title}
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  )
}
