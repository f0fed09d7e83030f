/**
 * The shape of an entry of the function tables. See README.md of this folder for how to add one.
 */
import type { LiteralValue } from '../plan/plan.js'
import type { KqlType } from '../values.js'

/** A piece of SQL that stands for a scalar. In a template string it puts itself in brackets where it needs them. */
export interface Sql {
  readonly sql: string
  readonly type: KqlType
  /** False only if the value is surely not null. Strings never are. */
  readonly nullable: boolean
  /** Undefined unless the argument is a literal. */
  readonly constant: LiteralValue | undefined
  /** The SQL with brackets around it, unless it holds together anyway. */
  toString(): string
  /** The SQL without brackets, for a place between commas or brackets. */
  readonly bare: string
}

/** What an argument must be before a template sees it; the lowering converts as Kusto does (dynamic included). */
export type ParameterType = KqlType | 'any' | `...${KqlType}` | '...any'

export interface TemplateContext {
  /** The type the call has, by the binder or by `returns`. */
  readonly type: KqlType
  /** The value only decides whether a row is kept, so null is as good as false. */
  readonly predicate: boolean
  /** A KQL string as an SQL literal. */
  quote(text: string): string
  /** The argument as a JSON value (what `todynamic` of a typed value gives). */
  json(value: Sql): string
  /** SQL of a value of the type as a JSON value. */
  jsonAs(sql: string, type: KqlType): string
  /** Refuses the call with a diagnostic of its own: an argument that must be a literal and is not, say. */
  refuse(message: string): never
}

/** `$0`, `$1`, … are the arguments, `$*` all of them with commas; or a function of them. */
export type Template = string | ((args: readonly Sql[], context: TemplateContext) => string)

export interface ScalarFunction {
  /** Name of the page in Microsoft's KQL reference: `strlen-function`. */
  readonly doc: string
  /** Deprecated and alternative names that mean the same. */
  readonly aliases?: readonly string[]
  /** Left out: all `any`. A parameter written `...T` takes all further arguments. */
  readonly parameters?: readonly ParameterType[]
  /** Only where the binder does not know the type, or knows less. */
  readonly returns?: KqlType | ((argumentTypes: readonly KqlType[]) => KqlType)
  /**
   * Whether the SQL can be null: 'arguments' (the default: if an argument is), 'always', 'never'. A nullable result of
   * type string is turned into '' by the engine, so a template need not care.
   */
  readonly nullable?: 'arguments' | 'always' | 'never'
  /**
   * How tightly the SQL of a string template binds, if it is an infix form: 1 OR, 2 AND, 3 NOT, 4 comparison, 6 plus,
   * 7 times, 8 sign. Left out, a call-like template stands as it is and anything else is put in brackets.
   */
  readonly binds?: number
  /** Gives another value at each evaluation: never evaluated twice for one column. */
  readonly volatile?: true
  readonly duckdb: Template
}

export type ScalarFunctionTable = Readonly<Record<string, ScalarFunction>>

export interface AggregateContext extends TemplateContext {
  /** ` FILTER (WHERE …)` of the call, or ''. With `and`, that condition as well. */
  filter(and?: string): string
  /** ` ORDER BY …` to stand inside an aggregate that depends on the order of rows, or ''. */
  readonly orderBy: string
}

export type AggregateTemplate = string | ((args: readonly Sql[], context: AggregateContext) => string)

export interface AggregateFunction {
  readonly doc: string
  readonly aliases?: readonly string[]
  readonly parameters?: readonly ParameterType[]
  readonly returns?: KqlType | ((argumentTypes: readonly KqlType[]) => KqlType)
  /** Names of the variant with a condition; the condition is its second argument, or where `conditionAt` says. */
  readonly conditional?: string | readonly string[]
  readonly conditionAt?: number
  /** The result depends on the order in which rows arrive. */
  readonly ordered?: true
  readonly nullable?: 'always' | 'never'
  /** In a string template `$filter` and `$order` stand for the clauses. */
  readonly duckdb: AggregateTemplate
}

export type AggregateFunctionTable = Readonly<Record<string, AggregateFunction>>
