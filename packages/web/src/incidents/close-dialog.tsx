/** How it turned out, asked when incidents are closed. */
import { Button, Modal, Radio, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { IncidentChange } from '../api/incidents'
import styles from './dialogs.module.css'

type How = Pick<IncidentChange, 'classification' | 'classificationReason' | 'classificationComment'>

/** The pairs that Sentinel knows. */
const OUTCOMES = [
  {
    value: 'TruePositive',
    reason: 'SuspiciousActivity',
    label: 'True positive',
    description: 'Suspicious activity: it was what the rule looks for.',
  },
  {
    value: 'BenignPositive',
    reason: 'SuspiciousButExpected',
    label: 'Benign positive',
    description: 'It happened as found, and was expected: maintenance, a test.',
  },
  {
    value: 'FalsePositive-logic',
    reason: 'IncorrectAlertLogic',
    label: 'False positive: the rule is wrong',
    description: 'The rule found what it does not look for.',
  },
  {
    value: 'FalsePositive-data',
    reason: 'InaccurateData',
    label: 'False positive: the data is wrong',
    description: 'The log said what did not happen.',
  },
  { value: 'Undetermined', reason: null, label: 'Undetermined', description: 'Nobody can tell.' },
] as const

export function CloseDialog({
  opened,
  close,
  title,
  submit,
}: {
  opened: boolean
  close: () => void
  title: string
  submit: (how: How) => void
}) {
  const [outcome, setOutcome] = useState<string>('TruePositive')
  const [comment, setComment] = useState('')
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    const chosen = OUTCOMES.find(({ value }) => value === outcome)!
    submit({
      classification: chosen.value.replace(/-.*/, '') as How['classification'] & string,
      classificationReason: chosen.reason,
      classificationComment: comment.trim() || null,
    })
    setComment('')
    close()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={title}
      size={480}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={onSubmit} className={styles.form}>
        <Radio.Group label="How did it turn out?" value={outcome} onChange={setOutcome}>
          <div className={styles.choices}>
            {OUTCOMES.map(({ value, label, description }) => (
              <Radio key={value} value={value} label={label} description={description} />
            ))}
          </div>
        </Radio.Group>
        <Textarea
          label="Comment"
          autosize
          minRows={2}
          maxRows={8}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        <div className={styles.buttons}>
          <Button variant="default" onClick={close}>
            Not now
          </Button>
          <Button type="submit">Close</Button>
        </div>
      </form>
    </Modal>
  )
}
