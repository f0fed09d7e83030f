/** The alerts of an incident, each with the rows that made it. */
import type { Alert } from '@auspex/detect'
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type Incident, useAlertRows } from '../api/incidents'
import { count, plural } from '../design/format'
import { HrefLink } from '../design/href-link'
import { logsHref } from '../design/hrefs'
import { Icon } from '../design/icons'
import { SeverityMark } from '../design/marks'
import { Empty, Failure, Waiting } from '../design/states'
import { Time } from '../design/time'
import { absoluteRange } from '../kql/time-range'
import styles from './alerts-tab.module.css'
import { RowsTable } from './rows-table'

/** So many alerts stand open from the start. */
const OPEN_FIRST = 2

export function AlertsTab({ incident, opened }: { incident: Incident; opened: string | undefined }) {
  if (incident.alerts.length === 0) {
    return (
      <Empty icon="incidents" title="No alert is in this incident">
        It was opened by hand.
      </Empty>
    )
  }
  return (
    <ul className={styles.list}>
      {incident.alerts.map((alert, i) => (
        <li key={alert.id}>
          <AlertPanel alert={alert} first={opened === undefined ? i < OPEN_FIRST : opened === alert.id} />
        </li>
      ))}
    </ul>
  )
}

function AlertPanel({ alert, first }: { alert: Alert; first: boolean }) {
  const [open, setOpen] = useState(first)
  const rows = useAlertRows(alert.id, open)
  const details = Object.entries(alert.customDetails)
  return (
    <section className={styles.alert}>
      <div className={styles.head}>
        <button type="button" className={styles.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name="chevron" size={13} style={{ transform: open ? 'rotate(90deg)' : undefined }} />
          <SeverityMark severity={alert.severity} short />
          <span className={styles.name}>{alert.displayName}</span>
        </button>
        <span className={styles.about}>
          {plural(alert.rowCount, 'row')} · <Time iso={alert.startTime} />
        </span>
      </div>
      {open && (
        <div className={styles.body}>
          <div className={styles.ways}>
            <Button
              component={HrefLink}
              href={logsHref(
                alert.query.trim(),
                absoluteRange(Date.parse(alert.queryStart), Date.parse(alert.queryEnd)),
              )}
              variant="default"
              size="compact-sm"
              leftSection={<Icon name="logs" size={13} />}
            >
              The query, over the time of this run
            </Button>
            <Button
              component={Link}
              to={`/analytics/rules/${alert.ruleId}`}
              variant="default"
              size="compact-sm"
              leftSection={<Icon name="analytics" size={13} />}
            >
              {alert.ruleName}
            </Button>
            <span className={styles.window}>
              looked at <Time iso={alert.queryStart} /> – <Time iso={alert.queryEnd} />
            </span>
          </div>
          {details.length > 0 && (
            <dl className={styles.details}>
              {details.map(([key, values]) => (
                <div key={key}>
                  <dt>{key}</dt>
                  <dd className="fact">{values.join(', ')}</dd>
                </div>
              ))}
            </dl>
          )}
          {rows.isPending ? (
            <Waiting lines={3} />
          ) : rows.isError ? (
            <Failure error={rows.error} retry={() => void rows.refetch()} />
          ) : (
            <>
              <RowsTable {...rows.data} label={`Rows of ${alert.displayName}`} />
              {alert.rowCount > rows.data.rows.length && (
                <p className={styles.kept}>
                  The first {count(rows.data.rows.length)} of {plural(alert.rowCount, 'row')} are kept with
                  the alert.
                </p>
              )}
            </>
          )}
        </div>
      )}
    </section>
  )
}
