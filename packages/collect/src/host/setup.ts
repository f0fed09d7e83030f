/**
 * `host setup`: what is missing for this host to be audited, as a plan that can be shown before anything is done.
 * A host that is set up gives an empty plan.
 */
import { type Finding, fitRules } from '../audit-rules/index.js'
import { type HostFacts, RULES_FOLDER } from './facts.js'
import { HOME_RULES, homeRules } from './home-rules.js'
import { PAM_FOLDER, sessionLines, ttyAudit } from './pam.js'
import { withSessionLine } from './pam-edit.js'
import { type PluginProgram, pluginFile, type WantedFile } from './plugin.js'

export interface SetupOptions {
  /** Rules files to install, by name. */
  readonly rules: readonly { readonly name: string; readonly text: string }[]
  /** Services whose sessions are recorded, where the host has them. */
  readonly services?: readonly string[]
  /** Record passwords too. Default false. */
  readonly passwords?: boolean
  /**
   * What PAM does when recording can not be turned on: `optional` lets people in, `required` keeps them out.
   * Default optional.
   */
  readonly pamControl?: 'optional' | 'required'
  /** Program that auditd hands its records to; none: the log is read. */
  readonly plugin?: PluginProgram | undefined
}

export interface FileChange {
  readonly path: string
  /** undefined: the file is new. */
  readonly before: string | undefined
  readonly after: string
  readonly mode: number
  readonly why: string
}

export type Command = readonly [command: string, ...args: string[]]

export interface SetupPlan {
  readonly packages: readonly string[]
  /** How the packages come; undefined: there are none to install, or nobody knows how. */
  readonly install: readonly Command[]
  /** What starts auditd, where it does not run. */
  readonly start: readonly Command[]
  readonly changes: readonly FileChange[]
  /** Rules that this host can not load, and that are left out. */
  readonly left: readonly (Finding & { readonly file: string })[]
  /** What a person has to do or to know. */
  readonly notes: readonly string[]
  /** Why nothing can be done here. */
  readonly refusals: readonly string[]
}

const DEFAULT_SERVICES = ['sshd', 'login', 'systemd-user']
const TTY_AUDIT = 'pam_tty_audit.so'
const LOGIN_UID = 'pam_loginuid.so'

const PACKAGES: Readonly<Record<HostFacts['distribution']['family'], readonly string[]>> = {
  debian: ['auditd'],
  redhat: ['audit'],
  other: [],
}

export function planSetup(facts: HostFacts, options: SetupOptions): SetupPlan {
  const { container, system, distribution, machine } = facts
  const refusals = [
    ...(container === undefined
      ? []
      : [
          `this is ${container}: auditing is set up on its host, and pam_tty_audit would lock people out here`,
        ]),
    ...(system.isRoot ? [] : ['only root can set a host up']),
    ...(machine === undefined ? [`the system calls of ${system.architecture} are not known to Auspex`] : []),
  ]
  if (refusals.length > 0 || machine === undefined) return { ...NOTHING, refusals }

  const packages = facts.auditd === undefined ? PACKAGES[distribution.family] : []
  const notes: string[] = []
  if (facts.auditd === undefined && packages.length === 0) {
    notes.push(`install auditd: how that goes on ${distribution.name} is not known here; then run this again`)
  }
  if (facts.status?.get('enabled') === 2) {
    notes.push('the rules of the kernel are locked (-e 2): what is written takes effect at the next boot')
  }
  const rules = planRules(facts, machine, options)
  const pam = planPam(facts, options)
  const plugin = options.plugin === undefined ? [] : planFile(facts, pluginFile(options.plugin))
  return {
    packages,
    install: packages.length === 0 ? [] : installCommands(facts, packages),
    start: startCommands(facts),
    changes: [...rules.changes, ...pam.changes, ...plugin],
    left: rules.left,
    notes: [...notes, ...pam.notes],
    refusals: [],
  }
}

