/** Scalar expressions: bound tree to plan. */
import { child, type Node, nodes, optional, token } from '../front/tree.js'
import type { ParameterType } from '../functions/function.js'
import { refusedFunctions } from '../functions/refused.js'
import { aggregateNamed, conditionalAggregate, scalarNamed, windowNamed } from '../functions/tables.js'
import { call, empty, literal, long, reference, string } from '../plan/build.js'
import type { AggregateCall, Column, Plan, Scalar } from '../plan/plan.js'
import type { KqlType } from '../values.js'
import { arithmetic, comparable, comparison } from './arithmetic.js'
import { Abandoned, type Scope } from './context.js'
import { convert, isNumeric } from './convert.js'
import { literalType, lowerDynamic, lowerLiteral } from './literal.js'
import { specialNamed } from './special-calls.js'
import { arrayOf, lowerToScalar } from './subquery.js'
import { boundType, isTabular, typeNameOf } from './types.js'
import { lowerWindowCall } from './window.js'

export function lowerScalar(node: Node, scope: Scope): Scalar {
  const { context } = scope
  const type = literalType(node)
  if (type) return lowerLiteral(context, node, type)
  switch (node.kind) {
    case 'ParenthesizedExpression':
    case 'SimpleNamedExpression':
      return lowerScalar(child(node, 'Expression'), scope)
    case 'NameReference':
      return lowerName(node, scope)
    case 'DynamicExpression':
      return lowerDynamic(context, node)
    case 'NullLiteralExpression':
      return literal('dynamic', null)
    case 'PathExpression':
      return lowerPath(node, scope)
    case 'ElementExpression':
      return lowerElement(node, scope)
    case 'FunctionCallExpression':
      return lowerCall(node, scope)
    case 'InExpression':
    case 'NotInExpression':
    case 'InCsExpression':
    case 'NotInCsExpression':
    case 'HasAnyExpression':
    case 'HasAllExpression':
      return lowerListOperator(node, scope)
    case 'BetweenExpression':
    case 'NotBetweenExpression':
      return lowerBetween(node, scope)
    case 'UnaryMinusExpression':
      return lowerMinus(node, scope)
    case 'UnaryPlusExpression':
      return lowerScalar(child(node, 'Expression'), scope)
    case 'ToScalarExpression':
      return lowerToScalar(child(node, 'Expression'), scope)
    case 'TypeOfLiteralExpression':
      return string(nodes(node, 'Types').map(typeNameOf).join(','))
    case 'StarExpression':
      return context.unsupported(node, "'*' in this place")
    default:
      if (optional(node, 'Left') && optional(node, 'Right')) return lowerBinary(node, scope)
      return context.unsupported(node, `${node.kind}`)
  }
}

function lowerName(node: Node, scope: Scope): Scalar {
  const name = node.name ?? ''
  // A variable of a function's body hides nothing: the binder has already said which of the two a name is.
  const isVariable = node.symbol?.kind === 'Variable' || node.symbol?.kind === 'Parameter'
  const column = isVariable ? undefined : scope.column(name)
  if (column) return reference(column)
  const variable = scope.graph?.variable(name, node)
  if (variable) return variable
  const binding = scope.environment.get(name)
  if (binding?.kind === 'scalar') return binding.value
  if (binding?.kind === 'table') return lowerToScalar(node, scope)
  if (binding?.kind === 'broken') throw new Abandoned(`${name} is broken`)
  const late = scope.column(name)
  if (late) return reference(late)
  if (scope.absentColumns && node.symbol?.kind === 'Column') return empty(boundType(node) ?? 'dynamic')
  return scope.context.fail(
    node,
    'KS142',
    `The name '${name}' does not refer to any known column, table, variable or function.`,
  )
}

