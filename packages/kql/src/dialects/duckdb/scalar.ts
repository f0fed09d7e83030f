/** Scalars of the plan to SQL. */
import type {
  AggregateContext,
  AggregateTemplate,
  ScalarFunction,
  Template,
  TemplateContext,
} from '../../functions/function.js'
import { aggregateNamed, scalarNamed } from '../../functions/tables.js'
import type { AggregateCall, ColumnId, Literal, OrderKey, Plan, Scalar } from '../../plan/plan.js'
import type { KqlType } from '../../values.js'
import { ATOM, Fragment, type FragmentTraits, fill } from './fragment.js'
import { quote } from './text.js'
import { DUCKDB_TYPES } from './types.js'

/** What a scalar can refer to, and how a subquery in it is written. */
export interface ScalarEnvironment {
  column(id: ColumnId): Fragment
  /** SQL text of a subquery that gives one column. */
  subquery(plan: Plan, column: ColumnId): string
}

/** A call that the dialect can not express; the message goes to the user. */
export class Inexpressible extends Error {
  readonly page: string
  constructor(message: string, page: string) {
    super(message)
    this.page = page
  }
}

export function renderScalar(scalar: Scalar, environment: ScalarEnvironment, predicate = false): Fragment {
  switch (scalar.kind) {
    case 'literal':
      return renderLiteral(scalar)
    case 'column':
      return environment.column(scalar.id)
    case 'call': {
      const named = scalarNamed(scalar.name)
      if (!named) throw new Error(`the plan calls ${scalar.name}, which is in no function table`)
      const through = predicate && (named.name === 'and' || named.name === 'or')
      const args = scalar.arguments.map((argument) => renderScalar(argument, environment, through))
      return renderCall(named.name, named.entry, args, scalar.type, predicate)
    }
    case 'scalar-subquery': {
      const sql = `(${environment.subquery(scalar.plan, scalar.column.id)})`
      return scalar.type === 'string'
        ? new Fragment(`coalesce(${sql}, '')`, 'string', { nullable: false })
        : new Fragment(sql, scalar.type, { precedence: ATOM })
    }
    case 'membership': {
      const value = renderScalar(scalar.value, environment)
      const list = environment.subquery(scalar.plan, scalar.column.id)
      const isString = value.type === 'string'
      const test =
        scalar.ignoreCase && isString
          ? `lower(${value.sql}) IN (SELECT lower(COLUMNS(*)) FROM (${list}))`
          : `${value} IN (${list})`
      if (predicate || (isString && !value.nullable))
        return new Fragment(test, 'bool', { nullable: !isString, precedence: 4 })
      return new Fragment(`coalesce(${test}, false)`, 'bool', { nullable: false })
    }
  }
}

function context(type: KqlType, page: string, predicate: boolean): TemplateContext {
  return {
    type,
    predicate,
    quote,
    json: (value) => jsonOf(value as Fragment),
    jsonAs: (sql, asType) => jsonOf(new Fragment(sql, asType)),
    refuse: (message) => {
      throw new Inexpressible(message, page)
    },
  }
}

function renderCall(
  name: string,
  entry: ScalarFunction,
  args: readonly Fragment[],
  type: KqlType,
  predicate: boolean,
): Fragment {
  const adapted = adaptArguments(name, entry, args)
  const sql = expand(entry.duckdb, adapted, entry, context(type, entry.doc, predicate))
  const nullable =
    entry.nullable === 'never' ? false : entry.nullable === 'always' ? true : args.some((arg) => arg.nullable)
  const traits: FragmentTraits = {
    nullable,
    aggregate: args.some((arg) => arg.aggregate),
    window: args.some((arg) => arg.window),
    volatile: entry.volatile === true || args.some((arg) => arg.volatile),
  }
  const precedence =
    entry.binds === undefined || new Fragment(sql, type).precedence === ATOM
      ? {}
      : { precedence: entry.binds }
  if (type === 'string' && nullable && name !== 'case') {
    return new Fragment(`coalesce(${sql}, '')`, type, { ...traits, nullable: false })
  }
  return new Fragment(sql, type, { ...traits, ...precedence })
}

function expand(
  template: Template,
  args: readonly Fragment[],
  entry: ScalarFunction,
  ctx: TemplateContext,
): string {
  return typeof template === 'string' ? fill(template, args, entry.binds) : template(args, ctx)
}

const WITH_BARE_NUMBERS = new Set(['==', '!=', '<', '<=', '>', '>=', '+', '-', '*', 'in', 'between'])

/**
 * A small integer literal is an INTEGER to DuckDB and would overflow as one, so it is written `5::BIGINT`. It may go
 * without the cast where another operand is no literal, and where the function takes a BIGINT anyway.
 */
function adaptArguments(name: string, entry: ScalarFunction, args: readonly Fragment[]): readonly Fragment[] {
  const beside = WITH_BARE_NUMBERS.has(name) && args.some((arg) => arg.constant === undefined)
  return args.map((arg, i) => {
    if (!arg.sql.endsWith('::BIGINT') || arg.constant === undefined || arg.constant === null) return arg
    const parameter = entry.parameters?.[i] ?? entry.parameters?.at(-1)
    const declared = parameter !== undefined && !parameter.endsWith('any')
    return beside || declared ? bareNumber(arg) : arg
  })
}

