/**
 * The relational plan: what a query means, free of KQL's syntax and of any SQL.
 *
 * Plain immutable data that survives JSON. Columns are known by id, never by name: a name is only what the result
 * shows, and two columns of one name can live side by side. A relation carries every column ever computed below it;
 * which of them are wanted is asked for from the top (the dialect prunes), so `project` is no node at all.
 *
 * Order is explicit too. A relation has no order of its own; whatever needs one (a window function, `make_list`,
 * `top`, the result) lists the columns to order by.
 */
import type { KqlType } from '../values.js'

export type ColumnId = number

export interface Column {
  readonly id: ColumnId
  readonly name: string
  readonly type: KqlType
}

/** long, datetime (ticks), timespan (ticks) and decimal as decimal digits; dynamic as JSON text; reals that JSON lacks as 'NaN', 'Infinity', '-Infinity'. */
export type LiteralValue = string | number | boolean | null

export interface Literal {
  readonly kind: 'literal'
  readonly type: KqlType
  readonly value: LiteralValue
}

export interface ColumnReference {
  readonly kind: 'column'
  readonly id: ColumnId
  readonly type: KqlType
}

/** A scalar function or operator of the tables in `functions/`. */
export interface Call {
  readonly kind: 'call'
  readonly name: string
  readonly arguments: readonly Scalar[]
  readonly type: KqlType
}

/** The first value of the first row, null (or '') if there is no row: `toscalar`. */
export interface ScalarSubquery {
  readonly kind: 'scalar-subquery'
  readonly plan: Plan
  readonly column: Column
  readonly type: KqlType
}

/** `value in (subquery)`, on the values of one column. */
export interface Membership {
  readonly kind: 'membership'
  readonly value: Scalar
  readonly plan: Plan
  readonly column: Column
  readonly ignoreCase: boolean
  readonly type: 'bool'
}

export type Scalar = Literal | ColumnReference | Call | ScalarSubquery | Membership

export interface OrderKey {
  readonly id: ColumnId
  readonly descending: boolean
  readonly nullsFirst: boolean
}

export interface Definition {
  readonly column: Column
  readonly value: Scalar
}

/** An aggregate of the table in `functions/aggregates.ts`. */
export interface AggregateCall {
  readonly name: string
  readonly arguments: readonly Scalar[]
  readonly type: KqlType
  /** Rows for which this is not true are left out. */
  readonly filter: Scalar | null
  /** The order in which rows arrive, where it matters (`make_list`). */
  readonly orderBy: readonly OrderKey[]
}

export interface AggregateDefinition {
  readonly column: Column
  readonly call: AggregateCall
}

export interface WindowDefinition {
  readonly column: Column
  /** `row_number`, `lag`, `lead`, `sum`, … of the table in `functions/window.ts`. */
  readonly name: string
  readonly arguments: readonly Scalar[]
  readonly partitionBy: readonly Scalar[]
  readonly orderBy: readonly OrderKey[]
}

export interface Scan {
  readonly kind: 'scan'
  readonly table: string
  /** `name` of a column here is the stored name. */
  readonly columns: readonly Column[]
}

/** Rows of scalars without columns in them. */
export interface Values {
  readonly kind: 'values'
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Scalar[])[]
}

/** `from`, `from + step`, … up to and including `to`. */
export interface Range {
  readonly kind: 'range'
  readonly column: Column
  readonly from: Scalar
  readonly to: Scalar
  readonly step: Scalar
}

export interface Filter {
  readonly kind: 'filter'
  readonly input: Plan
  readonly predicate: Scalar
}

/** Adds columns; definitions see the input's columns, not each other. */
export interface Compute {
  readonly kind: 'compute'
  readonly input: Plan
  readonly definitions: readonly Definition[]
}

/** One row per combination of keys; without keys exactly one row; without aggregates: distinct. */
export interface Aggregate {
  readonly kind: 'aggregate'
  readonly input: Plan
  readonly keys: readonly Definition[]
  readonly aggregates: readonly AggregateDefinition[]
}

