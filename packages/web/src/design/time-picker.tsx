/** Which time a query or a page is about. */
import { Button, Popover, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { absoluteRange, labelOf, PRESETS, parseRange } from '../kql/time-range'
import { Icon } from './icons'
import styles from './time-picker.module.css'
import { useZone } from './zone'

/** `2026-11-22T21:41:24`, as the browser's field has it, in the zone. */
function fieldValue(ms: number, utc: boolean): string {
  const at = new Date(ms)
  return utc
    ? at.toISOString().slice(0, 19)
    : new Date(ms - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

export function TimePicker({
  value,
  onChange,
  setInQuery,
}: {
  value: string
  onChange: (range: string) => void
  /** The query filters by time itself; the choice has no effect. */
  setInQuery?: boolean
}) {
  const [opened, setOpened] = useState(false)
  const choose = (range: string) => {
    setOpened(false)
    onChange(range)
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus width={320}>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<Icon name="clock" size={14} />}
          onClick={() => setOpened(!opened)}
          aria-label={`Time range: ${setInQuery ? 'set in the query' : labelOf(value)}`}
          title={setInQuery ? 'The query filters TimeGenerated itself' : undefined}
        >
          {setInQuery ? 'Set in query' : labelOf(value)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={0}>{opened && <Choices value={value} choose={choose} />}</Popover.Dropdown>
    </Popover>
  )
}

function Choices({ value, choose }: { value: string; choose: (range: string) => void }) {
  const utc = useZone() === 'UTC'
  const now = Date.now()
  const range = parseRange(value, now)
  const [from, setFrom] = useState(fieldValue(range?.from ?? now - 86_400_000, utc))
  const [to, setTo] = useState(fieldValue(range?.to ?? now, utc))
  const read = (text: string) => Date.parse(utc ? `${text}Z` : text)
  const wrong = !(read(from) < read(to))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!wrong) choose(absoluteRange(read(from), read(to)))
  }
  return (
    <div>
      <ul className={styles.presets}>
        {PRESETS.map(({ id, label }) => (
          <li key={id}>
            <button
              type="button"
              className={styles.preset}
              aria-pressed={id === value}
              onClick={() => choose(id)}
            >
              {label}
            </button>
          </li>
        ))}
      </ul>
      <form className={styles.own} onSubmit={submit}>
        <TextInput
          label={`From (${utc ? 'UTC' : 'local'})`}
          type="datetime-local"
          step={1}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          label="To"
          type="datetime-local"
          step={1}
          value={to}
          error={wrong ? 'must be after From' : undefined}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Button type="submit" disabled={wrong} fullWidth>
          Use these times
        </Button>
      </form>
    </div>
  )
}
