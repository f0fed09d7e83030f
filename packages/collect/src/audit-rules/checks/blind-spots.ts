/** Events that a reader of the rules believes to have, and does not. */

import { canonicalRule } from '../canonical.js'
import { fieldOf, type Rule } from '../rules.js'
import { NEWER_SYSCALLS, syscallNames } from '../syscalls.js'
import { tableOf } from '../values.js'
import { type Check, ruleCheck } from './check.js'

/** Records whose exclusion takes more than it seems. */
const NEEDED: Readonly<Record<string, string>> = {
  SYSCALL: 'who did it, in which session and with what key',
  EXECVE: 'the arguments of every command',
  PATH: 'the files that an event is about',
  CWD: 'the folder that relative paths start from',
  PROCTITLE: 'the command line of what made a system call',
  SOCKADDR: 'the address that was connected to',
  EOE: 'the end of an event, which readers behind auditd wait for',
  TTY: 'keystrokes',
  USER_TTY: 'typed commands',
  AVC: 'what SELinux and AppArmor refused',
  LOGIN: 'which user a session belongs to',
  USER_START: 'where a session came from',
  USER_END: 'when a session ended',
  USER_LOGIN: 'logins and their addresses',
  USER_AUTH: 'attempts with a wrong password',
  USER_CMD: 'what sudo ran',
  ANOM_ABEND: 'crashes, as of an exploit that failed',
  CONFIG_CHANGE: 'changes of the audit rules',
}

const exclude = ruleCheck('exclude-blinds', 'warning', (rule) => {
  if (rule.list !== 'exclude') return undefined
  const narrowed = rule.fields.some(({ name }) => name !== 'msgtype')
  const field = rule.fields.find(
    ({ name, operator, value }) => name === 'msgtype' && operator === '=' && value.toUpperCase() in NEEDED,
  )
  if (field === undefined || narrowed) return undefined
  const type = field.value.toUpperCase()
  return {
    at: field.at,
    message: `without ${type} records is lost: ${NEEDED[type]}`,
    advice: 'remove the rule; leave out single programs or users instead',
  }
})

/** Folders that anybody may write to: where attackers keep their tools. */
const STAGING = ['/dev/shm', '/tmp', '/var/tmp', '/run', '/home', '/root', '/']

const never = ruleCheck('never-blinds', 'warning', (rule) => {
  if (rule.action !== 'never' || rule.list !== 'exit') return undefined
  const place = fieldOf(rule, 'dir', 'path')
  if (place !== undefined && STAGING.includes(place.value.replace(/(.)\/+$/, '$1'))) {
    return {
      at: place.at,
      message: `nothing that happens in ${place.value} is recorded, and it is where attackers keep their tools`,
      advice: 'leave out the program that makes the noise: -F exe=',
    }
  }
  if (rule.fields.every(({ name }) => name === 'arch') && rule.syscalls.length === 0) {
    return { at: rule.at, message: 'this rule leaves out everything', advice: 'remove it' }
  }
  return undefined
})

const cron = ruleCheck('never-blinds', 'warning', (rule) => {
  const field = rule.fields.find(({ name, value }) => name === 'subj_type' && value === 'crond_t')
  if (field === undefined || rule.action !== 'never') return undefined
  return {
    at: field.at,
    message: 'nothing that cron runs is recorded, and cron is a way to stay on a host (T1053.003)',
    advice: 'leave out the noisy program: -F exe=',
  }
})

const neverTask: Check = ruleCheck('never-task', 'error', (rule) => {
  if (rule.list !== 'task' || rule.action !== 'never' || rule.fields.length > 0) return undefined
  return {
    at: rule.at,
    message: 'no process that starts from now on is audited: no rule of the list exit has any effect',
    advice: 'remove the line (rules.d/10-no-audit.rules on Red Hat)',
  }
})

const neverLate: Check = {
  name: 'never-late',
  severity: 'warning',
  *run({ rules }) {
    const firstAlways = rules.findIndex(({ list, action }) => list === 'exit' && action === 'always')
    if (firstAlways < 0) return
    for (const rule of rules.slice(firstAlways)) {
      if (rule.list !== 'exit' || rule.action !== 'never') continue
      yield {
        at: rule.at,
        message: `the first rule that matches decides, and rules from line ${rules[firstAlways]!.at.line} on come before this exclusion`,
        advice: 'put exclusions before all other rules',
      }
    }
  },
}

const TWIN: Readonly<Record<string, string>> = { b64: 'b32', b32: 'b64' }

const archTwin: Check = {
  name: 'arch-twin',
  severity: 'warning',
  *run({ rules, machine }) {
    const alike = new Map<string, Rule[]>()
    for (const rule of rules) {
      const same = whateverCall(rule)
      alike.set(same, [...(alike.get(same) ?? []), rule])
    }
    for (const rule of rules) {
      const arch = rule.fields.find(({ name, operator }) => name === 'arch' && operator === '=')
      const other = arch && TWIN[arch.value.toLowerCase()]
      if (arch === undefined || other === undefined || rule.list !== 'exit') continue
      // A rule over all 32-bit calls is there to see that there are any.
      if (other === 'b64' && (rule.syscalls.length === 0 || rule.syscalls.some(({ text }) => text === 'all')))
        continue
      const table = syscallNames(tableOf(other, machine)!)
      const there = rule.syscalls.filter(
        ({ text }) => text === 'all' || /^\d+$/.test(text) || table.has(text),
      )
      if (rule.syscalls.length > 0 && there.length === 0) continue
      const twins = alike.get(whateverCall(rule))!.filter((candidate) => archIs(candidate, other))
      const covered = new Set(twins.flatMap(({ syscalls }) => syscalls.map(({ text }) => text)))
      const open = twins.some(({ syscalls }) => syscalls.length === 0)
        ? []
        : there.filter(({ text }) => !covered.has(text) && !covered.has('all'))
      if (twins.length > 0 && open.length === 0) continue
      yield {
        at: arch.at,
        message: `calls of ${other === 'b32' ? '32' : '64'}-bit programs go past this rule${open.length > 0 ? `: ${open.map(({ text }) => text).join(', ')}` : ''}`,
        advice: `add the same rule with arch=${other}`,
      }
    }
  },
}

