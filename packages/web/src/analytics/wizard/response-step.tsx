import { Panel } from '../../design/panel'
import type { Draft } from './draft'
import styles from './steps.module.css'

export function ResponseStep({ draft }: { draft: Draft }) {
  return (
    <div className={styles.form}>
      <Panel title="Automated response">
        <p className={styles.note}>
          {draft.incidentConfiguration.createIncident
            ? 'Automation rules apply to the incidents of this rule as to all others: they assign, tag, close, and run playbooks.'
            : 'The rule opens no incidents, so that no automation rule of incidents applies to it.'}
        </p>
      </Panel>
    </div>
  )
}
