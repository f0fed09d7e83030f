/** Names for the numbers of a record: users and groups from a table, processes from the records before. */

/** Names of ids on the host that wrote the log, where the log itself (log_format=RAW) does not say them. */
export interface IdNames {
  readonly users?: ReadonlyMap<number, string>
  readonly groups?: ReadonlyMap<number, string>
}

/** What an id is called that means "none": -1 as a signed or an unsigned number. */
export const UNSET = 'unset'

export function isUnset(id: string): boolean {
  return id === '4294967295' || id === '-1'
}

/** The name of an id that the log gives as a number only: from the table, else the number as text. */
export function idName(names: IdNames, kind: 'uid' | 'gid', id: string): string {
  if (isUnset(id)) return UNSET
  const table = kind === 'uid' ? names.users : names.groups
  return table?.get(Number(id)) ?? id
}

/** auditd writes `AUID="unknown(1001)"` where the host has no name for the id. */
export function isUnknownName(name: string): boolean {
  return name.startsWith('unknown(')
}

/** Processes that are remembered for a host: the last ones learned, at least this many and at most twice. */
const MIN_PROCESSES = 16_384
const MAX_HOSTS = 1024

interface Generations {
  young: Map<number, string>
  old: Map<number, string>
}

/** The short name last seen for each process id, host by host. */
export class ProcessNames {
  readonly #hosts = new Map<string, Generations>()

  learn(host: string, pid: number, name: string): void {
    let processes = this.#hosts.get(host)
    if (processes === undefined) {
      if (this.#hosts.size >= MAX_HOSTS) this.#hosts.clear()
      processes = { young: new Map(), old: new Map() }
      this.#hosts.set(host, processes)
    }
    processes.young.set(pid, name)
    if (processes.young.size < MIN_PROCESSES) return
    processes.old = processes.young
    processes.young = new Map()
  }

  find(host: string, pid: number): string | undefined {
    const processes = this.#hosts.get(host)
    return processes?.young.get(pid) ?? processes?.old.get(pid)
  }
}
