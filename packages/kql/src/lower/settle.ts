import type { BoundType, Node } from '../front/tree.js'
import { reference } from '../plan/build.js'
import type { Definition } from '../plan/plan.js'
import type { Context } from './context.js'
import { convert } from './convert.js'
import { compute, type Relation } from './relation.js'
import { knownType } from './types.js'

/** Operators whose columns the binder knows even where it does not know all columns of the input. */
const OWN_COLUMNS = new Set(['ProjectOperator', 'SummarizeOperator'])

/**
 * Gives the columns of a relation the names and types the binder gave them. We and the binder must agree on how many
 * there are and on their order; if not, it is a fault of ours and better an error than a wrong answer.
 */
export function settle(node: Node, relation: Relation, context: Context): Relation {
  const type: BoundType | null = node.type
  if (type?.kind !== 'table') return relation
  const { columns } = type
  // A union of patterns that match views only has no columns to the binder.
  if (columns.length === 0) return relation
  if (type.open && !(OWN_COLUMNS.has(node.kind) && columns.length === relation.columns.length))
    return relation
  if (columns.length !== relation.columns.length) {
    const ours = relation.columns.map((column) => column.name).join(', ')
    const theirs = columns.map((column) => column.name).join(', ')
    throw new Error(`${node.kind}: columns (${ours}) do not match the binder's (${theirs})`)
  }
  const definitions: Definition[] = []
  const settled = relation.columns.map((column, i) => {
    const bound = columns[i]!
    const wanted = bound.type === 'unknown' ? column.type : knownType(bound.type)
    if (wanted === column.type) return bound.name === column.name ? column : { ...column, name: bound.name }
    const converted = context.column(bound.name, wanted)
    definitions.push({ column: converted, value: convert(reference(column), wanted) })
    return converted
  })
  return { ...compute(relation, definitions), columns: settled }
}
