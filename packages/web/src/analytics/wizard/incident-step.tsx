import { MultiSelect, Radio, Switch } from '@mantine/core'
import { Panel } from '../../design/panel'
import type { Grouping } from './draft'
import { DurationInput } from './duration-input'
import { ENTITY_TYPES } from './entity-types'
import type { StepProps } from './step'
import styles from './steps.module.css'

export function IncidentStep({ draft, set }: StepProps) {
  const { createIncident, groupingConfiguration: grouping } = draft.incidentConfiguration
  const setGrouping = (change: Partial<Grouping>) =>
    set({ incidentConfiguration: { createIncident, groupingConfiguration: { ...grouping, ...change } } })
  const details = Object.keys(draft.customDetails)
  return (
    <div className={styles.form}>
      <Panel title="Incidents">
        <Switch
          label="Open incidents from the alerts of this rule"
          checked={createIncident}
          onChange={(event) =>
            set({
              incidentConfiguration: {
                createIncident: event.currentTarget.checked,
                groupingConfiguration: grouping,
              },
            })
          }
        />
      </Panel>
      <Panel title="Alert grouping">
        <div className={styles.stack}>
          <Switch
            label="Put related alerts of this rule into one incident"
            disabled={!createIncident}
            checked={grouping.enabled}
            onChange={(event) => setGrouping({ enabled: event.currentTarget.checked })}
          />
          {grouping.enabled && createIncident && (
            <>
              <DurationInput
                label="Limit the group to alerts within"
                value={grouping.lookbackDuration}
                onChange={(lookbackDuration) => setGrouping({ lookbackDuration })}
              />
              <Radio.Group
                label="Alerts are related when"
                value={grouping.matchingMethod}
                onChange={(value) => setGrouping({ matchingMethod: value as Grouping['matchingMethod'] })}
              >
                <div className={styles.stack} style={{ gap: 6, marginTop: 6 }}>
                  <Radio value="AllEntities" label="all their entities are the same" />
                  <Radio value="AnyAlert" label="they come from this rule" />
                  <Radio value="Selected" label="what is chosen here is the same" />
                </div>
              </Radio.Group>
              {grouping.matchingMethod === 'Selected' && (
                <>
                  <MultiSelect
                    label="Entities"
                    data={Object.keys(ENTITY_TYPES)}
                    value={[...grouping.groupByEntities]}
                    onChange={(groupByEntities) => setGrouping({ groupByEntities })}
                  />
                  <MultiSelect
                    label="Alert details"
                    data={['DisplayName', 'Severity']}
                    value={[...(grouping.groupByAlertDetails ?? [])]}
                    onChange={(groupByAlertDetails) => setGrouping({ groupByAlertDetails })}
                  />
                  {details.length > 0 && (
                    <MultiSelect
                      label="Custom details"
                      data={details}
                      value={[...(grouping.groupByCustomDetails ?? [])]}
                      onChange={(groupByCustomDetails) => setGrouping({ groupByCustomDetails })}
                    />
                  )}
                </>
              )}
              <Switch
                label="Open a closed incident again when another related alert comes"
                checked={grouping.reopenClosedIncident}
                onChange={(event) => setGrouping({ reopenClosedIncident: event.currentTarget.checked })}
              />
            </>
          )}
        </div>
      </Panel>
    </div>
  )
}
