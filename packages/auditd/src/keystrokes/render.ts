/**
 * Terminal input as `aureport --tty` prints it: `"netstat -tlpn",<ret>,"lsx",<backspace>`.
 *
 * At each place the longest key sequence wins. Runs of other bytes stand in `"`: printable ASCII as it is, `\`
 * and `"` with a `\` before them, everything else as three octal digits (`\303\251`; aureport knows no UTF-8).
 */
import { KEY_NAMES } from './keys.js'

interface KeyNode {
  name: string | undefined
  readonly next: Map<number, KeyNode>
}

const ROOT: KeyNode = { name: undefined, next: new Map() }
for (const [sequence, name] of KEY_NAMES) {
  let node = ROOT
  for (let i = 0; i < sequence.length; i++) {
    let next = node.next.get(sequence.charCodeAt(i))
    if (next === undefined) {
      next = { name: undefined, next: new Map() }
      node.next.set(sequence.charCodeAt(i), next)
    }
    node = next
  }
  node.name = name
}

/** A named key at the beginning of some input. */
export interface Key {
  readonly name: string
  readonly length: number
}

/** The longest named key at `data[at]`, if there is one. */
export function keyAt(data: Uint8Array, at: number): Key | undefined {
  let node: KeyNode | undefined = ROOT
  let found: Key | undefined
  for (let i = at; i < data.length; i++) {
    node = node.next.get(data[i]!)
    if (node === undefined) break
    if (node.name !== undefined) found = { name: node.name, length: i + 1 - at }
  }
  return found
}

/** The bytes read from a terminal as `aureport --tty` shows them. */
export function renderKeystrokes(data: Uint8Array): string {
  const parts: string[] = []
  let run = ''
  for (let at = 0; at < data.length; ) {
    const key = keyAt(data, at)
    if (key === undefined) {
      run += renderByte(data[at]!)
      at++
      continue
    }
    if (run !== '') parts.push(`"${run}"`)
    run = ''
    parts.push(`<${key.name}>`)
    at += key.length
  }
  if (run !== '') parts.push(`"${run}"`)
  return parts.join(',')
}

function renderByte(byte: number): string {
  if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`
  if (byte >= 0x20 && byte <= 0x7e) return String.fromCharCode(byte)
  return `\\${byte.toString(8).padStart(3, '0')}`
}
