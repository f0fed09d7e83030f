/** Small signs with one meaning each: how bad, in which state, who. Never by colour alone. */
import { Icon } from './icons'
import styles from './marks.module.css'

export const SEVERITIES = ['High', 'Medium', 'Low', 'Informational'] as const
export type Severity = (typeof SEVERITIES)[number]

const BARS: Readonly<Record<Severity, number>> = { High: 3, Medium: 2, Low: 1, Informational: 0 }

export function SeverityMark({ severity, short }: { severity: string; short?: boolean }) {
  const known = SEVERITIES.find((name) => name === severity) ?? 'Informational'
  return (
    <span className={styles.severity} data-severity={known} title={short ? severity : undefined}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        {[0, 1, 2].map((bar) => (
          <rect
            key={bar}
            x={bar * 4 + 0.5}
            y={8 - bar * 3.5}
            width="3"
            height={4 + bar * 3.5}
            rx="1"
            fill="currentColor"
            opacity={bar < BARS[known] ? 1 : 0.25}
          />
        ))}
      </svg>
      {short ? <span className="visually-hidden">{severity}</span> : severity}
    </span>
  )
}

export const STATUSES = ['New', 'Active', 'Closed'] as const

export function StatusMark({ status }: { status: string }) {
  return (
    <span className={styles.status} data-status={status}>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
        <circle cx="5" cy="5" r="3.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
        {status === 'Active' && <path d="M5 1.250a3.750 3.750 0 0 1 0 7.500z" fill="currentColor" />}
        {status === 'Closed' && <circle cx="5" cy="5" r="3.75" fill="currentColor" />}
      </svg>
      {status}
    </span>
  )
}

/** Users that stand for nobody. */
const NOBODY = new Set(['', 'unset', '-1', '4294967295'])

/** Someone: a person, or root, or nobody. */
export function Who({ name, plain }: { name: string; plain?: boolean }) {
  if (NOBODY.has(name)) return <span className={styles.nobody}>{name === '' ? 'nobody' : name}</span>
  const root = name === 'root' || name === '0'
  return (
    <span className={styles.who} data-root={root || undefined} data-plain={plain || undefined}>
      <Icon name={root ? 'root' : 'user'} size={12} />
      {name}
    </span>
  )
}

/** The person who logged in and, where it differs, who they acted as. */
export function PersonAs({ person, as }: { person: string; as?: string | undefined }) {
  if (as === undefined || as === '' || as === person) return <Who name={person} />
  return (
    <span className={styles.personAs}>
      <Who name={person} />
      <span className={styles.as} aria-hidden="true">
        →
      </span>
      <span className="visually-hidden">acting as</span>
      <Who name={as} />
    </span>
  )
}

export function Kbd({ keys }: { keys: string }) {
  return (
    <span className={styles.keys}>
      {keys.split(' ').map((key) => (
        <kbd key={key} className={styles.key}>
          {key}
        </kbd>
      ))}
    </span>
  )
}

/** A short word in a frame: a label, a technique, a table. */
export function Chip({
  children,
  tone,
}: {
  children: React.ReactNode
  tone?: 'accent' | 'good' | 'warn' | 'bad'
}) {
  return (
    <span className={styles.chip} data-tone={tone}>
      {children}
    </span>
  )
}
