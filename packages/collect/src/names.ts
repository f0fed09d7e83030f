/** Users and groups of this host by number, for the log of this host when it does not name them (RAW). */
import { readFile } from 'node:fs/promises'
import type { IdNames } from '@auspex/auditd'

/** Lines of /etc/passwd or /etc/group: `name:password:id:…`. The first name of an id counts. */
export function parseNames(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>()
  for (const line of text.split('\n')) {
    const [name, , id] = line.split(':')
    if (!name || id === undefined || !/^[0-9]{1,10}$/.test(id)) continue
    if (!names.has(Number(id))) names.set(Number(id), name)
  }
  return names
}

async function readNames(path: string): Promise<ReadonlyMap<number, string>> {
  try {
    return parseNames(await readFile(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map()
    throw error
  }
}

/** The names in `folder`'s passwd and group files. */
export async function hostNames(folder = '/etc'): Promise<IdNames> {
  const [users, groups] = await Promise.all([readNames(`${folder}/passwd`), readNames(`${folder}/group`)])
  return { users, groups }
}
