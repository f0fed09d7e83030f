/**
 * The bound syntax tree as plain data: what Microsoft's parser and binder know about a query, without their classes.
 * Names of kinds and fields are those of the language service (`FilterOperator`, `Condition`).
 */

export interface BoundColumn {
  readonly name: string
  readonly type: string
}

export type BoundType =
  | { readonly kind: 'scalar'; readonly name: string }
  | { readonly kind: 'table'; readonly columns: readonly BoundColumn[]; readonly open: boolean }
  | { readonly kind: 'tuple'; readonly columns: readonly BoundColumn[] }
  | { readonly kind: 'other'; readonly name: string }

export interface BoundSymbol {
  /** `Column`, `Variable`, `Parameter`, `Function`, `Table`, `Database`, `Pattern`, … */
  readonly kind: string
  readonly name: string
}

export interface Node {
  readonly kind: string
  /** Offset and length in the text of the query, or in the text of the function body that holds the node. */
  readonly start: number
  readonly length: number
  readonly type: BoundType | null
  readonly symbol: BoundSymbol | null
  readonly constant: boolean
  /** The simple name of a name reference or declaration. */
  readonly name: string | null
  /** Raw interior text of a literal (unescaped for strings). */
  readonly literal: string | null
  /** Tokens are their text, lists are arrays, absent optional parts are left out. */
  readonly fields: Readonly<Record<string, Node | string | readonly (Node | string)[]>>
  /** Of a call of a let- or stored function: its body, bound with the arguments of this call. */
  readonly body: (() => Node | null) | null
  /** Of such a call: the parameters of the function. */
  readonly parameters: readonly BoundParameter[]
}

export interface BoundParameter {
  readonly name: string
  readonly type: string
  readonly tabular: boolean
  readonly defaultValue: Node | null
}

/** The node in a field; the tree has it or this is a fault of ours. */
export function child(node: Node, field: string): Node {
  const value = node.fields[field]
  if (value === undefined || typeof value === 'string' || Array.isArray(value)) {
    throw new Error(`${node.kind} has no node ${field}`)
  }
  return value as Node
}

export function optional(node: Node, field: string): Node | null {
  const value = node.fields[field]
  return value === undefined || typeof value === 'string' || Array.isArray(value) ? null : (value as Node)
}

export function nodes(node: Node, field: string): readonly Node[] {
  const value = node.fields[field]
  if (!Array.isArray(value)) return []
  return value.filter((item): item is Node => typeof item !== 'string')
}

export function token(node: Node, field: string): string {
  const value = node.fields[field]
  return typeof value === 'string' ? value : ''
}

/** Every node below and including this one, parents first. */
export function* walk(node: Node): Generator<Node> {
  yield node
  for (const value of Object.values(node.fields)) {
    if (typeof value === 'string') continue
    for (const item of Array.isArray(value) ? value : [value]) if (typeof item !== 'string') yield* walk(item)
  }
}
