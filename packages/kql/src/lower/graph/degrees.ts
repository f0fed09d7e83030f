/** How many edges come into a node and go out of it: columns beside those of the nodes, where a query asks. */
import { child, type Node, walk } from '../../front/tree.js'
import { call, long, reference } from '../../plan/build.js'
import type { Column, Plan } from '../../plan/plan.js'
import type { Context } from '../context.js'
import type { EdgeUse, Graph, NodeUse } from './graph.js'

export interface DegreeUse extends NodeUse {
  readonly degrees?: { readonly in: Column; readonly out: Column }
}

export function asksForDegrees(node: Node): boolean {
  return [...walk(node)].some(
    (inner) =>
      inner.kind === 'FunctionCallExpression' &&
      /^node_degree_(in|out)$/.test(child(inner, 'Name').name ?? ''),
  )
}

export function nodesWithDegrees(graph: Graph, context: Context): DegreeUse {
  const nodes = graph.nodes()
  const incoming = countedBy(graph.edges(), 'target', context)
  const outgoing = countedBy(graph.edges(), 'source', context)
  const joined = (left: Plan, counted: ReturnType<typeof countedBy>): Plan => ({
    kind: 'join',
    flavor: 'left',
    left,
    right: counted.plan,
    on: [{ left: reference(nodes.id), right: reference(counted.id) }],
  })
  const degrees = { in: context.column('degree_in', 'long'), out: context.column('degree_out', 'long') }
  return {
    ...nodes,
    plan: {
      kind: 'compute',
      input: joined(joined(nodes.plan, incoming), outgoing),
      definitions: [
        { column: degrees.in, value: call('coalesce', [reference(incoming.count), long(0)], 'long') },
        { column: degrees.out, value: call('coalesce', [reference(outgoing.count), long(0)], 'long') },
      ],
    },
    degrees,
  }
}

function countedBy(edges: EdgeUse, end: 'source' | 'target', context: Context) {
  const id = context.column('id', edges[end].type)
  const count = context.column('count', 'long')
  const plan: Plan = {
    kind: 'aggregate',
    input: edges.plan,
    keys: [{ column: id, value: reference(edges[end]) }],
    aggregates: [
      { column: count, call: { name: 'count', arguments: [], type: 'long', filter: null, orderBy: [] } },
    ],
  }
  return { plan, id, count }
}
