/** mv-expand and mv-apply: rows out of arrays and bags. */
import { child, type Node, nodes, optional, token } from '../../front/tree.js'
import { call, long, reference, string } from '../../plan/build.js'
import type { Column, Definition, Plan, Scalar } from '../../plan/plan.js'
import type { KqlType } from '../../values.js'
import { constantScope, type RowsInWork, rowScope } from '../context.js'
import { convert } from '../convert.js'
import { parameterText } from '../parameters.js'
import { ascending, compute, type Relation } from '../relation.js'
import { lowerScalar } from '../scalar.js'
import { boundColumns, typeNameOf } from '../types.js'
import { lowerNamed } from './columns.js'
import { inputOf, type OperatorTable, type OperatorWork } from './operator.js'

interface Expansion {
  readonly name: string
  readonly value: Scalar
  /** Of `to typeof(…)`. */
  readonly type: KqlType | null
}

/** Limit of the deprecated spelling `mvexpand`. */
const OLD_ROW_LIMIT = 128

function expansionsOf(work: OperatorWork, rows: RowsInWork): Expansion[] {
  const scope = rowScope(work.context, work.environment, rows)
  return nodes(work.node, 'Expressions').flatMap((expression) => {
    const clause = optional(expression, 'ToTypeOf')
    const type = clause ? typeNameOf(nodes(child(clause, 'TypeOf'), 'Types')[0]!) : null
    return lowerNamed(child(expression, 'Expression'), (node) => lowerScalar(node, scope)).map(
      ({ name, value }) => ({
        name: name ?? 'Column1',
        value: convert(value, 'dynamic'),
        type,
      }),
    )
  })
}

/** The expansion as a plan over `plan`, and the columns it gives in the place of those of `columns`. */
function expand(
  work: OperatorWork,
  plan: Plan,
  columns: readonly Column[],
  expansions: readonly Expansion[],
  bagsAsPairs: boolean,
) {
  const { context } = work
  const index = context.column('index', 'long')
  const elements = expansions.map(({ name }) => context.column(name, 'dynamic'))
  const limit = rowLimit(work)
  const expanded: Plan = {
    kind: 'expand',
    input: plan,
    expansions: expansions.map(({ value }, i) => ({ column: elements[i]!, value, bagAsPairs: bagsAsPairs })),
    index,
    limit,
  }
  const definitions: Definition[] = []
  const result = [...columns]
  expansions.forEach(({ name, type }, i) => {
    let column = elements[i]!
    if (type && type !== 'dynamic') {
      column = context.column(name, type)
      definitions.push({ column, value: call('$element-as', [reference(elements[i]!), string(type)], type) })
    }
    const at = result.findIndex((c) => c.name === name)
    if (at >= 0) result[at] = column
    else result.push(column)
  })
  return { plan: expanded, definitions, columns: result, index }
}

function rowLimit(work: OperatorWork): Scalar | null {
  const clause = optional(work.node, 'RowLimitClause')
  if (clause) {
    const count = lowerScalar(child(clause, 'RowLimit'), constantScope(work.context, work.environment))
    return convert(count, 'long')
  }
  return token(work.node, 'MvExpandKeyword') === 'mvexpand' ? long(OLD_ROW_LIMIT) : null
}

function mvExpand(work: OperatorWork): Relation {
  const rows: RowsInWork = { relation: inputOf(work) }
  const expansions = expansionsOf(work, rows)
  const kind = parameterText(work.node, 'bagexpansion') ?? parameterText(work.node, 'kind')
  const { relation } = rows
  const { plan, definitions, columns, index } = expand(
    work,
    relation.plan,
    relation.columns,
    expansions,
    kind === 'array',
  )
  const itemIndex = parameterText(work.node, 'with_itemindex')
  const named = itemIndex === undefined ? [] : [{ ...index, name: itemIndex }]
  return compute(
    {
      plan,
      columns: [...columns, ...named],
      order: [...relation.order, ascending(index)],
      sorted: relation.sorted,
    },
    definitions,
  )
}

/** Operators of a subquery, the first of which takes `head`. */
export function lowerOver(node: Node, head: Relation, work: OperatorWork): Relation {
  const { context, environment } = work
  if (node.kind === 'PipeExpression') {
    const input = lowerOver(child(node, 'Expression'), head, work)
    return context.lower.operator(child(node, 'Operator'), input, context, environment)
  }
  if (node.kind === 'ParenthesizedExpression') return lowerOver(child(node, 'Expression'), head, work)
  return context.lower.operator(node, head, context, environment)
}

function mvApply(work: OperatorWork): Relation {
  const rows: RowsInWork = { relation: inputOf(work) }
  const expansions = expansionsOf(work, rows)
  const { relation } = rows
  const { plan, definitions, columns, index } = expand(
    work,
    { kind: 'unit' },
    relation.columns,
    expansions,
    false,
  )
  const itemIndex = parameterText(work.node, 'with_itemindex')
  const named = itemIndex === undefined ? [] : [{ ...index, name: itemIndex }]
  const head = compute(
    { plan, columns: [...columns, ...named], order: [ascending(index)], sorted: 0 },
    definitions,
  )
  const subquery = child(work.node, 'Subquery')
  work.context.correlated++
  const body = lowerOver(child(subquery, 'Expression'), head, work)
  work.context.correlated--
  const bound = boundColumns(work.node)
  const find = (name: string): Column =>
    body.columns.find((column) => column.name === name) ??
    relation.columns.find((column) => column.name === name) ??
    work.context.fail(
      work.node,
      'AUX131',
      `mv-apply: the column '${name}' is neither in the input nor in the subquery.`,
    )
  const result = bound ? bound.map((column) => find(column.name)) : [...relation.columns, ...body.columns]
  return {
    plan: { kind: 'apply', input: relation.plan, body: body.plan, outer: false },
    columns: result,
    order: [...relation.order, ...body.order],
    sorted: 0,
  }
}

export const expandOperators: OperatorTable = { MvExpandOperator: mvExpand, MvApplyOperator: mvApply }
