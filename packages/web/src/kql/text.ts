/** Writing KQL: values as literals, a value as a condition, several statements as one text. */
import type { KqlType } from '@auspex/kql'
import type { Cell } from './answer'

export function stringLiteral(text: string): string {
  const escaped = text.replace(/[\\"\u0000-\u001f\u007f]/g, (letter) => {
    const known = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' }[letter]
    return known ?? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return `"${escaped}"`
}

export function literal(cell: Cell, type: KqlType): string {
  if (cell === null) return type === 'string' ? '""' : `${type}(null)`
  switch (type) {
    case 'string':
      return stringLiteral(String(cell))
    case 'dynamic':
      return `dynamic(${cell})`
    case 'bool':
    case 'int':
    case 'long':
      return String(cell)
    default:
      return `${type}(${cell})`
  }
}

/** A name as KQL writes it: bracketed where it is no identifier. */
export function columnName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `['${name.replace(/[\\']/g, '\\$&')}']`
}

/** The condition that a row has this value. */
export function condition(name: string, type: KqlType, cell: Cell, negated = false): string {
  const column = columnName(name)
  if (cell === null && type !== 'string') return negated ? `isnotnull(${column})` : `isnull(${column})`
  if (type === 'dynamic') return `tostring(${column}) ${negated ? '!=' : '=='} ${stringLiteral(String(cell))}`
  return `${column} ${negated ? '!=' : '=='} ${literal(cell, type)}`
}

const RENDER = /\n?\s*\|\s*render\b[^|]*$/

/** The query with one more operator, before its `render` if it has one. */
export function withOperator(query: string, operator: string): string {
  const text = query.trimEnd().replace(/;\s*$/, '')
  const render = RENDER.exec(text)
  const end = render?.index ?? text.length
  return `${text.slice(0, end).trimEnd()}\n| ${operator}${text.slice(end)}`
}

/** Whether a query says itself which time it is about. */
export function setsOwnTime(query: string): boolean {
  const code = query.replace(/\/\/[^\n]*/g, '').replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '""')
  return /\b(where|and|or)\s+\(?\s*(TimeGenerated|ingestion_time\(\))\s*(>|<|between|==|in\b)/.test(code)
}
