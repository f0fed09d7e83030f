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

/** What can not be looked at: by who is not root, or where the tools of auditd are not there. */
export const notSeen = (what: string, { system }: HostFacts): HostResult =>
  system.isRoot
    ? {
        status: 'unknown',
        message: `nothing here tells ${what}`,
        advice: 'auditctl tells it, where auditd is installed',
      }
    : { status: 'unknown', message: `only root can see ${what}`, advice: 'run the check as root' }
