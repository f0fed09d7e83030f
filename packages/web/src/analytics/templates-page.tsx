/** The rules that are shipped, to begin own ones from. */
import { Button, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useRules } from '../api/rules'
import { plural } from '../design/format'
import { HrefLink } from '../design/href-link'
import { Icon } from '../design/icons'
import { Chip, SeverityMark } from '../design/marks'
import { PageHeader } from '../design/panel'
import { Empty, Failure, Waiting } from '../design/states'
import { useTitle } from '../shell/title'
import { minutes, spaced } from './rule-words'
import { AnalyticsTabs } from './tabs'
import styles from './templates-page.module.css'

export function TemplatesPage() {
  useTitle('Rule templates')
  const rules = useRules()
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const all = (rules.data?.items ?? []).filter(({ source }) => source !== 'own')
  const shown = all.filter(
    ({ name, description, techniques, tactics }) =>
      wanted === '' ||
      [name, description, ...techniques, ...tactics].some((part) => part.toLowerCase().includes(wanted)),
  )
  return (
    <div className={styles.page}>
      <div className={styles.top}>
        <PageHeader title="Analytics" />
        <AnalyticsTabs />
      </div>
      <div className={styles.body}>
        <div className={styles.filters}>
          <TextInput
            className={styles.text}
            aria-label="Find a template"
            placeholder="Find by name, description, tactic or technique"
            leftSection={<Icon name="search" size={14} />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <span className={styles.count} role="status">
            {rules.isSuccess && plural(shown.length, 'template')}
          </span>
        </div>
        {rules.isPending ? (
          <Waiting lines={14} />
        ) : rules.isError ? (
          <Failure error={rules.error} retry={() => void rules.refetch()} />
        ) : shown.length === 0 ? (
          <Empty icon="search" title="No template fits" />
        ) : (
          <ul className={styles.cards}>
            {shown.map((rule) => (
              <li key={rule.id} className={styles.card}>
                <div className={styles.cardHead}>
                  <SeverityMark severity={rule.severity} short />
                  <Link to="/analytics/rules/$id" params={{ id: rule.id }} className={styles.name}>
                    {rule.name}
                  </Link>
                </div>
                <p className={styles.description}>
                  {rule.description.split(/\n*False positives/)[0]!.replace(/\n/g, ' ')}
                </p>
                <div className={styles.foot}>
                  <span className={styles.soft}>
                    {rule.tactics.map(spaced).join(', ')} ·{' '}
                    {rule.kind === 'NRT' ? 'at once' : `every ${minutes(rule.frequencyMinutes)}`}
                  </span>
                  {rule.enabled ? <Chip tone="good">in use</Chip> : <Chip>off</Chip>}
                  <Button
                    component={HrefLink}
                    href={`/analytics/new?from=${encodeURIComponent(rule.id)}`}
                    variant="default"
                    size="compact-sm"
                  >
                    Create a rule
                  </Button>
                </div>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}
