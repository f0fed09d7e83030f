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

/** Most processes that are remembered for a host; the ones learned first are forgotten first. */
const MAX_PROCESSES = 32_768

/** The short name last seen for each process id, host by host. */
export class ProcessNames {
  readonly #hosts = new Map<string, Map<string, string>>()

  learn(host: string, pid: string, name: string): void {
    let processes = this.#hosts.get(host)
    if (processes === undefined) {
      if (this.#hosts.size >= 1024) this.#hosts.clear()
      processes = new Map()
      this.#hosts.set(host, processes)
    }
    if (processes.size >= MAX_PROCESSES && !processes.has(pid)) {
      processes.delete(processes.keys().next().value as string)
    }
    processes.set(pid, name)
  }

  find(host: string, pid: string): string | undefined {
    return this.#hosts.get(host)?.get(pid)
  }
}