function lowerPath(node: Node, scope: Scope): Scalar {
  const left = child(node, 'Expression')
  const selector = child(node, 'Selector')
  if (left.kind === 'NameReference' && (left.name === '$left' || left.name === '$right')) {
    const side = scope.sides?.[left.name]
    const column = side?.columns.find((c) => c.name === selector.name)
    if (!column)
      return scope.context.fail(
        node,
        'KS142',
        `The column '${selector.name}' is not on that side of the join.`,
      )
    return reference(column)
  }
  if (left.kind === 'NameReference') {
    const member = scope.member?.(left.name ?? '', selector.name ?? '')
    if (member) return member
  }
  if (selector.kind === 'FunctionCallExpression') return scope.context.unsupported(node, 'this path')
  const value = lowerScalar(left, scope)
  const name = selector.name ?? selector.literal ?? ''
  return call('$get', [convert(value, 'dynamic'), string(name)], 'dynamic')
}

function lowerElement(node: Node, scope: Scope): Scalar {
  const value = convert(lowerScalar(child(node, 'Expression'), scope), 'dynamic')
  const selector = child(node, 'Selector')
  const index = lowerScalar(
    selector.kind === 'BracketedExpression' ? child(selector, 'Expression') : selector,
    scope,
  )
  if (index.type === 'string' || index.type === 'dynamic') return call('$get', [value, index], 'dynamic')
  return call('$at', [value, convert(index, 'long')], 'dynamic')
}

function lowerMinus(node: Node, scope: Scope): Scalar {
  let value = lowerScalar(child(node, 'Expression'), scope)
  if (value.kind === 'literal' && value.value !== null) {
    if (typeof value.value === 'number') return literal(value.type, -value.value)
    if (value.type === 'long' || value.type === 'timespan') {
      return literal(value.type, BigInt.asIntN(64, -BigInt(value.value as string)).toString())
    }
    if (value.type === 'decimal') return literal('decimal', `-${value.value}`.replace(/^--/, ''))
  }
  if (value.type === 'dynamic') value = convert(value, 'real')
  return call('$minus', [value], value.type)
}

const NEGATED: Readonly<Record<string, string>> = {
  '!between': 'between',
  '!contains': 'contains',
  '!contains_cs': 'contains_cs',
  '!endswith': 'endswith',
  '!endswith_cs': 'endswith_cs',
  '!has': 'has',
  '!has_cs': 'has_cs',
  '!hasprefix': 'hasprefix',
  '!hasprefix_cs': 'hasprefix_cs',
  '!hassuffix': 'hassuffix',
  '!hassuffix_cs': 'hassuffix_cs',
  '!in': 'in',
  '!in~': 'in~',
  '!startswith': 'startswith',
  '!startswith_cs': 'startswith_cs',
  '!~': '=~',
  notcontains: 'contains',
  notcontainscs: 'contains_cs',
  notlike: 'like',
  notlikecs: 'likecs',
}

const OPERATOR_ALIASES: Readonly<Record<string, string>> = {
  '<>': '!=',
  containscs: 'contains_cs',
}

function negate(negated: boolean, value: Scalar): Scalar {
  return negated ? call('not', [value], 'bool') : value
}

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>='])
const ARITHMETIC = new Set(['+', '-', '*', '/', '%'])

function lowerBinary(node: Node, scope: Scope): Scalar {
  const left = lowerScalar(child(node, 'Left'), scope)
  const right = lowerScalar(child(node, 'Right'), scope)
  return applyOperator(node, left, right, scope)
}

/** What the binary operator of a node makes of two values. */
export function applyOperator(node: Node, left: Scalar, right: Scalar, scope: Scope): Scalar {
  const written = token(node, 'Operator').replace(/\s+/g, ' ')
  const operator = OPERATOR_ALIASES[written] ?? written
  if (operator === 'and' || operator === 'or') {
    return call(operator, [convert(left, 'bool'), convert(right, 'bool')], 'bool')
  }
  if (COMPARISONS.has(operator)) return comparison(operator, left, right)
  if (ARITHMETIC.has(operator)) return arithmetic(operator, left, right, boundType(node))
  // What remains works on strings: has, contains, =~, matches regex, …
  const positive = NEGATED[operator] ?? operator
  if (!scalarNamed(positive)) {
    return scope.context.unsupported(node, `The operator '${operator}'`, 'datatypes-string-operators')
  }
  return negate(
    operator in NEGATED,
    call(positive, [convert(left, 'string'), convert(right, 'string')], 'bool'),
  )
}

