/** The kernel's side: is it auditing, and does it lose records. */

import type { HostFacts } from '../facts.js'
import { type HostCheck, type HostResult, notSeen, SETUP } from './check.js'

const SMALL_BACKLOG = 8192

/** A check of a value that `auditctl -s` prints. */
function statusCheck(
  name: string,
  what: string,
  look: (value: number, facts: HostFacts) => HostResult,
  field: string,
): HostCheck {
  return {
    name,
    look(facts) {
      const value = facts.status?.get(field)
      return value === undefined ? notSeen(what, facts) : look(value, facts)
    },
  }
}

export const KERNEL_CHECKS: readonly HostCheck[] = [
  {
    name: 'container',
    look: ({ container }) =>
      container === undefined
        ? { status: 'ok', message: 'this is a host, not a container' }
        : {
            status: 'error',
            message: `this is ${container}: the kernel's audit belongs to the host`,
            advice:
              'set auditing up on the host, and leave PAM here as it is: pam_tty_audit would refuse logins',
          },
  },
  statusCheck(
    'kernel-audit',
    'whether the kernel audits',
    (enabled) =>
      enabled > 0
        ? { status: 'ok', message: 'the kernel audits' }
        : {
            status: 'error',
            message: 'auditing is off in the kernel: nothing is recorded',
            advice:
              'auditctl -e 1, and audit=1 on the command line of the kernel for processes that start before auditd',
          },
    'enabled',
  ),
  {
    name: 'kernel-boot',
    look: ({ kernelArguments }) =>
      /\baudit=0\b/.test(kernelArguments)
        ? {
            status: 'error',
            message: 'the kernel was started with audit=0',
            advice: 'remove it from the command line of the kernel',
          }
        : /\baudit=1\b/.test(kernelArguments)
          ? { status: 'ok', message: 'the kernel audits from its start (audit=1)' }
          : {
              status: 'info',
              message: 'processes that started before auditd are audited only from then on',
              advice: 'add audit=1 audit_backlog_limit=8192 to the command line of the kernel',
            },
  },
  statusCheck(
    'backlog',
    'the queue of the kernel',
    (limit) =>
      limit >= SMALL_BACKLOG
        ? { status: 'ok', message: `the kernel's queue holds ${limit} records` }
        : {
            status: 'warning',
            message: `the kernel's queue holds ${limit} records, which a few programs that start at once fill`,
            advice: `-b ${SMALL_BACKLOG} in the rules; ${SETUP}`,
          },
    'backlog_limit',
  ),
  statusCheck(
    'rate-limit',
    'the limit of records',
    (rate) =>
      rate === 0
        ? { status: 'ok', message: 'no limit of records per second' }
        : {
            status: 'warning',
            message: `records beyond ${rate} a second are dropped`,
            advice: '-r 0 in the rules',
          },
    'rate_limit',
  ),
  statusCheck(
    'lost',
    'how many records were lost',
    (lost) =>
      lost === 0
        ? { status: 'ok', message: 'no record was lost since the boot' }
        : {
            status: 'warning',
            message: `${lost} records were lost since the boot`,
            advice:
              'enlarge the queue (-b), narrow noisy rules, and set the counter back with auditctl --reset-lost',
          },
    'lost',
  ),
  statusCheck(
    'failure-mode',
    'what happens when a record is lost',
    (mode) =>
      mode === 1
        ? { status: 'ok', message: 'a lost record is said in the log of the kernel' }
        : mode === 0
          ? {
              status: 'warning',
              message: 'records are lost without a word (-f 0)',
              advice: '-f 1 in the rules',
            }
          : {
              status: 'info',
              message: 'the machine stops when a record is lost (-f 2)',
              advice: 'keep it only if the rules of your trade ask for it',
            },
    'failure',
  ),
  statusCheck(
    'immutable',
    'whether the rules are locked',
    (enabled) =>
      enabled === 2
        ? { status: 'ok', message: 'the rules are locked until the next boot (-e 2)' }
        : {
            status: 'info',
            message: 'root can change the rules at any time, and so can who becomes root',
            advice: 'when the rules have settled: -e 2 as the last line of the last file',
          },
    'enabled',
  ),
]
