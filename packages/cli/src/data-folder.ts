import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Effects } from './effects.js'

/** Root's folder on a host where Auspex is set up as a service. */
export const SERVICE_FOLDER = '/var/lib/auspex'

/** `--data`, else AUSPEX_DATA, else root's service folder where there is one, else the XDG data folder. */
export function dataFolder(option: string | undefined, effects: Effects): string {
  const chosen = option ?? effects.env.AUSPEX_DATA
  if (chosen) return resolve(chosen)
  if (effects.isRoot && existsSync(SERVICE_FOLDER)) return SERVICE_FOLDER
  const xdg = effects.env.XDG_DATA_HOME
  return join(xdg?.startsWith('/') ? xdg : join(effects.homeDirectory, '.local', 'share'), 'auspex')
}