function lowerBetween(node: Node, scope: Scope): Scalar {
  const value = lowerScalar(child(node, 'Left'), scope)
  const couple = child(node, 'Right')
  const first = lowerScalar(child(couple, 'First'), scope)
  let second = lowerScalar(child(couple, 'Second'), scope)
  // between (t .. 3d) means up to t + 3d
  if (first.type === 'datetime' && second.type === 'timespan')
    second = arithmetic('+', first, second, 'datetime')
  const range = call('between', comparable(value, first, second), 'bool')
  return negate(node.kind === 'NotBetweenExpression', range)
}

/** `in`, `has_any`, `has_all` take values, arrays, or a table's first column. */
function lowerListOperator(node: Node, scope: Scope): Scalar {
  const { context } = scope
  const written = token(node, 'Operator')
  const operator = NEGATED[written] ?? written
  const left = lowerScalar(child(node, 'Left'), scope)
  const items = nodes(child(node, 'Right'), 'Expressions')
  const ignoreCase = operator === 'in~'
  const only = items.length === 1 ? items[0]! : undefined
  const isMembership = operator === 'in' || operator === 'in~'
  if (only && namesTable(only, scope)) {
    const table = context.lower.tabular(only, context, scope.environment)
    const column = table.columns[0]
    if (!column) return context.fail(only, 'AUX102', 'The table has no column to look in.', 'in-operator')
    if (!isMembership) {
      return call(`${operator}-dynamic`, [convert(left, 'string'), arrayOf(context, table, column)], 'bool')
    }
    return negate(written in NEGATED, membership(left, table.plan, column, ignoreCase, scope))
  }
  const values = items.map((item) => lowerScalar(item, scope))
  const expanded = values.flatMap((value) => elementsOf(value) ?? [value])
  const type = isMembership && !ignoreCase ? left.type : 'string'
  const subject = convert(left, type)
  const plain = expanded.filter((value) => value.type !== 'dynamic' || type === 'dynamic')
  const arrays = expanded.filter((value) => value.type === 'dynamic' && type !== 'dynamic')
  const tests: Scalar[] = []
  if (plain.length > 0 || arrays.length === 0) {
    const list = plain.map((value) =>
      isNumeric(type) && isNumeric(value.type) ? value : convert(value, type),
    )
    tests.push(call(operator, [subject, ...list], 'bool'))
  }
  for (const array of arrays) tests.push(call(`${operator}-dynamic`, [subject, array], 'bool'))
  const joiner = operator === 'has_all' ? 'and' : 'or'
  return negate(
    written in NEGATED,
    tests.reduce((a, b) => call(joiner, [a, b], 'bool')),
  )
}

/** Whether a value is in a column. Of dynamic values arrays are as good as their elements, and texts are compared. */
function membership(
  left: Scalar,
  plan: Plan,
  column: Column,
  ignoreCase: boolean,
  { context }: Scope,
): Scalar {
  if (column.type !== 'dynamic') {
    return { kind: 'membership', value: convert(left, column.type), plan, column, ignoreCase, type: 'bool' }
  }
  const type = left.type === 'dynamic' ? 'string' : left.type
  const element = context.column('element', 'dynamic')
  const item = context.column('item', type)
  return {
    kind: 'membership',
    value: convert(left, type),
    plan: {
      kind: 'compute',
      input: {
        kind: 'expand',
        input: plan,
        expansions: [{ column: element, value: reference(column), bagAsPairs: false }],
        index: context.column('index', 'long'),
        limit: null,
      },
      definitions: [{ column: item, value: convert(reference(element), type) }],
    },
    column: item,
    ignoreCase,
    type: 'bool',
  }
}

/** The elements of a literal array as literals of their own. */
function elementsOf(value: Scalar): Scalar[] | undefined {
  if (value.kind !== 'literal' || value.type !== 'dynamic' || typeof value.value !== 'string')
    return undefined
  const parsed = JSON.parse(value.value) as unknown
  if (!Array.isArray(parsed)) return undefined
  return parsed.map((element: unknown) => {
    if (typeof element === 'string') return string(element)
    if (typeof element === 'boolean') return literal('bool', element)
    if (typeof element === 'number')
      return Number.isSafeInteger(element) ? long(element) : literal('real', element)
    return literal('dynamic', element === null ? null : JSON.stringify(element))
  })
}