/** The same for rules that differ only in architecture and calls. */
const whateverCall = (rule: Rule): string =>
  canonicalRule({ ...rule, syscalls: [], fields: rule.fields.filter(({ name }) => name !== 'arch') })

const archIs = (rule: Rule, value: string): boolean =>
  rule.fields.some(
    (field) => field.name === 'arch' && field.operator === '=' && field.value.toLowerCase() === value,
  )

/** Calls that do the same: who watches the first and not the others is walked around. */
const SIBLINGS: readonly (readonly [call: string, ...newer: string[]])[] = [
  ['execve', 'execveat'],
  ['openat', 'openat2', 'open_by_handle_at'],
  ['unlinkat', 'unlink'],
  ['renameat', 'renameat2', 'rename'],
  ['fchmodat', 'fchmodat2'],
  ['chmod', 'fchmod', 'fchmodat'],
  ['chown', 'fchown', 'fchownat', 'lchown'],
  ['setxattr', 'fsetxattr', 'lsetxattr'],
  ['setuid', 'setreuid', 'setresuid'],
  ['setgid', 'setregid', 'setresgid'],
  ['init_module', 'finit_module'],
  ['ptrace', 'process_vm_writev'],
  ['kexec_load', 'kexec_file_load'],
  ['mount', 'move_mount'],
  ['clone', 'clone3'],
]

const siblings: Check = {
  name: 'call-around',
  severity: 'info',
  *run({ rules, machine }) {
    const watched = new Set(
      rules
        .filter(({ action }) => action === 'always')
        .flatMap(({ syscalls }) => syscalls.map(({ text }) => text)),
    )
    if (watched.has('all')) return
    const said = new Set<string>()
    for (const rule of rules) {
      if (rule.list !== 'exit' || rule.action !== 'always' || rule.syscalls.length === 0) continue
      const arch = rule.fields.find(({ name, operator }) => name === 'arch' && operator === '=')?.value
      const table = tableOf(arch, machine)
      for (const { text, at } of rule.syscalls) {
        const newer = SIBLINGS.filter(([call]) => call === text).flatMap(([, ...others]) => others)
        const missing = newer.filter(
          (call) =>
            !watched.has(call) &&
            !NEWER_SYSCALLS.has(call) &&
            table !== undefined &&
            syscallNames(table).has(call),
        )
        if (missing.length === 0 || said.has(text)) continue
        said.add(text)
        yield {
          at,
          message: `no rule watches ${missing.join(', ')}, which do${missing.length === 1 ? 'es' : ''} what ${text} does`,
          advice: `add ${missing.join(',')} to the rule`,
        }
      }
    }
  },
}

const UID_MIN = 1000

const oldUidMin = ruleCheck('auid-minimum', 'info', (rule) => {
  const field = rule.fields.find(
    ({ name, operator, value }) => name === 'auid' && operator === '>=' && value === '500',
  )
  if (field === undefined) return undefined
  return {
    at: field.at,
    message: `people have ids from ${UID_MIN} on (UID_MIN of /etc/login.defs); from 500 was before 2011`,
    advice: `write auid>=${UID_MIN}`,
  }
})

const unset = ruleCheck('auid-unset', 'warning', (rule) => {
  const field = rule.fields.find(
    ({ name, operator }) => name === 'auid' && (operator === '>=' || operator === '>'),
  )
  if (
    field === undefined ||
    rule.fields.some(
      ({ name, operator, value }) => name === 'auid' && operator.startsWith('!') && isUnset(value),
    )
  )
    return undefined
  if (rule.fields.some(({ name, operator }) => name === 'auid' && operator.startsWith('<'))) return undefined
  return {
    at: field.at,
    message: 'daemons match too: the login user that nobody set is the largest number',
    advice: 'add -F auid!=unset',
  }
})

const isUnset = (value: string): boolean => value === 'unset' || value === '-1' || value === '4294967295'

const everyRead = ruleCheck('watch-reads', 'warning', (rule) => {
  if (!rule.watch) return undefined
  const perm = fieldOf(rule, 'perm')!
  if (perm.value !== 'rwxa') return undefined
  const path = fieldOf(rule, 'path', 'dir')!
  return {
    at: rule.at,
    message: `a watch without -p records every read of ${path.value} too`,
    advice: 'add -p wa, or -p r if reading is what you are after',
  }
})

export const BLIND_SPOT_CHECKS: readonly Check[] = [
  exclude,
  never,
  cron,
  neverTask,
  neverLate,
  archTwin,
  siblings,
  oldUidMin,
  unset,
  everyRead,
]
