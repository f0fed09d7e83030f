/** Statements and tabular expressions: bound tree to relations. */
import { child, type Node, nodes, optional, token } from '../front/tree.js'
import { empty, literal, long } from '../plan/build.js'
import type { Definition, Plan, Scalar } from '../plan/plan.js'
import type { KqlType } from '../values.js'
import { Abandoned, type Context, constantScope, Environment, type Scope } from './context.js'
import { convert } from './convert.js'
import { readLiteral } from './literal.js'
import { operators } from './operators/operators.js'
import { refusedOperators } from './operators/refused.js'
import { ascending, type Relation } from './relation.js'
import { lowerScalar } from './scalar.js'
import { applySetting } from './settings.js'
import { settle } from './settle.js'
import { reusable, scanTable, share } from './source.js'
import { isTabular, knownType, typeNameOf } from './types.js'

const MAX_DEPTH = 400

/** The relation of a whole query; null if it has no tabular result. */
export function lowerQuery(root: Node, context: Context): Relation | null {
  return lowerStatements(nodes(root, 'Statements'), context, new Environment(null))
}

function lowerStatements(
  statements: readonly Node[],
  context: Context,
  environment: Environment,
): Relation | null {
  let result: Relation | null = null
  for (const statement of statements) {
    try {
      result = lowerStatement(statement, context, environment) ?? result
    } catch (error) {
      // Reported already; go on, so that all problems show at once.
      if (!(error instanceof Abandoned)) throw error
      if (statement.kind === 'LetStatement')
        environment.set(child(statement, 'Name').name ?? '', { kind: 'broken' })
    }
  }
  return result
}

function lowerStatement(statement: Node, context: Context, environment: Environment): Relation | null {
  switch (statement.kind) {
    case 'LetStatement':
      bindLet(statement, context, environment)
      return null
    case 'ExpressionStatement': {
      const expression = child(statement, 'Expression')
      if (isTabular(expression)) return lowerTabular(expression, context, environment)
      // A bare scalar is shown as a table of one cell.
      const value = lowerScalar(expression, constantScope(context, environment))
      const column = context.column('print_0', value.type)
      return computed({ kind: 'unit' }, [{ column, value }])
    }
    case 'QueryParametersStatement':
      bindQueryParameters(statement, context, environment)
      return null
    case 'SetOptionStatement':
      applySetting(statement, context, environment)
      return null
    default:
      return context.unsupported(statement, `${statement.kind}`)
  }
}

function computed(plan: Plan, definitions: readonly Definition[]): Relation {
  return {
    plan: definitions.length > 0 ? { kind: 'compute', input: plan, definitions } : plan,
    columns: definitions.map((definition) => definition.column),
    order: [],
    sorted: 0,
  }
}

function bindLet(statement: Node, context: Context, environment: Environment): void {
  const name = child(statement, 'Name').name ?? ''
  const expression = child(statement, 'Expression')
  if (expression.kind === 'FunctionDeclaration') {
    const body = child(expression, 'Body')
    const isView =
      token(expression, 'ViewKeyword') !== '' &&
      nodes(child(expression, 'Parameters'), 'Parameters').length === 0
    const view = () => lowerBody(body, name, context, new Environment(environment))
    environment.set(name, {
      kind: 'function',
      environment,
      ...(isView ? { view: () => tableOf(view(), body, context) } : {}),
    })
    return
  }
  if (expression.kind === 'MaterializeExpression') {
    const inner = child(expression, 'Expression')
    if (isTabular(inner)) {
      const use = share(lowerTabular(inner, context, environment), name, context)
      environment.set(name, { kind: 'table', lower: use })
      return
    }
  }
  if (isTabular(expression)) {
    environment.set(name, { kind: 'table', lower: () => lowerTabular(expression, context, environment) })
    return
  }
  environment.set(name, {
    kind: 'scalar',
    value: lowerScalar(expression, constantScope(context, environment)),
  })
}

function bindQueryParameters(statement: Node, context: Context, environment: Environment): void {
  for (const parameter of nodes(statement, 'Parameters')) {
    const declaration = child(parameter, 'NameAndType')
    const name = child(declaration, 'Name').name ?? ''
    const type = typeNameOf(child(declaration, 'Type'))
    const given = context.options.parameters[name]
    const fallback = optional(parameter, 'DefaultValue')
    if (given !== undefined) {
      const value = type === 'dynamic' ? literal('dynamic', given) : readParameter(given, type)
      if (!value)
        context.fail(
          parameter,
          'AUX104',
          `The value '${given}' of the parameter '${name}' can not be read as ${type}.`,
        )
      environment.set(name, { kind: 'scalar', value })
    } else if (fallback) {
      const value = lowerScalar(child(fallback, 'Value'), constantScope(context, environment))
      environment.set(name, { kind: 'scalar', value: convert(value, type) })
    } else {
      context.fail(
        parameter,
        'AUX105',
        `The query parameter '${name}' has no value.`,
        'query-parameters-statement',
      )
    }
  }
}