function bareNumber(fragment: Fragment): Fragment {
  return new Fragment(fragment.sql.replace(/::BIGINT$/, ''), fragment.type, {
    nullable: false,
    constant: fragment.constant!,
    precedence: fragment.sql.startsWith('-') ? 8 : ATOM,
  })
}

const INTEGER_LIMIT = 2n ** 31n

export function renderLiteral(literal: Literal): Fragment {
  const { type, value } = literal
  if (value === null) {
    if (type === 'string')
      return new Fragment("''", type, { nullable: false, constant: '', precedence: ATOM })
    return new Fragment(`NULL::${DUCKDB_TYPES[type]}`, type, {
      nullable: true,
      constant: null,
      precedence: 9,
    })
  }
  const traits = { nullable: false, constant: value }
  switch (type) {
    case 'string':
      return new Fragment(quote(String(value)), type, { ...traits, precedence: ATOM })
    case 'bool':
      return new Fragment(value === true ? 'true' : 'false', type, { ...traits, precedence: ATOM })
    case 'long':
    case 'datetime':
    case 'timespan': {
      const number = BigInt(value as string)
      const small = number < INTEGER_LIMIT && number >= -INTEGER_LIMIT
      const sql = number < 0n ? `(${number})` : `${number}`
      return new Fragment(small ? `${sql}::BIGINT` : sql, type, { ...traits, precedence: ATOM })
    }
    case 'int':
      return new Fragment(Number(value) < 0 ? `(${value})` : String(value), type, {
        ...traits,
        precedence: ATOM,
      })
    case 'real': {
      if (typeof value === 'string')
        return new Fragment(`${quote(value)}::DOUBLE`, type, { ...traits, precedence: ATOM })
      const text = String(value)
      const sql = text.includes('e') ? text : `${text}e0`
      return new Fragment(text.startsWith('-') ? `(${sql})` : sql, type, { ...traits, precedence: ATOM })
    }
    default:
      return new Fragment(`${quote(String(value))}::${DUCKDB_TYPES[type]}`, type, {
        ...traits,
        precedence: 9,
      })
  }
}

/** A value as JSON, in the form Kusto prints it. */
export function jsonOf(value: Fragment): string {
  switch (value.type) {
    case 'dynamic':
      return value.sql
    case 'datetime':
      return `to_json(kql_format_datetime(${value.sql}))`
    case 'timespan':
      return `to_json(kql_format_timespan(${value.sql}))`
    case 'guid':
      return `to_json(${value}::VARCHAR)`
    case 'decimal':
      return `to_json(kql_format_decimal(${value.sql}))`
    case 'real':
      return `kql_real_json(${value.sql})`
    default:
      return `to_json(${value.sql})`
  }
}

export interface OrderItem {
  readonly sql: string
  /** `DESC NULLS LAST`, say. */
  readonly direction: string
}

export function orderItems(keys: readonly OrderKey[], column: (id: ColumnId) => Fragment): OrderItem[] {
  return keys.map(({ id, descending, nullsFirst }) => ({
    sql: column(id).sql,
    direction: `${descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`,
  }))
}

export function renderOrder(keys: readonly OrderKey[], column: (id: ColumnId) => Fragment): string {
  return orderItems(keys, column)
    .map(({ sql, direction }) => `${sql} ${direction}`)
    .join(', ')
}

export function renderAggregate(call: AggregateCall, environment: ScalarEnvironment): Fragment {
  const named = aggregateNamed(call.name)
  if (!named) throw new Error(`the plan aggregates by ${call.name}, which is in no function table`)
  const { entry } = named
  const args = call.arguments.map((argument) => renderScalar(argument, environment))
  const condition = call.filter ? renderScalar(call.filter, environment, true) : undefined
  const filter = (and?: string) => {
    const conditions = [
      ...(condition ? [and ? condition.within(3) : condition.sql] : []),
      ...(and ? [and] : []),
    ]
    return conditions.length > 0 ? ` FILTER (WHERE ${conditions.join(' AND ')})` : ''
  }
  const orderBy =
    call.orderBy.length > 0 ? ` ORDER BY ${renderOrder(call.orderBy, (id) => environment.column(id))}` : ''
  const aggregateContext: AggregateContext = { ...context(call.type, entry.doc, false), filter, orderBy }
  const template: AggregateTemplate = entry.duckdb
  const sql =
    typeof template === 'string'
      ? fill(template, args, undefined)
          .replace('$filter', () => filter())
          .replace('$order', () => orderBy)
      : template(args, aggregateContext)
  const nullable = entry.nullable !== 'never'
  if (call.type === 'string' && nullable) {
    return new Fragment(`coalesce(${sql}, '')`, call.type, { nullable: false, aggregate: true })
  }
  const precedence = /\bFILTER \([^()]*\)$/.test(sql) ? { precedence: ATOM } : {}
  return new Fragment(sql, call.type, { nullable, aggregate: true, ...precedence })
}
