/**
 * What an editor asks: completions, hover, the signature of a call, diagnostics, colours, layout. Plain data, for a
 * server to send. Names and types come from the language service, and what is offered is what is supported here.
 *
 * Positions are offsets into the text in UTF-16 units. All calls are synchronous and take milliseconds to tens of them.
 */
import { type CompileOptions, compile } from './compile.js'
import { type Diagnostic, KqlError } from './diagnostics.js'
import {
  callAt,
  completionsAt,
  formatted,
  quickInfoAt,
  type ServiceCompletion,
  type ServiceParameter,
  tokensOf,
} from './front/editing.js'
import { type RefusedName, type SupportedName, supportedKql } from './reference.js'
import type { DatabaseSchema } from './schema.js'
import { textProblem } from './text-limits.js'

export type CompletionKind =
  | 'operator'
  | 'function'
  | 'aggregate'
  | 'plugin'
  | 'column'
  | 'table'
  | 'variable'
  | 'keyword'
  | 'type'
  | 'comparison'
  | 'chart'
  | 'punctuation'

export interface Completion {
  readonly kind: CompletionKind
  /** What the list shows: `strcat(arg, ...)`. */
  readonly label: string
  /** What the typed letters are held against: `strcat`. */
  readonly match: string
  /** Lists are sorted by it. */
  readonly order: string
  /** What is written in the place of the typed letters; the cursor goes between the two. */
  readonly before: string
  readonly after: string
  /** Page of Microsoft's KQL reference. */
  readonly documentation?: string
}

export interface Completions {
  /** The typed letters that a completion replaces. */
  readonly start: number
  readonly length: number
  readonly items: readonly Completion[]
}

export interface Hover {
  readonly start: number
  readonly length: number
  /** `strcat(arg, ...): string`, `TimeGenerated: datetime`. */
  readonly title: string
  readonly text: string
  readonly documentation?: string
}

export interface SignatureParameter {
  readonly name: string
  /** `long`, or the kinds of value (`number`); empty where anything goes. */
  readonly type: string
  readonly optional: boolean
  readonly repeatable: boolean
}

export interface Signature {
  readonly name: string
  readonly text: string
  readonly documentation?: string
  /** 0-based number of the argument at the place. */
  readonly argument: number
  readonly overloads: readonly {
    readonly label: string
    readonly parameters: readonly SignatureParameter[]
  }[]
}

export type TokenKind =
  | 'comment'
  | 'punctuation'
  | 'literal'
  | 'string'
  | 'type'
  | 'column'
  | 'table'
  | 'function'
  | 'parameter'
  | 'variable'
  | 'name'
  | 'operator'
  | 'queryOperator'
  | 'keyword'

/** A piece of the text and what it is, for colours. Blanks are left out. */
export interface Token {
  readonly kind: TokenKind
  readonly start: number
  readonly length: number
}

const COMPLETION_KINDS: Readonly<Record<string, CompletionKind>> = {
  AggregateFunction: 'aggregate',
  BuiltInFunction: 'function',
  Column: 'column',
  DatabaseFunction: 'function',
  LocalFunction: 'function',
  Parameter: 'variable',
  Punctuation: 'punctuation',
  QueryPrefix: 'operator',
  RenderChart: 'chart',
  ScalarInfix: 'comparison',
  ScalarType: 'type',
  Table: 'table',
  TabularPrefix: 'operator',
  TabularSuffix: 'operator',
  Variable: 'variable',
}

/** Kinds that name things a store here has none of. */
const ELSEWHERE = new Set([
  'Cluster',
  'CommandPrefix',
  'EntityGroup',
  'Graph',
  'MaterialiedView',
  'StoredQueryResult',
])

interface Offer {
  readonly known: ReadonlyMap<string, SupportedName>
  readonly refused: ReadonlyMap<string, RefusedName>
}

interface Offers {
  readonly operators: Offer
  readonly functions: Offer
  readonly plugins: Offer
}

let offers: Offers | undefined

function offered(): Offers {
  if (offers) return offers
  const kql = supportedKql()
  const offer = (names: readonly SupportedName[], refused: readonly RefusedName[]): Offer => ({
    known: new Map(names.flatMap((entry) => [entry.name, ...entry.aliases].map((name) => [name, entry]))),
    refused: new Map(refused.map((entry) => [entry.name, entry])),
  })
  const functions = [
    ...Object.values(kql.scalars).flat(),
    ...kql.windowFunctions,
    ...kql.specialFunctions,
    ...kql.graphFunctions,
    ...kql.aggregates,
  ]
  offers = {
    operators: offer(kql.operators, kql.refused.operators),
    functions: offer(functions, kql.refused.functions),
    plugins: offer(kql.plugins, kql.refused.plugins),
  }
  return offers
}

/** Where the names of functions are those of plugins. */
function isAfterEvaluate(text: string, position: number): boolean {
  return /\bevaluate\s+(hint\.\w+\s*=\s*\w+\s+)*\w*$/.test(text.slice(0, position))
}

export function completions(text: string, position: number, schema: DatabaseSchema): Completions {
  const at = clamp(text, position)
  if (textProblem(text)) return { start: at, length: 0, items: [] }
  const { start, length, items } = completionsAt(text, at, schema)
  const { operators, functions, plugins } = offered()
  const named = isAfterEvaluate(text, at) ? plugins : functions
  const kept = items.flatMap((item): Completion[] => {
    if (ELSEWHERE.has(item.kind) || item.match === '') return []
    const offer = item.kind === 'QueryPrefix' ? operators : isBuiltIn(item) ? named : undefined
    if (offer?.refused.has(item.match)) return []
    const known = offer?.known.get(item.match)
    // An operator that needs no table of ours is a word of the language: `let`, `datatable`.
    if (isBuiltIn(item) && !known && !TABLE_FUNCTIONS.has(item.match)) return []
    return [
      {
        kind: named === plugins && isBuiltIn(item) ? 'plugin' : (COMPLETION_KINDS[item.kind] ?? 'keyword'),
        label: item.label,
        match: item.match,
        order: item.order,
        before: item.before,
        after: item.after,
        ...(known ? { documentation: known.documentation } : {}),
      },
    ]
  })
  return { start, length, items: kept.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0)) }
}

