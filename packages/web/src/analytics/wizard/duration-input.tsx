/** A number and its unit, written as rules write them: `30m`, `5h`, `14d`. */
import { NumberInput, Select } from '@mantine/core'
import styles from './duration-input.module.css'

const UNITS = [
  { value: 'm', label: 'minutes' },
  { value: 'h', label: 'hours' },
  { value: 'd', label: 'days' },
]

/** What is written otherwise (`PT1H`, `01:00:00`) is shown as it is, until it is changed. */
export function parseShort(text: string): { readonly size: number; readonly unit: string } | undefined {
  const match = /^(\d+)([mhd])$/.exec(text)
  return match ? { size: Number(match[1]), unit: match[2]! } : undefined
}

export function DurationInput({
  label,
  value,
  onChange,
  description,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  description?: string
}) {
  const { size, unit } = parseShort(value) ?? { size: 0, unit: 'h' }
  return (
    <fieldset className={styles.field}>
      <legend className={styles.label}>{label}</legend>
      {description && <p className={styles.description}>{description}</p>}
      <div className={styles.inputs}>
        <NumberInput
          aria-label={`${label}: number`}
          w={84}
          min={1}
          max={20_160}
          value={parseShort(value) ? size : ''}
          placeholder={parseShort(value) ? '' : value}
          onChange={(next) => typeof next === 'number' && onChange(`${next}${unit}`)}
        />
        <Select
          aria-label={`${label}: unit`}
          w={110}
          data={UNITS}
          value={unit}
          allowDeselect={false}
          onChange={(next) => onChange(`${size || 1}${next ?? 'h'}`)}
        />
      </div>
    </fieldset>
  )
}
