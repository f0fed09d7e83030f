/** `host check`: all checks over one host. */
import { AUDITD_CHECKS } from './checks/auditd.js'
import type { CheckStatus, HostCheck, HostFinding } from './checks/check.js'
import { KERNEL_CHECKS } from './checks/kernel.js'
import { PAM_CHECKS } from './checks/pam.js'
import { RULES_CHECKS } from './checks/rules.js'
import { gatherFacts } from './facts.js'
import type { HostSystem } from './system.js'

export const HOST_CHECKS: readonly HostCheck[] = [
  ...AUDITD_CHECKS,
  ...KERNEL_CHECKS,
  ...RULES_CHECKS,
  ...PAM_CHECKS,
]

export interface HostReport {
  /** In the order of the table, also what is well. */
  readonly findings: readonly HostFinding[]
  readonly counts: Readonly<Record<CheckStatus, number>>
}

export async function checkHost(system: HostSystem): Promise<HostReport> {
  const facts = await gatherFacts(system)
  const findings = HOST_CHECKS.map(({ name, look }): HostFinding => ({ check: name, ...look(facts) }))
  const counts = { ok: 0, info: 0, unknown: 0, warning: 0, error: 0 }
  for (const { status } of findings) counts[status]++
  return { findings, counts }
}
