/** How things stand: what is open, what happens, who does it, and whether the log is whole. */
import { Button } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { BarList } from '../design/bar-list'
import { bucketsOver, fill, spanLiteral } from '../design/buckets'
import { count, plural, relative } from '../design/format'
import { Histogram } from '../design/histogram'
import { HrefLink } from '../design/href-link'
import { logsHref } from '../design/hrefs'
import { Icon } from '../design/icons'
import { SEVERITIES, SeverityMark, StatusMark, Who } from '../design/marks'
import { Page, PageHeader } from '../design/panel'
import { Empty } from '../design/states'
import { Tile } from '../design/tile'
import { Time, useNow } from '../design/time'
import { TimePicker } from '../design/time-picker'
import type { Row } from '../kql/answer'
import { useKql } from '../kql/ask'
import { techniqueName } from '../kql/techniques'
import { stringLiteral } from '../kql/text'
import { absoluteRange, labelOf, PRESETS, parseRange } from '../kql/time-range'
import { useTitle } from '../shell/title'
import styles from './page.module.css'
import {
  COMMANDS,
  eventsOverTime,
  HOSTS,
  LOSS,
  NEWEST,
  OPEN_INCIDENTS,
  PEOPLE,
  RECENT_INCIDENTS,
  TECHNIQUES,
} from './questions'

const route = getRouteApi('/')
const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value))

export function OverviewPage() {
  useTitle('Overview')
  const { t } = route.useSearch()
  const navigate = useNavigate()
  const newest = useKql(NEWEST)
  const bounds = { newest: text(newest.data?.[0]?.Newest), oldest: text(newest.data?.[0]?.Oldest) }
  const range = t ?? rangeThatHolds(bounds.newest)
  const setRange = (next: string) => void navigate({ to: '/', search: { t: next } })

  if (newest.isSuccess && bounds.newest === '') return <NothingYet />
  return (
    <Page>
      <PageHeader title="Overview" actions={<TimePicker value={range} onChange={setRange} />}>
        {bounds.newest !== '' && (
          <>
            Newest event <Time iso={bounds.newest} as="ago" />
          </>
        )}
      </PageHeader>
      <div className={styles.grid}>
        <OpenIncidents />
        <RecentIncidents />
        <Events range={range} oldest={bounds.oldest} onRange={setRange} newest={bounds.newest} />
        <Hosts range={range} />
        <People range={range} />
        <Commands range={range} />
        <Techniques range={range} />
        <Loss range={range} />
      </div>
    </Page>
  )
}

/** The shortest of the offered times that has an event in it: an overview of nothing helps nobody. */
function rangeThatHolds(newest: string): string {
  const age = Date.now() - Date.parse(newest)
  const fits = PRESETS.find(({ id }) => {
    const range = parseRange(id, Date.now())
    return id === '24h' || id === '7d' || id === '30d' || id === '90d'
      ? range?.from !== undefined && age < Date.now() - range.from
      : id === 'all'
  })
  return newest === '' ? '24h' : (fits?.id ?? 'all')
}

function NothingYet() {
  return (
    <Page>
      <PageHeader title="Overview" />
      <Empty icon="logs" title="No event has been stored yet">
        <p>
          Follow this host: <code>auspex up</code> as root, on a host with auditd.
        </p>
        <p>
          Read a log that you have: <code>auspex import audit.log --computer web-1</code>
        </p>
        <p>
          Set a host up: <code>auspex host check</code> says what is missing.
        </p>
      </Empty>
    </Page>
  )
}

function OpenIncidents() {
  const rows = useKql(OPEN_INCIDENTS)
  return (
    <Tile
      title="Open incidents"
      query={OPEN_INCIDENTS}
      range="all"
      rows={rows}
      height={228}
      area="open"
      flush
    >
      {(found) => {
        const of = (severity: string, status?: string) =>
          found
            .filter((row) => row.Severity === severity && (status === undefined || row.Status === status))
            .reduce((sum, row) => sum + Number(row.Incidents), 0)
        return (
          <ul className={styles.severities}>
            {SEVERITIES.map((severity) => (
              <li key={severity}>
                <HrefLink
                  href={`/incidents?${new URLSearchParams({ severity, status: 'New,Active' })}`}
                  className={styles.severity}
                >
                  <span className={styles.figure} data-none={of(severity) === 0 || undefined}>
                    {count(of(severity))}
                  </span>
                  <SeverityMark severity={severity} />
                  <span className={styles.split}>
                    {count(of(severity, 'New'))} new, {count(of(severity, 'Active'))} active
                  </span>
                </HrefLink>
              </li>
            ))}
          </ul>
        )
      }}
    </Tile>
  )
}

