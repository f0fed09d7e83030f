/**
 * parse, parse-where and parse-kv: columns out of a text.
 *
 * A pattern becomes one regular expression with a group per column. In the simple kind the texts between columns are
 * literal and all columns are empty if one of them does not fit its type; in the relaxed kind only that one is; in the
 * regex kind the texts are regular expressions themselves.
 */
import { child, type Node, nodes, optional } from '../../front/tree.js'
import { and, call, empty, long, string } from '../../plan/build.js'
import type { Column, Definition, Scalar } from '../../plan/plan.js'
import type { KqlType } from '../../values.js'
import { type RowsInWork, rowScope } from '../context.js'
import { convert } from '../convert.js'
import { stringOf } from '../literal.js'
import { parameterText } from '../parameters.js'
import { compute, type Relation } from '../relation.js'
import { lowerScalar } from '../scalar.js'
import { typeNameOf } from '../types.js'
import { holdIn } from './columns.js'
import { inputOf, type OperatorTable, type OperatorWork } from './operator.js'

interface Capture {
  readonly name: string
  readonly type: KqlType
}

/** How the text of a typed column looks where nothing after it says where it ends. */
const SHAPES: Partial<Record<KqlType, string>> = {
  bool: '(true|false|True|False|TRUE|FALSE|[01])',
  int: '([+-]?\\d+)',
  long: '([+-]?\\d+)',
  real: '([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)',
  decimal: '([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)',
}

export function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** Groups of the user's own are counted by nobody: `(` to `(?:`. */
export function withoutGroups(pattern: string): string {
  let result = ''
  let inClass = false
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i]!
    if (character === '\\') {
      result += character + (pattern[++i] ?? '')
      continue
    }
    if (character === '[') inClass = true
    if (character === ']') inClass = false
    if (character !== '(' || inClass) {
      result += character
    } else if (pattern[i + 1] !== '?') {
      result += '(?:'
    } else if (pattern.startsWith('(?P<', i)) {
      result += '(?:'
      i = pattern.indexOf('>', i)
    } else {
      result += character
    }
  }
  return result
}

interface Pattern {
  readonly regex: string
  readonly captures: readonly Capture[]
}

function patternOf(items: readonly Node[], kind: string, flags: string): Pattern {
  const captures: Capture[] = []
  const isRegex = kind === 'regex'
  let regex = ''
  items.forEach((item, i) => {
    const next = items[i + 1]
    if (item.kind === 'StarExpression') {
      regex += next && !isRegex ? '.*?' : '.*'
    } else if (item.kind === 'NameAndTypeDeclaration' || item.kind === 'NameDeclaration') {
      const declared = item.kind === 'NameAndTypeDeclaration'
      const name = (declared ? child(item, 'Name') : item).name ?? ''
      const type = declared ? typeNameOf(child(item, 'Type')) : 'string'
      captures.push({ name, type })
      const open = !next || next.kind === 'StarExpression'
      const shape = SHAPES[type]
      if (shape && (isRegex || (open && next))) regex += isRegex ? `\\s*${shape}` : shape
      else regex += open || isRegex ? '(.*)' : '(.*?)'
    } else {
      regex += isRegex ? withoutGroups(stringOf(item)) : escapeRegex(stringOf(item))
    }
  })
  const options = isRegex ? [...flags].filter((flag) => 'imsU'.includes(flag)).join('') : 's'
  const anchored = isRegex ? regex : `^${regex}$`
  return { regex: options ? `(?${options})${anchored}` : anchored, captures }
}

function parsed(work: OperatorWork, onlyMatching: boolean): Relation {
  const { context, environment, node } = work
  const rows: RowsInWork = { relation: inputOf(work) }
  const text = convert(lowerScalar(child(node, 'Expression'), rowScope(context, environment, rows)), 'string')
  const kind = parameterText(node, 'kind') ?? 'simple'
  const { regex, captures } = patternOf(nodes(node, 'Patterns'), kind, parameterText(node, 'flags') ?? '')
  const pattern = string(regex)
  const matches = call('matches regex', [text, pattern], 'bool')
  const hold = holdIn(context, rows)
  const parts =
    captures.length > 0 ? hold(call('$captures', [text, pattern, long(captures.length)], 'dynamic')) : null
  const values = captures.map(({ type }, i) => {
    const value = convert(call('$capture', [parts!, long(i + 1)], 'string'), type)
    return type === 'string' ? value : hold(value)
  })
  // A text that does not match gives empty captures, and those fit no type.
  const fits = values
    .filter((value) => value.type !== 'string')
    .map((value) => call('isnotnull', [value], 'bool'))
  const strict = kind !== 'relaxed' && fits.length > 0
  const definitions: Definition[] = captures.map(({ name, type }, i) => ({
    column: context.column(name, type),
    value: strict && !onlyMatching ? call('case', [and(...fits), values[i]!, empty(type)], type) : values[i]!,
  }))
  let { relation } = rows
  if (onlyMatching) {
    const predicate = kind === 'relaxed' ? matches : and(matches, ...fits)
    relation = { ...relation, plan: { kind: 'filter', input: relation.plan, predicate } }
  }
  return withColumns(relation, definitions)
}

