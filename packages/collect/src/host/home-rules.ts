/**
 * Rules about the SSH keys of each user: rules have no wildcards, so the homes of this host are written out. A user
 * without keys gets a rule about the folder coming to be.
 */
import type { HostSystem } from './system.js'

const FIRST_PERSON = 1000
const NOBODY = 65_534
const MAX_HOMES = 500

export const HOME_RULES = '36-auspex-home-ssh.rules'

/** Undefined: nobody has a home here. */
export function homeRules(system: HostSystem): string | undefined {
  const homes = homesOf(system).filter((home) => system.stat(home) !== undefined)
  if (homes.length === 0) return undefined
  const rules = homes.flatMap((home) => {
    const folder = `${home}/.ssh`
    const field = system.stat(folder) === undefined ? 'path' : 'dir'
    const place = folder.replaceAll(' ', '\\ ')
    return ['b64', 'b32'].map(
      (arch) =>
        `-a always,exit -F arch=${arch} -F ${field}=${place} -F perm=wa -F key=T1098.004_SSH_Authorized_Keys`,
    )
  })
  return ['# SSH keys of the users of this host. Made by auspex host setup.', ...rules, ''].join('\n')
}

/** Homes of people, each once, in the order of /etc/passwd. */
function homesOf(system: HostSystem): string[] {
  const homes = new Set<string>()
  for (const line of (system.read('/etc/passwd') ?? '').split('\n')) {
    const [, , uid, , , home] = line.split(':')
    if (home === undefined || !home.startsWith('/') || home === '/' || /[^\x20-\x7e]/.test(home)) continue
    if (Number(uid) >= FIRST_PERSON && Number(uid) < NOBODY) homes.add(home.replace(/\/+$/, ''))
  }
  return [...homes].slice(0, MAX_HOMES)
}
