/**
 * Which serial numbers of a host never came: events that were lost, or that somebody took out of the log.
 *
 * Serials grow by one an event and reach the log slightly out of order. A jump opens a range of missing numbers,
 * late comers shrink it, and when the log has gone on long enough what is left of it is reported. The counter
 * has 32 bits and starts again after 2^32-1, and at boot. auditd numbers its own DAEMON_ records by itself.
 */
export interface SerialGap {
  readonly host: string
  readonly first: number
  readonly last: number
}

interface Range {
  first: number
  last: number
  /** Number of the record that opened it. */
  readonly since: number
}

interface Host {
  highest: number
  missing: Range[]
}

/** State that a restarted reader goes on from: host, highest serial, ranges still missing. */
export type SerialState = readonly (readonly [
  host: string,
  highest: number,
  missing: readonly (readonly [number, number])[],
])[]

const WRAP = 2 ** 32
/** How far behind the highest serial a record may come and still be of the same boot. */
const MAX_DISORDER = 1 << 16
/** Records after which a missing serial will not come any more. */
const PATIENCE = 5_000
const MAX_RANGES = 1000
const MAX_HOSTS = 1024
const NONE: readonly SerialGap[] = []

export class SerialGaps {
  readonly #hosts = new Map<string, Host>()
  readonly #found: SerialGap[] = []
  #records = 0

  constructor(state: SerialState = []) {
    for (const [host, highest, missing] of state) {
      this.#hosts.set(host, { highest, missing: missing.map(([first, last]) => ({ first, last, since: 0 })) })
    }
  }

  see(name: string, serial: number): void {
    this.#records++
    const host = this.#hosts.get(name)
    if (host === undefined) {
      if (this.#hosts.size < MAX_HOSTS) this.#hosts.set(name, { highest: serial, missing: [] })
      return
    }
    if (serial === host.highest) return
    if (serial > host.highest) {
      if (serial > host.highest + 1) this.#open(name, host, host.highest + 1, serial - 1)
      host.highest = serial
    } else if (host.highest - serial <= MAX_DISORDER) {
      fill(host, serial)
    } else {
      // The counter went round, or the host booted: what is missing can not come any more.
      const wrapped = serial + WRAP - host.highest
      if (wrapped <= MAX_DISORDER) {
        if (host.highest < WRAP - 1) this.#open(name, host, host.highest + 1, WRAP - 1)
        if (serial > 0) this.#open(name, host, 0, serial - 1)
      } else this.#report(name, host, Number.POSITIVE_INFINITY)
      host.highest = serial
    }
    if (host.missing.length > 0) this.#report(name, host, this.#records - PATIENCE)
  }

  /** Gaps found since the last call. With `all`, also those that could still be filled. */
  take(all: boolean): readonly SerialGap[] {
    if (!all && this.#found.length === 0) return NONE
    if (all) for (const [name, host] of this.#hosts) this.#report(name, host, Number.POSITIVE_INFINITY)
    return this.#found.splice(0)
  }

  get state(): SerialState {
    return Array.from(this.#hosts, ([name, host]) => [
      name,
      host.highest,
      host.missing.map(({ first, last }) => [first, last] as const),
    ])
  }

  #open(name: string, host: Host, first: number, last: number): void {
    if (host.missing.length >= MAX_RANGES) this.#report(name, host, host.missing[0]!.since)
    host.missing.push({ first, last, since: this.#records })
  }

  #report(name: string, host: Host, until: number): void {
    let old = 0
    while (old < host.missing.length && host.missing[old]!.since <= until) old++
    for (const { first, last } of host.missing.splice(0, old)) this.#found.push({ host: name, first, last })
  }
}

function fill(host: Host, serial: number): void {
  const at = host.missing.findIndex((range) => range.first <= serial && serial <= range.last)
  if (at < 0) return
  const range = host.missing[at]!
  if (range.first === range.last) host.missing.splice(at, 1)
  else if (serial === range.first) range.first++
  else if (serial === range.last) range.last--
  else {
    host.missing.splice(at, 1, { ...range, last: serial - 1 }, { ...range, first: serial + 1 })
  }
}