const NOTHING: SetupPlan = {
  packages: [],
  install: [],
  start: [],
  changes: [],
  left: [],
  notes: [],
  refusals: [],
}

function installCommands(
  { distribution, system }: HostFacts,
  packages: readonly string[],
): SetupPlan['install'] {
  if (distribution.family === 'debian') {
    return [
      ['apt-get', 'update'],
      ['apt-get', 'install', '-y', '--no-install-recommends', ...packages],
    ]
  }
  const manager = system.stat('/usr/bin/dnf') === undefined ? 'yum' : 'dnf'
  return [[manager, 'install', '-y', ...packages]]
}

function startCommands({ auditd, status, system }: HostFacts): Command[] {
  const runs = status === undefined || (status.get('pid') ?? 0) > 0
  const systemd = system.stat('/run/systemd/system') !== undefined
  return auditd === undefined || runs || !systemd ? [] : [['systemctl', 'enable', '--now', 'auditd']]
}

function planRules(facts: HostFacts, machine: NonNullable<HostFacts['machine']>, options: SetupOptions) {
  const homes = options.rules.length === 0 ? undefined : homeRules(facts.system)
  const rules = homes === undefined ? options.rules : [...options.rules, { name: HOME_RULES, text: homes }]
  const changes: FileChange[] = []
  const left: (Finding & { file: string })[] = []
  for (const { name, text } of rules) {
    const fitted = fitRules(text, machine, facts.rulesHost)
    left.push(...fitted.left.map((finding) => ({ ...finding, file: name })))
    changes.push(
      ...planFile(facts, {
        path: `${RULES_FOLDER}/${name}`,
        text: fitted.text,
        mode: 0o640,
        why: 'rules for the kernel',
      }),
    )
  }
  return { changes, left }
}

/** No change where the file is so already. */
function planFile({ system }: HostFacts, { path, text, mode, why }: WantedFile): FileChange[] {
  const before = system.read(path)
  return before === text ? [] : [{ path, before, after: text, mode: system.stat(path)?.mode ?? mode, why }]
}

function planPam(facts: HostFacts, options: SetupOptions): { changes: FileChange[]; notes: string[] } {
  const { services = DEFAULT_SERVICES, passwords = false, pamControl = 'optional' } = options
  const changes: FileChange[] = []
  const notes: string[] = []
  for (const service of services) {
    const stack = facts.services.get(service)
    if (stack === undefined) continue
    if (stack.problems.length > 0) {
      notes.push(`${service}: its PAM stack is broken and is left as it is (auspex host check)`)
      continue
    }
    const path = `${PAM_FOLDER}/${service}`
    const before = facts.system.read(path)!
    let after = before
    const add = (module: string, line: string, comment: string) => {
      if (facts.pamModules.has(module)) after = withSessionLine(after, line, comment)
      else notes.push(`${service}: ${module} is not on this host, so no line with it is written`)
    }
    if (sessionLines(stack, LOGIN_UID).length === 0) {
      add(LOGIN_UID, `session required ${LOGIN_UID}`, 'Who logged in, whatever user the session becomes.')
    }
    const last = sessionLines(stack, TTY_AUDIT).at(-1)
    const has = last === undefined ? undefined : ttyAudit(last.args)
    if (last === undefined || (!has!.people && !last.args.some((arg) => /^(en|dis)able=/.test(arg)))) {
      const args = passwords ? 'enable=* log_passwd' : 'enable=*'
      add(TTY_AUDIT, `session ${pamControl} ${TTY_AUDIT} ${args}`, 'What is typed goes into the audit log.')
    } else if (!has!.people || !has!.root) {
      notes.push(`${service}: ${last.file}:${last.line} records some users only; left as it is`)
    }
    if (after !== before) {
      changes.push({
        path,
        before,
        after,
        mode: facts.system.stat(path)!.mode,
        why: 'keystrokes, and who made them',
      })
    }
  }
  return { changes, notes }
}
