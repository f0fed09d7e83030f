import { child, type Node, nodes, optional, token } from '../front/tree.js'

/** The value of a named parameter of an operator (`kind=inner`), as text. */
export function parameterText(node: Node, name: string, field = 'Parameters'): string | undefined {
  const parameter = nodes(node, field).find((p) => optional(p, 'Name')?.name === name)
  if (!parameter) return undefined
  const value = child(parameter, 'Expression')
  return value.literal ?? value.name ?? (token(value, 'Token') || token(value, 'Name'))
}
