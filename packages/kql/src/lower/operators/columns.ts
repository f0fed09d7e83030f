/** Operators that choose and compute columns: extend, project and its relatives, serialize. */
import { child, type Node, nodes, optional, token } from '../../front/tree.js'
import { call, long, reference } from '../../plan/build.js'
import type { Column, Definition, Scalar } from '../../plan/plan.js'
import { type Context, type RowsInWork, rowScope } from '../context.js'
import { convert } from '../convert.js'
import { columnFor, compute, freeName, type Relation } from '../relation.js'
import { lowerScalar } from '../scalar.js'
import { knownType } from '../types.js'
import { inputOf, type OperatorTable, type OperatorWork } from './operator.js'

export interface Named {
  /** Null where the query gives no name; the binder then makes one. */
  readonly name: string | null
  readonly value: Scalar
}

/** Keeps a value in a hidden column, so that several uses compute it once. */
export type Hold = (value: Scalar) => Scalar

export function holdIn(context: Context, rows: RowsInWork): Hold {
  return (value) => {
    const held = columnFor(context, rows.relation, value, 'outputs')
    rows.relation = held.relation
    return reference(held.column)
  }
}

/**
 * The columns that an expression of extend, project or print gives: one; or for a function of several results one for
 * each, of which the query may name the first ones, as in `(a, b) = f()`. Such a function gives an array of its results.
 */
export function lowerNamed(
  expression: Node,
  lowerValue: (node: Node) => Scalar,
  hold: Hold = (value) => value,
): Named[] {
  const names =
    expression.kind === 'SimpleNamedExpression'
      ? [child(expression, 'Name').name]
      : expression.kind === 'CompoundNamedExpression'
        ? nodes(child(expression, 'Names'), 'Names').map((name) => name.name)
        : []
  const inner = expression.kind.endsWith('NamedExpression') ? child(expression, 'Expression') : expression
  if (inner.type?.kind === 'tuple' && inner.type.columns.length > 1 && inner.kind !== 'NameReference') {
    const outputs = hold(lowerValue(inner))
    return inner.type.columns.map(({ type }, i) => {
      const result = call('$at', [outputs, long(i)], 'dynamic')
      return { name: names[i] ?? null, value: convert(result, knownType(type)) }
    })
  }
  const name = names[0] ?? (inner.kind === 'NameReference' ? inner.name : implicitName(inner))
  return [{ name, value: lowerValue(inner) }]
}

/** The name that Kusto gives to an unnamed path: `d.a.b` is `d_a_b`. */
function implicitName(expression: Node): string | null {
  if (expression.kind === 'PathExpression') {
    const left = child(expression, 'Expression')
    const before = left.kind === 'NameReference' ? left.name : implicitName(left)
    return before === null ? null : `${before}_${child(expression, 'Selector').name ?? ''}`
  }
  if (expression.kind === 'FunctionCallExpression') {
    // Conversions and bin() pass the name of their column on.
    const first = nodes(child(expression, 'ArgumentList'), 'Expressions')[0]
    if (first?.kind === 'NameReference' && first.symbol?.kind === 'Column') return first.name
  }
  return null
}

/** Definitions for values that are not columns already, and the column of each value. */
export function define(
  work: OperatorWork,
  named: readonly Named[],
): { definitions: Definition[]; columns: Column[] } {
  const definitions: Definition[] = []
  const columns = named.map(({ name, value }, i) => {
    if (value.kind === 'column') return { id: value.id, name: name ?? `Column${i + 1}`, type: value.type }
    const column = work.context.column(name ?? `Column${i + 1}`, value.type)
    definitions.push({ column, value })
    return column
  })
  return { definitions, columns }
}

function extend(work: OperatorWork): Relation {
  const rows: RowsInWork = { relation: inputOf(work) }
  const scope = rowScope(work.context, work.environment, rows)
  const hold = holdIn(work.context, rows)
  const named = nodes(work.node, 'Expressions').flatMap((e) =>
    lowerNamed(e, (node) => lowerScalar(node, scope), hold),
  )
  const { definitions, columns } = define(work, named)
  const result: Column[] = [...rows.relation.columns]
  named.forEach(({ name }, i) => {
    const column = columns[i]!
    const at = name === null ? -1 : result.findIndex((c) => c.name === name)
    if (at >= 0) result[at] = column
    else
      result.push(
        name === null
          ? { ...column, name: freeName(column.name, new Set(result.map((c) => c.name))) }
          : column,
      )
  })
  return { ...compute(rows.relation, definitions), columns: result }
}

