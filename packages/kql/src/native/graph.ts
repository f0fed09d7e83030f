/** Components of a graph: which nodes hang together, and which reach each other both ways. */
import { type NativeFunction, strict } from './native.js'

/** Components are numbered by their first node. */
function components(idsJson: string, pairsJson: string, strong: boolean): string {
  const ids = JSON.parse(idsJson) as string[]
  const index = new Map(ids.map((id, i) => [id, i]))
  const edges = (JSON.parse(pairsJson) as [string, string][]).flatMap(([from, to]): [number, number][] => {
    const [a, b] = [index.get(from), index.get(to)]
    return a === undefined || b === undefined ? [] : [[a, b]]
  })
  const roots = strong ? strongRoots(ids.length, edges) : weakRoots(ids.length, edges)
  const numbers = new Map<number, number>()
  const result = ids.map((id, i): [string, number] => {
    const root = roots[i]!
    const number = numbers.get(root) ?? numbers.size
    numbers.set(root, number)
    return [id, number]
  })
  return JSON.stringify(Object.fromEntries(result))
}

function weakRoots(count: number, edges: readonly (readonly [number, number])[]): Int32Array {
  const parent = Int32Array.from({ length: count }, (_, i) => i)
  const find = (i: number): number => {
    let at = i
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!
      at = parent[at]!
    }
    return at
  }
  for (const [a, b] of edges) parent[Math.max(find(a), find(b))] = Math.min(find(a), find(b))
  return parent.map((_, i) => find(i))
}

/** Tarjan's algorithm, with a stack of its own. */
function strongRoots(count: number, edges: readonly (readonly [number, number])[]): Int32Array {
  const next: number[][] = Array.from({ length: count }, () => [])
  for (const [a, b] of edges) next[a]!.push(b)
  const order = new Int32Array(count).fill(-1)
  const low = new Int32Array(count)
  const root = new Int32Array(count).fill(-1)
  const path: number[] = []
  let counter = 0
  for (let start = 0; start < count; start++) {
    if (order[start] !== -1) continue
    const work: { node: number; edge: number }[] = [{ node: start, edge: 0 }]
    while (work.length > 0) {
      const frame = work.at(-1)!
      const { node } = frame
      if (frame.edge === 0) {
        order[node] = low[node] = counter++
        path.push(node)
      }
      const to = next[node]![frame.edge++]
      if (to !== undefined) {
        if (order[to] === -1) work.push({ node: to, edge: 0 })
        else if (root[to] === -1) low[node] = Math.min(low[node]!, order[to]!)
        continue
      }
      if (low[node] === order[node]) {
        for (;;) {
          const member = path.pop()!
          root[member] = node
          if (member === node) break
        }
      }
      work.pop()
      const parent = work.at(-1)
      if (parent) low[parent.node] = Math.min(low[parent.node]!, low[node]!)
    }
  }
  return root
}

export const graphNatives: readonly NativeFunction[] = [
  strict('kql_components', ['json', 'json', 'bool'], 'json', components),
]
