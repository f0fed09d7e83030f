/** What is looked for, what was found, and what nobody looks for. */
import { ActionIcon, Button, SegmentedControl } from '@mantine/core'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useRules } from '../api/rules'
import { count, plural } from '../design/format'
import { HrefLink } from '../design/href-link'
import { logsHref } from '../design/hrefs'
import { Icon } from '../design/icons'
import { SeverityMark } from '../design/marks'
import { PageHeader } from '../design/panel'
import { Failure, Waiting } from '../design/states'
import { KqlLink } from '../design/tile'
import type { Row } from '../kql/answer'
import { useKql } from '../kql/ask'
import { useTitle } from '../shell/title'
import { coverageOf, isCovered, type TechniqueCoverage } from './coverage'
import styles from './coverage-page.module.css'
import { AnalyticsTabs } from './tabs'

const route = getRouteApi('/analytics/coverage')

const ALERTS = `SecurityAlert
| mv-expand Technique = parse_json(Techniques) to typeof(string)
| where isnotempty(Technique)
| summarize Count = dcount(SystemAlertId) by Technique`

/** Events carry the techniques that the keys of the audit rules name. */
const EVENTS = `AuditEvent
| mv-expand Technique = Techniques to typeof(string)
| where isnotempty(Technique)
| summarize Count = count() by Technique`

const counts = (rows: readonly Row[] | undefined) =>
  new Map((rows ?? []).map((row) => [String(row.Technique), Number(row.Count)]))

export function CoveragePage() {
  useTitle('ATT&CK coverage')
  const { show = 'covered', technique: chosen } = route.useSearch()
  const navigate = useNavigate()
  const rules = useRules()
  const alerts = useKql(ALERTS)
  const events = useKql(EVENTS)
  const tactics = useMemo(
    () => coverageOf(rules.data?.items ?? [], counts(alerts.data), counts(events.data)),
    [alerts.data, events.data, rules.data],
  )
  const set = (change: { show?: string; technique?: string | undefined }) =>
    void navigate({
      to: '/analytics/coverage',
      search: { show, technique: chosen, ...change },
      replace: true,
    })
  const all = new Map(tactics.flatMap(({ techniques }) => techniques).map((each) => [each.id, each]))
  const covered = [...all.values()].filter(({ rules: found }) => found.length > 0).length
  const shown = chosen === undefined ? undefined : all.get(chosen)
  return (
    <div className={styles.page}>
      <div className={styles.top}>
        <PageHeader title="Analytics" />
        <AnalyticsTabs />
      </div>
      <div className={styles.bar}>
        <SegmentedControl
          aria-label="Which techniques are shown"
          value={show}
          onChange={(value) => set({ show: value })}
          data={[
            { value: 'covered', label: 'With rules, alerts or events' },
            { value: 'all', label: 'All techniques' },
            { value: 'gaps', label: 'Without a rule' },
          ]}
        />
        <span className={styles.legend}>
          <i data-kind="rule" /> rules look for it
          <i data-kind="fired" /> alerts named it
          <i data-kind="seen" /> audit rules record it
        </span>
        <span className={styles.summary} role="status">
          {rules.isSuccess && `${plural(covered, 'technique')} of ${count(all.size)} have a rule that is on`}
        </span>
        <KqlLink query={EVENTS} range="all" what="the events" />
      </div>
      {rules.isPending || alerts.isPending || events.isPending ? (
        <Waiting lines={14} />
      ) : rules.isError || alerts.isError || events.isError ? (
        <Failure error={rules.error ?? alerts.error ?? events.error} />
      ) : (
        <div className={styles.split}>
          <div
            className={styles.scroll}
            tabIndex={0}
            role="region"
            aria-label="Matrix of tactics and techniques"
          >
            <div className={styles.matrix}>
              {tactics.map(({ name, title, techniques }) => {
                const listed = techniques.filter((each) =>
                  show === 'all' ? true : show === 'gaps' ? each.rules.length === 0 : isCovered(each),
                )
                if (listed.length === 0) return null
                return (
                  <section key={name} className={styles.tactic}>
                    <h2 className={styles.tacticTitle}>
                      {title}
                      <span>
                        {techniques.filter(({ rules: found }) => found.length > 0).length}/{techniques.length}
                      </span>
                    </h2>
                    <ul className={styles.techniques}>
                      {listed.map((each) => (
                        <li key={each.id}>
                          <Cell
                            technique={each}
                            chosen={each.id === chosen}
                            choose={() => set({ technique: each.id === chosen ? undefined : each.id })}
                          />
                        </li>
                      ))}
                    </ul>
                  </section>
                )
              })}
            </div>
          </div>
          {shown && <Detail technique={shown} close={() => set({ technique: undefined })} />}
        </div>
      )}
    </div>
  )
}

