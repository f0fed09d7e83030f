/** union: rows of several tables, columns matched by name. */
import { type Node, nodes, optional, token } from '../../front/tree.js'
import { empty, long, reference, string } from '../../plan/build.js'
import type { Column, Scalar } from '../../plan/plan.js'
import { constantScope } from '../context.js'
import { parameterText } from '../parameters.js'
import { ascending, type Relation } from '../relation.js'
import { lowerScalar } from '../scalar.js'
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
  const seen = new Map<string, Column[]>()
  for (const { relation } of branches) {
    for (const column of relation.columns) {
      const same = seen.get(column.name) ?? []
      if (!same.some((c) => c.type === column.type)) same.push(column)
      seen.set(column.name, same)
    }
  }
  const names = [...seen.keys()].filter(
    (name) => !inner || branches.every(({ relation }) => relation.columns.some((c) => c.name === name)),
  )
  const result = names.flatMap((name) =>
    seen.get(name)!.map((column) => ({
      from: name,
      column: work.context.column(seen.get(name)!.length > 1 ? `${name}_${column.type}` : name, column.type),
    })),
  )
  return inBoundOrder(work.node, result)
}

/** The binder's order, where it gives the same columns. */
function inBoundOrder(node: Node, columns: UnionColumn[]): UnionColumn[] {
  const bound = boundColumns(node)
  if (!bound) return columns
  const position = (column: UnionColumn) => bound.findIndex((c) => c.name === column.column.name)
  return [...columns].sort((a, b) => position(a) - position(b))
}

export function branchesOf(expression: Node, index: number, fuzzy: boolean, work: OperatorWork): Branch[] {
  const { context, environment } = work
  const inner =
    expression.kind === 'ParenthesizedExpression' ? optional(expression, 'Expression') : expression
  if (inner?.kind === 'NameReference') {
    const name = optional(inner, 'Name')
    if (name?.kind === 'WildcardedName') return wildcard(token(name, 'Pattern'), expression, work)
    const missing = fuzzy && !inner.symbol && !environment.get(inner.name ?? '')
    if (missing) return []
    return [{ name: inner.name ?? '', relation: context.lower.tabular(inner, context, environment) }]
  }
  if (fuzzy && inner?.kind === 'FunctionCallExpression' && isMissingTable(inner, work)) return []
  return [{ name: `union_arg${index}`, relation: context.lower.tabular(expression, context, environment) }]
}

function isMissingTable(call: Node, { context, environment }: OperatorWork): boolean {
  if (optional(call, 'Name')?.name !== 'table') return false
  const argument = nodes(optional(call, 'ArgumentList')!, 'Expressions')[0]
  if (!argument) return false
  const name = lowerScalar(argument, constantScope(context, environment))
  return name.kind === 'literal' && !context.options.schema.tables.some((table) => table.name === name.value)
}

function wildcard(pattern: string, node: Node, { context }: OperatorWork): Branch[] {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const regex = new RegExp(`^${parts.join('.*')}$`)
  return context.options.schema.tables
    .filter((table) => regex.test(table.name))
    .map((table) => ({ name: table.name, relation: scanTable(table.name, node, context) }))
}

export const unionOperators: OperatorTable = { UnionOperator: union }
