/** The daemon's side: does it run, where does it write, and what does it do when the disk is full. */

import type { HostFacts } from '../facts.js'
import { type HostCheck, type HostResult, notSeen, SETUP } from './check.js'

/** A check of auditd.conf. */
function settingsCheck(
  name: string,
  look: (setting: (name: string, fallback: string) => string, facts: HostFacts) => HostResult,
): HostCheck {
  return {
    name,
    look(facts) {
      const { settings } = facts
      if (settings === undefined) {
        return facts.system.isRoot
          ? { status: 'error', message: 'there is no /etc/audit/auditd.conf', advice: SETUP }
          : notSeen('/etc/audit/auditd.conf', facts)
      }
      return look((setting, fallback) => settings.get(setting) ?? fallback, facts)
    },
  }
}

const STOPS: ReadonlySet<string> = new Set(['suspend', 'halt', 'single'])

export const AUDITD_CHECKS: readonly HostCheck[] = [
  {
    name: 'auditd-installed',
    look: ({ auditd }) =>
      auditd === undefined
        ? { status: 'error', message: 'auditd is not installed: nothing takes the records', advice: SETUP }
        : { status: 'ok', message: `auditd is ${auditd}` },
  },
  {
    name: 'auditd-running',
    look: (facts) => {
      const pid = facts.status?.get('pid')
      if (pid === undefined) return notSeen('whether auditd runs', facts)
      return pid > 0
        ? { status: 'ok', message: `auditd runs as process ${pid}` }
        : {
            status: 'error',
            message: 'no auditd listens to the kernel: records go to the kernel log or nowhere',
            advice: 'systemctl enable --now auditd',
          }
    },
  },
  settingsCheck('log-format', (setting) =>
    setting('log_format', 'ENRICHED').toUpperCase() === 'ENRICHED'
      ? { status: 'ok', message: 'records carry the names of users as they were (ENRICHED)' }
      : {
          status: 'info',
          message:
            'records carry numbers of users only (RAW): what they meant is known on this host, and today',
          advice: 'log_format = ENRICHED in /etc/audit/auditd.conf',
        },
  ),
  settingsCheck('log-written', (setting) =>
    setting('write_logs', 'yes').toLowerCase() === 'yes' &&
    setting('local_events', 'yes').toLowerCase() === 'yes'
      ? { status: 'ok', message: 'auditd writes the events of this host to its log' }
      : {
          status: 'warning',
          message: 'auditd does not write the events of this host to its log',
          advice: 'write_logs = yes and local_events = yes, unless all is read from a plugin',
        },
  ),
  {
    name: 'log-readable',
    look: (facts) => {
      const { log, system } = facts
      const { path, state } = log
      if (state === undefined) {
        return system.isRoot
          ? { status: 'warning', message: `there is no ${path} yet`, advice: 'start auditd' }
          : notSeen(path, facts)
      }
      if ((state.mode & 0o007) !== 0)
        return {
          status: 'error',
          message: `everybody can read ${path}, with all that was typed in it`,
          advice: `chmod o= ${path}`,
        }
      return { status: 'ok', message: `${path} is there and closed to others` }
    },
  },
  settingsCheck('log-kept', (setting) => {
    const megabytes = Number(setting('max_log_file', '8')) * Number(setting('num_logs', '5'))
    const action = setting('max_log_file_action', 'rotate').toLowerCase()
    if (action === 'keep_logs') return { status: 'ok', message: 'all logs are kept' }
    if (action !== 'rotate')
      return {
        status: 'warning',
        message: `when a log is full, auditd does ${action}: the next records are lost or pile up`,
        advice: 'max_log_file_action = ROTATE',
      }
    return megabytes >= 100
      ? { status: 'ok', message: `${megabytes} MB of logs are kept` }
      : {
          status: 'warning',
          message: `${megabytes} MB of logs are kept: at 500 events a second that is ${Math.round(megabytes / 0.378)} seconds`,
          advice: 'max_log_file = 50 and num_logs = 10, so that a collector that was away loses nothing',
        }
  }),
  settingsCheck('disk-space', (setting) => {
    const actions = ['admin_space_left_action', 'disk_full_action', 'disk_error_action'].map(
      (name) => [name, setting(name, 'suspend').toLowerCase()] as const,
    )
    const halting = actions.filter(([, action]) => action === 'halt' || action === 'single')
    if (halting.length > 0)
      return {
        status: 'warning',
        message: `a full disk stops the machine: ${halting.map((pair) => pair.join(' = ')).join(', ')}`,
        advice: 'keep it only if the rules of your trade ask for it',
      }
    const stopping = actions.filter(([, action]) => STOPS.has(action))
    if (stopping.length > 0)
      return {
        status: 'info',
        message: `a full disk ends the record silently: ${stopping.map((pair) => pair.join(' = ')).join(', ')}`,
        advice: 'admin_space_left_action = ROTATE gives up the oldest log instead; watch the space',
      }
    return { status: 'ok', message: 'a full disk does not end the record' }
  }),
  {
    name: 'clock',
    look: ({ clockSynchronized }) =>
      clockSynchronized === undefined
        ? {
            status: 'unknown',
            message: 'nobody on this host says whether its clock is right',
            advice: 'install chrony: events of several hosts are put in order by their clocks',
          }
        : clockSynchronized
          ? { status: 'ok', message: 'the clock is kept right' }
          : {
              status: 'warning',
              message: 'the clock is not synchronized: events of several hosts can not be put in order',
              advice: 'timedatectl set-ntp true, or install chrony',
            },
  },
]