function Cell({
  technique,
  chosen,
  choose,
}: {
  technique: TechniqueCoverage
  chosen: boolean
  choose: () => void
}) {
  const { id, name, rules, alerts, events } = technique
  const words = [
    plural(rules.length, 'rule'),
    ...(alerts > 0 ? [plural(alerts, 'alert')] : []),
    ...(events > 0 ? [plural(events, 'event')] : []),
  ].join(', ')
  return (
    <button
      type="button"
      className={styles.cell}
      data-rule={rules.length > 0 || undefined}
      aria-pressed={chosen}
      title={`${id} ${name}: ${words}`}
      onClick={choose}
    >
      <span className={styles.cellName}>{name}</span>
      <span className={styles.cellFoot}>
        <span className={styles.cellId}>{id}</span>
        {rules.length > 0 && <span className={styles.badge}>{rules.length}</span>}
        {alerts > 0 && (
          <span className={styles.badge} data-kind="fired">
            {count(alerts)}
          </span>
        )}
        {events > 0 && <span className={styles.seen} />}
        <span className="visually-hidden">{words}</span>
      </span>
    </button>
  )
}

function Detail({ technique, close }: { technique: TechniqueCoverage; close: () => void }) {
  const { id, name, rules, alerts, events, parts } = technique
  const touched = parts.filter((part) => part.rules + part.alerts + part.events > 0)
  const query = `AuditEvent\n| where tostring(Techniques) has "${id}"\n| project TimeGenerated, Computer, AuditUser, EffectiveUser, Category, Action, CommandLine, Techniques`
  return (
    <aside className={styles.detail} aria-label={`Technique ${id}`}>
      <div className={styles.detailBar}>
        <h2>
          <code>{id}</code> {name}
        </h2>
        <ActionIcon aria-label="Close" onClick={close}>
          <Icon name="close" />
        </ActionIcon>
      </div>
      <div className={styles.detailBody}>
        <div className={styles.ways}>
          <Button
            component={HrefLink}
            href={`/incidents?technique=${id}&status=all`}
            variant="default"
            size="compact-sm"
            leftSection={<Icon name="incidents" size={13} />}
          >
            {plural(alerts, 'alert')}
          </Button>
          <Button
            component={HrefLink}
            href={logsHref(query)}
            variant="default"
            size="compact-sm"
            leftSection={<Icon name="logs" size={13} />}
          >
            {plural(events, 'event')}
          </Button>
          <Button
            component="a"
            href={`https://attack.mitre.org/techniques/${id}/`}
            target="_blank"
            rel="noreferrer"
            variant="default"
            size="compact-sm"
            leftSection={<Icon name="external" size={13} />}
          >
            ATT&CK
          </Button>
        </div>
        <h3 className={styles.detailTitle}>Rules that look for it</h3>
        {rules.length === 0 ? (
          <p className={styles.none}>No rule that is on looks for it.</p>
        ) : (
          <ul className={styles.rules}>
            {rules.map((rule) => (
              <li key={rule.id}>
                <SeverityMark severity={rule.severity} short />
                <Link to="/analytics/rules/$id" params={{ id: rule.id }}>
                  {rule.name}
                </Link>
              </li>
            ))}
          </ul>
        )}
        {touched.length > 0 && (
          <>
            <h3 className={styles.detailTitle}>Its parts</h3>
            <table className={styles.parts}>
              <thead>
                <tr>
                  <th scope="col">Sub-technique</th>
                  <th scope="col">Rules</th>
                  <th scope="col">Alerts</th>
                  <th scope="col">Events</th>
                </tr>
              </thead>
              <tbody>
                {touched.map((part) => (
                  <tr key={part.id}>
                    <td>
                      <code>{part.id.replace(/.*\./, '.')}</code> {part.name}
                    </td>
                    <td>{count(part.rules)}</td>
                    <td>{count(part.alerts)}</td>
                    <td>{count(part.events)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )}
      </div>
    </aside>
  )
}
