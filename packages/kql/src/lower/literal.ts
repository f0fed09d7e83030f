/** Literals: their text to the values of the plan. */
import { type Node, nodes, optional, token } from '../front/tree.js'
import { literal } from '../plan/build.js'
import type { Literal } from '../plan/plan.js'
import {
  formatTimespan,
  type KqlType,
  parseDatetime,
  parseTimespan,
  ticksToIso,
  wellFormed,
} from '../values.js'
import type { Context } from './context.js'

const LITERAL_TYPES: Readonly<Record<string, KqlType>> = {
  BooleanLiteralExpression: 'bool',
  DateTimeLiteralExpression: 'datetime',
  DecimalLiteralExpression: 'decimal',
  GuidLiteralExpression: 'guid',
  IntLiteralExpression: 'int',
  LongLiteralExpression: 'long',
  RealLiteralExpression: 'real',
  StringLiteralExpression: 'string',
  CompoundStringLiteralExpression: 'string',
  TimespanLiteralExpression: 'timespan',
  RawGuidLiteralExpression: 'guid',
}

export function literalType(node: Node): KqlType | undefined {
  return LITERAL_TYPES[node.kind]
}

/** The text of a string literal node. */
export function stringOf(node: Node): string {
  return node.literal ?? ''
}

export function lowerLiteral(context: Context, node: Node, type: KqlType): Literal {
  return readLiteral(node.literal ?? '', type) ?? misread(context, node, type)
}

function misread(context: Context, node: Node, type: KqlType): never {
  return context.fail(
    node,
    'AUX101',
    `'${node.literal}' can not be read as ${type}.`,
    `scalar-data-types/${type}`,
  )
}

/** The literal that a text stands for, undefined if it can not be read as the type. */
export function readLiteral(raw: string, type: KqlType): Literal | undefined {
  if (type === 'string') return literal('string', wellFormed(raw))
  const text = raw.trim()
  if (text.toLowerCase() === 'null') return literal(type, null)
  switch (type) {
    case 'bool':
      if (/^(true|1)$/i.test(text)) return literal('bool', true)
      if (/^(false|0)$/i.test(text)) return literal('bool', false)
      return undefined
    case 'int':
    case 'long': {
      if (!/^[+-]?(\d+|0x[0-9a-f]+)$/i.test(text)) return undefined
      const negative = text.startsWith('-')
      const magnitude = BigInt(text.replace(/^[+-]/, ''))
      // 0xFFFFFFFFFFFFFFFF is -1: hexadecimal literals are bit patterns.
      const value = BigInt.asIntN(64, negative ? -magnitude : magnitude)
      return type === 'int'
        ? literal('int', Number(BigInt.asIntN(32, value)))
        : literal('long', value.toString())
    }
    case 'real': {
      const special = /^([+-]?)(nan|inf)$/i.exec(text)
      if (special) {
        return literal(
          'real',
          special[2]!.toLowerCase() === 'nan' ? 'NaN' : special[1] === '-' ? '-Infinity' : 'Infinity',
        )
      }
      const value = Number(text)
      if (text === '' || Number.isNaN(value)) return undefined
      return literal('real', Number.isFinite(value) ? value : value > 0 ? 'Infinity' : '-Infinity')
    }
    case 'decimal':
      return /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? literal('decimal', text) : undefined
    case 'datetime': {
      const ticks = parseDatetime(text)
      return ticks === null ? undefined : literal('datetime', ticks.toString())
    }
    case 'timespan': {
      const ticks = parseTimespan(text)
      return ticks === null ? undefined : literal('timespan', ticks.toString())
    }
    case 'guid': {
      const hex = text.replace(/[{}()-]/g, '').toLowerCase()
      if (!/^[0-9a-f]{32}$/.test(hex)) return undefined
      return literal('guid', hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'))
    }
    case 'dynamic':
      return undefined
  }
}

/** `dynamic(…)`: its JSON text; datetimes and timespans in it become strings, as Kusto prints them. */
export function lowerDynamic(context: Context, node: Node): Literal {
  const inner = optional(node, 'Expression')
  const json = inner ? jsonOf(context, inner) : 'null'
  return literal('dynamic', json === 'null' ? null : json)
}

function jsonOf(context: Context, node: Node): string {
  switch (node.kind) {
    case 'JsonObjectExpression': {
      // Of two entries with one name the last counts.
      const entries = new Map<string, string>()
      for (const pair of nodes(node, 'Pairs')) {
        const value = optional(pair, 'Value')
        entries.set(token(pair, 'Name'), value ? jsonOf(context, value) : 'null')
      }
      return `{${[...entries].map(([key, value]) => `${JSON.stringify(wellFormed(key))}:${value}`).join(',')}}`
    }
    case 'JsonArrayExpression':
      return `[${nodes(node, 'Values')
        .map((value) => jsonOf(context, value))
        .join(',')}]`
    case 'NullLiteralExpression':
      return 'null'
    case 'DynamicExpression': {
      const value = lowerDynamic(context, node).value
      return value === null ? 'null' : String(value)
    }
    case 'UnaryMinusExpression':
    case 'UnaryPlusExpression': {
      const inner = optional(node, 'Expression')
      return (node.kind === 'UnaryMinusExpression' ? '-' : '') + (inner ? jsonOf(context, inner) : '')
    }
    default: {
      const type = literalType(node)
      if (!type)
        return context.unsupported(node, `${node.kind} in a dynamic literal`, 'scalar-data-types/dynamic')
      return jsonOfLiteral(lowerLiteral(context, node, type))
    }
  }
}

/** The JSON text of a literal of any type. */
export function jsonOfLiteral(value: Literal): string {
  if (value.value === null) return 'null'
  switch (value.type) {
    case 'datetime':
      return JSON.stringify(ticksToIso(BigInt(value.value as string)))
    case 'timespan':
      return JSON.stringify(formatTimespan(BigInt(value.value as string)))
    case 'long':
    case 'dynamic':
      return String(value.value)
    case 'real': {
      if (typeof value.value !== 'number') return JSON.stringify(value.value)
      const text = String(value.value)
      return /^-?\d+$/.test(text) ? `${text}.0` : text
    }
    default:
      return JSON.stringify(value.value)
  }
}
