import {
  ActionIcon,
  Autocomplete,
  Button,
  NumberInput,
  Radio,
  SegmentedControl,
  Select,
  Switch,
  TextInput,
} from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useState } from 'react'
import { HrefLink } from '../../design/href-link'
import { logsHref } from '../../design/hrefs'
import { Icon } from '../../design/icons'
import { Panel } from '../../design/panel'
import { askAnswer } from '../../kql/ask'
import { withOperator } from '../../kql/text'
import { useSchema } from '../../logs/schema'
import { OPERATOR_WORDS } from '../rule-words'
import type { EntityMapping } from './draft'
import { DurationInput } from './duration-input'
import { ENTITY_TYPES, USUAL_COLUMNS } from './entity-types'
import { SimulationPanel } from './simulation-panel'
import type { StepProps } from './step'
import styles from './steps.module.css'

const KqlEditor = lazy(() => import('../../logs/editor/kql-editor'))

const ASK_AFTER_MS = 600

/** The columns that the query gives; the ones of before while it has a mistake. */
function useColumns(query: string): readonly string[] {
  const [settled, setSettled] = useState(query)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(query), ASK_AFTER_MS)
    return () => clearTimeout(timer)
  }, [query])
  const answer = useQuery({
    queryKey: ['columns', settled],
    queryFn: async ({ signal }) =>
      (await askAnswer(withOperator(settled, 'take 0'), { signal })).columns.map(({ name }) => name),
    enabled: settled.trim() !== '',
    placeholderData: (before) => before,
    staleTime: 60_000,
    retry: false,
  })
  return answer.data ?? []
}

export function LogicStep({ draft, set, yaml, name }: StepProps & { yaml: string; name: string }) {
  const schema = useSchema()
  const columns = useColumns(draft.query)
  const scheduled = draft.kind === 'Scheduled'
  const override = draft.alertDetailsOverride as {
    alertDisplayNameFormat?: string
    alertDescriptionFormat?: string
  }
  const setOverride = (key: string, value: string) => {
    const { [key]: _, ...rest } = draft.alertDetailsOverride
    set({ alertDetailsOverride: value === '' ? rest : { ...rest, [key]: value } })
  }
  return (
    <div className={styles.wide}>
      <div className={styles.column}>
        <Panel
          title="Rule query"
          flush
          actions={
            <Button
              component={HrefLink}
              href={logsHref(draft.query, '24h')}
              variant="default"
              size="compact-sm"
              leftSection={<Icon name="logs" size={13} />}
              disabled={draft.query.trim() === ''}
            >
              View its results
            </Button>
          }
        >
          <div className={styles.editor}>
            <Suspense fallback={<pre className={styles.plain}>{draft.query}</pre>}>
              <KqlEditor
                document={`rule-${name}`}
                value={draft.query}
                onChange={(query) => set({ query })}
                schema={schema.data}
                label="Query of the rule. Press Ctrl+M to let Tab leave the editor."
              />
            </Suspense>
          </div>
        </Panel>
        <Panel title="Map entities">
          <Entities
            mappings={draft.entityMappings}
            columns={columns}
            onChange={(entityMappings) => set({ entityMappings })}
          />
        </Panel>
        <Panel title="Alert details">
          <div className={styles.stack}>
            <TextInput
              label="Name of the alert"
              description="Columns stand in two braces: {{AuditUser}} became root on {{Computer}}. At most three."
              placeholder={draft.name}
              value={override.alertDisplayNameFormat ?? ''}
              onChange={(event) => setOverride('alertDisplayNameFormat', event.currentTarget.value)}
            />
            <TextInput
              label="Description of the alert"
              placeholder="As the rule's"
              value={override.alertDescriptionFormat ?? ''}
              onChange={(event) => setOverride('alertDescriptionFormat', event.currentTarget.value)}
            />
            <CustomDetails
              details={draft.customDetails}
              columns={columns}
              onChange={(customDetails) => set({ customDetails })}
            />
          </div>
        </Panel>
      </div>
      <div className={styles.column}>
        <Panel title="Schedule">
          <div className={styles.stack}>
            <SegmentedControl
              aria-label="Kind of rule"
              value={draft.kind}
              onChange={(kind) => set({ kind: kind as typeof draft.kind })}
              data={[
                { value: 'Scheduled', label: 'On a schedule' },
                { value: 'NRT', label: 'At once, as rows arrive' },
              ]}
            />
            {scheduled && (
              <>
                <DurationInput
                  label="Run the query every"
                  value={draft.queryFrequency}
                  onChange={(queryFrequency) => set({ queryFrequency })}
                />
                <DurationInput
                  label="Look at the data of the last"
                  value={draft.queryPeriod}
                  onChange={(queryPeriod) => set({ queryPeriod })}
                />
                <div className={styles.row}>
                  <Select
                    label="Raise an alert when the number of rows"
                    w={200}
                    data={['gt', 'lt', 'eq', 'ne'].map((value) => ({ value, label: OPERATOR_WORDS[value]! }))}
                    value={SHORT[draft.triggerOperator] ?? draft.triggerOperator}
                    allowDeselect={false}
                    onChange={(triggerOperator) => set({ triggerOperator: triggerOperator ?? 'gt' })}
                  />
                  <NumberInput
                    aria-label="Threshold"
                    w={90}
                    min={0}
                    max={10_000}
                    value={draft.triggerThreshold}
                    onChange={(value) => set({ triggerThreshold: Number(value) || 0 })}
                  />
                </div>
              </>
            )}
          </div>
        </Panel>
        <SimulationPanel draft={draft} yaml={yaml} />
        <Panel title="Alerts">
          <div className={styles.stack}>
            <Radio.Group
              label="The rows of one run"
              value={draft.eventGroupingSettings.aggregationKind}
              onChange={(kind) =>
                set({ eventGroupingSettings: { aggregationKind: kind as 'SingleAlert' | 'AlertPerResult' } })
              }
            >
              <div className={styles.stack} style={{ gap: 6, marginTop: 6 }}>
                <Radio value="SingleAlert" label="make a single alert" />
                <Radio value="AlertPerResult" label="make an alert each" />
              </div>
            </Radio.Group>
            <Switch
              label="After an alert, stop running for a while"
              checked={draft.suppressionEnabled}
              onChange={(event) => set({ suppressionEnabled: event.currentTarget.checked })}
            />
            {draft.suppressionEnabled && (
              <DurationInput
                label="For"
                value={draft.suppressionDuration}
                onChange={(suppressionDuration) => set({ suppressionDuration })}
              />
            )}
          </div>
        </Panel>
      </div>
    </div>
  )
}

