/** What a plugin of `evaluate` is given, and how it reads its arguments. */
import { type BoundColumn, child, type Node } from '../../front/tree.js'
import type { Column, Scalar } from '../../plan/plan.js'
import { type Context, constantScope, type Environment, type RowsInWork, rowScope } from '../context.js'
import { columnFor, type Relation } from '../relation.js'

export interface PluginWork {
  /** The operator. */
  readonly node: Node
  readonly name: string
  /** In the order written, the named ones left out. */
  readonly positional: readonly Node[]
  readonly named: ReadonlyMap<string, Node>
  /** The columns asked for by `evaluate f(…) : (schema)`, in the order of the result; null if there is no such clause. */
  readonly schema: readonly BoundColumn[] | null
  readonly context: Context
  readonly environment: Environment
  /** Null at the head of a pipe. */
  readonly input: Relation | null
}

/** Lowers one plugin. As an operator does, it gives the columns in the binder's order. */
export type Plugin = (work: PluginWork) => Relation

export type PluginTable = Readonly<Record<string, Plugin>>

export function pageOf(work: PluginWork): string {
  return `${work.name.replaceAll('_', '-')}-plugin`
}

export function fail(work: PluginWork, message: string): never {
  return work.context.fail(work.node, 'AUX150', `${work.name}: ${message}`, pageOf(work))
}

export function refuse(work: PluginWork, what: string): never {
  return work.context.unsupported(work.node, what, pageOf(work))
}

export function inputOf(work: PluginWork): Relation {
  return work.input ?? fail(work, 'it needs an input table.')
}

/** The argument of a name, or at a place among those without names. */
export function argument(work: PluginWork, position: number, name: string): Node | undefined {
  return work.named.get(name) ?? work.positional[position]
}

/** The value of an argument for each row of the relation in work. */
export function rowValue(work: PluginWork, node: Node, rows: RowsInWork): Scalar {
  return work.context.lower.scalar(node, rowScope(work.context, work.environment, rows))
}

/** The column that an argument names; an expression gets a hidden one. */
export function columnOf(work: PluginWork, node: Node, rows: RowsInWork, name = 'value'): Column {
  const held = columnFor(work.context, rows.relation, rowValue(work, node, rows), name)
  rows.relation = held.relation
  return held.column
}

/** The value of an argument that is the same for all rows. */
export function constantOf(work: PluginWork, node: Node): Scalar {
  return work.context.lower.scalar(node, constantScope(work.context, work.environment))
}

/** The value of an argument that has to be known now. */
export function literalOf(work: PluginWork, node: Node, what: string): string | number | boolean | null {
  const value = constantOf(work, node)
  return value.kind === 'literal' ? value.value : fail(work, `${what} must be a literal.`)
}

/** The named expression without its name. */
export function unnamed(node: Node): Node {
  return node.kind === 'SimpleNamedExpression' ? child(node, 'Expression') : node
}
