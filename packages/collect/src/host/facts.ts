/** What there is to know about a host, gathered once: checks and plans look only at this. */
import { type Machine, machineOf, type RulesHost } from '../audit-rules/index.js'
import { parseSettings, parseStatus } from './auditd-conf.js'
import { PAM_FOLDER, type PamStack, pamStack } from './pam.js'
import type { FileState, HostSystem } from './system.js'

export type Family = 'debian' | 'redhat' | 'other'

export interface RulesOnDisk {
  readonly path: string
  readonly text: string
}

export interface HostFacts {
  readonly system: HostSystem
  readonly distribution: { readonly family: Family; readonly name: string }
  readonly machine: Machine | undefined
  /** Containers may not audit: there is one audit system a kernel, and it is the host's. */
  readonly container: string | undefined
  /** undefined: this process may not ask, or commands do not run. */
  readonly status: ReadonlyMap<string, number> | undefined
  /** Rules in the kernel, as `auditctl -l` prints them. */
  readonly loadedRules: string | undefined
  /** The files of rules.d in the order of augenrules; without that folder audit.rules. */
  readonly rulesOnDisk: readonly RulesOnDisk[]
  readonly rulesHost: RulesHost
  readonly ids: { readonly users: ReadonlyMap<string, number>; readonly groups: ReadonlyMap<string, number> }
  readonly auditd: string | undefined
  readonly settings: ReadonlyMap<string, string> | undefined
  readonly log: { readonly path: string; readonly state: FileState | undefined }
  readonly services: ReadonlyMap<string, PamStack>
  readonly pamModules: ReadonlySet<string>
  /** Command lines of the kernel. */
  readonly kernelArguments: string
  /** Whether the clock is kept right; undefined: nobody says. */
  readonly clockSynchronized: boolean | undefined
}

export const RULES_FOLDER = '/etc/audit/rules.d'

/** Services of PAM that open sessions of people. */
export const SESSION_SERVICES = ['sshd', 'login', 'systemd-user', 'su', 'su-l', 'sudo', 'sudo-i'] as const

const AUDITD_PATHS = ['/usr/sbin/auditd', '/sbin/auditd', '/usr/bin/auditd']

export async function gatherFacts(system: HostSystem): Promise<HostFacts> {
  const confText = system.read('/etc/audit/auditd.conf')
  const settings = confText === undefined ? undefined : parseSettings(confText)
  const logPath = settings?.get('log_file') ?? '/var/log/audit/audit.log'
  const status = await output(system, 'auditctl', ['-s'])
  const parsed = status === undefined ? undefined : parseStatus(status)
  return {
    system,
    distribution: distribution(system.read('/etc/os-release') ?? system.read('/usr/lib/os-release') ?? ''),
    machine: machineOf(system.architecture),
    container: container(system),
    status: parsed?.has('enabled') ? parsed : undefined,
    loadedRules: await output(system, 'auditctl', ['-l']),
    rulesOnDisk: rulesOnDisk(system),
    rulesHost: rulesHostOf(system),
    ids: idsOf(system),
    auditd: AUDITD_PATHS.find((path) => system.stat(path) !== undefined),
    settings,
    log: { path: logPath, state: system.stat(logPath) },
    ...pamFacts(system),
    kernelArguments: system.read('/proc/cmdline') ?? '',
    clockSynchronized: await clockSynchronized(system),
  }
}

async function output(
  system: HostSystem,
  command: string,
  args: readonly string[],
): Promise<string | undefined> {
  const result = await system.run?.(command, args)
  return result?.code === 0 ? result.stdout : undefined
}

const idsOf = (system: HostSystem): HostFacts['ids'] => ({
  users: ids(system.read('/etc/passwd') ?? ''),
  groups: ids(system.read('/etc/group') ?? ''),
})

/** What rules may name here. */
export function rulesHostOf(system: HostSystem): RulesHost {
  const { users, groups } = idsOf(system)
  return {
    users: new Set(users.keys()),
    groups: new Set(groups.keys()),
    exists: (path) => system.stat(path) !== undefined,
  }
}

function ids(text: string): Map<string, number> {
  const found = new Map<string, number>()
  for (const line of text.split('\n')) {
    const [name, , id] = line.split(':')
    if (name && id !== undefined && /^\d+$/.test(id)) found.set(name, Number(id))
  }
  return found
}

