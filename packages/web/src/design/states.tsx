/** What stands where there is nothing, not yet something, or where something failed. */
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { ApiError } from '../api/client'
import { Icon, type IconName } from './icons'
import styles from './states.module.css'

/** Nothing is here, and what to do next. */
export function Empty({
  icon = 'info',
  title,
  children,
  action,
}: {
  icon?: IconName
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className={styles.state}>
      <span className={styles.icon}>
        <Icon name={icon} size={20} />
      </span>
      <p className={styles.title}>{title}</p>
      {children && <div className={styles.text}>{children}</div>}
      {action && <div className={styles.action}>{action}</div>}
    </div>
  )
}

/** Something failed: what, and a way on. */
export function Failure({ error, title, retry }: { error: unknown; title?: string; retry?: () => void }) {
  const message = error instanceof Error ? error.message : String(error)
  const unreachable = error instanceof ApiError && error.status === 0
  return (
    <div className={styles.state} role="alert">
      <span className={styles.icon} data-bad>
        <Icon name="error" size={20} />
      </span>
      <p className={styles.title}>
        {title ?? (unreachable ? 'No answer from the server' : 'This did not work')}
      </p>
      <p className={styles.message}>{message}</p>
      {retry && (
        <div className={styles.action}>
          <Button variant="default" leftSection={<Icon name="refresh" size={14} />} onClick={retry}>
            Try again
          </Button>
        </div>
      )}
    </div>
  )
}

/** Grey lines in the place of what comes, of the height that it will have. */
export function Waiting({
  lines = 5,
  height,
  label = 'Loading',
}: {
  lines?: number
  height?: number
  label?: string
}) {
  return (
    <div
      className={styles.waiting}
      style={height === undefined ? undefined : { height }}
      role="status"
      aria-label={label}
    >
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} className={styles.line} style={{ width: `${88 - ((i * 37) % 46)}%` }} />
      ))}
    </div>
  )
}
