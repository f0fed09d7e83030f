/** Text and schema to the bound tree of `tree.ts`. */
import type { DatabaseSchema } from '../schema.js'
import { globalsFor } from './globals.js'
import {
  library,
  type RawDiagnosticNode,
  type RawElement,
  type RawNode,
  type RawParameter,
  type RawToken,
  type RawType,
  toArray,
} from './library.js'
import type { BoundParameter, BoundType, Node } from './tree.js'

export interface RawDiagnostic {
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly start: number
  readonly length: number
}

export interface BoundQuery {
  readonly root: Node
  /** Null where the text has no result (an empty query, a syntax error). */
  readonly result: BoundType | null
  readonly diagnostics: readonly RawDiagnostic[]
  /** False if the binder gave up (too deep): nothing in the tree can be trusted then. */
  readonly hasSemantics: boolean
  /** `Query`, `Command` (a `.show …`), … */
  readonly kind: string
}

function toType(raw: RawType | null | undefined): BoundType | null {
  if (!raw) return null
  const { Bridge, Language } = library()
  const name = Bridge.getTypeName(raw).split('.').pop() ?? ''
  if (name.endsWith('TableSymbol') || name === 'TupleSymbol') {
    const columns = toArray<{ Name: string; Type: RawType }>(raw.Columns).map((column) => ({
      name: column.Name,
      type: column.Type.Name ?? 'unknown',
    }))
    return name === 'TupleSymbol'
      ? { kind: 'tuple', columns }
      : { kind: 'table', columns, open: raw.IsOpen === true }
  }
  if (Bridge.is(raw, Language.Symbols.ScalarSymbol)) return { kind: 'scalar', name: raw.Name ?? 'unknown' }
  return { kind: 'other', name: raw.Name || name }
}

function toNode(raw: RawNode): Node {
  const { Bridge, Language, kinds } = library()
  const { Syntax } = Language
  const fields: Record<string, Node | string | (Node | string)[]> = {}
  for (let i = 0; i < raw.ChildCount; i++) {
    const element = raw.GetChild(i)
    if (element) fields[raw.GetName(i) ?? String(i)] = toField(element)
  }
  const isExpression = Bridge.is(raw, Syntax.Expression)
  const isCall = Bridge.is(raw, Syntax.FunctionCallExpression)
  const symbol = raw.ReferencedSymbol
  return {
    kind: kinds[raw.Kind] ?? 'Unknown',
    start: raw.TextStart,
    length: raw.End - raw.TextStart,
    type: isExpression ? toType(raw.ResultType) : null,
    symbol: symbol
      ? {
          kind: (Bridge.getTypeName(symbol).split('.').pop() ?? '').replace(/Symbol$/, ''),
          name: symbol.Name ?? '',
        }
      : null,
    constant: isExpression && raw.IsConstant === true,
    name: raw.SimpleName ?? null,
    literal: isExpression ? (raw.LiteralValueInfo?.ValueText ?? null) : null,
    fields,
    // A view can be named without brackets.
    body:
      isCall || (isExpression && symbol !== null && Bridge.getTypeName(symbol).endsWith('.FunctionSymbol'))
        ? () => {
            const body = raw.GetCalledFunctionBody()
            return body ? toNode(body) : null
          }
        : null,
    parameters:
      isCall && raw.ReferencedSignature
        ? toArray<RawParameter>(raw.ReferencedSignature.Parameters).map(toParameter)
        : [],
  }
}

function toParameter(raw: RawParameter): BoundParameter {
  const declared = toType(toArray<RawType>(raw.DeclaredTypes)[0])
  return {
    name: raw.Name,
    type: declared?.kind === 'scalar' ? declared.name : 'unknown',
    tabular: declared?.kind === 'table',
    defaultValue: raw.DefaultValue ? toNode(raw.DefaultValue) : null,
  }
}

function toField(element: RawElement): Node | string | (Node | string)[] {
  const { Bridge, Language } = library()
  const { Syntax } = Language
  if (Bridge.is(element, Syntax.SyntaxToken)) {
    const { Text, ValueText } = element as RawToken
    return ValueText ?? Text
  }
  if (Bridge.is(element, Syntax.SyntaxList)) {
    const items: (Node | string)[] = []
    for (let i = 0; i < element.ChildCount; i++) {
      const item = element.GetChild(i)
      const content = item && Bridge.is(item, Syntax.SeparatedElement) ? item.GetChild(0) : item
      if (content) items.push(toField(content) as Node | string)
    }
    return items
  }
  return toNode(element as RawNode)
}

const EMPTY: Node = {
  kind: 'QueryBlock',
  start: 0,
  length: 0,
  type: null,
  symbol: null,
  constant: false,
  name: null,
  literal: null,
  fields: {},
  body: null,
  parameters: [],
}

/** Parses the text and binds its names and types against the schema. Synchronous; cost grows with the text. */
export function bind(text: string, schema: DatabaseSchema): BoundQuery {
  const { Language } = library()
  const code = Language.KustoCode.ParseAndAnalyze(text, globalsFor(schema))
  const diagnostics = toArray<RawDiagnosticNode>(code.GetDiagnostics())
    .filter((d) => d.Severity === 'Error' || d.Severity === 'Warning')
    .map(
      (d): RawDiagnostic => ({
        code: d.Code,
        severity: d.Severity === 'Error' ? 'error' : 'warning',
        message: d.Message,
        start: d.Start,
        length: d.Length,
      }),
    )
  return {
    // A tree that was too deep to be bound is too deep to be walked.
    root: code.HasSemantics ? toNode(code.Syntax) : EMPTY,
    result: toType(code.ResultType),
    diagnostics,
    hasSemantics: code.HasSemantics,
    kind: code.Kind,
  }
}