function project(work: OperatorWork): Relation {
  const rows: RowsInWork = { relation: inputOf(work) }
  const scope = rowScope(work.context, work.environment, rows)
  const hold = holdIn(work.context, rows)
  const named = nodes(work.node, 'Expressions').flatMap((e) =>
    lowerNamed(e, (node) => lowerScalar(node, scope), hold),
  )
  const { definitions, columns } = define(work, named)
  return { ...compute(rows.relation, definitions), columns }
}

/** The columns that a name or a pattern (`a*`) means. */
export function matchColumns(expression: Node, columns: readonly Column[]): Column[] {
  const name = optional(expression, 'Name')
  const pattern =
    expression.kind === 'StarExpression'
      ? '*'
      : name?.kind === 'WildcardedName'
        ? token(name, 'Pattern')
        : null
  if (pattern === null) return columns.filter((column) => column.name === expression.name)
  const expressionOf = pattern
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  const regex = new RegExp(`^${expressionOf}$`)
  return columns.filter((column) => regex.test(column.name))
}

function projectAway(work: OperatorWork): Relation {
  const input = inputOf(work)
  const away = new Set(nodes(work.node, 'Expressions').flatMap((e) => matchColumns(e, input.columns)))
  return { ...input, columns: input.columns.filter((column) => !away.has(column)) }
}

function projectKeep(work: OperatorWork): Relation {
  const input = inputOf(work)
  const keep = new Set(nodes(work.node, 'Expressions').flatMap((e) => matchColumns(e, input.columns)))
  return { ...input, columns: input.columns.filter((column) => keep.has(column)) }
}

function projectRename(work: OperatorWork): Relation {
  const input = inputOf(work)
  const names = new Map<string, string>()
  for (const expression of nodes(work.node, 'Expressions')) {
    if (expression.kind !== 'SimpleNamedExpression') continue
    names.set(child(expression, 'Expression').name ?? '', child(expression, 'Name').name ?? '')
  }
  const columns = input.columns.map((column) => ({ ...column, name: names.get(column.name) ?? column.name }))
  return { ...input, columns }
}

/** Named columns first, in the order given; the rest where the `*` stands or at the end. */
function projectReorder(work: OperatorWork): Relation {
  const input = inputOf(work)
  const expressions = nodes(work.node, 'Expressions')
  const named = new Set<Column>()
  for (const expression of expressions) {
    const target = expression.kind === 'OrderedExpression' ? child(expression, 'Expression') : expression
    const matched = matchColumns(target, input.columns)
    if (matched.length < input.columns.length || target.kind === 'NameReference') {
      if (!isStar(target)) for (const column of matched) named.add(column)
    }
  }
  const result: Column[] = []
  const add = (columns: readonly Column[]) => {
    for (const column of columns) if (!result.includes(column)) result.push(column)
  }
  for (const expression of expressions) {
    const ordered = expression.kind === 'OrderedExpression'
    const target = ordered ? child(expression, 'Expression') : expression
    let matched = matchColumns(target, input.columns)
    if (isStar(target)) matched = matched.filter((column) => !named.has(column))
    const ordering = ordered ? optional(expression, 'Ordering') : null
    if (ordering) matched = sortByName(matched, token(ordering, 'AscOrDescKeyword'))
    add(matched)
  }
  add(input.columns)
  return { ...input, columns: result }
}

function isStar(node: Node): boolean {
  const name = optional(node, 'Name')
  return node.kind === 'StarExpression' || (name?.kind === 'WildcardedName' && token(name, 'Pattern') === '*')
}

function sortByName(columns: readonly Column[], direction: string): Column[] {
  const byText = (a: Column, b: Column) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  const byNumber = (a: Column, b: Column) => a.name.localeCompare(b.name, 'en', { numeric: true })
  const sorted = [...columns].sort(direction.startsWith('granny') ? byNumber : byText)
  return direction.endsWith('desc') ? sorted.reverse() : sorted
}

function serialize(work: OperatorWork): Relation {
  const input = inputOf(work)
  return nodes(work.node, 'Expressions').length === 0 ? input : extend({ ...work, input })
}

export const columnOperators: OperatorTable = {
  ExtendOperator: extend,
  ProjectOperator: project,
  ProjectAwayOperator: projectAway,
  ProjectKeepOperator: projectKeep,
  ProjectRenameOperator: projectRename,
  ProjectReorderOperator: projectReorder,
  SerializeOperator: serialize,
}
