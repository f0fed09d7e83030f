/** Operators that are refused, each with the reason. */
import type { Operator, OperatorTable } from './operator.js'

function refused(name: string, reason: string): Operator {
  return ({ node, context }) =>
    context.unsupported(node, `The operator '${name}' ${reason}: it`, `${name}-operator`)
}

const SEVERAL = 'gives several tables, and a query here gives one'

const GRAPH = 'works on graphs, which are not built here'

export const refusedOperators: OperatorTable = {
  FacetOperator: refused('facet', SEVERAL),
  ForkOperator: refused('fork', SEVERAL),
  GraphMarkComponentsOperator: refused('graph-mark-components', GRAPH),
  GraphMatchOperator: refused('graph-match', GRAPH),
  GraphShortestPathsOperator: refused('graph-shortest-paths', GRAPH),
  GraphToTableOperator: refused('graph-to-table', GRAPH),
  MakeGraphOperator: refused('make-graph', GRAPH),
  ReduceByOperator: refused('reduce', 'finds patterns by a search whose choices the reference does not fix'),
}
