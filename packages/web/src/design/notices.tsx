/** Short words about what was just done or failed, at the foot of the page, and read aloud. */
import { ActionIcon } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { Icon } from './icons'
import styles from './notices.module.css'

interface Notice {
  readonly id: number
  readonly text: string
  readonly tone: 'done' | 'failed'
  readonly action?: { readonly label: string; readonly run: () => void }
}

let notices: readonly Notice[] = []
let next = 1
const listeners = new Set<() => void>()

function set(changed: readonly Notice[]): void {
  notices = changed
  for (const listener of listeners) listener()
}

const dismiss = (id: number) => set(notices.filter((notice) => notice.id !== id))

const SHOWN_MS = 5000

export function notify(text: string, options: Partial<Pick<Notice, 'tone' | 'action'>> = {}): void {
  const notice = { id: next++, text, tone: 'done' as const, ...options }
  set([...notices.slice(-3), notice])
  // What failed stays until it was seen.
  if (notice.tone === 'done') setTimeout(() => dismiss(notice.id), SHOWN_MS)
}

export function notifyFailure(error: unknown, what: string): void {
  notify(`${what}: ${error instanceof Error ? error.message : String(error)}`, { tone: 'failed' })
}

export function Notices() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => notices,
  )
  return (
    <div className={styles.notices} role="status" aria-live="polite">
      {shown.map(({ id, text, tone, action }) => (
        <div key={id} className={styles.notice} data-tone={tone}>
          <Icon name={tone === 'done' ? 'check' : 'error'} size={16} />
          <span className={styles.text}>{text}</span>
          {action && (
            <button
              type="button"
              className={styles.action}
              onClick={() => {
                dismiss(id)
                action.run()
              }}
            >
              {action.label}
            </button>
          )}
          <ActionIcon aria-label="Dismiss" size={20} onClick={() => dismiss(id)}>
            <Icon name="close" size={12} />
          </ActionIcon>
        </div>
      ))}
    </div>
  )
}
