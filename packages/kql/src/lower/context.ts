/** What the lowering of one query carries along: ids, environment of names, diagnostics, shared relations. */
import type { Diagnostic } from '../diagnostics.js'
import type { Node } from '../front/tree.js'
import type { AggregateDefinition, Column, Plan, QueryPlan, Scalar, SharedPlan } from '../plan/plan.js'
import type { DatabaseSchema } from '../schema.js'
import type { KqlType } from '../values.js'
import { findColumn, type Relation } from './relation.js'

export type Binding =
  | { readonly kind: 'scalar'; readonly value: Scalar }
  | { readonly kind: 'table'; readonly lower: () => Relation }
  | {
      readonly kind: 'function'
      readonly environment: Environment
      /** Of a `view` without parameters: its rows. */
      readonly view?: () => Relation
    }
  /** What is wrong with it has been reported where it is bound; its uses say nothing more. */
  | { readonly kind: 'broken' }

/** Names of `let`, of `as` and of function parameters, innermost first. */
export class Environment {
  readonly #names = new Map<string, Binding>()
  readonly #outer: Environment | null

  constructor(outer: Environment | null) {
    this.#outer = outer
  }

  get(name: string): Binding | undefined {
    return this.#names.get(name) ?? this.#outer?.get(name)
  }