/** A parameter's value may be written bare (`5m`) or as a KQL literal (`timespan(5m)`, `datetime(2020-01-01)`). */
function readParameter(text: string, type: KqlType) {
  const wrapped = /^\s*[a-z]+\((.*)\)\s*$/is.exec(text)
  return readLiteral(text, type) ?? (wrapped ? readLiteral(wrapped[1]!, type) : undefined)
}

export function lowerTabular(node: Node, context: Context, environment: Environment): Relation {
  context.depth++
  if (context.depth > MAX_DEPTH) context.fail(node, 'AUX106', 'The query is nested too deeply.')
  try {
    return lowerTabularNode(node, context, environment)
  } finally {
    context.depth--
  }
}

function lowerTabularNode(node: Node, context: Context, environment: Environment): Relation {
  switch (node.kind) {
    case 'PipeExpression': {
      const input = lowerTabular(child(node, 'Expression'), context, environment)
      return lowerOperator(child(node, 'Operator'), input, context, environment)
    }
    case 'ParenthesizedExpression':
      return lowerTabular(child(node, 'Expression'), context, environment)
    case 'NameReference':
      return lowerTableName(node, context, environment)
    case 'FunctionCallExpression':
      return lowerTabularCall(node, context, environment)
    case 'DataTableExpression':
      return settle(node, lowerDataTable(node, context, environment), context)
    case 'MaterializeExpression':
      return share(lowerTabular(child(node, 'Expression'), context, environment), 'materialized', context)()
    case 'ToTableExpression':
      return lowerTabular(child(node, 'Expression'), context, environment)
    case 'PathExpression':
      return lowerDatabasePath(node, context, environment)
    case 'ExternalDataExpression':
      return context.unsupported(
        node,
        'externaldata',
        'externaldata-operator',
        'reads a file or an address outside of the store, and a query here reads the tables of the store only',
      )
    default:
      // print, range, union, find, search stand at the head of a pipe.
      return lowerOperator(node, null, context, environment)
  }
}

export function lowerOperator(
  node: Node,
  input: Relation | null,
  context: Context,
  environment: Environment,
): Relation {
  const operator = operators[node.kind]
  if (!operator) {
    const refusal = refusedOperators[node.kind]
    const keyword =
      refusal?.name ?? Object.values(node.fields).find((field) => typeof field === 'string') ?? node.kind
    return context.unsupported(node, `The operator '${keyword}'`, `${keyword}-operator`, refusal?.reason)
  }
  const relation = operator({ node, input, context, environment })
  return settle(node, relation, context)
}

function lowerTableName(node: Node, context: Context, environment: Environment): Relation {
  const name = node.name ?? ''
  const binding = environment.get(name)
  if (binding?.kind === 'table') return binding.lower()
  if (binding?.kind === 'broken') throw new Abandoned(`${name} is broken`)
  if (node.symbol?.kind === 'Function') return lowerTabularCall(node, context, environment)
  return scanTable(name, node, context)
}

/** `database("x").T`, `workspace("x").T`, `cluster(…).database(…).T`: all are this store. */
function lowerDatabasePath(node: Node, context: Context, environment: Environment): Relation {
  const selector = child(node, 'Selector')
  return lowerTabular(selector, context, environment)
}

/** Functions that name a table. */
export const tableFunctions = {
  cluster: { doc: 'cluster-function' },
  database: { doc: 'database-function' },
  materialized_view: { doc: 'materialized-view-function' },
  table: { doc: 'table-function' },
} as const

function lowerTabularCall(node: Node, context: Context, environment: Environment): Relation {
  const name = (optional(node, 'Name')?.name ?? node.name ?? '').toString()
  const args = node.kind === 'FunctionCallExpression' ? nodes(child(node, 'ArgumentList'), 'Expressions') : []
  if (name === 'table' || name === 'materialized_view') {
    const argument = lowerScalar(args[0]!, constantScope(context, environment))
    if (argument.kind !== 'literal')
      context.fail(node, 'AUX107', 'table() needs a literal name.', 'table-function')
    return scanTable(String(argument.value), node, context)
  }
  if (name === 'external_table')
    return context.unsupported(node, 'external_table()', 'external-table-function')
  const result = lowerFunctionBody(node, constantScope(context, environment))
  if ('columns' in result) return result
  return context.fail(node, 'AUX108', `${name}() gives a value where a table is expected.`)
}

