/** What was found and what was done, in the order of time. */
import { Link } from '@tanstack/react-router'
import { type Incident, useActivity } from '../api/incidents'
import { plural, timeParts } from '../design/format'
import { Icon, type IconName } from '../design/icons'
import { SeverityMark } from '../design/marks'
import { Panel } from '../design/panel'
import { Failure, Waiting } from '../design/states'
import { Time } from '../design/time'
import { useZone } from '../design/zone'
import { ACTOR_ICONS, changeText } from './activity-text'
import styles from './timeline-tab.module.css'

interface Moment {
  readonly key: string
  readonly time: string
  readonly icon: IconName
  readonly found: boolean
  readonly what: React.ReactNode
}

export function TimelineTab({ incident }: { incident: Incident }) {
  const activity = useActivity(incident.number)
  const zone = useZone()
  if (activity.isPending) return <Waiting lines={8} />
  if (activity.isError) return <Failure error={activity.error} retry={() => void activity.refetch()} />
  const moments: Moment[] = [
    ...incident.alerts.map((alert) => ({
      key: alert.id,
      time: alert.startTime,
      icon: 'incidents' as const,
      found: true,
      what: (
        <>
          <SeverityMark severity={alert.severity} short />{' '}
          <Link
            to="/incidents/$number"
            params={{ number: String(incident.number) }}
            search={{ tab: 'alerts', alert: alert.id }}
          >
            {alert.displayName}
          </Link>
          <span className={styles.soft}>
            {' '}
            {plural(alert.rowCount, 'row')}
            {alert.endTime !== alert.startTime && (
              <>
                {' until '}
                <Time iso={alert.endTime} as="clock" />
              </>
            )}
          </span>
        </>
      ),
    })),
    ...activity.data
      .filter(({ change }) => !(change.kind === 'added' && change.what === 'alert'))
      .map((entry) => ({
        key: `a${entry.id}`,
        time: entry.time,
        icon: ACTOR_ICONS[entry.actor.kind],
        found: false,
        what: (
          <span className={styles.soft}>
            <b>{entry.actor.name}</b> {changeText(entry)}
            {entry.change.kind === 'added' && entry.change.what === 'comment' && `: ${entry.change.value}`}
          </span>
        ),
      })),
  ].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
  let day = ''
  return (
    <Panel title="What was found and what was done">
      <ol className={styles.list}>
        {moments.map(({ key, time, icon, found, what }) => {
          const date = timeParts(time, zone)?.date ?? ''
          const heading = date === day ? undefined : date
          day = date
          return (
            <li key={key}>
              {heading && <h3 className={styles.day}>{heading}</h3>}
              <div className={styles.moment} data-found={found || undefined}>
                <span className={styles.time}>
                  <Time iso={time} as="clock" />
                </span>
                <span className={styles.icon}>
                  <Icon name={icon} size={13} />
                </span>
                <span className={styles.what}>{what}</span>
              </div>
            </li>
          )
        })}
      </ol>
    </Panel>
  )
}