export interface Window {
  readonly kind: 'window'
  readonly input: Plan
  readonly definitions: readonly WindowDefinition[]
}

export interface Sort {
  readonly kind: 'sort'
  readonly input: Plan
  readonly keys: readonly OrderKey[]
}

/** The first `count` rows in the order of `keys` (any rows, if there are no keys). */
export interface Limit {
  readonly kind: 'limit'
  readonly input: Plan
  readonly count: Scalar
  readonly keys: readonly OrderKey[]
}

/** For each combination of `by`, the first row in the order of `keys`. */
export interface FirstOfEach {
  readonly kind: 'first-of-each'
  readonly input: Plan
  readonly by: readonly Scalar[]
  readonly keys: readonly OrderKey[]
}

export type JoinFlavor = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti' | 'cross'

/**
 * Semi and anti keep the left side's columns only. Keys match on equality; null matches nothing. `where` is a further
 * condition on two rows.
 */
export interface Join {
  readonly kind: 'join'
  readonly flavor: JoinFlavor
  readonly left: Plan
  readonly right: Plan
  readonly on: readonly { readonly left: Scalar; readonly right: Scalar }[]
  readonly where?: Scalar
}

/** Rows of all inputs; each gives the columns of the union by position. */
export interface Union {
  readonly kind: 'union'
  readonly columns: readonly Column[]
  readonly inputs: readonly { readonly plan: Plan; readonly values: readonly Scalar[] }[]
}

/** A row for each element of arrays (or each entry of bags), several arrays in parallel. */
export interface Expand {
  readonly kind: 'expand'
  readonly input: Plan
  readonly expansions: readonly {
    readonly column: Column
    readonly value: Scalar
    readonly bagAsPairs: boolean
  }[]
  /** 0-based position of the element, a long. */
  readonly index: Column
  readonly limit: Scalar | null
}

/** For each row of `input` the rows of `body`, which refers to the input's columns. */
export interface Apply {
  readonly kind: 'apply'
  readonly input: Plan
  readonly body: Plan
  /** Keep an input row for which the body has no row. */
  readonly outer: boolean
}

/**
 * Walks the rows of each partition in order and carries a state along. `body` starts at a unit that stands for the row
 * at hand: it sees the columns of the input and those of the state, and gives one row with what it computes.
 */
export interface Fold {
  readonly kind: 'fold'
  readonly input: Plan
  readonly partitionBy: readonly ColumnId[]
  readonly orderBy: readonly OrderKey[]
  /** What is carried: its column, its value before the first row, and the column that has it for the next row. */
  readonly state: readonly { readonly column: Column; readonly initial: Literal; readonly next: ColumnId }[]
  readonly body: Plan
  /** 1-based position of the row in its partition, a long. */
  readonly index: Column
}

/** One row without columns: where `print` and the body of an `apply` start. */
export interface Unit {
  readonly kind: 'unit'
}

/** A use of a relation that is computed once (`materialize`). */
export interface Reference {
  readonly kind: 'reference'
  readonly name: string
  /** The columns of this use, and the columns of the shared plan that they stand for. */
  readonly columns: readonly { readonly column: Column; readonly source: ColumnId }[]
}

export type Plan =
  | Scan
  | Values
  | Range
  | Filter
  | Compute
  | Aggregate
  | Window
  | Sort
  | Limit
  | FirstOfEach
  | Join
  | Union
  | Expand
  | Apply
  | Fold
  | Unit
  | Reference

export interface SharedPlan {
  readonly name: string
  readonly plan: Plan
  readonly columns: readonly Column[]
}

/** A whole query: what is shared, the plan of the result and the columns it shows. */
export interface QueryPlan {
  readonly shared: readonly SharedPlan[]
  readonly plan: Plan
  readonly output: readonly Column[]
}