/** A call of a let- or stored function: its body, with the arguments bound to the parameters. */
export function lowerFunctionBody(node: Node, scope: Scope, first?: Relation): Relation | Scalar {
  const { context } = scope
  const name = optional(node, 'Name')?.name ?? node.name ?? ''
  const body = node.body?.() ?? null
  if (!body)
    return context.unsupported(node, `The function ${name}()`, `${name.replaceAll('_', '-')}-function`)
  const binding = scope.environment.get(name)
  // A let function sees what stood before it, a stored function sees nothing of the query.
  const environment = new Environment(binding?.kind === 'function' ? binding.environment : null)
  const given =
    node.kind === 'FunctionCallExpression' ? nodes(child(node, 'ArgumentList'), 'Expressions') : []
  const positional = given.filter((argument) => argument.kind !== 'SimpleNamedExpression')
  let position = 0
  node.parameters.forEach((parameter) => {
    if (parameter.tabular && first && position === 0 && !environment.get(parameter.name)) {
      environment.set(parameter.name, { kind: 'table', lower: reusable(first, parameter.name, context) })
      first = undefined
      return
    }
    const named = given.find(
      (a) => a.kind === 'SimpleNamedExpression' && child(a, 'Name').name === parameter.name,
    )
    const argument = named ? child(named, 'Expression') : positional[position++]
    if (argument && isTabular(argument)) {
      environment.set(parameter.name, {
        kind: 'table',
        lower: () => lowerTabular(argument, context, scope.environment),
      })
    } else if (argument) {
      const value = lowerScalar(argument, scope)
      const type = parameter.type === 'unknown' ? value.type : knownType(parameter.type)
      environment.set(parameter.name, { kind: 'scalar', value: convert(value, type) })
    } else if (parameter.defaultValue) {
      const value = lowerScalar(parameter.defaultValue, constantScope(context, environment))
      environment.set(parameter.name, { kind: 'scalar', value: convert(value, knownType(parameter.type)) })
    }
  })
  const outerCallSite = context.callSite
  context.callSite ??= node
  context.depth++
  try {
    if (context.depth > MAX_DEPTH) context.fail(node, 'AUX106', 'The query is nested too deeply.')
    return lowerBody(body, name, context, environment)
  } finally {
    context.depth--
    context.callSite = outerCallSite
  }
}

function lowerBody(body: Node, name: string, context: Context, environment: Environment): Relation | Scalar {
  lowerStatements(nodes(body, 'Statements'), context, environment)
  const expression = optional(body, 'Expression')
  if (!expression) return context.fail(body, 'AUX109', `The function ${name}() has no result.`)
  if (isTabular(expression)) return lowerTabular(expression, context, environment)
  // A scalar body may use the columns of the row only through its parameters.
  return lowerScalar(expression, constantScope(context, environment))
}

function tableOf(result: Relation | Scalar, node: Node, context: Context): Relation {
  return 'columns' in result
    ? result
    : context.fail(node, 'AUX108', 'A value stands where a table is expected.')
}

function lowerDataTable(node: Node, context: Context, environment: Environment): Relation {
  const schema = child(node, 'Schema')
  const columns = nodes(schema, 'Columns').map((declaration) =>
    context.column(child(declaration, 'Name').name ?? '', typeNameOf(child(declaration, 'Type'))),
  )
  const ordinal = context.column('ordinal', 'long')
  const cells = nodes(node, 'Values').map((value, i) => {
    const { type } = columns[i % columns.length]!
    const lowered = lowerScalar(value, constantScope(context, environment))
    // A text in a column of another type is read as that type.
    if (lowered.kind === 'literal' && lowered.type === 'string' && type !== 'string') {
      if (type === 'dynamic') return convert(lowered, 'dynamic')
      return readLiteral(String(lowered.value), type) ?? empty(type)
    }
    return convert(lowered, type)
  })
  const rows: Scalar[][] = []
  for (let i = 0; i + columns.length <= cells.length; i += columns.length) {
    rows.push([...cells.slice(i, i + columns.length), long(rows.length)])
  }
  return {
    plan: { kind: 'values', columns: [...columns, ordinal], rows },
    columns,
    order: [ascending(ordinal)],
    sorted: 0,
  }
}
