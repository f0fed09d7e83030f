/** Names with their counts, the longest bar for the largest. */
import type { ReactNode } from 'react'
import styles from './bar-list.module.css'
import { count } from './format'
import { HrefLink } from './href-link'

export interface Bar {
  readonly key: string
  readonly label: ReactNode
  readonly value: number
  /** A part of the value that is drawn in another colour. */
  readonly part?: number
  readonly hint?: string
  readonly href?: string
}

export function BarList({ bars, partColor = 'root' }: { bars: readonly Bar[]; partColor?: string }) {
  const most = Math.max(1, ...bars.map(({ value }) => value))
  return (
    <ul className={styles.list}>
      {bars.map(({ key, label, value, part = 0, hint, href }) => {
        const line = (
          <>
            <span className={styles.label}>{label}</span>
            <span className={styles.track}>
              <span className={styles.bar} style={{ width: `${(100 * (value - part)) / most}%` }} />
              <span
                className={styles.bar}
                style={{ width: `${(100 * part) / most}%`, background: `var(--${partColor})` }}
              />
            </span>
            <span className={styles.value}>{count(value)}</span>
          </>
        )
        return (
          <li key={key} title={hint}>
            {href === undefined ? (
              <span className={styles.line}>{line}</span>
            ) : (
              <HrefLink href={href} className={styles.line}>
                {line}
              </HrefLink>
            )}
          </li>
        )
      })}
    </ul>
  )
}
