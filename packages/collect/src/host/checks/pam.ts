/** PAM: who is at the keyboard, and what is typed. */

import type { HostFacts } from '../facts.js'
import { moduleName, type PamStack, sessionLines, ttyAudit } from '../pam.js'
import { type HostCheck, type HostResult, notSeen, SETUP } from './check.js'

/** Where a person comes in; sudo and su go on from there, and the keystrokes with them. */
const DOORS: ReadonlySet<string> = new Set(['sshd', 'login'])

const TTY_AUDIT = 'pam_tty_audit.so'
const LOGIN_UID = 'pam_loginuid.so'

const noPam = (facts: HostFacts): HostResult =>
  facts.system.isRoot
    ? { status: 'warning', message: 'there are no services in /etc/pam.d', advice: 'is PAM installed?' }
    : notSeen('/etc/pam.d', facts)

interface Stand {
  readonly status: HostResult['status']
  readonly text: string
}

function ttyStand(service: string, stack: PamStack): Stand {
  const found = sessionLines(stack, TTY_AUDIT)
  const last = found.at(-1)
  const weight = DOORS.has(service) ? 'warning' : 'info'
  if (last === undefined)
    return {
      status: weight,
      text: DOORS.has(service) ? 'keystrokes are not recorded' : 'goes on as the login was',
    }
  const { people, root, openOnly } = ttyAudit(last.args)
  const where = `${last.file}:${last.line}`
  if (!people && !root) {
    return {
      status: 'warning',
      text: last.args.some((arg) => arg.includes('able='))
        ? `${where} records nobody`
        : `${where} has no enable=: the module does nothing`,
    }
  }
  if (!people) return { status: weight, text: `${where} records root only` }
  if (service.startsWith('sudo') && !openOnly)
    return {
      status: 'warning',
      text: `${where} has no open_only: sudo ends the recording of the shell it came from`,
    }
  return { status: 'ok', text: `recorded (${where})` }
}

const WEIGHT: readonly HostResult['status'][] = ['ok', 'info', 'unknown', 'warning', 'error']
const worst = (stands: readonly Stand[]): HostResult['status'] =>
  WEIGHT[Math.max(0, ...stands.map(({ status }) => WEIGHT.indexOf(status)))]!

export const PAM_CHECKS: readonly HostCheck[] = [
  {
    name: 'pam-valid',
    look(facts) {
      if (facts.services.size === 0) return noPam(facts)
      const problems = [...facts.services].flatMap(([service, { lines, problems }]) => [
        ...problems.map(({ file, line, message }) => `${service}: ${file}:${line}: ${message}`),
        ...lines
          .filter(({ module, mayBeAbsent }) => !mayBeAbsent && !facts.pamModules.has(moduleName(module)))
          .map(({ file, line, module }) => `${service}: ${file}:${line}: ${module} is not on the disk`),
      ])
      const details = [...new Set(problems)]
      return details.length === 0
        ? { status: 'ok', message: `the PAM stacks of ${[...facts.services.keys()].join(', ')} are whole` }
        : {
            status: 'error',
            message: 'a PAM stack is broken: logins may fail',
            advice: 'keep a root shell open while you mend it',
            details,
          }
    },
  },
  {
    name: 'tty-audit',
    look(facts) {
      if (facts.services.size === 0) return noPam(facts)
      const stands = [...facts.services].map(([service, stack]) => ({ service, ...ttyStand(service, stack) }))
      const status = worst(stands)
      const details = stands.map(({ service, text }) => `${service}: ${text}`)
      if (status === 'ok' || status === 'info')
        return { status: 'ok', message: 'what people type is recorded from the login on', details }
      return {
        status,
        message: 'what people type is not recorded at every door',
        advice: `session required ${TTY_AUDIT} enable=* in the stack; ${SETUP}`,
        details,
      }
    },
  },
  {
    name: 'login-uid',
    look(facts) {
      if (facts.services.size === 0) return noPam(facts)
      const without = [...facts.services]
        .filter(
          ([service, stack]) =>
            (DOORS.has(service) || service === 'systemd-user') && sessionLines(stack, LOGIN_UID).length === 0,
        )
        .map(([service]) => service)
      return without.length === 0
        ? { status: 'ok', message: 'each session knows who logged in, whatever user it becomes' }
        : {
            status: 'error',
            message: `${LOGIN_UID} is missing in ${without.join(', ')}: nobody is accountable there, events have no login user`,
            advice: `session required ${LOGIN_UID}; ${SETUP}`,
          }
    },
  },
  {
    name: 'passwords-typed',
    look(facts) {
      if (facts.services.size === 0) return noPam(facts)
      const recorded = [...facts.services].flatMap(([service, stack]) => {
        const last = sessionLines(stack, TTY_AUDIT).at(-1)
        return last !== undefined && ttyAudit(last.args).passwords && ttyAudit(last.args).people
          ? [`${service}: ${last.file}:${last.line}`]
          : []
      })
      return recorded.length === 0
        ? {
            status: 'ok',
            message:
              'input that is not shown, as passwords, is not recorded (programs that read keys one by one, as ssh and mysql, are recorded all the same)',
          }
        : {
            status: 'warning',
            message: 'passwords are recorded as they are typed (log_passwd): who reads the log has them',
            advice: 'remove log_passwd unless it is meant, and close the column to most',
            details: recorded,
          }
    },
  },
]
