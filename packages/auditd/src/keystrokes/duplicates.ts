/**
 * The same keys, recorded twice.
 *
 * - sudo, su, screen, tmux, script and the like read the terminal and pass the keys on to a terminal of their own,
 *   where a shell reads them again. Both readings are in the log: count the inner one.
 * - bash, where it is built to, reports every finished line as USER_TTY besides the TTY record of its keys.
 *
 * An ssh client passes keys on as well, but out of the host: there is no second reading, and what it read counts.
 */
import { Buffer } from 'node:buffer'

export interface TerminalInput {
  readonly host: string
  /** Login session (`ses`); keys never pass from one to another. */
  readonly session: string
  readonly pid: string
  /** TTY or USER_TTY. */
  readonly recordType: string
  /** Milliseconds since 1970 at which the record was written: after the keys were typed. */
  readonly timestamp: number
  readonly data: Uint8Array
}

export interface Duplicate {
  /** Index of the input that says nothing new, as a whole or from `from` to `to` (bytes of its data). */
  readonly copy: number
  readonly from: number
  readonly to: number
  /** Index of the input that has the same keys and is to be counted. */
  readonly original: number
}

/** Keys that match by chance: shorter inputs are not taken for copies of a part. */
const MIN_PART = 4
/** How much later the outer reading may be written than the inner one, or earlier (ms). */
const MAX_APART = 3_600_000

/** Which inputs, or parts of them, repeat others. The inputs are in the order of the log. */
export function duplicateInputs(inputs: readonly TerminalInput[]): Duplicate[] {
  const found: Duplicate[] = []
  const bySession = new Map<string, number[]>()
  inputs.forEach((input, i) => {
    const key = `${input.host} ${input.session}`
    const list = bySession.get(key)
    if (list === undefined) bySession.set(key, [i])
    else list.push(i)
  })
  for (const list of bySession.values()) {
    for (const i of list) relayed(inputs, list, i, found)
    for (const i of list) if (inputs[i]!.recordType === 'USER_TTY') reported(inputs, list, i, found)
  }
  return found
}

/** The inner reading is written first: its process ends first, or its buffer fills no later. */
function relayed(
  inputs: readonly TerminalInput[],
  list: readonly number[],
  outer: number,
  found: Duplicate[],
): void {
  const relay = inputs[outer]!
  if (relay.recordType !== 'TTY') return
  const data = Buffer.from(relay.data)
  let from = 0
  for (const inner of list) {
    const input = inputs[inner]!
    if (inner >= outer || input.pid === relay.pid || input.recordType !== 'TTY') continue
    if (relay.timestamp - input.timestamp > MAX_APART || input.data.length === 0) continue
    const whole = input.data.length === data.length
    if (!whole && input.data.length < MIN_PART) continue
    const at = data.indexOf(input.data, from)
    if (at < 0) continue
    found.push({ copy: outer, from: at, to: at + input.data.length, original: inner })
    from = at + input.data.length
  }
}

/** A USER_TTY line repeats a line of the TTY input of the same process; the keys of the latter are the original. */
function reported(
  inputs: readonly TerminalInput[],
  list: readonly number[],
  line: number,
  found: Duplicate[],
): void {
  const report = inputs[line]!
  if (report.data.length === 0) return
  for (const i of list) {
    const input = inputs[i]!
    if (input.recordType !== 'TTY' || input.pid !== report.pid) continue
    if (Math.abs(input.timestamp - report.timestamp) > MAX_APART) continue
    if (!Buffer.from(input.data).includes(Buffer.concat([report.data, RETURN]))) continue
    found.push({ copy: line, from: 0, to: report.data.length, original: i })
    return
  }
}

const RETURN = Buffer.of(0x0d)
