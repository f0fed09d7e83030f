/** Automation rules in the order in which they act, and the playbooks that they and people can run. */
import { ActionIcon, Switch } from '@mantine/core'
import { useState } from 'react'
import { type AutomationRule, useAutomationRules, useRemoveRule, useSwitchRule } from '../api/automation'
import { useMay } from '../api/me'
import { type Playbook, usePlaybooks } from '../api/playbooks'
import { DataTable, type TableColumn } from '../design/data-table'
import { plural } from '../design/format'
import { Icon } from '../design/icons'
import { Panel } from '../design/panel'
import { Empty, Failure, Waiting } from '../design/states'
import { Confirm } from './confirm'

const ACTION_WORDS: Readonly<Record<string, string>> = {
  ModifyProperties: 'change it',
  AddIncidentTask: 'add a task',
  RunPlaybook: 'run a playbook',
}

const PLAYBOOK_COLUMNS: readonly TableColumn<Playbook>[] = [
  { id: 'name', header: 'Playbook', cell: ({ name }) => name },
  { id: 'kind', header: 'Kind', width: 110, cell: ({ kind }) => kind },
  { id: 'description', header: 'For', cell: ({ description }) => description, from: 700 },
]

export function Automation() {
  const rules = useAutomationRules()
  const playbooks = usePlaybooks()
  const change = useSwitchRule()
  const remove = useRemoveRule()
  const may = useMay('contribute')
  const [leaving, setLeaving] = useState<AutomationRule | undefined>()
  if (rules.isPending || playbooks.isPending) return <Waiting lines={6} />
  if (rules.isError) return <Failure error={rules.error} retry={() => void rules.refetch()} />
  if (playbooks.isError) return <Failure error={playbooks.error} retry={() => void playbooks.refetch()} />
  const columns: readonly TableColumn<AutomationRule>[] = [
    { id: 'order', header: 'Order', width: 70, right: true, cell: ({ order }) => order },
    { id: 'name', header: 'Rule', cell: ({ displayName }) => displayName },
    {
      id: 'when',
      header: 'When',
      width: 160,
      from: 700,
      cell: ({ triggeringLogic: { triggersOn, triggersWhen, conditions } }) =>
        `${triggersOn} ${triggersWhen}${conditions.length === 0 ? '' : `, ${plural(conditions.length, 'condition')}`}`,
    },
    {
      id: 'does',
      header: 'Does',
      width: 200,
      cell: ({ actions }) =>
        actions.map(({ actionType }) => ACTION_WORDS[actionType] ?? actionType).join(', '),
    },
    {
      id: 'ran',
      header: 'Acted',
      width: 90,
      right: true,
      from: 850,
      cell: ({ ran, lastError }) => (lastError === null ? ran : <span title={lastError}>{ran}, failed</span>),
    },
    {
      id: 'on',
      header: 'On',
      width: 70,
      cell: (rule) => (
        <Switch
          aria-label={`${rule.displayName} is on`}
          checked={rule.triggeringLogic.isEnabled}
          disabled={!may || change.isPending}
          onChange={(event) => change.mutate({ rule, isEnabled: event.currentTarget.checked })}
        />
      ),
    },
    ...(may
      ? [
          {
            id: 'remove',
            header: '',
            width: 50,
            cell: (rule: AutomationRule) => (
              <ActionIcon aria-label={`Delete ${rule.displayName}`} onClick={() => setLeaving(rule)}>
                <Icon name="trash" size={14} />
              </ActionIcon>
            ),
          },
        ]
      : []),
  ]
  return (
    <>
      <Panel title="Automation rules" flush>
        {rules.data.length === 0 ? (
          <Empty title="No automation rule yet">
            They change, tag, assign and close incidents, add tasks and run playbooks.{' '}
            <span className="fact">auspex automation add FILE.yaml</span> makes one, in Sentinel's form.
          </Empty>
        ) : (
          <DataTable label="Automation rules" columns={columns} rows={rules.data} rowKey={({ id }) => id} />
        )}
      </Panel>
      <Panel title="Playbooks" flush>
        {playbooks.data.length === 0 ? (
          <Empty title="No playbook yet">
            A webhook, a program, mail, chat, or the investigation package.{' '}
            <span className="fact">auspex playbooks add FILE.yaml</span> makes one.
          </Empty>
        ) : (
          <DataTable
            label="Playbooks"
            columns={PLAYBOOK_COLUMNS}
            rows={playbooks.data}
            rowKey={({ id }) => id}
          />
        )}
      </Panel>
      <Confirm
        question={leaving === undefined ? undefined : `Delete "${leaving.displayName}"?`}
        text="It does nothing any more. What it did stays done."
        button="Delete"
        close={() => setLeaving(undefined)}
        confirm={() => leaving !== undefined && remove.mutate(leaving.id)}
      />
    </>
  )
}
