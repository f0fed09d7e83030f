/** The rules: are those on the disk in the kernel, and do they see what they are there for. */

import type { FileFinding } from '../../audit-rules/index.js'
import type { HostFacts } from '../facts.js'
import { compareRules, lintDisk } from '../loaded-rules.js'
import { type HostCheck, type HostResult, notSeen, SETUP } from './check.js'

const place = ({ path, at, message }: FileFinding): string => `${path}:${at.line}:${at.column}: ${message}`

/** One finding for all that the lint says under these names. */
function lintCheck(
  name: string,
  checks: (finding: FileFinding) => boolean,
  say: (found: readonly FileFinding[]) => HostResult,
): HostCheck {
  return {
    name,
    look(facts) {
      if (facts.rulesOnDisk.length === 0)
        return { status: 'unknown', message: 'there are no rules to look at' }
      const found = lintDisk(facts).filter(checks)
      return { ...say(found), ...(found.length === 0 ? {} : { details: found.map(place) }) }
    },
  }
}

const noRules = (facts: HostFacts): HostResult =>
  facts.system.isRoot
    ? { status: 'error', message: 'there are no audit rules on the disk', advice: SETUP }
    : notSeen('/etc/audit', facts)

const lines = (count: number): string => (count === 1 ? '1 line' : `${count} lines`)

export const RULES_CHECKS: readonly HostCheck[] = [
  {
    name: 'rules-loaded',
    look(facts) {
      if (facts.rulesOnDisk.length === 0) return noRules(facts)
      const { wanted, missing, foreign } = compareRules(facts)
      if (wanted === 0 && foreign.length === 0) {
        return { status: 'error', message: 'there are no rules: only logins are recorded', advice: SETUP }
      }
      if (facts.loadedRules === undefined) return notSeen('which rules the kernel has', facts)
      if (missing.length === 0 && foreign.length === 0)
        return { status: 'ok', message: `the ${wanted} rules on the disk are in the kernel` }
      return {
        status: missing.length > 0 ? 'error' : 'warning',
        message: `${missing.length} rules on the disk are not in the kernel, ${foreign.length} in the kernel are on no disk`,
        advice: 'augenrules --load; a line that fails is explained by the check rules-valid',
        details: [
          ...missing.map(({ path, line, text }) => `${path}:${line}: not loaded: ${text}`),
          ...foreign.map((line) => `only in the kernel: ${line}`),
        ],
      }
    },
  },
  lintCheck(
    'rules-valid',
    ({ severity, check }) => severity === 'error' || check === 'path-missing',
    (found) =>
      found.length === 0
        ? { status: 'ok', message: 'all rules can be loaded here' }
        : {
            status: 'error',
            message: `${lines(found.length)} can not be loaded here, or never match`,
            advice: 'auspex rules lint FILE says how to mend them',
          },
  ),
  lintCheck(
    'rules-32-bit',
    ({ check }) => check === 'arch-twin' || check === 'arch-missing',
    (found) =>
      found.length === 0
        ? { status: 'ok', message: 'rules see 32-bit programs too' }
        : {
            status: 'warning',
            message: `${found.length} rules do not see 32-bit programs, or take their calls for others`,
            advice: 'write each rule with arch=b64 and with arch=b32',
          },
  ),
  lintCheck(
    'rules-blind',
    ({ check }) =>
      ['exclude-blinds', 'never-blinds', 'never-late', 'never-task', 'auid-unset'].includes(check),
    (found) =>
      found.length === 0
        ? { status: 'ok', message: 'no exclusion hides more than noise' }
        : {
            status: 'warning',
            message: `${lines(found.length)} hide more than they seem to`,
            advice: 'auspex rules lint FILE says what is lost',
          },
  ),
  lintCheck(
    'rules-techniques',
    ({ check }) => check.startsWith('key-technique') || check === 'key-missing',
    (found) =>
      found.length === 0
        ? { status: 'ok', message: 'each rule says which technique it looks for' }
        : {
            status: 'info',
            message: `${found.length} keys name no technique of today`,
            advice:
              'begin keys with the id of the technique; retired ids are resolved by the table of Auspex',
          },
  ),
]
