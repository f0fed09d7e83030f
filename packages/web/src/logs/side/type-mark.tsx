/** The type of a column in two letters. */
import type { KqlType } from '@auspex/kql'
import styles from './type-mark.module.css'

const LETTERS: Readonly<Record<KqlType, string>> = {
  bool: '?',
  datetime: '◷',
  dynamic: '{}',
  int: '#',
  long: '#',
  real: '.0',
  decimal: '.0',
  string: 'ab',
  guid: 'id',
  timespan: '↔',
}

export function TypeMark({ type }: { type: KqlType }) {
  return (
    <span className={styles.type} data-type={type} title={type} aria-hidden="true">
      {LETTERS[type]}
    </span>
  )
}
