/** Operators that are refused, each with the reason. A query that uses one is told it, and the page that describes it. */

export interface Refusal {
  /** As the query writes it. */
  readonly name: string
  /** Goes on from "… is not supported: it". */
  readonly reason: string
}

const SEVERAL = 'gives several tables, and a query here gives one'

/** By the name of the node in the bound tree. */
export const refusedOperators: Readonly<Record<string, Refusal>> = {
  AssertSchemaOperator: { name: 'assert-schema', reason: 'is not part of the documented language' },
  ExecuteAndCacheOperator: {
    name: 'execute-and-cache',
    reason: 'keeps results on a cluster, and there is none here',
  },
  FacetOperator: { name: 'facet', reason: SEVERAL },
  ForkOperator: { name: 'fork', reason: SEVERAL },
  GraphWhereEdgesOperator: {
    name: 'graph-where-edges',
    reason: 'is not bound by the language service: its names are known to nobody',
  },
  GraphWhereNodesOperator: {
    name: 'graph-where-nodes',
    reason: 'is not bound by the language service: its names are known to nobody',
  },
  MacroExpandOperator: {
    name: 'macro-expand',
    reason: 'runs over groups of databases, and there is one here',
  },
  PartitionByOperator: { name: '__partitionby', reason: 'is not part of the documented language' },
  ProjectByNamesOperator: { name: 'project-by-names', reason: 'has not been written yet' },
  ReduceByOperator: {
    name: 'reduce',
    reason: 'finds patterns by a search whose choices the reference does not fix',
  },
}
