/**
 * What the investigation graph holds, and where it stands. Nodes stand in columns: alerts first, what they name in the
 * second, and what an expansion found in the column behind the node that it was found from. A node that is there
 * never moves, so that the eye finds it again; what is new comes below what is there.
 */
import type { Expanded, GraphNode, IncidentGraph } from '../../api/graph'

export interface Placed {
  readonly node: GraphNode
  readonly column: number
  readonly row: number
}

export interface Edge {
  readonly source: string
  readonly target: string
  /** What the edge says: a column of the alert, or the expansion. */
  readonly label: string
  /** Milliseconds since 1970. */
  readonly from?: number
  readonly to?: number
  readonly info?: unknown
}

export interface Graph {
  readonly nodes: ReadonlyMap<string, Placed>
  readonly edges: readonly Edge[]
}

/** More is no picture. */
export const MAX_NODES = 500

export const NODE = { width: 210, height: 34, gapX: 90, gapY: 10 } as const

export const xOf = ({ column }: Placed): number => column * (NODE.width + NODE.gapX)
export const yOf = ({ row }: Placed): number => row * (NODE.height + NODE.gapY)

function place(nodes: Map<string, Placed>, node: GraphNode, column: number): boolean {
  if (nodes.has(node.id) || nodes.size >= MAX_NODES) return false
  let row = 0
  for (const placed of nodes.values()) if (placed.column === column) row = Math.max(row, placed.row + 1)
  nodes.set(node.id, { node, column, row })
  return true
}

export function graphOf({ nodes, edges }: IncidentGraph): Graph {
  const placed = new Map<string, Placed>()
  for (const node of nodes) place(placed, node, node.kind === 'SecurityAlert' ? 0 : 1)
  return {
    nodes: placed,
    edges: edges
      .filter(({ source, target }) => placed.has(source) && placed.has(target))
      .map(({ source, target, label }) => ({ source, target, label: label ?? '' })),
  }
}

const time = (iso: string | undefined): number | undefined => {
  const ms = iso === undefined ? Number.NaN : Date.parse(iso)
  return Number.isNaN(ms) ? undefined : ms
}

/** The graph with what an expansion of `source` found; `added` counts the nodes that are new. */
export function withFound(
  graph: Graph,
  source: string,
  label: string,
  { value }: Expanded,
): { graph: Graph; added: number; isFull: boolean } {
  const nodes = new Map(graph.nodes)
  const column = (nodes.get(source)?.column ?? 0) + 1
  let added = 0
  for (const node of value.entities) if (place(nodes, node, column)) added++
  const known = new Set(graph.edges.map((edge) => JSON.stringify([edge.source, edge.target, edge.label])))
  const edges = [...graph.edges]
  for (const { targetEntityId: target, additionalData } of value.edges) {
    const key = JSON.stringify([source, target, label])
    if (target === source || known.has(key) || !nodes.has(target)) continue
    known.add(key)
    const from = time(additionalData.startTime)
    const to = time(additionalData.endTime)
    edges.push({
      source,
      target,
      label,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(additionalData.info === undefined ? {} : { info: additionalData.info }),
    })
  }
  return { graph: { nodes, edges }, added, isFull: nodes.size >= MAX_NODES }
}

/** The first and the last time that an edge tells of; undefined where none does. */
export function spanOf({ edges }: Graph): readonly [number, number] | undefined {
  const times = edges.flatMap(({ from, to }) => [from, to]).filter((ms) => ms !== undefined)
  if (times.length === 0) return undefined
  return [Math.min(...times), Math.max(...times)]
}

/** Edges that have no time are always within. */
export const isWithin = ({ from, to }: Edge, [start, end]: readonly [number, number]): boolean =>
  (from === undefined || from <= end) && (to === undefined || to >= start)

/** Nodes that stay lit: the alerts, what they name, and what an edge within the time leads to. */
export function litNodes({ nodes, edges }: Graph, span: readonly [number, number]): ReadonlySet<string> {
  const lit = new Set([...nodes.values()].filter(({ column }) => column <= 1).map(({ node }) => node.id))
  for (const edge of edges) if (isWithin(edge, span)) lit.add(edge.target)
  return lit
}