/** The relation with columns added, or put in the place of those of the same name. */
export function withColumns(relation: Relation, definitions: readonly Definition[]): Relation {
  const columns: Column[] = [...relation.columns]
  for (const { column } of definitions) {
    const at = columns.findIndex((c) => c.name === column.name)
    if (at >= 0) columns[at] = column
    else columns.push(column)
  }
  return { ...compute(relation, definitions), columns }
}

function parseKv(work: OperatorWork): Relation {
  const { context, environment, node } = work
  const rows: RowsInWork = { relation: inputOf(work) }
  const text = convert(lowerScalar(child(node, 'Expression'), rowScope(context, environment, rows)), 'string')
  const clause = optional(node, 'WithClause')
  const option = (name: string) => (clause ? parameterText(clause, name, 'Properties') : undefined)
  const settings: KvSettings = {
    pair: option('pair_delimiter') ?? ' ',
    kv: option('kv_delimiter') ?? '=',
    quote: option('quote') ?? '',
    escape: option('escape') ?? '',
    greedy: option('greedy') === 'true',
    regex: option('regex'),
  }
  const keys = nodes(child(node, 'Keys'), 'Columns').map((declaration) => ({
    name: child(declaration, 'Name').name ?? '',
    type: typeNameOf(child(declaration, 'Type')),
  }))
  const definitions = keys.map(({ name, type }): Definition => {
    const value =
      settings.regex === undefined ? kvValue(text, name, settings) : kvByRegex(text, name, settings.regex)
    return { column: context.column(name, type), value: convert(value, type) }
  })
  return withColumns(rows.relation, definitions)
}

interface KvSettings {
  readonly pair: string
  readonly kv: string
  readonly quote: string
  readonly escape: string
  readonly greedy: boolean
  readonly regex: string | undefined
}

/** The value after `key=`, where a pair begins: quoted, or up to the next pair. */
function kvValue(
  text: Scalar,
  key: string,
  { pair, kv, quote, escape: escapes, greedy }: KvSettings,
): Scalar {
  const isSet = (delimiters: string) => [...delimiters].map(escapeRegex).join('|')
  const pairs = pair.length > 1 ? `(?:${isSet(pair)})` : escapeRegex(pair)
  const kvs = kv.length > 1 ? `(?:${isSet(kv)})` : escapeRegex(kv)
  const [open, close] = quote.length > 1 ? [quote[0]!, quote[1]!] : [quote, quote]
  const start = `(?s)(?:^|${pairs})\\s*${escapeRegex(key)}\\s*${kvs}\\s*`
  const end = greedy
    ? `(.*?)(?:${pairs}\\s*[^\\s${escapeClass(pair + kv)}]+\\s*${kvs}|$)`
    : `(.*?)(?:${pairs}|$)`
  const plain = call(
    'trim',
    [string('\\s+'), call('$group', [text, string(start + end)], 'string')],
    'string',
  )
  if (open === '') return plain
  const inner = escapes
    ? `((?:${escapeRegex(escapes)}.|[^${escapeClass(close + escapes)}])*)`
    : `([^${escapeClass(close)}]*)`
  const quotedPattern = string(`${start}${escapeRegex(open)}${inner}${escapeRegex(close)}`)
  let quoted: Scalar = call('$group', [text, quotedPattern], 'string')
  if (escapes)
    quoted = call('replace_regex', [quoted, string(`${escapeRegex(escapes)}(.)`), string('\\1')], 'string')
  return call('case', [call('matches regex', [text, quotedPattern], 'bool'), quoted, plain], 'string')
}

function escapeClass(characters: string): string {
  return [...characters].map((c) => (/[\\\]^-]/.test(c) ? `\\${c}` : c)).join('')
}

/** `regex=` finds pairs: its first group is the key, its second the value. */
function kvByRegex(text: Scalar, key: string, regex: string): Scalar {
  return call('$pair-value', [text, string(regex), string(key)], 'string')
}

export const parseOperators: OperatorTable = {
  ParseOperator: (work) => parsed(work, false),
  ParseWhereOperator: (work) => parsed(work, true),
  ParseKvOperator: parseKv,
}
