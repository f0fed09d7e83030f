/** Ties the parts of the lowering together: bound tree in, plan out. */
import type { Node } from '../front/tree.js'
import type { Plan, QueryPlan } from '../plan/plan.js'
import { Abandoned, Context, type LoweringOptions, type Question } from './context.js'
import { schemaOf } from './operators/naming.js'
import type { Relation } from './relation.js'
import { lowerScalar } from './scalar.js'
import { lowerFunctionBody, lowerOperator, lowerQuery, lowerTabular } from './tabular.js'

export interface Lowered {
  readonly plan: QueryPlan | null
  readonly problems: Context['problems']
  /** What has to be asked of the data before the query can be lowered; null if nothing, or if there are other problems. */
  readonly question: Question | null
  readonly tables: readonly string[]
  readonly render: { readonly kind: string; readonly properties: Readonly<Record<string, string>> } | null
}

export function lower(root: Node, options: LoweringOptions): Lowered {
  const context = new Context(options, {
    tabular: lowerTabular,
    scalar: lowerScalar,
    functionBody: lowerFunctionBody,
    operator: lowerOperator,
  })
  let relation: Relation | null = null
  try {
    relation = lowerQuery(root, context)
  } catch (error) {
    if (!(error instanceof Abandoned)) throw error
  }
  return {
    plan: relation && context.problems.length === 0 ? finished(relation, context) : null,
    problems: context.problems,
    question: context.problems.length === 1 ? context.question : null,
    tables: [...context.tables].sort(),
    render: context.render,
  }
}

function finished(result: Relation, context: Context): QueryPlan {
  const { maxRecords, applyGetSchema } = context.settings
  const relation = applyGetSchema ? schemaOf(result, context) : result
  const keys = relation.order.slice(0, relation.sorted)
  const plan: Plan = keys.length > 0 ? { kind: 'sort', input: relation.plan, keys } : relation.plan
  return {
    shared: context.shared,
    plan: maxRecords ? { kind: 'limit', input: plan, count: maxRecords, keys } : plan,
    output: relation.columns,
  }
}
