/** Names of types in the tree to KQL's types. */
import { type BoundColumn, type Node, token } from '../front/tree.js'
import type { KqlType } from '../values.js'

export function typeNameOf(node: Node): KqlType {
  return knownType(token(node, 'Type') || (node.symbol?.name ?? ''))
}

const TYPE_NAMES: Readonly<Record<string, KqlType>> = {
  bool: 'bool',
  boolean: 'bool',
  date: 'datetime',
  datetime: 'datetime',
  decimal: 'decimal',
  double: 'real',
  dynamic: 'dynamic',
  guid: 'guid',
  int: 'int',
  int32: 'int',
  int64: 'long',
  long: 'long',
  real: 'real',
  string: 'string',
  time: 'timespan',
  timespan: 'timespan',
  uniqueid: 'guid',
  uuid: 'guid',
}

/** The KQL type of a name or of the binder's type name; what the binder does not know is dynamic. */
export function knownType(name: string | undefined): KqlType {
  return TYPE_NAMES[name ?? ''] ?? 'dynamic'
}

/** The type the binder gave to an expression, if it is a scalar that it knows. */
export function boundType(node: Node): KqlType | undefined {
  return node.type?.kind === 'scalar' ? TYPE_NAMES[node.type.name] : undefined
}

export function isTabular(node: Node): boolean {
  const { type } = node
  return (
    type?.kind === 'table' ||
    (type?.kind === 'other' && (type.name === 'group' || type.name === 'GraphSymbol'))
  )
}

/** The columns the binder gave to a tabular node, null if it does not know them all. */
export function boundColumns(node: Node): readonly BoundColumn[] | null {
  return node.type?.kind === 'table' && !node.type.open ? node.type.columns : null
}
