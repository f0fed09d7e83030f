/** union: rows of several tables, columns matched by name. */
import { type Node, nodes, optional, token } from '../../front/tree.js'
import { empty, long, reference, string } from '../../plan/build.js'
import type { Column, Scalar } from '../../plan/plan.js'
import type { KqlType } from '../../values.js'
import { Abandoned } from '../context.js'
import { parameterText } from '../parameters.js'
import { ascending, findColumn, type Relation } from '../relation.js'
import { scanTable } from '../source.js'
import { boundColumns } from '../types.js'
import type { OperatorTable, OperatorWork } from './operator.js'

export interface Branch {
  readonly name: string
  readonly relation: Relation
}

function union(work: OperatorWork): Relation {
  const { node } = work
  const fuzzy = parameterText(node, 'isfuzzy')?.toLowerCase() === 'true'
  const branches: Branch[] = []
  if (work.input) branches.push({ name: 'union_arg0', relation: work.input })
  for (const expression of nodes(node, 'Expressions')) {
    branches.push(...branchesOf(expression, branches.length, fuzzy, work))
  }
  return combine(
    work,
    branches,
    parameterText(node, 'withsource') ?? parameterText(node, 'with_source'),
    parameterText(node, 'kind') === 'inner',
  )
}

/** The union of branches by the names of their columns. */
export function combine(
  work: OperatorWork,
  branches: readonly Branch[],
  sourceName: string | undefined,
  inner: boolean,
): Relation {
  const { context } = work
  const source = sourceName === undefined ? [] : [context.column(sourceName, 'string')]
  const columns = columnsOf(work, branches, inner)
  const branch = context.column('branch', 'long')
  const position = context.column('position', 'long')
  const inputs = branches.map(({ name, relation }, i) => {
    const values: Scalar[] = columns.map(({ column, from }) => {
      const own = relation.columns.find((c) => c.name === from && c.type === column.type)
      return own ? reference(own) : empty(column.type)
    })
    const first = relation.order[0]
    const isOrdinal = relation.order.length > 0 && first && !first.descending && relation.sorted === 0
    const ordinal: Scalar = isOrdinal ? { kind: 'column', id: first.id, type: 'long' } : long(0)
    return { plan: relation.plan, values: [...source.map(() => string(name)), ...values, long(i), ordinal] }
  })
  const visible = [...source, ...columns.map(({ column }) => column)]
  return {
    plan: { kind: 'union', columns: [...visible, branch, position], inputs },
    columns: visible,
    order: [ascending(branch), ascending(position)],
    sorted: 0,
  }
}

interface UnionColumn {
  readonly column: Column
  readonly from: string
}

/** One column per name; where types differ, one per name and type, called `name_type`. */
function columnsOf(work: OperatorWork, branches: readonly Branch[], inner: boolean): UnionColumn[] {
  const typesOf = new Map<string, Set<KqlType>>()
  for (const { relation } of branches) {
    for (const { name, type } of relation.columns)
      typesOf.set(name, (typesOf.get(name) ?? new Set()).add(type))
  }
  // The binder knows no inner union: it would go on with columns that are not there.
  if (inner && branches.some(({ relation }) => relation.columns.length < typesOf.size)) {
    work.context.unsupported(work.node, 'union kind=inner of tables with different columns', 'union-operator')
  }
  const everywhere = (name: string) => branches.every(({ relation }) => findColumn(relation, name))
  const result = [...typesOf]
    .filter(([name]) => !inner || everywhere(name))
    .flatMap(([name, types]) =>
      [...types].map((type) => ({
        from: name,
        column: work.context.column(types.size > 1 ? `${name}_${type}` : name, type),
      })),
    )
  return inBoundOrder(work.node, result)
}

/** The binder's order, where it gives the same columns. */
function inBoundOrder(node: Node, columns: UnionColumn[]): UnionColumn[] {
  const bound = boundColumns(node)
  const names = new Set(columns.map(({ column }) => column.name))
  if (!bound || names.size < columns.length) return columns
  const position = (column: UnionColumn) => bound.findIndex((c) => c.name === column.column.name)
  return [...columns].sort((a, b) => position(a) - position(b))
}

export function branchesOf(expression: Node, index: number, fuzzy: boolean, work: OperatorWork): Branch[] {
  const inner =
    expression.kind === 'ParenthesizedExpression' ? optional(expression, 'Expression') : expression
  if (inner?.kind === 'NameReference') {
    const name = optional(inner, 'Name')
    if (name?.kind === 'WildcardedName') return wildcard(token(name, 'Pattern'), expression, work)
    return known(inner.name ?? '', inner, fuzzy, work)
  }
  return known(`union_arg${index}`, expression, fuzzy, work)
}

/** The branch; of a fuzzy union nothing, if it refers to a table that is not there. */
function known(
  name: string,
  expression: Node,
  fuzzy: boolean,
  { context, environment }: OperatorWork,
): Branch[] {
  const before = context.problems.length
  try {
    return [{ name, relation: context.lower.tabular(expression, context, environment) }]
  } catch (error) {
    const missing = context.problems.slice(before)
    if (!fuzzy || !(error instanceof Abandoned) || !missing.every(({ code }) => code === 'KS204')) throw error
    context.problems.splice(before)
    return []
  }
}

function wildcard(pattern: string, node: Node, { context, environment }: OperatorWork): Branch[] {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const regex = new RegExp(`^${parts.join('.*')}$`)
  const tables = context.options.schema.tables
    .filter((table) => regex.test(table.name))
    .map((table) => ({ name: table.name, relation: scanTable(table.name, node, context) }))
  const views = environment
    .views()
    .filter(({ name }) => regex.test(name))
    .map(({ name, lower }) => ({ name, relation: lower() }))
  return [...tables, ...views]
}

export const unionOperators: OperatorTable = { UnionOperator: union }
