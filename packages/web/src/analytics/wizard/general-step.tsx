import { TACTICS, TECHNIQUES, tacticNames } from '@auspex/attack'
import { MultiSelect, Select, Switch, Textarea, TextInput } from '@mantine/core'
import { useMemo } from 'react'
import { SEVERITIES } from '../../design/marks'
import { Panel } from '../../design/panel'
import type { StepProps } from './step'
import styles from './steps.module.css'

const ALL_TACTICS = TACTICS.map(({ name, title }) => ({ value: name, label: title }))

export function GeneralStep({ draft, set }: StepProps) {
  // Techniques of the chosen tactics first: what the rule names must belong to one of them.
  const techniques = useMemo(() => {
    const of = (chosen: boolean) =>
      [...TECHNIQUES.values()]
        .filter((technique) => tacticNames(technique).some((name) => draft.tactics.includes(name)) === chosen)
        .map(({ id, name }) => ({ value: id, label: `${id} ${name}` }))
    const fitting = of(true)
    const known = new Set([...TECHNIQUES.keys()])
    const unknown = draft.relevantTechniques
      .filter((id) => !known.has(id))
      .map((id) => ({ value: id, label: id }))
    return fitting.length === 0
      ? [...of(false), ...unknown]
      : [
          { group: 'Of the chosen tactics', items: fitting },
          { group: 'Others', items: [...of(false), ...unknown] },
        ]
  }, [draft.relevantTechniques, draft.tactics])
  return (
    <Panel title="General">
      <div className={styles.form}>
        <TextInput
          label="Name"
          description="What the incidents of this rule are called, unless the alert's name is made of its columns"
          withAsterisk
          maxLength={256}
          value={draft.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
          data-autofocus
        />
        <Textarea
          label="Description"
          description="What it finds, and which harmless things look the same"
          autosize
          minRows={4}
          maxRows={14}
          maxLength={5000}
          value={draft.description}
          onChange={(event) => set({ description: event.currentTarget.value })}
        />
        <Select
          label="Severity"
          w={220}
          data={[...SEVERITIES]}
          value={draft.severity}
          allowDeselect={false}
          onChange={(severity) => set({ severity: severity ?? 'Medium' })}
        />
        <MultiSelect
          label="Tactics"
          data={ALL_TACTICS}
          value={[...draft.tactics]}
          onChange={(tactics) => set({ tactics })}
          searchable
          hidePickedOptions
        />
        <MultiSelect
          label="Techniques"
          data={techniques}
          value={[...draft.relevantTechniques]}
          onChange={(relevantTechniques) => set({ relevantTechniques })}
          searchable
          hidePickedOptions
          limit={60}
        />
        <Switch
          label="The rule is on as soon as it is saved"
          checked={draft.enabled}
          onChange={(event) => set({ enabled: event.currentTarget.checked })}
        />
      </div>
    </Panel>
  )
}
