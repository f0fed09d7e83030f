/** Expands a node of the investigation graph: fills an expansion's query in, asks it, and reads the entities found. */
import type { Row } from '../entities/extract.js'
import { type GraphKind, type GraphNode, kindInfo, nodeOf } from './node.js'
import { type Expansion, fieldsOf, PLACEHOLDER } from './read.js'

export interface GraphEdge {
  readonly targetEntityId: string
  readonly additionalData: {
    /** ISO times of the first and the last row behind it. */
    readonly startTime?: string
    readonly endTime?: string
    /** What the expansion says of it, as JSON. */
    readonly info?: unknown
  }
}

/** As Sentinel's expand answers. */
export interface Expanded {
  readonly metaData: {
    readonly aggregations: readonly {
      readonly entityKind: string
      readonly count: number
      readonly displayName: string
    }[]
  }
  readonly value: { readonly entities: readonly GraphNode[]; readonly edges: readonly GraphEdge[] }
  /** The query that was asked. */
  readonly query: string
  /** Whether there were more rows than {@link MAX_FOUND}. */
  readonly isTruncated: boolean
}

/** Thrown where an entity can not be expanded so. */
export class ExpansionError extends Error {
  readonly code = 'BAD_ARGUMENT'
  constructor(message: string) {
    super(message)
    this.name = 'ExpansionError'
  }
}

/** Rows that are made entities of: more is no graph. */
export const MAX_FOUND = 100

const LINE_ENDS = /[\u007f-\u009f\u2028\u2029]/g
const literal = (value: string): string =>
  JSON.stringify(value).replace(
    LINE_ENDS,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** The query with the node's fields in the place of `'<Field>'`; a field that it does not have is ''. */
export function fill(expansion: Expansion, node: Pick<GraphNode, 'kind' | 'identifiers' | 'host'>): string {
  if (node.kind !== expansion.inputEntityType) {
    throw new ExpansionError(
      `"${expansion.displayName}" expands ${expansion.inputEntityType}, and this is ${node.kind}`,
    )
  }
  const values: Record<string, string | undefined> = { HostName: node.host, ...node.identifiers }
  return expansion.query.replace(PLACEHOLDER, (_, __, field: string) => literal(values[field] ?? ''))
}

function infoOf(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function found(row: Row, kind: GraphKind): { node: GraphNode; edge: GraphEdge } | undefined {
  const identifiers: Record<string, string> = {}
  for (const field of fieldsOf(kind)) {
    const value = row.get(`${kind}_${field}`) ?? ''
    if (value !== '') identifiers[field] = value
  }
  const isOnHost = kindInfo(kind)!.isOnHost
  const { HostName: host, ...own } = identifiers
  const node = nodeOf({
    type: kind,
    identifiers: isOnHost ? own : identifiers,
    ...(isOnHost && host !== undefined ? { host } : {}),
  })
  if (node === undefined) return undefined
  const startTime = row.get(`${kind}_Aux_StartTime`) ?? ''
  const endTime = row.get(`${kind}_Aux_EndTime`) ?? ''
  const info = infoOf(row.get(`${kind}_Aux_info`) ?? '')
  return {
    node,
    edge: {
      targetEntityId: node.id,
      additionalData: {
        ...(startTime === '' ? {} : { startTime }),
        ...(endTime === '' ? {} : { endTime }),
        ...(info === undefined ? {} : { info }),
      },
    },
  }
}

/** Ticks of event time; without an end it is open. */
export interface ExpandWindow {
  readonly from?: bigint
  readonly to?: bigint
}

/** Answers a query over a window of time; at least {@link MAX_FOUND} + 1 rows if there are so many. */
export type AskGraph = (
  query: string,
  window: ExpandWindow,
) => Promise<{ readonly rows: readonly Row[]; readonly isTruncated: boolean }>

const MINUTE = 600_000_000n

/** The time to ask over: from so long before the first moment that is looked at to so long after the last. */
export function windowOf(
  { queryPeriodBefore, queryPeriodAfter }: Expansion,
  { startTime, endTime }: { readonly startTime?: bigint; readonly endTime?: bigint },
): ExpandWindow {
  return {
    ...(startTime === undefined ? {} : { from: startTime - BigInt(queryPeriodBefore) * MINUTE }),
    ...(endTime === undefined ? {} : { to: endTime + BigInt(queryPeriodAfter) * MINUTE }),
  }
}

export async function expand(
  expansion: Expansion,
  node: Pick<GraphNode, 'kind' | 'identifiers' | 'host'>,
  window: ExpandWindow,
  ask: AskGraph,
): Promise<Expanded> {
  const query = fill(expansion, node)
  const { rows, isTruncated } = await ask(query, window)
  const entities = new Map<string, GraphNode>()
  const edges = new Map<string, GraphEdge>()
  for (const row of rows.slice(0, MAX_FOUND)) {
    for (const kind of expansion.outputEntityTypes) {
      const one = found(row, kind)
      if (one === undefined || entities.has(one.node.id)) continue
      entities.set(one.node.id, one.node)
      edges.set(one.node.id, one.edge)
    }
  }
  const aggregations = expansion.outputEntityTypes.map((entityKind) => ({
    entityKind,
    count: [...entities.values()].filter(({ kind }) => kind === entityKind).length,
    displayName: expansion.displayName,
  }))
  return {
    metaData: { aggregations },
    value: { entities: [...entities.values()], edges: [...edges.values()] },
    query,
    isTruncated: isTruncated || rows.length > MAX_FOUND,
  }
}