function RecentIncidents() {
  const rows = useKql(RECENT_INCIDENTS)
  return (
    <Tile
      title="Look at these first"
      query={RECENT_INCIDENTS}
      range="all"
      rows={rows}
      height={228}
      area="recent"
      flush
      actions={
        <Button component={HrefLink} href="/incidents" variant="subtle" size="compact-sm">
          All incidents
        </Button>
      }
    >
      {(found) =>
        found.length === 0 ? (
          <Empty icon="check" title="Nothing is open">
            No enabled rule has found anything that is not closed.
          </Empty>
        ) : (
          <ul>
            {found.map((row) => (
              <li key={text(row.IncidentNumber)}>
                <HrefLink href={`/incidents/${row.IncidentNumber}`} className={styles.incident}>
                  <SeverityMark severity={text(row.Severity)} short />
                  <span className={styles.incidentTitle}>{text(row.Title)}</span>
                  <StatusMark status={text(row.Status)} />
                  <span className={styles.when}>
                    <Time iso={text(row.LastActivityTime)} as="ago" />
                  </span>
                </HrefLink>
              </li>
            ))}
          </ul>
        )
      }
    </Tile>
  )
}

const BARS = 72
const KINDS = [
  { name: 'other', color: 'chart-7', label: 'other' },
  { name: 'as root', color: 'root', label: 'a person as root' },
  { name: 'failed', color: 'chart-3', label: 'failed' },
] as const

function Events({
  range,
  oldest,
  newest,
  onRange,
}: {
  range: string
  oldest: string
  newest: string
  onRange: (range: string) => void
}) {
  // Over all time, the bars begin with the first event.
  const buckets = useMemo(() => {
    const now = Date.now()
    const { from = Date.parse(oldest) || now - 86_400_000, to = Date.parse(newest) || now } =
      parseRange(range, now) ?? {}
    return bucketsOver(from, to, BARS)
  }, [newest, oldest, range])
  const query = eventsOverTime(spanLiteral(buckets.step))
  const rows = useKql(query, range)
  return (
    <Tile
      title="Events over time"
      query={`${query}\n| render columnchart`}
      range={range}
      rows={rows}
      height={188}
      area="events"
      actions={
        <span className={styles.legend}>
          {KINDS.map(({ name, color, label }) => (
            <span key={name}>
              <i style={{ background: `var(--${color})` }} /> {label}
            </span>
          ))}
        </span>
      }
    >
      {(found) =>
        found.length === 0 ? (
          <Empty icon="clock" title={`No event in this time: ${labelOf(range)}`}>
            {newest !== '' && <>The newest is {relative(newest, Date.now())}.</>}
          </Empty>
        ) : (
          <Histogram
            label="Events over time"
            height={180}
            from={buckets.from}
            step={buckets.step}
            series={KINDS.map(({ name, color, label }) => ({
              name: label,
              color,
              values: fill(
                buckets,
                found
                  .filter((row) => row.Kind === name)
                  .map((row) => [Date.parse(text(row.TimeGenerated)), Number(row.Events)] as const),
              ),
            }))}
            onSelect={(from, to) => onRange(absoluteRange(from, to))}
          />
        )
      }
    </Tile>
  )
}

/** Longer than that without a word, and a host counts as silent. */
const SILENT_MS = 15 * 60_000

function Hosts({ range }: { range: string }) {
  const rows = useKql(HOSTS, range)
  const now = useNow()
  return (
    <Tile title="Hosts" query={HOSTS} range={range} rows={rows} height={188} area="hosts" flush>
      {(found) =>
        found.length === 0 ? (
          <Empty icon="hosts" title="No host has sent anything in this time" />
        ) : (
          <ul>
            {found.map((row) => {
              const silent = now - Date.parse(text(row.LastSeen)) > SILENT_MS
              return (
                <li key={text(row.Computer)}>
                  <HrefLink href={`/hosts/${encodeURIComponent(text(row.Computer))}`} className={styles.host}>
                    <span className={styles.dot} data-silent={silent || undefined} />
                    <span className={styles.hostName}>{text(row.Computer)}</span>
                    <span className={styles.when}>
                      {silent ? 'silent, last ' : ''}
                      <Time iso={text(row.LastSeen)} as="ago" />
                    </span>
                    <span className={styles.events}>{count(Number(row.Events))}</span>
                  </HrefLink>
                </li>
              )
            })}
          </ul>
        )
      }
    </Tile>
  )
}

const byPerson = (name: string) => `AuditEvent\n| where AuditUser == ${stringLiteral(name)}`

