/** A rule is written in five steps, as Sentinel's wizard has them; all of them can be gone to at any time. */
import type { Finding } from '@auspex/detect'
import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { saveRule, useRule, validateRule } from '../../api/rules'
import { Icon } from '../../design/icons'
import { newId } from '../../design/new-id'
import { notify, notifyFailure } from '../../design/notices'
import { Failure, Waiting } from '../../design/states'
import { queryOf } from '../../logs/link'
import { useShortcuts } from '../../shell/shortcuts'
import { useTitle } from '../../shell/title'
import { type Draft, draftOf, emptyDraft, keyAt, yamlOf } from './draft'
import { dropDraft, keepDraft, keptDraft } from './drafts'
import { GeneralStep } from './general-step'
import { IncidentStep } from './incident-step'
import { LogicStep } from './logic-step'
import { ResponseStep } from './response-step'
import { ReviewStep } from './review-step'
import styles from './wizard-page.module.css'

const STEPS = [
  {
    id: 'general',
    label: 'General',
    keys: ['id', 'name', 'description', 'severity', 'tactics', 'relevantTechniques', 'enabled', 'version'],
  },
  {
    id: 'logic',
    label: 'Set rule logic',
    keys: [
      'kind',
      'query',
      'entityMappings',
      'customDetails',
      'alertDetailsOverride',
      'queryFrequency',
      'queryPeriod',
      'triggerOperator',
      'triggerThreshold',
      'eventGroupingSettings',
      'suppressionDuration',
      'suppressionEnabled',
    ],
  },
  { id: 'incidents', label: 'Incident settings', keys: ['incidentConfiguration'] },
  { id: 'response', label: 'Automated response', keys: [] },
  { id: 'review', label: 'Review and create', keys: [] },
] as const

/** `/analytics/new`, from nothing, from a query or from another rule. */
export function NewRulePage() {
  const search = useSearch({ from: '/analytics/new' })
  const source = useRule(search.from ?? '')
  const query = useQuery({
    queryKey: ['link', search.q, search.z],
    queryFn: async () => (await queryOf(search)) ?? '',
  })
  const name = search.from ? `from-${search.from}` : 'new'
  useTitle('New rule')
  if ((search.from && source.isPending) || query.isPending) return <Waiting lines={10} />
  if (search.from && source.isError)
    return <Failure error={source.error} title="The rule could not be read" />
  const given = query.data ?? ''
  const kept = keptDraft(name)
  const from = search.from ? source.data : undefined
  const start = from
    ? { ...draftOf(from.rule), id: newId(), name: `${from.name} (copy)`, version: '1.0.0' }
    : emptyDraft(given)
  // A draft of another query stays where it is; this one begins anew.
  const use = kept && (given === '' || kept.draft.query === given) ? kept.draft : start
  return <Wizard key={name + given} name={name} start={use} restored={use !== start} fresh={start} />
}

export function EditRulePage() {
  const { id } = useParams({ from: '/analytics/rules/$id/edit' })
  const rule = useRule(id)
  useTitle(rule.data ? `Edit ${rule.data.name}` : 'Edit rule')
  if (rule.isPending) return <Waiting lines={10} />
  if (rule.isError) return <Failure error={rule.error} title="The rule could not be read" />
  const { yaml, rule: plain } = rule.data
  const start = draftOf(plain)
  const kept = keptDraft(id)
  return (
    <Wizard
      key={id}
      name={id}
      id={id}
      original={yaml}
      start={kept?.draft ?? start}
      restored={kept !== undefined}
      fresh={start}
    />
  )
}

