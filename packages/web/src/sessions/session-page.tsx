/** One session: a login from its first refused attempt to its end, as it was typed and as it really ran. */
import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { ApiError } from '../api/client'
import { type SessionFacts, type SessionRecord, useSession, useSessionList } from '../api/sessions'
import { copyText } from '../design/clipboard'
import { count, duration } from '../design/format'
import { HrefLink } from '../design/href-link'
import { logsHref } from '../design/hrefs'
import { Icon } from '../design/icons'
import { Chip, Who } from '../design/marks'
import { Failure, Waiting } from '../design/states'
import { Time } from '../design/time'
import { stringLiteral } from '../kql/text'
import { absoluteRange } from '../kql/time-range'
import { useShortcuts } from '../shell/shortcuts'
import { useTitle } from '../shell/title'
import { Detail } from './detail'
import { ConnectionsTab, FilesTab, PrivilegeTab } from './lists'
import { ProcessTab } from './process-tab'
import { RiskMark, RiskReasons } from './risk'
import { Scrubber } from './scrubber'
import styles from './session-page.module.css'
import { StoryTab } from './story-tab'
import { KEYS } from './words'

const route = getRouteApi('/sessions/$uid')

export function SessionPage() {
  const { uid } = route.useParams()
  const facts = useSession(uid)
  useTitle(facts.data ? `${facts.data.session.user} on ${facts.data.session.computer}` : 'Session')
  if (facts.isPending) return <Waiting lines={12} label="Loading the session" />
  if (facts.isError) {
    const missing = facts.error instanceof ApiError && facts.error.status === 404
    return (
      <Failure
        error={facts.error}
        title={missing ? 'There is no such session' : 'The session could not be loaded'}
        retry={() => void facts.refetch()}
      />
    )
  }
  return <Loaded facts={facts.data} />
}

const TABS = ['story', 'processes', 'files', 'connections', 'privileges'] as const

