/** The graph operators; what they are made of is in `lower/graph/`. */
import { child, nodes, optional, token } from '../../front/tree.js'
import { call, reference } from '../../plan/build.js'
import type { Column, Definition, Plan, Scalar } from '../../plan/plan.js'
import type { RowsInWork } from '../context.js'
import { markComponents } from '../graph/components.js'
import { graphOf, makeGraph } from '../graph/graph.js'
import { type Cycles, matchPatterns } from '../graph/match.js'
import { readPatterns } from '../graph/pattern.js'
import { parameterText } from '../parameters.js'
import { compute, type Relation } from '../relation.js'
import { lowerScalar } from '../scalar.js'
import { addWindow } from '../window.js'
import { lowerNamed } from './columns.js'
import type { OperatorTable, OperatorWork } from './operator.js'

const CYCLES = new Set(['all', 'none', 'unique_edges'])

function matches(work: OperatorWork) {
  const { node, context } = work
  const cycles = parameterText(node, 'cycles') ?? 'unique_edges'
  if (!CYCLES.has(cycles)) context.unsupported(node, `cycles=${cycles}`, 'graph-match-operator')
  const where = optional(node, 'WhereClause')
  return matchPatterns(
    node,
    graphOf(work),
    readPatterns(node, context),
    where ? child(where, 'Condition') : null,
    cycles as Cycles,
    work,
  )
}

function projected(
  work: OperatorWork,
  plan: Plan,
  lower: (expression: Parameters<typeof lowerScalar>[0]) => Scalar,
) {
  const { node, context } = work
  const clause = optional(node, 'ProjectClause')
  if (!clause)
    return context.unsupported(
      node,
      'A graph as the result; project says which columns to show: it',
      'graph-match-operator',
    )
  const definitions: Definition[] = []
  const columns = nodes(clause, 'Expressions')
    .flatMap((expression) => lowerNamed(expression, lower))
    .map(({ name, value }, i): Column => {
      if (value.kind === 'column') return { id: value.id, name: name ?? `Column${i + 1}`, type: value.type }
      const column = context.column(name ?? `Column${i + 1}`, value.type)
      definitions.push({ column, value })
      return column
    })
  return { ...compute({ plan, columns: [], order: [], sorted: 0 }, definitions), columns }
}

function graphMatch(work: OperatorWork): Relation {
  const { plan, scope } = matches(work)
  return projected(work, plan, (expression) => lowerScalar(expression, scope))
}

/** Of the matches between two nodes those of the least length: all of them, or any one. */
function shortestPaths(work: OperatorWork): Relation {
  const { context, node } = work
  const { plan, scope, ends } = matches(work)
  const output = parameterText(node, 'output') ?? 'any'
  const definitions = ends.flatMap(({ from, to, length }): Definition[] => [
    { column: context.column('from', from.type), value: from },
    { column: context.column('to', to.type), value: to },
    { column: context.column('length', 'long'), value: length },
  ])
  const rows: RowsInWork = {
    relation: compute({ plan, columns: [], order: [], sorted: 0 }, definitions),
  }
  const columns = definitions.map(({ column }) => column)
  const between = columns.filter((_, i) => i % 3 !== 2).map(reference)
  const total = columns
    .filter((_, i) => i % 3 === 2)
    .map((column): Scalar => reference(column))
    .reduce((sum, length) => call('+', [sum, length], 'long'))
  const held = context.column('total', 'long')
  rows.relation = compute(rows.relation, [{ column: held, value: total }])
  if (output === 'any') {
    const first: Plan = {
      kind: 'first-of-each',
      input: rows.relation.plan,
      by: between,
      keys: [{ id: held.id, descending: false, nullsFirst: false }],
    }
    return projected(work, first, (expression) => lowerScalar(expression, scope))
  }
  const least = addWindow({ context, rows }, 'min', [reference(held)], 'long', {
    partitionBy: between,
    orderBy: [],
  })
  const shortest: Plan = {
    kind: 'filter',
    input: rows.relation.plan,
    predicate: call('==', [reference(held), least], 'bool'),
  }
  return projected(work, shortest, (expression) => lowerScalar(expression, scope))
}

/** The nodes or the edges of a graph as a table. */
function graphToTable(work: OperatorWork): Relation {
  const { context, node } = work
  const graph = graphOf(work)
  const outputs = nodes(node, 'OutputClause')
  if (outputs.length !== 1)
    return context.unsupported(
      node,
      'graph-to-table with nodes and edges',
      'graph-to-table-operator',
      'gives several tables, and a query here gives one',
    )
  const [output] = outputs
  const parameter = (name: string) => parameterText(output!, name)
  const definitions: Definition[] = []
  // What is shown of an id is its hash.
  const named = (column: Column, name: string | undefined): Column[] => {
    if (!name) return []
    const shown = context.column(name, 'long')
    definitions.push({ column: shown, value: call('hash', [reference(column)], 'long') })
    return [shown]
  }
  if (token(output!, 'EntityKeyword') === 'nodes') {
    const use = graph.nodes()
    const id = named(use.id, parameter('with_node_id'))
    return {
      ...compute({ plan: use.plan, columns: [], order: [], sorted: 0 }, definitions),
      columns: [...id, ...use.columns],
    }
  }
  const use = graph.edges()
  const ids = [
    ...named(use.source, parameter('with_source_id')),
    ...named(use.target, parameter('with_target_id')),
  ]
  return {
    ...compute({ plan: use.plan, columns: [], order: [], sorted: 0 }, definitions),
    columns: [...ids, ...use.columns],
  }
}

/** Functions of the nodes, edges and paths of a pattern; `lower/graph/match.ts` knows them. */
export const graphFunctions = {
  all: { doc: 'all-graph-function' },
  any: { doc: 'any-graph-function' },
  inner_nodes: { doc: 'inner-nodes-graph-function' },
  map: { doc: 'map-graph-function' },
  node_degree_in: { doc: 'node-degree-in' },
  node_degree_out: { doc: 'node-degree-out' },
  node_id: { doc: 'node-id' },
} as const

export const graphOperators: OperatorTable = {
  GraphMarkComponentsOperator: markComponents,
  GraphMatchOperator: graphMatch,
  GraphShortestPathsOperator: shortestPaths,
  GraphToTableOperator: graphToTable,
  MakeGraphOperator: makeGraph,
}