function namesTable(node: Node, scope: Scope): boolean {
  return (
    isTabular(node) ||
    (node.kind === 'NameReference' && scope.environment.get(node.name ?? '')?.kind === 'table')
  )
}

function lowerCall(node: Node, scope: Scope): Scalar {
  const { context } = scope
  const written = child(node, 'Name').name ?? ''
  const argumentNodes = nodes(child(node, 'ArgumentList'), 'Expressions')
  const binding = scope.environment.get(written)
  if (binding?.kind === 'function' || (node.symbol?.kind === 'Function' && node.body?.())) {
    const result = context.lower.functionBody(node, scope)
    return 'columns' in result
      ? context.fail(node, 'AUX103', `${written}() gives a table where a value is expected.`)
      : result
  }
  const ofGraph = scope.graph?.call(written, node, argumentNodes)
  if (ofGraph) return ofGraph
  const special = specialNamed(written)
  if (special) return special.lower(node, argumentNodes, scope)
  if (scope.aggregates) {
    const aggregate = lowerAggregateCall(node, scope)
    if (aggregate) {
      const column = context.column(written, aggregate.type)
      scope.aggregates.push({ column, call: aggregate })
      return reference(column)
    }
  }
  if (windowNamed(written)) return lowerWindowCall(node, argumentNodes, scope)
  const known = scalarNamed(written)
  if (!known) {
    const page = `${written.replaceAll('_', '-')}-function`
    return context.unsupported(node, `The function ${written}()`, page, refusedFunctions[written])
  }
  const args = spread(
    known.entry.parameters,
    argumentNodes.map((argument) => lowerScalar(argument, scope)),
  )
  const { returns } = known.entry
  const types = args.map((argument) => argument.type)
  const type = typeof returns === 'function' ? returns(types) : (returns ?? boundType(node) ?? 'dynamic')
  // A function of any number gives a long of an int where the binder says so, and then computes in long.
  const wide = known.entry.parameters === undefined && type === 'long'
  return call(
    known.name,
    wide ? args.map((arg) => (arg.type === 'int' ? convert(arg, 'long') : arg)) : args,
    type,
  )
}

/** Converts arguments to what the entry's parameters want. */
function spread(parameters: readonly ParameterType[] | undefined, args: readonly Scalar[]): Scalar[] {
  return args.map((argument, i) => {
    const parameter = parameters?.[i] ?? parameters?.at(-1)
    if (!parameter || (i >= (parameters?.length ?? 0) && !parameter.startsWith('...'))) return argument
    const type = parameter.replace('...', '')
    return type === 'any' ? argument : convert(argument, type as KqlType)
  })
}

/** An aggregate call in a summarize, undefined if the name is no aggregate. */
export function lowerAggregateCall(node: Node, scope: Scope): AggregateCall | undefined {
  const written = child(node, 'Name').name ?? ''
  const plain = aggregateNamed(written)
  const conditional = plain ? undefined : conditionalAggregate(written)
  const known = plain ?? conditional
  if (!known) return undefined
  // Inside the aggregate there is the row again, and no aggregate.
  const { aggregates: _, ...row } = scope
  const args = nodes(child(node, 'ArgumentList'), 'Expressions').map((argument) => lowerScalar(argument, row))
  let filter: Scalar | null = null
  if (conditional) {
    const at = conditional.entry.conditionAt ?? 1
    filter = convert(args[at] ?? literal('bool', true), 'bool')
    args.splice(at, 1)
  }
  const converted = spread(known.entry.parameters, args)
  const { returns } = known.entry
  const types = converted.map((argument) => argument.type)
  const type =
    typeof returns === 'function' ? returns(types) : (returns ?? boundType(node) ?? types[0] ?? 'dynamic')
  return {
    name: known.name,
    arguments: converted,
    type,
    filter,
    orderBy: known.entry.ordered ? (scope.rows?.relation.order ?? []) : [],
  }
}
