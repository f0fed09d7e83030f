/** What a host says about its own auditing, for the heartbeat: the kernel each time, the whole check now and then. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { checkHost } from '../host/check.js'
import type { HostSystem } from '../host/system.js'
import { type Beat, parseKernelStatus } from './heartbeat.js'

const run = promisify(execFile)
const CHECK_EVERY_MS = 15 * 60_000

/** The first part of what a command prints; undefined where it can not be run (no auditd, not root). */
async function printed(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await run(command, [...args], { timeout: 10_000, maxBuffer: 4 << 20 })).stdout
  } catch {
    return undefined
  }
}

export function observer(
  system: HostSystem,
  now: () => number,
): () => Promise<Pick<Beat, 'kernel' | 'rulesLoaded' | 'findings'>> {
  let findings: Beat['findings']
  let checkedAt = Number.NEGATIVE_INFINITY
  return async () => {
    const [status, rules] = await Promise.all([printed('auditctl', ['-s']), printed('auditctl', ['-l'])])
    if (now() - checkedAt >= CHECK_EVERY_MS) {
      checkedAt = now()
      const report = await checkHost(system)
      findings = report.findings
        .filter((finding) => finding.status === 'error' || finding.status === 'warning')
        .map(({ check, status: severity, message }) => ({ id: check, severity, title: message }))
    }
    return {
      kernel: status === undefined ? undefined : parseKernelStatus(status),
      rulesLoaded:
        rules === undefined ? undefined : rules.split('\n').filter((line) => line.startsWith('-')).length,
      findings,
    }
  }
}