function distribution(text: string): HostFacts['distribution'] {
  const value = (name: string) => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1] ?? ''
  const kin = `${value('ID')} ${value('ID_LIKE')}`.split(' ')
  const family =
    kin.includes('debian') || kin.includes('ubuntu')
      ? 'debian'
      : kin.some((id) => ['rhel', 'fedora', 'centos'].includes(id))
        ? 'redhat'
        : 'other'
  return { family, name: value('PRETTY_NAME') || value('ID') || 'an unknown system' }
}

const CAP_AUDIT_CONTROL = 30n

/** Of the namespaces that the kernel starts with; it audits only for them. Source: linux/proc_ns.h. */
const FIRST_NAMESPACES = { pid: 'pid:[4026531836]', user: 'user:[4026531837]' }

/** The kernel tells by namespaces and capabilities. Files that name a container can be left from an image. */
function container(system: HostSystem): string | undefined {
  const namespaces = Object.entries(FIRST_NAMESPACES).map(
    ([name, first]) => [system.link(`/proc/self/ns/${name}`), first] as const,
  )
  const bounds = /^CapBnd:\s*([0-9a-f]+)/m.exec(system.read('/proc/self/status') ?? '')?.[1]
  const capable = bounds === undefined || ((BigInt(`0x${bounds}`) >> CAP_AUDIT_CONTROL) & 1n) === 1n
  if (capable && namespaces.every(([own, first]) => own === first)) return undefined
  const inside = !capable || namespaces.some(([own, first]) => own !== undefined && own !== first)
  return containerName(system) ?? (inside ? 'a container' : undefined)
}

function containerName(system: HostSystem): string | undefined {
  const named = system.read('/run/systemd/container')?.trim()
  if (named) return `a container of ${named}`
  if (system.stat('/.dockerenv') !== undefined) return 'a container of docker'
  return system.stat('/run/.containerenv') === undefined ? undefined : 'a container of podman'
}

function rulesOnDisk(system: HostSystem): RulesOnDisk[] {
  const files = naturalOrder(system.list(RULES_FOLDER).filter((name) => name.endsWith('.rules'))).map(
    (name) => `${RULES_FOLDER}/${name}`,
  )
  const paths = files.length > 0 ? files : ['/etc/audit/audit.rules']
  return paths.flatMap((path) => {
    const text = system.read(path)
    return text === undefined ? [] : [{ path, text }]
  })
}

/** As `ls -v`: numbers by their value. */
const naturalOrder = (names: readonly string[]): string[] =>
  [...names].sort(new Intl.Collator('en', { numeric: true, caseFirst: 'upper' }).compare)

export const pamFacts = (system: HostSystem): Pick<HostFacts, 'services' | 'pamModules'> => ({
  services: services(system),
  pamModules: pamModules(system),
})

function services(system: HostSystem): Map<string, PamStack> {
  const found = new Map<string, PamStack>()
  const read = (file: string) => system.read(file.startsWith('/') ? file : `${PAM_FOLDER}/${file}`)
  for (const service of SESSION_SERVICES) {
    if (read(service) !== undefined) found.set(service, pamStack(service, read))
  }
  return found
}

const MODULE_FOLDERS = ['/lib/security', '/lib64/security', '/usr/lib/security', '/usr/lib64/security']

function pamModules(system: HostSystem): Set<string> {
  const multiarch = ['/lib', '/usr/lib'].flatMap((folder) =>
    system
      .list(folder)
      .filter((name) => name.includes('-linux-'))
      .map((name) => `${folder}/${name}/security`),
  )
  return new Set([...MODULE_FOLDERS, ...multiarch].flatMap((folder) => [...system.list(folder)]))
}

async function clockSynchronized(system: HostSystem): Promise<boolean | undefined> {
  const timedatectl = await output(system, 'timedatectl', ['show', '-p', 'NTPSynchronized', '--value'])
  if (timedatectl !== undefined) return timedatectl.trim() === 'yes'
  const chrony = await output(system, 'chronyc', ['tracking'])
  return chrony === undefined ? undefined : !/^Leap status\s*:\s*Not synchronised/m.test(chrony)
}
