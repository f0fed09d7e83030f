import type { Node } from '../../front/tree.js'
import type { Context, Environment } from '../context.js'
import type { Relation } from '../relation.js'

export interface OperatorWork {
  readonly node: Node
  /** Null where the operator stands at the head of a pipe (`print`, `union`). */
  readonly input: Relation | null
  readonly context: Context
  readonly environment: Environment
}

/**
 * Lowers one operator. It gives the columns in the order the binder gives them (names come from there too) and says
 * what order of rows is left.
 */
export type Operator = (work: OperatorWork) => Relation

export type OperatorTable = Readonly<Record<string, Operator>>

/** The input of an operator that needs one. */
export function inputOf(work: OperatorWork): Relation {
  return work.input ?? work.context.fail(work.node, 'AUX130', 'This operator needs an input table.')
}
