/** A plan together with what the next operator needs to know of it. */
import { reference } from '../plan/build.js'
import type { Column, Definition, OrderKey, Plan, Scalar } from '../plan/plan.js'
import type { KqlType } from '../values.js'

export interface Relation {
  readonly plan: Plan
  /** The visible columns, in order; names are unique. */
  readonly columns: readonly Column[]
  /** The order in which rows are met, as far as it is known. */
  readonly order: readonly OrderKey[]
  /** How many keys of `order` the user asked for by a sort: the result shows the rows in that order. 0: any order. */
  readonly sorted: number
}

export function ascending(column: Column): OrderKey {
  return { id: column.id, descending: false, nullsFirst: true }
}

export function findColumn(relation: Relation, name: string): Column | undefined {
  return relation.columns.find((column) => column.name === name)
}

/** The relation with hidden columns added; the visible ones stay. */
export function compute(relation: Relation, definitions: readonly Definition[]): Relation {
  if (definitions.length === 0) return relation
  return { ...relation, plan: { kind: 'compute', input: relation.plan, definitions } }
}

/** The column that holds the value: the one it refers to, or a new hidden one. */
export function columnFor(
  ids: { column(name: string, type: KqlType): Column },
  relation: Relation,
  value: Scalar,
  name: string,
): { relation: Relation; column: Column } {
  if (value.kind === 'column') {
    const known = relation.columns.find((column) => column.id === value.id)
    return { relation, column: known ?? { id: value.id, name, type: value.type } }
  }
  const column = ids.column(name, value.type)
  return { relation: compute(relation, [{ column, value }]), column }
}

export function references(columns: readonly Column[]): Scalar[] {
  return columns.map(reference)
}

/** A name that no column has: the name itself, else with 1, 2, … appended. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  for (let i = 1; ; i++) if (!taken.has(`${name}${i}`)) return `${name}${i}`
}
