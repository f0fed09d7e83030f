/** The patterns of graph-match and graph-shortest-paths, read from the tree. */
import { child, type Node, nodes, optional, token } from '../../front/tree.js'
import type { Context } from '../context.js'

export interface PatternNode {
  /** Null for `()`. */
  readonly name: string | null
}

export type Direction = 'forward' | 'backward' | 'either'

export interface PatternEdge {
  readonly name: string | null
  readonly direction: Direction
  /** Of `*1..3`; null for a single edge. */
  readonly range: { readonly least: number; readonly most: number } | null
}

/** `nodes` has one more than `edges`. */
export interface Pattern {
  readonly nodes: readonly PatternNode[]
  readonly edges: readonly PatternEdge[]
}

/** Longest walk along one edge of a pattern. */
const MAX_LENGTH = 32

export function readPatterns(operator: Node, context: Context): Pattern[] {
  return nodes(operator, 'Patterns').map((pattern) => {
    const elements = nodes(pattern, 'PatternElements')
    return {
      nodes: elements
        .filter(({ kind }) => kind === 'GraphMatchPatternNode')
        .map((node) => ({ name: optional(node, 'Name')?.name ?? null })),
      edges: elements
        .filter(({ kind }) => kind === 'GraphMatchPatternEdge')
        .map((edge) => readEdge(edge, context)),
    }
  })
}

function readEdge(edge: Node, context: Context): PatternEdge {
  const first = token(edge, 'FirstToken')
  const last = token(edge, 'LastToken')
  const range = optional(edge, 'Range')
  return {
    name: optional(edge, 'Name')?.name ?? null,
    direction: first.startsWith('<') ? 'backward' : `${first}${last}`.endsWith('>') ? 'forward' : 'either',
    range: range ? readRange(range, context) : null,
  }
}

function readRange(range: Node, context: Context): { least: number; most: number } {
  const start = optional(range, 'RangeStart')
  const end = optional(range, 'RangeEnd')
  const least = start ? Number(start.literal) : 1
  const most = end ? Number(end.literal) : start ? least : Number.NaN
  if (!(least >= 0 && most >= least && most <= MAX_LENGTH))
    return context.fail(
      range,
      'AUX161',
      `The length of a path is written *least..most, with most up to ${MAX_LENGTH}.`,
      'graph-match-operator',
    )
  return { least, most }
}

/** The pattern from its other end: the same matches. */
export function turned({ nodes: list, edges }: Pattern): Pattern {
  const directions: Readonly<Record<Direction, Direction>> = {
    forward: 'backward',
    backward: 'forward',
    either: 'either',
  }
  return {
    nodes: [...list].reverse(),
    edges: [...edges].reverse().map((edge) => ({ ...edge, direction: directions[edge.direction] })),
  }
}

/** Names of variables in an expression. */
export function namesIn(expression: Node): Set<string> {
  const names = new Set<string>()
  const visit = (node: Node): void => {
    if (node.kind === 'NameReference' && node.symbol?.kind === 'Variable' && node.name) names.add(node.name)
    for (const value of Object.values(node.fields)) {
      if (typeof value === 'string') continue
      for (const item of Array.isArray(value) ? value : [value as Node])
        if (typeof item !== 'string') visit(item)
    }
  }
  visit(expression)
  return names
}

/** The conditions that an expression joins by `and`. */
export function conjunctsOf(condition: Node): Node[] {
  if (condition.kind === 'ParenthesizedExpression') return conjunctsOf(child(condition, 'Expression'))
  return condition.kind === 'AndExpression'
    ? [...conjunctsOf(child(condition, 'Left')), ...conjunctsOf(child(condition, 'Right'))]
    : [condition]
}