function Wizard({
  name,
  id,
  original,
  start,
  restored,
  fresh,
}: {
  name: string
  id?: string
  original?: string
  start: Draft
  restored: boolean
  fresh: Draft
}) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { step = 'general' } = useSearch({ strict: false }) as { step?: string }
  const [draft, setDraft] = useState(start)
  const [wasRestored, setRestored] = useState(restored)
  const [saving, setSaving] = useState(false)
  const main = useRef<HTMLDivElement>(null)
  const at = Math.max(
    0,
    STEPS.findIndex((each) => each.id === step),
  )
  const yaml = useMemo(() => yamlOf(draft, original), [draft, original])
  const findings = useFindings(yaml, draft.name.trim() !== '' && draft.query.trim() !== '')

  const set = (change: Partial<Draft>) => {
    const next = { ...draft, ...change }
    setDraft(next)
    keepDraft(name, { draft: next, ...(original !== undefined && { original }) })
  }
  const go = (to: number) => {
    const next = STEPS[Math.max(0, Math.min(STEPS.length - 1, to))]!
    void navigate({
      to: '.',
      search: (before: Record<string, unknown>) => ({ ...before, step: next.id }),
      replace: true,
    })
  }
  // Scrolling gives a promise in newer browsers, and an effect must not.
  useEffect(() => {
    main.current?.scrollTo(0, 0)
  }, [at])
  const counts = STEPS.map((each) => problemsIn(each.keys, draft, findings.data ?? [], yaml))
  const errors = counts.reduce((sum, count) => sum + count.errors, 0)

  const save = async () => {
    setSaving(true)
    try {
      const saved = await saveRule(yaml, id)
      dropDraft(name)
      await queries.invalidateQueries({ queryKey: ['rules'] })
      notify(id === undefined ? `${saved.name} was created` : `${saved.name} was saved`)
      await navigate({ to: '/analytics/rules/$id', params: { id: saved.id } })
    } catch (error) {
      notifyFailure(error, 'The rule was not saved')
    } finally {
      setSaving(false)
    }
  }
  useShortcuts([
    { keys: 'alt+ArrowRight', label: 'Next step', group: 'Rule', inText: true, run: () => go(at + 1) },
    { keys: 'alt+ArrowLeft', label: 'Step before', group: 'Rule', inText: true, run: () => go(at - 1) },
  ])

  return (
    <div className={styles.page}>
      <header className={styles.top}>
        <div className={styles.crumbs}>
          <Link to="/analytics">Analytics</Link>
          <span aria-hidden="true">/</span>
          <span>{id === undefined ? 'New rule' : 'Edit'}</span>
        </div>
        <div className={styles.titleRow}>
          <h1 className={styles.title}>{draft.name || 'New rule'}</h1>
          {wasRestored && (
            <span className={styles.restored}>
              Continued where you left it.{' '}
              <button
                type="button"
                className={styles.fresh}
                onClick={() => {
                  dropDraft(name)
                  setDraft(fresh)
                  setRestored(false)
                }}
              >
                Begin anew
              </button>
            </span>
          )}
        </div>
        <ol className={styles.steps}>
          {STEPS.map((each, i) => {
            const { errors: wrong, warnings } = counts[i]!
            return (
              <li key={each.id} className={styles.stepItem}>
                <button
                  type="button"
                  className={styles.step}
                  aria-current={i === at ? 'step' : undefined}
                  onClick={() => go(i)}
                >
                  <span className={styles.number} data-wrong={wrong > 0 || undefined}>
                    {wrong > 0 ? '!' : i + 1}
                  </span>
                  {each.label}
                  {wrong > 0 && <span className="visually-hidden">, {wrong} problems</span>}
                  {wrong === 0 && warnings > 0 && <span className={styles.warnings}>{warnings}</span>}
                </button>
              </li>
            )
          })}
        </ol>
      </header>
      <div className={styles.body} ref={main}>
        {at === 0 && <GeneralStep draft={draft} set={set} />}
        {at === 1 && <LogicStep draft={draft} set={set} yaml={yaml} name={name} />}
        {at === 2 && <IncidentStep draft={draft} set={set} />}
        {at === 3 && <ResponseStep draft={draft} />}
        {at === 4 && (
          <ReviewStep draft={draft} set={set} yaml={yaml} findings={findings} isNew={id === undefined} />
        )}
      </div>
      <footer className={styles.foot}>
        <Button variant="default" disabled={at === 0} onClick={() => go(at - 1)}>
          Back
        </Button>
        {at < STEPS.length - 1 ? (
          <Button onClick={() => go(at + 1)} rightSection={<Icon name="chevron" size={13} />}>
            Next: {STEPS[at + 1]!.label}
          </Button>
        ) : (
          <Button loading={saving} disabled={errors > 0 || !findings.isSuccess} onClick={() => void save()}>
            {id === undefined ? 'Create the rule' : 'Save the rule'}
          </Button>
        )}
        {at === STEPS.length - 1 && errors > 0 && (
          <span className={styles.blocked}>What is marked above has to be mended first.</span>
        )}
      </footer>
    </div>
  )
}

const CHECK_AFTER_MS = 400

/** What the server has to say about the file as it stands. */
export function useFindings(yaml: string, enabled: boolean) {
  const [settled, setSettled] = useState(yaml)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(yaml), CHECK_AFTER_MS)
    return () => clearTimeout(timer)
  }, [yaml])
  return useQuery({
    queryKey: ['rules', 'validate', settled],
    queryFn: ({ signal }) => validateRule(settled, signal),
    enabled,
    placeholderData: (before) => before,
    staleTime: 60_000,
  })
}

function problemsIn(keys: readonly string[], draft: Draft, findings: readonly Finding[], yaml: string) {
  const here = findings.filter(({ line }) => keys.includes(keyAt(yaml, line) ?? ''))
  const missing = [
    keys.includes('name') && draft.name.trim() === '',
    keys.includes('query') && draft.query.trim() === '',
  ].filter(Boolean).length
  return {
    errors: here.filter(({ severity }) => severity === 'error').length + missing,
    warnings: here.filter(({ severity }) => severity === 'warning').length,
  }
}
