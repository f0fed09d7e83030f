/** graph-mark-components: the number of the component that a node is in. */
import { bool, call, reference } from '../../plan/build.js'
import type { Column, Plan, Scalar } from '../../plan/plan.js'
import type { OperatorWork } from '../operators/operator.js'
import { parameterText } from '../parameters.js'
import type { Relation } from '../relation.js'
import { share } from '../source.js'
import { graphOf, relationOf } from './graph.js'

export function markComponents(work: OperatorWork): Relation {
  const { context, node } = work
  const graph = graphOf(work)
  const kind = parameterText(node, 'kind') ?? 'weak'
  const name = parameterText(node, 'with_component_id') ?? 'ComponentId'
  const nodes = graph.nodes()
  const edges = graph.edges()
  const text = (column: Column): Scalar => call('tostring', [reference(column)], 'string')
  // All three lists are in the order of their rows, which are computed once.
  const ids = list(graph.nodes(), (use) => text(use.id), work)
  const ends = context.column('ends', 'dynamic')
  const pairs: Plan = {
    kind: 'aggregate',
    input: edges.plan,
    keys: [],
    aggregates: [
      {
        column: ends,
        call: {
          name: '$pairs',
          arguments: [text(edges.source), text(edges.target)],
          type: 'dynamic',
          filter: null,
          orderBy: [],
        },
      },
    ],
  }
  const components = call(
    '$components',
    [ids, { kind: 'scalar-subquery', plan: pairs, column: ends, type: 'dynamic' }, bool(kind === 'strong')],
    'dynamic',
  )
  const held = context.column('components', 'dynamic')
  const component = context.column(name, 'long')
  const plan: Plan = {
    kind: 'compute',
    input: {
      kind: 'join',
      flavor: 'cross',
      left: nodes.plan,
      right: { kind: 'compute', input: { kind: 'unit' }, definitions: [{ column: held, value: components }] },
      on: [],
    },
    definitions: [
      {
        column: component,
        value: call('tolong', [call('$get', [reference(held), text(nodes.id)], 'dynamic')], 'long'),
      },
    ],
  }
  const use = share(
    { plan, columns: [...nodes.columns, component, nodes.id], order: [], sorted: 0 },
    'components',
    context,
  )
  return relationOf({
    edges: graph.edges,
    nodes: () => {
      const shared = use()
      return { plan: shared.plan, columns: shared.columns.slice(0, -1), id: shared.columns.at(-1)! }
    },
  })
}

function list<U extends { readonly plan: Plan }>(
  use: U,
  value: (use: U) => Scalar,
  { context }: OperatorWork,
): Scalar {
  const column = context.column('list', 'dynamic')
  return {
    kind: 'scalar-subquery',
    plan: {
      kind: 'aggregate',
      input: use.plan,
      keys: [],
      aggregates: [
        {
          column,
          call: { name: 'make_list', arguments: [value(use)], type: 'dynamic', filter: null, orderBy: [] },
        },
      ],
    },
    column,
    type: 'dynamic',
  }
}
