/** Which named key stands at a place of terminal input: the longest one. */
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
