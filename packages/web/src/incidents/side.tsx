/** The facts of an incident, its entities, labels and tasks. */
import type { Entity } from '@auspex/detect'
import { ActionIcon, Button, Checkbox, Menu, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { type Incident, useIncidentChange, useTasks } from '../api/incidents'
import { copyText } from '../design/clipboard'
import { duration } from '../design/format'
import { HrefLink } from '../design/href-link'
import { logsHref } from '../design/hrefs'
import { Icon } from '../design/icons'
import { Chip } from '../design/marks'
import { FactRow, Facts, Panel } from '../design/panel'
import { Time } from '../design/time'
import { techniqueName } from '../kql/techniques'
import { stringLiteral } from '../kql/text'
import { absoluteRange } from '../kql/time-range'
import { EntityMark, entityName } from './entities'
import { Playbooks } from './playbooks'
import styles from './side.module.css'

const WORDS: Readonly<Record<string, string>> = {
  TruePositive: 'True positive',
  BenignPositive: 'Benign positive',
  FalsePositive: 'False positive',
  Undetermined: 'Undetermined',
  SuspiciousActivity: 'suspicious activity',
  SuspiciousButExpected: 'suspicious but expected',
  IncorrectAlertLogic: 'incorrect alert logic',
  InaccurateData: 'inaccurate data',
}

export function Side({ incident }: { incident: Incident }) {
  const { sla } = incident
  return (
    <div className={styles.side}>
      <Panel title="Facts">
        <Facts>
          <FactRow name="Owner">
            {incident.owner?.name ?? <span className={styles.soft}>nobody</span>}
          </FactRow>
          <FactRow name="Opened">
            <Time iso={incident.createdTime} />
          </FactRow>
          {incident.status !== 'Closed' && sla.acknowledgeBy !== null && sla.acknowledgedTime === null && (
            <FactRow name="Take on by">
              <Due by={sla.acknowledgeBy} late={sla.isAcknowledgeLate} />
            </FactRow>
          )}
          {incident.status !== 'Closed' && sla.closeBy !== null && (
            <FactRow name="Close by">
              <Due by={sla.closeBy} late={sla.isCloseLate} />
            </FactRow>
          )}
          {incident.closedTime !== null && (
            <FactRow name="Closed">
              <Time iso={incident.closedTime} />
              {sla.secondsToClose !== null && (
                <span className={styles.soft}> after {duration(sla.secondsToClose * 1000)}</span>
              )}
            </FactRow>
          )}
          {incident.classification !== null && (
            <FactRow name="Turned out">
              {WORDS[incident.classification]}
              {incident.classificationReason !== null && (
                <span className={styles.soft}>, {WORDS[incident.classificationReason]}</span>
              )}
              {incident.classificationComment && (
                <div className={styles.quote}>{incident.classificationComment}</div>
              )}
            </FactRow>
          )}
          <FactRow name="Tactics">
            {incident.tactics.map((name) => name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ')).join(', ')}
          </FactRow>
          <FactRow name="Techniques">
            {incident.techniques.map((id) => (
              <div key={id}>
                <Link to="/incidents" search={{ technique: id, status: 'all' }}>
                  <code>{id}</code>
                </Link>{' '}
                {techniqueName(id)}
              </div>
            ))}
          </FactRow>
        </Facts>
      </Panel>
      <Entities incident={incident} />
      <Tasks incident={incident} />
      <Playbooks incident={incident} />
      <Labels incident={incident} />
    </div>
  )
}

function Due({ by, late }: { by: string; late: boolean }) {
  return (
    <span className={late ? styles.late : undefined}>
      <Time iso={by} as="ago" />
      {late && ' · overdue'}
    </span>
  )
}

const HOUR = 3_600_000

/** KQL that looks around an entity, an hour to each side of the incident. */
function questionAbout(entity: Entity): string | undefined {
  const name = stringLiteral(entityName(entity))
  const host = entity.host === undefined ? '' : `\n| where Computer =~ ${stringLiteral(entity.host)}`
  switch (entity.type) {
    case 'Account':
      return `AuditEvent${host}\n| where AuditUser == ${name} or EffectiveUser == ${name}\n| project TimeGenerated, Computer, AuditUser, EffectiveUser, Category, Action, CommandLine, Result`
    case 'Host':
      return `AuditEvent\n| where Computer =~ ${name}\n| project TimeGenerated, AuditUser, EffectiveUser, Category, Action, CommandLine, Result`
    case 'IP':
      return `AuditEvent${host}\n| where SourceAddress == ${name} or DestinationAddress == ${name}`
    case 'Process':
      return `AuditEvent${host}\n| where CommandLine == ${name}`
    case 'File':
      return `AuditEvent${host}\n| where tostring(Files) has ${name} or CommandLine has ${name}`
    default:
      return undefined
  }
}

const ORDER = ['Account', 'Host', 'IP', 'Process', 'File']
const rank = ({ type }: Entity) => (ORDER.indexOf(type) + ORDER.length + 1) % (ORDER.length + 1)

function Entities({ incident }: { incident: Incident }) {
  const range = absoluteRange(
    Date.parse(incident.firstActivityTime) - HOUR,
    Date.parse(incident.lastActivityTime) + HOUR,
  )
  const sorted = [...incident.entities].sort((a, b) => rank(a) - rank(b))
  return (
    <Panel title="Entities" flush>
      <ul className={styles.entities}>
        {sorted.map((entity) => {
          const name = entityName(entity)
          const query = questionAbout(entity)
          return (
            <li key={`${entity.type}${name}${entity.host ?? ''}`} className={styles.entity} title={name}>
              <EntityMark entity={entity} />
              <Menu position="bottom-end">
                <Menu.Target>
                  <ActionIcon size={22} aria-label={`More about ${name}`}>
                    <Icon name="dots" size={15} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  {query !== undefined && (
                    <Menu.Item
                      component={HrefLink}
                      href={logsHref(query, range)}
                      leftSection={<Icon name="logs" size={14} />}
                    >
                      What happened around it
                    </Menu.Item>
                  )}
                  <Menu.Item
                    component={HrefLink}
                    href={`/incidents?${new URLSearchParams({ entity: Object.values(entity.identifiers)[0] ?? '', status: 'all' })}`}
                    leftSection={<Icon name="incidents" size={14} />}
                  >
                    Incidents about it
                  </Menu.Item>
                  <Menu.Item leftSection={<Icon name="copy" size={14} />} onClick={() => void copyText(name)}>
                    Copy
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}

function Tasks({ incident }: { incident: Incident }) {
  const { add, set, remove } = useTasks(incident.number)
  const [title, setTitle] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (title.trim() !== '') add.mutate(title.trim(), { onSuccess: () => setTitle('') })
  }
  return (
    <Panel title="Tasks">
      <ul className={styles.tasks}>
        {incident.tasks.map(({ id, title: name, description, status }) => (
          <li key={id} className={styles.task}>
            <Checkbox
              label={name}
              description={description || undefined}
              checked={status === 'Completed'}
              onChange={(event) => set.mutate({ id, done: event.currentTarget.checked })}
            />
            <ActionIcon
              size={20}
              className={styles.remove}
              aria-label={`Delete the task ${name}`}
              onClick={() => remove.mutate(id)}
            >
              <Icon name="trash" size={13} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <form onSubmit={submit} className={styles.add}>
        <TextInput
          aria-label="New task"
          placeholder="New task"
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={title.trim() === ''}>
          Add
        </Button>
      </form>
    </Panel>
  )
}

function Labels({ incident }: { incident: Incident }) {
  const change = useIncidentChange(incident)
  const [name, setName] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '') change.mutate({ addLabels: [name.trim()] }, { onSuccess: () => setName('') })
  }
  return (
    <Panel title="Labels">
      {incident.labels.length > 0 && (
        <ul className={styles.labels}>
          {incident.labels.map(({ name: label }) => (
            <li key={label}>
              <Chip>
                {label}
                <button
                  type="button"
                  className={styles.unlabel}
                  aria-label={`Remove the label ${label}`}
                  onClick={() => change.mutate({ removeLabels: [label] })}
                >
                  <Icon name="close" size={10} />
                </button>
              </Chip>
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={submit} className={styles.add}>
        <TextInput
          aria-label="New label"
          placeholder="New label"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={name.trim() === ''}>
          Add
        </Button>
      </form>
    </Panel>
  )
}
