/**
 * A graph is two relations: its edges and its nodes. make-graph makes it, and the graph operators join it.
 *
 * Edges carry, besides what the query gave them, the ids of their two nodes and a number of their own; nodes carry their
 * id. Every node that an edge names is there, once. Both are computed once, and each use of them is a new one.
 */
import { child, type Node, nodes as nodesOf, optional, token } from '../../front/tree.js'
import { call, empty, reference } from '../../plan/build.js'
import type { Column, Plan, Scalar } from '../../plan/plan.js'
import type { KqlType } from '../../values.js'
import type { Context, Environment, RowsInWork } from '../context.js'
import { convert } from '../convert.js'
import type { OperatorWork } from '../operators/operator.js'
import { compute, findColumn, type Relation } from '../relation.js'
import { share } from '../source.js'
import { addWindow } from '../window.js'

export interface EdgeUse {
  readonly plan: Plan
  /** What the query can name. */
  readonly columns: readonly Column[]
  readonly source: Column
  readonly target: Column
  /** Tells edges apart. */
  readonly number: Column
}

export interface NodeUse {
  readonly plan: Plan
  readonly columns: readonly Column[]
  readonly id: Column
}

export interface Graph {
  readonly edges: () => EdgeUse
  readonly nodes: () => NodeUse
}

/** The graph behind the relation of a graph operator. */
const graphs = new WeakMap<Relation, Graph>()

/** A relation that stands for a graph: it has no columns, and only graph operators take it. */
export function relationOf(graph: Graph): Relation {
  const relation: Relation = { plan: { kind: 'unit' }, columns: [], order: [], sorted: 0 }
  graphs.set(relation, graph)
  return relation
}

export function graphOf({ input, node, context }: OperatorWork): Graph {
  const graph = input && graphs.get(input)
  return (
    graph ?? context.fail(node, 'AUX160', 'A graph operator needs a graph: make-graph makes one of tables.')
  )
}

export function isGraph(relation: Relation): boolean {
  return graphs.has(relation)
}

export function makeGraph(work: OperatorWork): Relation {
  const { node, context, environment } = work
  const partitioned = optional(node, 'PartitionedByClause')
  if (partitioned) context.unsupported(partitioned, 'make-graph … partitioned-by', 'make-graph-operator')
  const input = work.input ?? context.fail(node, 'AUX130', 'This operator needs an input table.')
  const ends = [child(node, 'SourceColumn'), child(node, 'TargetColumn')].map(
    (name) =>
      findColumn(input, name.name ?? '') ??
      context.fail(name, 'KS142', `The name '${name.name}' does not refer to any known column.`),
  ) as [Column, Column]
  const clause = optional(node, 'WithClause')
  const tables = clause ? nodesOf(clause, 'TablesAndKeys') : []
  const idName = clause && tables.length === 0 ? child(clause, 'Name').name : null
  const edges = sharedEdges(input, ends, token(node, 'DirectionToken') === '<--', context)
  const known = tables.map((table) => readNodes(table, ends[0].type, context, environment))
  return relationOf({ edges, nodes: sharedNodes(edges, known, idName, context) })
}

function sharedEdges(
  input: Relation,
  [from, to]: [Column, Column],
  reversed: boolean,
  context: Context,
): () => EdgeUse {
  const rows: RowsInWork = { relation: input }
  const numbered = addWindow({ context, rows }, 'row_number', [], 'long')
  const number = context.column('$edge', 'long')
  const source = context.column('$source', from.type)
  const target = context.column('$target', from.type)
  const relation = compute(rows.relation, [
    { column: number, value: numbered },
    { column: source, value: reference(reversed ? to : from) },
    { column: target, value: convert(reference(reversed ? from : to), from.type) },
  ])
  const use = share(
    { ...relation, columns: [...input.columns, source, target, number], order: [], sorted: 0 },
    'edges',
    context,
  )
  return () => {
    const { plan, columns } = use()
    const count = input.columns.length
    const [s, t, n] = columns.slice(count) as [Column, Column, Column]
    return { plan, columns: columns.slice(0, count), source: s, target: t, number: n }
  }
}

interface NodeTable {
  readonly relation: Relation
  readonly key: Column
  readonly id: Column
}

function readNodes(table: Node, type: KqlType, context: Context, environment: Environment): NodeTable {
  const relation = context.lower.tabular(child(table, 'Table'), context, environment)
  const name = child(table, 'Column')
  const key =
    findColumn(relation, name.name ?? '') ??
    context.fail(name, 'KS142', `The name '${name.name}' does not refer to any known column.`)
  const id = context.column('$id', type)
  return { relation: compute(relation, [{ column: id, value: convert(reference(key), type) }]), key, id }
}