const TABLE_FUNCTIONS = new Set(['database', 'cluster', 'table', 'materialize', 'toscalar', 'totable'])

function isBuiltIn({ kind }: ServiceCompletion): boolean {
  return kind === 'BuiltInFunction' || kind === 'AggregateFunction'
}

/** What stands at the place; null where there is nothing to say. */
export function hover(text: string, position: number, schema: DatabaseSchema): Hover | null {
  const at = clamp(text, position)
  if (textProblem(text)) return null
  const { start, length } = wordAt(text, at)
  const word = text.slice(start, start + length)
  if (/^\d/.test(word)) return null
  const { operators, functions, plugins } = offered()
  const [title, ...rest] = quickInfoAt(text, at, schema).flatMap((item) => item.split(/\n\n/))
  const isCall = /^\s*\(/.test(text.slice(start + length))
  if (title !== undefined) {
    const isPlugin = isAfterEvaluate(text, start)
    const offer = isPlugin ? plugins : functions
    const refusal = isCall ? offer.refused.get(word) : undefined
    const known = isCall ? offer.known.get(word) : undefined
    return {
      start,
      length,
      title,
      text: [...rest, ...(refusal ? [`Not supported here: it ${refusal.reason}.`] : [])].join('\n\n'),
      ...(known ? { documentation: known.documentation } : {}),
    }
  }
  if (!/\|\s*$|^\s*$|[;(=]\s*$/.test(text.slice(0, start))) return null
  const operator = operators.known.get(word)
  if (operator) return { start, length, title: word, text: '', documentation: operator.documentation }
  const refusal = operators.refused.get(word)
  return refusal ? { start, length, title: word, text: `Not supported here: it ${refusal.reason}.` } : null
}

/** The call whose brackets the place is in; null outside of calls. */
export function signature(text: string, position: number, schema: DatabaseSchema): Signature | null {
  if (textProblem(text)) return null
  const call = callAt(text, clamp(text, position), schema)
  if (!call) return null
  const { functions, plugins } = offered()
  const known = functions.known.get(call.name) ?? plugins.known.get(call.name)
  return {
    name: call.name,
    text: call.description,
    ...(known ? { documentation: known.documentation } : {}),
    argument: call.argument,
    overloads: call.signatures.map((parameters) => ({
      label: `${call.name}(${parameters.map(parameterLabel).join(', ')})`,
      parameters,
    })),
  }
}

function parameterLabel({ name, type, optional, repeatable }: ServiceParameter): string {
  const label = `${name}${type === '' ? '' : `: ${type}`}${repeatable ? ', …' : ''}`
  return optional ? `[${label}]` : label
}

/** Everything that is wrong with a query, and what the binder warns of; nothing is run. */
export function diagnostics(text: string, options: CompileOptions): readonly Diagnostic[] {
  if (text.trim() === '') return []
  try {
    return compile(text, options).warnings
  } catch (error) {
    if (error instanceof KqlError) return error.diagnostics
    throw error
  }
}

/** The text laid out as Kusto's tools do. A text that can not be read comes back as it is. */
export function format(text: string, schema: DatabaseSchema): string {
  return textProblem(text) ? text : formatted(text, schema)
}

const TOKEN_KINDS: Readonly<Record<string, TokenKind>> = {
  ClientParameter: 'parameter',
  Column: 'column',
  Command: 'keyword',
  Comment: 'comment',
  Database: 'table',
  Directive: 'keyword',
  Function: 'function',
  Identifier: 'name',
  Keyword: 'keyword',
  Literal: 'literal',
  MaterializedView: 'table',
  MathOperator: 'operator',
  Option: 'keyword',
  Parameter: 'parameter',
  PlainText: 'name',
  Punctuation: 'punctuation',
  QueryOperator: 'queryOperator',
  QueryParameter: 'keyword',
  ScalarOperator: 'operator',
  SchemaMember: 'column',
  SignatureParameter: 'parameter',
  StringLiteral: 'string',
  Table: 'table',
  Type: 'type',
  Variable: 'variable',
}

export function tokens(text: string, schema: DatabaseSchema): readonly Token[] {
  if (textProblem(text)) return []
  return tokensOf(text, schema).map(({ kind, start, length }) => ({
    kind: TOKEN_KINDS[kind] ?? 'name',
    start,
    length,
  }))
}

function clamp(text: string, position: number): number {
  return Math.max(0, Math.min(text.length, Math.trunc(position)))
}

/** The name at a place; hyphens belong to it only if an operator is called so. */
function wordAt(text: string, position: number): { start: number; length: number } {
  const { operators } = offered()
  const hyphened = reach(text, position, /[\w-]/)
  const word = text.slice(hyphened.start, hyphened.start + hyphened.length)
  const isOperator = operators.known.has(word) || operators.refused.has(word)
  return isOperator ? hyphened : reach(text, position, /\w/)
}

function reach(text: string, position: number, letter: RegExp): { start: number; length: number } {
  let start = position
  let end = position
  while (start > 0 && letter.test(text[start - 1]!)) start--
  while (end < text.length && letter.test(text[end]!)) end++
  return { start, length: end - start }
}