const SHORT: Readonly<Record<string, string>> = {
  GreaterThan: 'gt',
  LessThan: 'lt',
  Equal: 'eq',
  NotEqual: 'ne',
}
const MOST_MAPPINGS = 10
const MOST_FIELDS = 3

function Entities({
  mappings,
  columns,
  onChange,
}: {
  mappings: readonly EntityMapping[]
  columns: readonly string[]
  onChange: (mappings: readonly EntityMapping[]) => void
}) {
  const put = (at: number, mapping: EntityMapping | undefined) =>
    onChange(mappings.flatMap((each, i) => (i === at ? (mapping ? [mapping] : []) : [each])))
  const add = () => {
    const missing =
      ['Account', 'Host', 'Process', 'File', 'IP'].find(
        (type) => !mappings.some(({ entityType }) => entityType === type),
      ) ?? 'Account'
    onChange([...mappings, mappingOf(missing, columns)])
  }
  return (
    <div className={styles.stack}>
      <p className={styles.note}>
        Who and what an alert is about. Entities make the investigation graph, group alerts into incidents,
        and are what automation rules and playbooks get.
      </p>
      {mappings.map((mapping, at) => (
        <div key={at} className={styles.mapping}>
          <div className={styles.row}>
            <Select
              label="Entity"
              w={150}
              data={Object.keys(ENTITY_TYPES)}
              value={mapping.entityType}
              allowDeselect={false}
              searchable
              onChange={(type) => put(at, mappingOf(type ?? 'Account', columns))}
            />
            <div className={styles.stack} style={{ gap: 4, flex: 1 }}>
              {mapping.fieldMappings.map((field, i) => {
                const setField = (change: Partial<typeof field>) =>
                  put(at, {
                    ...mapping,
                    fieldMappings: mapping.fieldMappings.map((each, n) =>
                      n === i ? { ...each, ...change } : each,
                    ),
                  })
                return (
                  <div key={i} className={styles.row} style={{ flexWrap: 'nowrap' }}>
                    <Select
                      label={i === 0 ? 'Identifier' : undefined}
                      aria-label="Identifier"
                      w={140}
                      data={[...new Set([...(ENTITY_TYPES[mapping.entityType] ?? []), field.identifier])]}
                      value={field.identifier}
                      allowDeselect={false}
                      onChange={(identifier) => setField({ identifier: identifier ?? '' })}
                    />
                    <Autocomplete
                      label={i === 0 ? 'Column' : undefined}
                      aria-label="Column"
                      style={{ flex: 1 }}
                      data={[...columns]}
                      limit={200}
                      value={field.columnName}
                      error={
                        columns.length > 0 && field.columnName !== '' && !columns.includes(field.columnName)
                      }
                      onChange={(columnName) => setField({ columnName })}
                    />
                    <ActionIcon
                      aria-label="Remove the identifier"
                      disabled={mapping.fieldMappings.length === 1}
                      onClick={() =>
                        put(at, {
                          ...mapping,
                          fieldMappings: mapping.fieldMappings.filter((_, n) => n !== i),
                        })
                      }
                    >
                      <Icon name="close" size={13} />
                    </ActionIcon>
                  </div>
                )
              })}
            </div>
          </div>
          <div className={styles.row} style={{ marginTop: 6 }}>
            <Button
              variant="subtle"
              size="compact-xs"
              disabled={mapping.fieldMappings.length >= MOST_FIELDS}
              onClick={() => {
                const free = (ENTITY_TYPES[mapping.entityType] ?? []).find(
                  (identifier) => !mapping.fieldMappings.some((field) => field.identifier === identifier),
                )
                put(at, {
                  ...mapping,
                  fieldMappings: [...mapping.fieldMappings, { identifier: free ?? 'Name', columnName: '' }],
                })
              }}
            >
              Add an identifier
            </Button>
            <Button variant="subtle" color="gray" size="compact-xs" onClick={() => put(at, undefined)}>
              Remove the entity
            </Button>
          </div>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<Icon name="plus" size={13} />}
          disabled={mappings.length >= MOST_MAPPINGS}
          onClick={add}
        >
          Add an entity
        </Button>
      </div>
    </div>
  )
}

/** A mapping of this type onto the first column that usually holds it. */
function mappingOf(type: string, columns: readonly string[]): EntityMapping {
  for (const identifier of ENTITY_TYPES[type] ?? []) {
    const column = USUAL_COLUMNS[`${type}.${identifier}`]?.find((name) => columns.includes(name))
    if (column) return { entityType: type, fieldMappings: [{ identifier, columnName: column }] }
  }
  return {
    entityType: type,
    fieldMappings: [{ identifier: ENTITY_TYPES[type]?.[0] ?? 'Name', columnName: '' }],
  }
}

function CustomDetails({
  details,
  columns,
  onChange,
}: {
  details: Readonly<Record<string, string>>
  columns: readonly string[]
  onChange: (details: Readonly<Record<string, string>>) => void
}) {
  const entries = Object.entries(details)
  const put = (at: number, entry: readonly [string, string] | undefined) =>
    onChange(Object.fromEntries(entries.flatMap((each, i) => (i === at ? (entry ? [entry] : []) : [each]))))
  return (
    <div className={styles.stack} style={{ gap: 6 }}>
      <p className={styles.note}>Custom details: values of columns that stand on the alert itself.</p>
      {entries.map(([key, column], at) => (
        <div key={at} className={styles.row} style={{ flexWrap: 'nowrap' }}>
          <TextInput
            aria-label="Name of the detail"
            w={150}
            value={key}
            onChange={(event) => put(at, [event.currentTarget.value, column])}
          />
          <Autocomplete
            aria-label="Column of the detail"
            style={{ flex: 1 }}
            data={[...columns]}
            limit={200}
            value={column}
            onChange={(value) => put(at, [key, value])}
          />
          <ActionIcon aria-label="Remove the detail" onClick={() => put(at, undefined)}>
            <Icon name="close" size={13} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          variant="subtle"
          size="compact-xs"
          disabled={'' in details || entries.length >= 20}
          onClick={() => onChange({ ...details, '': '' })}
        >
          Add a detail
        </Button>
      </div>
    </div>
  )
}