function Loaded({ facts }: { facts: SessionFacts }) {
  const { session } = facts
  const { uid } = session
  const { tab = 'story', sel, at: atText } = route.useSearch()
  const navigate = useNavigate()
  const timeline = useSessionList(uid, 'timeline')
  const lines = useSessionList(uid, 'lines')
  const commands = useSessionList(uid, 'commands')
  const [why, setWhy] = useState(false)

  const set = (change: { tab?: string; sel?: string | undefined; at?: string | undefined }) =>
    void navigate({
      to: '/sessions/$uid',
      params: { uid },
      search: { tab: tab === 'story' ? undefined : tab, sel, at: atText, ...change },
      replace: true,
    })
  const select = (id: string | undefined) => set({ sel: id })
  const at = atText === undefined ? undefined : Date.parse(atText)

  // The line is as long as what stands on it: refused logins come before the login.
  const [from, to] = useMemo(() => {
    const times = [
      session.start,
      session.end ?? session.lastActivity,
      ...timeline.items.map(({ time }) => time),
    ].map((time) => Date.parse(time))
    return [Math.min(...times), Math.max(...times)]
  }, [session, timeline.items])
  const lineMap = useMemo(() => new Map(lines.items.map((line) => [line.id, line])), [lines.items])
  const commandMap = useMemo(
    () => new Map(commands.items.map((command) => [command.id, command])),
    [commands.items],
  )

  useShortcuts([
    ...TABS.map((id, i) => ({
      keys: String(i + 1),
      label: `Tab: ${id}`,
      group: 'Session',
      run: () => set({ tab: id }),
    })),
    { keys: 'Escape', label: 'Close the details', group: 'Session', run: () => select(undefined) },
  ])
  const labels: Readonly<Record<(typeof TABS)[number], [string, string]>> = {
    story: ['Typed and ran', `${count(session.typedLines)} typed, ${count(session.commands)} ran`],
    processes: ['Processes', ''],
    files: ['Files', `${count(session.filesChanged)} changed, ${count(session.filesDeleted)} deleted`],
    connections: ['Network', count(session.connections)],
    privileges: ['Privileges', count(facts.changes.length)],
  }
  const everything = `AuditEvent
| where Computer == ${stringLiteral(session.computer)} and SessionId == ${session.session}
| project TimeGenerated, AuditUser, EffectiveUser, Category, Action, Result, CommandLine, Keystrokes, Files`

  return (
    <div className={styles.page}>
      <header className={styles.top}>
        <div className={styles.crumbs}>
          <Link to="/sessions">Sessions</Link>
          <span aria-hidden="true">/</span>
          <span>
            {session.computer}, session {session.session}
          </span>
        </div>
        <div className={styles.head}>
          <h1 className={styles.title}>
            <Who name={session.user} />
            {session.became.map((name) => (
              <span key={name} className={styles.became}>
                <span aria-hidden="true">→</span>
                <span className="visually-hidden">became</span>
                <Who name={name} />
              </span>
            ))}
            <span className={styles.on}>on</span> <span className={styles.host}>{session.computer}</span>
          </h1>
          <div className={styles.actions}>
            <button
              type="button"
              className={styles.riskButton}
              aria-expanded={why}
              onClick={() => setWhy(!why)}
            >
              <RiskMark risk={session.risk} words />
              <Icon name={why ? 'up' : 'down'} size={12} />
            </button>
            <Button
              component={HrefLink}
              href={logsHref(everything, absoluteRange(from - 1000, to + 1000))}
              variant="default"
              leftSection={<Icon name="logs" size={14} />}
            >
              All its events
            </Button>
            <Button
              component={HrefLink}
              href={`/analytics/new?${new URLSearchParams({ q: ruleOf(session) })}`}
              variant="default"
              leftSection={<Icon name="analytics" size={14} />}
            >
              New rule
            </Button>
            <Tooltip label="Copy a link to what is shown">
              <ActionIcon
                aria-label="Copy a link to what is shown"
                onClick={() => void copyText(location.href, 'Link copied')}
              >
                <Icon name="link" />
              </ActionIcon>
            </Tooltip>
          </div>
        </div>
        <p className={styles.facts}>
          <span>
            {session.method}
            {session.sourceAddress !== '' && (
              <>
                {' from '}
                <Link to="/sessions" search={{ address: session.sourceAddress }} className="fact">
                  {session.sourceAddress}
                </Link>
              </>
            )}
            {session.terminal !== '' && <span className="fact"> {session.terminal}</span>}
          </span>
          <span>
            {!session.startKnown && 'login not in the log, first event '}
            <Time iso={session.start} as="full" />
          </span>
          {session.end === null ? (
            <Chip tone="good">open</Chip>
          ) : (
            <span>
              {duration(Math.max(1, Date.parse(session.end) - Date.parse(session.start)))}, until the{' '}
              {session.endReason}
            </span>
          )}
          {session.failedBefore > 0 && (
            <span className={styles.warn}>{count(session.failedBefore)} refused before</span>
          )}
          <span className={session.keys === 'missing' ? styles.warn : undefined}>{KEYS[session.keys]}</span>
        </p>
        {!why && session.risk.reasons.length > 0 && (
          <button type="button" className={styles.reasons} onClick={() => setWhy(true)}>
            {session.risk.reasons.map(({ factor, points, text }) => (
              <span key={factor} className={styles.reason}>
                <b>{points}</b> {text}
              </span>
            ))}
          </button>
        )}
        {why && (
          <div className={styles.why}>
            <RiskReasons risk={session.risk} onEvidence={(id) => set({ tab: 'story', sel: id })} />
          </div>
        )}
      </header>
      <section className={styles.scrubber} aria-label="Timeline">
        {timeline.isPending ? (
          <Waiting height={120} lines={4} label="Loading the timeline" />
        ) : (
          <Scrubber
            timeline={timeline.items}
            from={from}
            to={to}
            at={at}
            onAt={(time) => set({ at: time === undefined ? undefined : new Date(time).toISOString() })}
          />
        )}
      </section>
      <nav className={styles.tabs} aria-label="Parts of the session">
        {TABS.map((id) => (
          <Link
            key={id}
            to="/sessions/$uid"
            params={{ uid }}
            search={{ tab: id === 'story' ? undefined : id, sel, at: atText }}
            replace
            className={styles.tab}
            data-active={tab === id || undefined}
            aria-current={tab === id ? 'page' : undefined}
          >
            {labels[id][0]}
            <span className={styles.tabCount}>{labels[id][1]}</span>
          </Link>
        ))}
      </nav>
      <div className={styles.split}>
        <div className={styles.content}>
          {tab === 'processes' ? (
            <ProcessTab uid={uid} selected={sel} select={select} />
          ) : tab === 'files' ? (
            <FilesTab session={session} />
          ) : tab === 'connections' ? (
            <ConnectionsTab session={session} />
          ) : tab === 'privileges' ? (
            <PrivilegeTab facts={facts} select={select} />
          ) : (
            <StoryTab
              timeline={timeline}
              lines={lineMap}
              commands={commandMap}
              isPending={lines.isPending || commands.isPending}
              error={timeline.error ?? lines.error ?? commands.error}
              selected={sel}
              select={select}
              at={at}
            />
          )}
        </div>
        {sel !== undefined && (
          <Detail
            key={sel}
            facts={facts}
            id={sel}
            line={lineMap.get(sel)}
            command={commandMap.get(sel)}
            commands={commandMap}
            select={select}
          />
        )}
      </div>
    </div>
  )
}

/** A rule to begin with: sessions of this user that did what this one did. */
function ruleOf({ user, becameRoot }: SessionRecord): string {
  const root = becameRoot ? ' and BecameRoot' : ''
  return `AuditSession\n| where AuditUser == ${JSON.stringify(user)}${root}\n| project TimeGenerated, Computer, AuditUser, SourceAddress, SessionUid, Became, RiskScore, RiskReasons`
}
