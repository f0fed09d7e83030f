/** Operators that leave the rows as they are: as, render, consume; and invoke, getschema. */
import { child, nodes, optional, token } from '../../front/tree.js'
import { long, string } from '../../plan/build.js'
import { type Context, constantScope } from '../context.js'
import { ascending, type Relation } from '../relation.js'
import { share } from '../source.js'
import { inputOf, type OperatorTable, type OperatorWork } from './operator.js'

function as(work: OperatorWork): Relation {
  const name = child(work.node, 'Name').name ?? ''
  const use = share(inputOf(work), name, work.context)
  work.environment.set(name, { kind: 'table', lower: use })
  return use()
}

/** How clients are asked to draw the result; the rows are the same. */
function render(work: OperatorWork): Relation {
  const properties: Record<string, string> = {}
  const clause = optional(work.node, 'WithClause')
  for (const parameter of [
    ...nodes(work.node, 'Parameters'),
    ...(clause ? nodes(clause, 'Properties') : []),
  ]) {
    const value = child(parameter, 'Expression')
    const names = nodes(value, 'Names').map((name) => name.name ?? '')
    properties[child(parameter, 'Name').name ?? ''] =
      value.literal ?? value.name ?? (names.length > 0 ? names.join(',') : token(value, 'Token'))
  }
  work.context.render = { kind: token(work.node, 'ChartType'), properties }
  return inputOf(work)
}

function invoke(work: OperatorWork): Relation {
  const { context, environment } = work
  const result = context.lower.functionBody(
    child(work.node, 'Function'),
    constantScope(context, environment),
    inputOf(work),
  )
  return 'columns' in result
    ? result
    : context.fail(work.node, 'AUX108', 'The function of invoke gives no table.')
}

const CLR_TYPES: Readonly<Record<string, string>> = {
  bool: 'System.SByte',
  datetime: 'System.DateTime',
  decimal: 'System.Data.SqlTypes.SqlDecimal',
  dynamic: 'System.Object',
  guid: 'System.Guid',
  int: 'System.Int32',
  long: 'System.Int64',
  real: 'System.Double',
  string: 'System.String',
  timespan: 'System.TimeSpan',
}

function getSchema(work: OperatorWork): Relation {
  return schemaOf(inputOf(work), work.context)
}

/** The columns of a relation, a row each. */
export function schemaOf(relation: Relation, context: Context): Relation {
  const columns = [
    context.column('ColumnName', 'string'),
    context.column('ColumnOrdinal', 'long'),
    context.column('DataType', 'string'),
    context.column('ColumnType', 'string'),
  ]
  const rows = relation.columns.map((column, i) => [
    string(column.name),
    long(i),
    string(CLR_TYPES[column.type]!),
    string(column.type),
  ])
  return { plan: { kind: 'values', columns, rows }, columns, order: [ascending(columns[1]!)], sorted: 0 }
}

export const namingOperators: OperatorTable = {
  AsOperator: as,
  ConsumeOperator: inputOf,
  RenderOperator: render,
  InvokeOperator: invoke,
  GetSchemaOperator: getSchema,
}
