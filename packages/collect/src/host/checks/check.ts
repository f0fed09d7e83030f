/** A check of a host: looks at the facts, and says what it found and what to do. To add one: an entry in this folder. */
import type { HostFacts } from '../facts.js'

export type CheckStatus = 'ok' | 'info' | 'warning' | 'error' | 'unknown'

export interface HostResult {
  readonly status: CheckStatus
  /** What is the case, in one sentence. */
  readonly message: string
  /** What to do; absent where nothing is to be done. */
  readonly advice?: string
  /** The single cases, as `file:line: …`. */
  readonly details?: readonly string[]
}

export interface HostCheck {
  /** Stable: scripts go by it. */
  readonly name: string
  look(facts: HostFacts): HostResult
}

export interface HostFinding extends HostResult {
  readonly check: string
}

export const SETUP = 'auspex host setup does this'

export const needsRoot = (what: string): HostResult => ({
  status: 'unknown',
  message: `only root can see ${what}`,
  advice: 'run the check as root',
})
