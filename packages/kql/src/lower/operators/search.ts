/** search and find: rows of several tables in which something occurs. */
import { child, type Node, nodes, optional, token } from '../../front/tree.js'
import { call, reference, string } from '../../plan/build.js'
import type { Column, Scalar } from '../../plan/plan.js'
import { type RowsInWork, rowScope, type Scope } from '../context.js'
import { convert } from '../convert.js'
import { parameterText } from '../parameters.js'
import type { Relation } from '../relation.js'
import { applyOperator, lowerScalar } from '../scalar.js'
import { scanTable } from '../source.js'
import { boundColumns, knownType, typeNameOf } from '../types.js'
import type { OperatorTable, OperatorWork } from './operator.js'
import { type Branch, branchesOf, combine } from './union.js'

/** The tables that an `in (…)` names, the piped one, or all there are. */
function tablesOf(work: OperatorWork): Branch[] {
  const { context, node } = work
  if (work.input) {
    const [only] = [...context.tables]
    return [{ name: context.tables.size === 1 ? only! : 'search_arg0', relation: work.input }]
  }
  const clause = optional(node, 'InClause')
  if (clause) return nodes(clause, 'Expressions').flatMap((e, i) => branchesOf(e, i, false, work))
  return context.options.schema.tables.map((table) => ({
    name: table.name,
    relation: scanTable(table.name, node, context),
  }))
}

/** Lowers a condition in which a bare text means any column, `*` any column, and `col:"x"` a term of a column. */
function lowerCondition(node: Node, scope: Scope, columns: readonly Column[], term: TermStyle): Scalar {
  const down = (inner: Node) => lowerCondition(inner, scope, columns, term)
  switch (node.kind) {
    case 'AndExpression':
    case 'OrExpression':
      return call(token(node, 'Operator'), [down(child(node, 'Left')), down(child(node, 'Right'))], 'bool')
    case 'ParenthesizedExpression':
      return down(child(node, 'Expression'))
    case 'StringLiteralExpression':
    case 'CompoundStringLiteralExpression':
      return anyColumn(columns, (column) => term(column, node.literal ?? ''))
    case 'SearchExpression': {
      const right = child(node, 'Right')
      return term(lowerScalar(child(node, 'Left'), scope), right.literal ?? '')
    }
    case 'FunctionCallExpression':
      if (child(node, 'Name').name === 'not') {
        return call('not', [down(nodes(child(node, 'ArgumentList'), 'Expressions')[0]!)], 'bool')
      }
      return convert(lowerScalar(node, scope), 'bool')
    default:
      if (optional(node, 'Left')?.kind === 'StarExpression') {
        const right = lowerScalar(child(node, 'Right'), scope)
        return anyColumn(columns, (column) => applyOperator(node, column, right, scope))
      }
      return convert(lowerScalar(node, scope), 'bool')
  }
}

function anyColumn(columns: readonly Column[], test: (column: Scalar) => Scalar): Scalar {
  const tests = columns.map((column) => test(convert(reference(column), 'string')))
  return tests.length === 0
    ? { kind: 'literal', type: 'bool', value: false }
    : tests.reduce((a, b) => call('or', [a, b], 'bool'))
}

type TermStyle = (value: Scalar, text: string) => Scalar

/** `x` is a term, `x*` the start of one, `*x` the end of one, `*x*` any part; a `*` inside matches anything. */
function termStyle(caseSensitive: boolean): TermStyle {
  const suffix = caseSensitive ? '_cs' : ''
  return (value, text) => {
    const subject = convert(value, 'string')
    const inner = text.replace(/^\*|\*$/g, '')
    if (text === '*') return call('isnotempty', [subject], 'bool')
    if (inner.includes('*')) {
      const pattern = inner.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      return call(
        'matches regex',
        [subject, string(`(?s${caseSensitive ? '' : 'i'})${pattern.join('.*')}`)],
        'bool',
      )
    }
    const [open, close] = [text.startsWith('*'), text.endsWith('*') && text.length > 1]
    const operator = open && close ? 'contains' : open ? 'hassuffix' : close ? 'hasprefix' : 'has'
    return call(`${operator}${suffix}`, [subject, string(inner)], 'bool')
  }
}

function matching(work: OperatorWork, { name, relation }: Branch, caseSensitive: boolean): Branch {
  const { context, environment, node } = work
  const rows: RowsInWork = { relation }
  const scope: Scope = { ...rowScope(context, environment, rows), absentColumns: true }
  const condition = lowerCondition(
    child(node, 'Condition'),
    scope,
    relation.columns,
    termStyle(caseSensitive),
  )
  return {
    name,
    relation: { ...rows.relation, plan: { kind: 'filter', input: rows.relation.plan, predicate: condition } },
  }
}

function search(work: OperatorWork): Relation {
  const caseSensitive = parameterText(work.node, 'kind') === 'case_sensitive'
  const branches = tablesOf(work).map((branch) => matching(work, branch, caseSensitive))
  return combine(work, branches, '$table', false)
}

/** The columns that are asked for; what a table has besides goes into one bag. */
function find(work: OperatorWork): Relation {
  const { context, node } = work
  const source = parameterText(node, 'withsource') ?? 'source_'
  const wanted = (boundColumns(node) ?? []).filter((column) => column.name !== source)
  const project = optional(node, 'Project')
  const retyped = new Map(
    (project ? nodes(project, 'Columns') : [])
      .filter((column) => column.kind === 'TypedColumnReference')
      .map((column) => [child(column, 'Column').name ?? '', typeNameOf(child(column, 'Type'))]),
  )
  const branches = tablesOf(work)
    .map((branch) => matching(work, branch, false))
    .map(({ name, relation }): Branch => {
      const definitions = wanted.map(({ name: columnName, type }) => {
        const own = relation.columns.find((column) => column.name === columnName)
        const target = retyped.get(columnName) ?? knownType(type)
        const value: Scalar = own
          ? convert(reference(own), target)
          : columnName === 'pack_'
            ? packOf(
                relation,
                wanted.map((column) => column.name),
              )
            : { kind: 'literal', type: target, value: target === 'string' ? '' : null }
        return { column: context.column(columnName, target), value }
      })
      return {
        name,
        relation: {
          ...relation,
          plan: { kind: 'compute', input: relation.plan, definitions },
          columns: definitions.map(({ column }) => column),
        },
      }
    })
  return combine(work, branches, source, false)
}

function packOf(relation: Relation, shown: readonly string[]): Scalar {
  const rest = relation.columns.filter((column) => !shown.includes(column.name))
  return call(
    '$pack-nonempty',
    rest.flatMap((column) => [string(column.name), reference(column)]),
    'dynamic',
  )
}

export const searchOperators: OperatorTable = { SearchOperator: search, FindOperator: find }
