/** How much of a session should be looked at, and why. */
import type { SessionRecord } from '../api/sessions'
import styles from './risk.module.css'

type Risk = SessionRecord['risk']

const LABELS: Readonly<Record<Risk['level'], string>> = {
  none: 'no risk seen',
  low: 'low risk',
  medium: 'medium risk',
  high: 'high risk',
  critical: 'critical risk',
}

export function RiskMark({ risk, words }: { risk: Risk; words?: boolean }) {
  return (
    <span
      className={styles.risk}
      data-level={risk.level}
      title={risk.reasons.map(({ text }) => text).join('\n')}
    >
      <span className={styles.track} aria-hidden="true">
        <span className={styles.bar} style={{ width: `${risk.score}%` }} />
      </span>
      <span className={styles.score}>{risk.score}</span>
      {words ? LABELS[risk.level] : <span className="visually-hidden">{LABELS[risk.level]}</span>}
    </span>
  )
}

export function RiskReasons({ risk, onEvidence }: { risk: Risk; onEvidence: (id: string) => void }) {
  if (risk.reasons.length === 0) return <p className={styles.none}>Nothing in it looks like an attack.</p>
  return (
    <ul className={styles.reasons}>
      {risk.reasons.map(({ factor, points, text, evidence }) => (
        <li key={factor} className={styles.reason}>
          <span className={styles.points}>{points}</span>
          <span className={styles.reasonText}>
            {text}
            {evidence.length > 0 && (
              <span className={styles.evidence}>
                {evidence.slice(0, 4).map((id, i) => (
                  <button
                    key={id}
                    type="button"
                    onClick={() => onEvidence(id)}
                    aria-label={`Evidence ${i + 1} of ${factor}`}
                  >
                    {i + 1}
                  </button>
                ))}
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}