function People({ range }: { range: string }) {
  const rows = useKql(PEOPLE, range)
  return (
    <Tile
      title="People, and their events as root"
      query={PEOPLE}
      range={range}
      rows={rows}
      height={230}
      area="people"
      flush
    >
      {(found) =>
        found.length === 0 ? (
          <Empty icon="user" title="Nobody was logged in in this time" />
        ) : (
          <BarList
            bars={found.map((row) => ({
              key: text(row.AuditUser),
              label: <Who name={text(row.AuditUser)} />,
              value: Number(row.Events),
              part: Number(row.AsRoot),
              hint: `${plural(Number(row.AsRoot), 'event')} as root, on ${plural(Number(row.Hosts), 'host')}`,
              href: logsHref(byPerson(text(row.AuditUser)), range),
            }))}
          />
        )
      }
    </Tile>
  )
}

function Commands({ range }: { range: string }) {
  const rows = useKql(COMMANDS, range)
  return (
    <Tile
      title="Programs that people ran"
      query={COMMANDS}
      range={range}
      rows={rows}
      height={230}
      area="commands"
      flush
    >
      {(found) =>
        found.length === 0 ? (
          <Empty icon="process" title="No program was run by a person in this time" />
        ) : (
          <BarList
            bars={found.map((row) => ({
              key: text(row.ProcessName),
              label: <code>{text(row.ProcessName)}</code>,
              value: Number(row.Runs),
              part: Number(row.AsRoot),
              hint: `${plural(Number(row.AsRoot), 'run')} as root`,
              href: logsHref(
                `AuditEvent\n| where Category == "process" and ProcessName == ${stringLiteral(text(row.ProcessName))} and AuditUser !in ("", "unset")\n| project TimeGenerated, Computer, AuditUser, EffectiveUser, CommandLine, WorkingDirectory, Result`,
                range,
              ),
            }))}
          />
        )
      }
    </Tile>
  )
}

function Techniques({ range }: { range: string }) {
  const rows = useKql(TECHNIQUES, range)
  return (
    <Tile
      title="Techniques in alerts"
      query={TECHNIQUES}
      range={range}
      rows={rows}
      height={230}
      area="techniques"
      flush
    >
      {(found) =>
        found.length === 0 ? (
          <Empty icon="shield" title="No alert in this time" />
        ) : (
          <BarList
            bars={found.map((row) => ({
              key: text(row.Technique),
              label: (
                <>
                  <code>{text(row.Technique)}</code> {techniqueName(text(row.Technique))}
                </>
              ),
              value: Number(row.Alerts),
              hint: techniqueName(text(row.Technique)),
              href: `/incidents?${new URLSearchParams({ technique: text(row.Technique) })}`,
            }))}
          />
        )
      }
    </Tile>
  )
}

const LOSSES: Readonly<Record<string, string>> = {
  UNPARSED: 'lines that are no records',
  DAEMON_ABORT: 'auditd ended on an error',
  DAEMON_ERR: 'auditd reported an error',
  DAEMON_END: 'auditd was stopped',
  DAEMON_START: 'auditd was started',
  CONFIG_CHANGE: 'auditing was switched or its limits changed',
}

function Loss({ range }: { range: string }) {
  const rows = useKql(LOSS, range)
  return (
    <Tile
      title="Gaps and interruptions"
      query={LOSS}
      range={range}
      rows={rows}
      height={230}
      area="loss"
      flush
    >
      {(found: readonly Row[]) =>
        found.length === 0 ? (
          <Empty icon="check" title="No sign of a gap">
            auditd was neither stopped nor overrun, and every line could be read.
          </Empty>
        ) : (
          <ul>
            {found.map((row) => (
              <li key={`${row.Computer}${row.RecordType_s}`}>
                <HrefLink
                  href={logsHref(
                    `LinuxAuditLog_CL\n| where Computer == ${stringLiteral(text(row.Computer))} and RecordType_s == ${stringLiteral(text(row.RecordType_s))}\n| project TimeGenerated, Computer, RecordType_s, RawData`,
                    range,
                  )}
                  className={styles.loss}
                >
                  <Icon name="warning" size={14} style={{ color: 'var(--warn)' }} />
                  <span className={styles.lossText}>
                    <b>{text(row.Computer)}</b> {LOSSES[text(row.RecordType_s)] ?? text(row.RecordType_s)}
                  </span>
                  <span className={styles.when}>
                    <Time iso={text(row.Latest)} as="ago" />
                  </span>
                  <span className={styles.events}>{count(Number(row.Records))}</span>
                </HrefLink>
              </li>
            ))}
          </ul>
        )
      }
    </Tile>
  )
}
