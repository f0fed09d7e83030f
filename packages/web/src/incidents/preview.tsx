/** An incident beside the list: enough to decide whether to open it. */
import { ActionIcon, Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { IncidentSummary } from '../api/incidents'
import { plural } from '../design/format'
import { Icon } from '../design/icons'
import { SeverityMark, StatusMark } from '../design/marks'
import { FactRow, Facts } from '../design/panel'
import { Time } from '../design/time'
import { techniqueName } from '../kql/techniques'
import { EntityMark, entityName } from './entities'
import styles from './preview.module.css'

const SHOWN = 14

export function Preview({ incident, close }: { incident: IncidentSummary; close: () => void }) {
  const { number, title, severity, status, description, entities, techniques } = incident
  return (
    <aside className={styles.preview} aria-label={`Incident ${number}`}>
      <div className={styles.bar}>
        <SeverityMark severity={severity} />
        <StatusMark status={status} />
        <ActionIcon aria-label="Close the preview" onClick={close} ml="auto">
          <Icon name="close" />
        </ActionIcon>
      </div>
      <div className={styles.body}>
        <h2 className={styles.title}>
          #{number} {title}
        </h2>
        <p className={styles.description}>{description.replace(/\n(?!\n)/g, ' ')}</p>
        <Facts>
          <FactRow name="Owner">{incident.owner?.name ?? 'nobody'}</FactRow>
          <FactRow name="Activity">
            <Time iso={incident.firstActivityTime} />
            {incident.lastActivityTime !== incident.firstActivityTime && (
              <>
                {' – '}
                <Time iso={incident.lastActivityTime} />
              </>
            )}
          </FactRow>
          <FactRow name="Evidence">
            {plural(incident.alertCount, 'alert')}, {plural(incident.rowCount, 'row')},{' '}
            {plural(incident.commentCount, 'comment')}
          </FactRow>
          <FactRow name="Techniques">
            {techniques.map((id) => (
              <div key={id}>
                <code>{id}</code> {techniqueName(id)}
              </div>
            ))}
          </FactRow>
        </Facts>
        <ul className={styles.entities}>
          {entities.slice(0, SHOWN).map((entity) => (
            <li key={`${entity.type}${entityName(entity)}${entity.host ?? ''}`}>
              <EntityMark entity={entity} />
            </li>
          ))}
          {entities.length > SHOWN && <li>and {plural(entities.length - SHOWN, 'more')}</li>}
        </ul>
      </div>
      <div className={styles.foot}>
        <Button component={Link} to={`/incidents/${number}`} fullWidth>
          Open the incident
        </Button>
      </div>
    </aside>
  )
}