  /** Views by name, which a wildcard of a union finds. */
  views(): { readonly name: string; readonly lower: () => Relation }[] {
    const own = [...this.#names].flatMap(([name, binding]) =>
      binding.kind === 'function' && binding.view ? [{ name, lower: binding.view }] : [],
    )
    return [...(this.#outer?.views() ?? []), ...own]
  }

  set(name: string, binding: Binding): void {
    this.#names.set(name, binding)
  }
}

/** Rows by how far their own time (`TimeGenerated`) lies ahead of their arrival (`_TimeReceived`), in ticks. */
export type AheadLimit = { readonly atMost: bigint } | { readonly moreThan: bigint }

export interface LoweringOptions {
  readonly schema: DatabaseSchema
  readonly now: bigint
  readonly timeRange: { readonly from?: bigint; readonly to?: bigint }
  readonly untimed: readonly string[]
  readonly ahead: AheadLimit | undefined
  readonly parameters: Readonly<Record<string, string>>
  readonly principal?: string | undefined
  /** Name of the hidden column that grows in the order of arrival. */
  readonly rowId: string
  readonly rows: Readonly<Record<string, { readonly after?: bigint; readonly upTo: bigint }>>
  /** Answers to questions that lowering the query raised before, by the key of the question. */
  readonly answers: ReadonlyMap<string, readonly (string | null)[]>
}

/** What `set` statements say; see `settings.ts`. */
export interface Settings {
  /** Ticks; in the place of the caller's. */
  now?: bigint
  binAutoSize?: Scalar
  binAutoAt?: Scalar
  scopeColumn?: string
  /** Ticks; scans of tables that have the scope's column see rows from here, and up to there. */
  scopeFrom?: bigint
  scopeTo?: bigint
  takeMaxRecords?: Scalar
  maxRecords?: Scalar
  applyGetSchema?: boolean
}

/** The mutually recursive parts, tied together in `lower.ts`, so that files import downwards only. */
export interface Lowerer {
  tabular(node: Node, context: Context, environment: Environment): Relation
  scalar(node: Node, scope: Scope): Scalar
  /** A call of a let- or stored function; `first` is the piped table of `invoke`. */
  functionBody(node: Node, scope: Scope, first?: Relation): Relation | Scalar
  /** An operator node on an input that is lowered already. */
  operator(node: Node, input: Relation | null, context: Context, environment: Environment): Relation
}

/** Raised to leave an operator that can not be lowered; what is wrong has been reported before. */
export class Abandoned extends Error {}

/** Values of one column that have to be known before a query can be lowered further. */
export interface Question {
  readonly plan: QueryPlan
  /** The plan as text: what an answer is found by. */
  readonly key: string
}

export class Context {
  readonly options: LoweringOptions
  readonly lower: Lowerer
  readonly settings: Settings = {}
  readonly shared: SharedPlan[] = []
  readonly tables = new Set<string>()
  readonly problems: Pick<Diagnostic, 'code' | 'message' | 'start' | 'length' | 'documentation'>[] = []
  /** The call in the text of the query whose function body is being lowered; problems inside point there. */
  callSite: Node | null = null
  render: { readonly kind: string; readonly properties: Readonly<Record<string, string>> } | null = null
  /** What has to be asked of the data next; see `discover`. */
  question: Question | null = null
  depth = 0
  /** How many subqueries that run for each row of something are around. */
  correlated = 0
  /** Inside a partition whose rows are treated all at once: the columns that tell the parts from each other. */
  partitionBy: readonly Column[] = []
  /** In a partition by a query of its own: the key that `toscalar(name)` means. */
  partitionKey: { readonly name: string; readonly value: Scalar } | null = null
  #nextId = 1

  constructor(options: LoweringOptions, lower: Lowerer) {
    this.options = options
    this.lower = lower
  }

  /** The one instant of the query. */
  get now(): bigint {
    return this.settings.now ?? this.options.now
  }

  column(name: string, type: KqlType): Column {
    return { id: this.#nextId++, name, type }
  }

  /** A copy of a column under a new id. */
  again(column: Column): Column {
    return this.column(column.name, column.type)
  }

  report(node: Node, code: string, message: string, page?: string): void {
    const at = this.callSite ?? node
    const problem = { code, message, start: at.start, length: at.length }
    if (this.problems.some((p) => p.start === problem.start && p.message === message)) return
    this.problems.push(page ? { ...problem, documentation: documentationUrl(page) } : problem)
  }

  fail(node: Node, code: string, message: string, page?: string): never {
    this.report(node, code, message, page)
    throw new Abandoned(message)
  }

  /**
   * Values of a column that decide what columns an operator gives. They are in the options if they have been asked for
   * before; else the query can not be lowered now, `question` says what to ask, and the problem what to write instead.
   */
  discover(
    node: Node,
    what: string,
    hint: string,
    { plan, column }: { readonly plan: Plan; readonly column: Column },
  ): readonly (string | null)[] {
    const question: QueryPlan = { shared: this.shared, plan, output: [column] }
    const key = JSON.stringify(question)
    const answer = this.options.answers.get(key)
    if (answer) return answer
    this.question ??= { plan: question, key }
    return this.fail(
      node,
      'AUX140',
      `The columns that ${what} gives depend on the data. Say which they are: ${hint}.`,
      `${what.replaceAll('_', '-')}-plugin`,
    )
  }

  /** Names a thing that is refused; `reason` goes on from "it". */
  unsupported(node: Node, what: string, page?: string, reason?: string): never {
    return this.fail(node, 'AUX100', `${what} is not supported${reason ? `: it ${reason}` : ''}.`, page)
  }
}

export function documentationUrl(page: string): string {
  return `https://learn.microsoft.com/kusto/query/${page}`
}

export interface GraphNames {
  /** The value of `all`, `map`, `node_id`, …; undefined if the call is none of a graph. */
  call(name: string, node: Node, args: readonly Node[]): Scalar | undefined
  /** A whole node, edge or path by its name. */
  variable(name: string, node: Node): Scalar | undefined
}

/** What a scalar expression can see. */
export interface Scope {
  readonly context: Context
  readonly environment: Environment
  readonly column: (name: string) => Column | undefined
  /** The value behind `owner.name` where an owner is no column: a step of a scan, a node or an edge of a graph. */
  readonly member?: (owner: string, name: string) => Scalar | undefined
  /** In an operator on a graph: its functions, and the nodes, edges and paths of its pattern. */
  readonly graph?: GraphNames
  /** Columns behind `$left` and `$right`. */
  readonly sides?: { readonly $left: Relation; readonly $right: Relation }
  /** In a summarize: collects the aggregates of an expression. */
  readonly aggregates?: AggregateDefinition[]
  /** Columns that other tables of a search have are empty here. */
  readonly absentColumns?: true
  /** The relation of the row; window functions add their columns to it. */
  readonly rows?: RowsInWork
}

/** A relation to which an operator's expressions may add hidden columns while they are lowered. */
export interface RowsInWork {
  relation: Relation
}

export function constantScope(context: Context, environment: Environment): Scope {
  return { context, environment, column: () => undefined }
}

/** A scope of the columns of a relation; window functions add to the relation in `rows`. */
export function rowScope(context: Context, environment: Environment, rows: RowsInWork): Scope {
  return { context, environment, rows, column: (name) => findColumn(rows.relation, name) }
}
