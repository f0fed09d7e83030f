import type { Finding } from '@auspex/detect'
import { Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { plural } from '../../design/format'
import { Icon } from '../../design/icons'
import { SeverityMark } from '../../design/marks'
import { FactRow, Facts, Panel } from '../../design/panel'
import { Failure, Waiting } from '../../design/states'
import { OPERATOR_WORDS, spaced } from '../rule-words'
import { type Draft, readYaml } from './draft'
import type { StepProps } from './step'
import styles from './steps.module.css'

const TextView = lazy(() => import('../../logs/editor/text-view'))

export function ReviewStep({
  draft,
  set,
  yaml,
  findings,
  isNew,
}: StepProps & { yaml: string; findings: UseQueryResult<readonly Finding[]>; isNew: boolean }) {
  const grouping = draft.incidentConfiguration.groupingConfiguration
  return (
    <div className={styles.wide}>
      <div className={styles.column}>
        <Validation findings={findings} incomplete={draft.name.trim() === '' || draft.query.trim() === ''} />
        <YamlPanel yaml={yaml} findings={findings.data ?? []} set={set} />
      </div>
      <Panel title={isNew ? 'The new rule' : 'The rule'}>
        <Facts>
          <FactRow name="Name">{draft.name}</FactRow>
          <FactRow name="Severity">
            <SeverityMark severity={draft.severity} />
          </FactRow>
          <FactRow name="Tactics">{draft.tactics.map(spaced).join(', ')}</FactRow>
          <FactRow name="Techniques">
            <span className="fact">{draft.relevantTechniques.join(' ')}</span>
          </FactRow>
          <FactRow name="Runs">
            {draft.kind === 'NRT'
              ? 'at once, as rows arrive'
              : `every ${draft.queryFrequency} over the last ${draft.queryPeriod}`}
          </FactRow>
          {draft.kind === 'Scheduled' && (
            <FactRow name="Alerts when">
              the number of rows {OPERATOR_WORDS[draft.triggerOperator]} {draft.triggerThreshold}
            </FactRow>
          )}
          <FactRow name="Makes">
            {draft.eventGroupingSettings.aggregationKind === 'SingleAlert'
              ? 'a single alert a run'
              : 'an alert a row'}
            {draft.suppressionEnabled && `, then rests for ${draft.suppressionDuration}`}
          </FactRow>
          <FactRow name="Entities">
            {draft.entityMappings.map(({ entityType }) => entityType).join(', ') || 'none are mapped'}
          </FactRow>
          <FactRow name="Incidents">
            {!draft.incidentConfiguration.createIncident
              ? 'none'
              : grouping.enabled
                ? `alerts within ${grouping.lookbackDuration} together`
                : 'one an alert'}
          </FactRow>
          <FactRow name="State">{draft.enabled ? 'on' : 'off'}</FactRow>
        </Facts>
      </Panel>
    </div>
  )
}

function Validation({
  findings,
  incomplete,
}: {
  findings: UseQueryResult<readonly Finding[]>
  incomplete: boolean
}) {
  if (incomplete) {
    return (
      <Panel title="Validation">
        <p className={styles.note}>A rule needs a name and a query before it can be checked.</p>
      </Panel>
    )
  }
  if (findings.isPending) return <Waiting lines={2} label="The rule is checked" />
  if (findings.isError)
    return (
      <Failure
        error={findings.error}
        title="The rule could not be checked"
        retry={() => void findings.refetch()}
      />
    )
  const errors = findings.data.filter(({ severity }) => severity === 'error').length
  return (
    <Panel flush>
      <p className={styles.passed} role="status" style={errors > 0 ? { color: 'var(--bad)' } : undefined}>
        <Icon name={errors > 0 ? 'error' : 'check'} />
        {errors > 0
          ? plural(errors, 'mistake')
          : findings.data.length === 0
            ? 'Validation passed'
            : `Validation passed, with ${plural(findings.data.length, 'remark')}`}
      </p>
      {findings.data.length > 0 && (
        <ul className={styles.findings}>
          {findings.data.map(({ line, column, message, severity, check }) => (
            <li key={`${line}:${column}:${message}`} className={styles.finding} data-severity={severity}>
              <Icon name={severity === 'error' ? 'error' : 'warning'} size={14} />
              <span>
                <span className="fact">
                  {line}:{column}
                </span>{' '}
                {message} <span className={styles.note}>{check}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

/** The file as it will be saved; who rather writes it, writes it here. */
function YamlPanel({
  yaml,
  findings,
  set,
}: {
  yaml: string
  findings: readonly Finding[]
  set: (change: Partial<Draft>) => void
}) {
  const [text, setText] = useState<string>()
  const read = text === undefined ? undefined : readYaml(text)
  const wrong = read && 'message' in read ? read : undefined
  return (
    <Panel
      title="YAML"
      flush
      actions={
        text === undefined ? (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<Icon name="edit" size={13} />}
            onClick={() => setText(yaml)}
          >
            Edit as YAML
          </Button>
        ) : (
          <>
            {wrong && (
              <span role="alert" style={{ color: 'var(--bad)' }}>
                line {wrong.line}: {wrong.message}
              </span>
            )}
            <Button variant="default" size="compact-sm" onClick={() => setText(undefined)}>
              Leave as it was
            </Button>
            <Button
              size="compact-sm"
              disabled={wrong !== undefined}
              onClick={() => {
                if (read && !('message' in read)) set(read)
                setText(undefined)
              }}
            >
              Use it
            </Button>
          </>
        )
      }
    >
      <div className={`${styles.editor} ${styles.tall}`}>
        <Suspense fallback={<pre className={styles.plain}>{text ?? yaml}</pre>}>
          {text === undefined ? (
            <TextView key="read" text={yaml} language="yaml" label="The rule as YAML" findings={findings} />
          ) : (
            <TextView
              key="write"
              text={text}
              language="yaml"
              label="The rule as YAML, to be edited"
              onChange={setText}
            />
          )}
        </Suspense>
      </div>
    </Panel>
  )
}