/** The nodes of the tables, the first row of each id, and those that only edges name. */
function sharedNodes(
  edges: () => EdgeUse,
  tables: readonly NodeTable[],
  idName: string | null,
  context: Context,
): () => NodeUse {
  const type = edges().source.type
  const names = new Map<string, KqlType>()
  for (const { relation } of tables)
    for (const { name, type: t } of relation.columns) names.set(name, names.get(name) ?? t)
  if (idName !== null) names.set(idName, type)
  const keys = new Set([...tables.map(({ key }) => key.name), ...(idName === null ? [] : [idName])])
  const wanted = [...names]
  const columns = [...wanted.map(([name, t]) => context.column(name, t)), context.column('$id', type)]
  const inputs: { plan: Plan; values: readonly Scalar[] }[] = tables.map(({ relation, id }) => ({
    plan: relation.plan,
    values: [
      ...wanted.map(([name, t]) => {
        const own = findColumn(relation, name)
        return own ? convert(reference(own), t) : empty(t)
      }),
      reference(id),
    ],
  }))
  const named = tables.length > 0 ? namedBy(inputs, columns, context) : null
  const mentioned = mentionedIds(edges, type, context)
  const missing: Plan = named
    ? {
        kind: 'join',
        flavor: 'anti',
        left: mentioned.plan,
        right: named().plan,
        on: [{ left: reference(mentioned.id), right: reference(named.lastId()) }],
      }
    : mentioned.plan
  const rest = {
    plan: missing,
    values: [
      ...wanted.map(([name, t]) => (keys.has(name) ? convert(reference(mentioned.id), t) : empty(t))),
      reference(mentioned.id),
    ],
  }
  const all = columns.map((column) => context.again(column))
  const first = named?.()
  const plan: Plan = {
    kind: 'union',
    columns: all,
    inputs: [...(first ? [{ plan: first.plan, values: first.columns.map(reference) }] : []), rest],
  }
  const use = share({ plan, columns: all, order: [], sorted: 0 }, 'nodes', context)
  return () => {
    const shared = use()
    return { plan: shared.plan, columns: shared.columns.slice(0, -1), id: shared.columns.at(-1)! }
  }
}

/** One row of each id; every call is a use of its own, and `lastId` is the id of the last one. */
function namedBy(
  inputs: readonly { plan: Plan; values: readonly Scalar[] }[],
  columns: readonly Column[],
  context: Context,
): (() => Relation) & { lastId(): Column } {
  const made = columns.map((column) => context.again(column))
  const unique: Plan = {
    kind: 'first-of-each',
    input: { kind: 'union', columns: made, inputs },
    by: [reference(made.at(-1)!)],
    keys: [],
  }
  const use = share({ plan: unique, columns: made, order: [], sorted: 0 }, 'named', context)
  let last: Relation | undefined
  const next = () => {
    last = use()
    return last
  }
  return Object.assign(next, { lastId: () => last!.columns.at(-1)! })
}

/** The distinct ids of both ends of the edges. */
function mentionedIds(edges: () => EdgeUse, type: KqlType, context: Context): { plan: Plan; id: Column } {
  const end = context.column('end', type)
  const id = context.column('id', type)
  const [one, other] = [edges(), edges()]
  const ends: Plan = {
    kind: 'union',
    columns: [end],
    inputs: [
      { plan: one.plan, values: [reference(one.source)] },
      { plan: other.plan, values: [reference(other.target)] },
    ],
  }
  const present: Plan =
    type === 'string'
      ? ends
      : { kind: 'filter', input: ends, predicate: call('isnotnull', [reference(end)], 'bool') }
  return {
    plan: {
      kind: 'aggregate',
      input: present,
      keys: [{ column: id, value: reference(end) }],
      aggregates: [],
    },
    id,
  }
}

/** The edges with both directions of each: a walk may take them either way. */
export function undirected(graph: Graph, context: Context): EdgeUse {
  const [there, back] = [graph.edges(), graph.edges()]
  const visible = [...there.columns, there.source, there.target, there.number]
  const columns = visible.map((column) => context.again(column))
  const values = (edge: EdgeUse, turned: boolean): Scalar[] =>
    [...edge.columns, ...(turned ? [edge.target, edge.source] : [edge.source, edge.target]), edge.number].map(
      reference,
    )
  // A loop is the same both ways.
  const turned: Plan = {
    kind: 'filter',
    input: back.plan,
    predicate: call('!=', [reference(back.source), reference(back.target)], 'bool'),
  }
  const plan: Plan = {
    kind: 'union',
    columns,
    inputs: [
      { plan: there.plan, values: values(there, false) },
      { plan: turned, values: values(back, true) },
    ],
  }
  const [source, target, number] = columns.slice(-3) as [Column, Column, Column]
  return { plan, columns: columns.slice(0, -3), source, target, number }
}
