/** What the language service knows about a place in a text: for editors. Plain data, nothing left out yet. */
import type { DatabaseSchema } from '../schema.js'
import { globalsFor } from './globals.js'
import {
  library,
  namesOf,
  type RawCodeService,
  type RawCompletion,
  type RawElement,
  type RawNode,
  type RawParameter,
  type RawSymbol,
  type RawType,
  toArray,
} from './library.js'

export interface ServiceCompletion {
  /** `Column`, `BuiltInFunction`, `QueryPrefix`, … */
  readonly kind: string
  readonly label: string
  readonly match: string
  readonly order: string
  /** What is written before and after the cursor. */
  readonly before: string
  readonly after: string
}

export interface ServiceCompletions {
  /** The piece of the text that a completion replaces. */
  readonly start: number
  readonly length: number
  readonly items: readonly ServiceCompletion[]
}

export interface ServiceToken {
  /** `Column`, `QueryOperator`, `StringLiteral`, … */
  readonly kind: string
  readonly start: number
  readonly length: number
}

export interface ServiceParameter {
  readonly name: string
  /** `long`, or what kind of value it may be (`number`, `scalar`); empty where anything goes. */
  readonly type: string
  readonly optional: boolean
  readonly repeatable: boolean
}

/** The call whose brackets are around a place. */
export interface ServiceCall {
  readonly name: string
  readonly description: string
  /** 0-based number of the argument at the place. */
  readonly argument: number
  /** A function may be called in several ways. */
  readonly signatures: readonly (readonly ServiceParameter[])[]
}

/** The service of the text asked about last: an editor asks several things about one text. */
let last: { text: string; schema: DatabaseSchema; service: RawCodeService } | undefined

function serviceFor(text: string, schema: DatabaseSchema): RawCodeService {
  if (last?.text === text && last.schema === schema) return last.service
  const { KustoCodeService } = library().Language.Editor
  last = { text, schema, service: new KustoCodeService.$ctor1(text, globalsFor(schema)) }
  return last.service
}

export function completionsAt(text: string, position: number, schema: DatabaseSchema): ServiceCompletions {
  const info = serviceFor(text, schema).GetCompletionItems(position)
  const kinds = namesOf(library().Language.Editor.CompletionKind)
  return {
    start: info.EditStart,
    length: info.EditLength,
    items: toArray<RawCompletion>(info.Items).map((item) => ({
      kind: kinds[item.Kind] ?? 'Unknown',
      label: item.DisplayText,
      match: item.MatchText,
      order: item.OrderText,
      before: item.BeforeText,
      after: item.AfterText ?? '',
    })),
  }
}

/** What the name at the place is: `TimeGenerated: datetime`, and its description on further lines. */
export function quickInfoAt(text: string, position: number, schema: DatabaseSchema): readonly string[] {
  const info = serviceFor(text, schema).GetQuickInfo(position)
  return toArray<{ Text: string | null }>(info?.Items).flatMap(({ Text }) => (Text ? [Text] : []))
}

export function tokensOf(text: string, schema: DatabaseSchema): readonly ServiceToken[] {
  const { Classifications } = serviceFor(text, schema).GetClassifications(0, text.length)
  const kinds = namesOf(library().Language.Editor.ClassificationKind)
  return toArray<{ Kind: number; Start: number; Length: number }>(Classifications).map((token) => ({
    kind: kinds[token.Kind] ?? 'PlainText',
    start: token.Start,
    length: token.Length,
  }))
}

/** The text laid out as Kusto's own tools do: an operator a line. */
export function formatted(text: string, schema: DatabaseSchema): string {
  const { FormattingOptions, PlacementStyle } = library().Language.Editor
  const options = FormattingOptions.Default.WithPipeOperatorStyle(PlacementStyle['NewLine']!)
  const { Text } = serviceFor(text, schema).GetFormattedText(options)
  return text.includes('\r\n') ? Text : Text.replaceAll('\r\n', '\n')
}

export function callAt(text: string, position: number, schema: DatabaseSchema): ServiceCall | null {
  const { Bridge, Language } = library()
  const { FunctionCallExpression } = Language.Syntax
  const root = Language.KustoCode.ParseAndAnalyze(text, globalsFor(schema)).Syntax
  let found: RawNode | null = null
  const visit = (element: RawElement): void => {
    if (Bridge.is(element, FunctionCallExpression)) {
      const call = element as RawNode
      const list = call.ArgumentList!
      const open = list.TextStart
      const closed = text[list.End - 1] === ')' && list.End > open + 1
      const end = closed ? list.End - 1 : text.length
      if (position > open && position <= end && (closed || !hasPipe(text.slice(list.End, position))))
        found = call
    }
    for (let i = 0; i < element.ChildCount; i++) {
      const child = element.GetChild(i)
      if (child) visit(child)
    }
  }
  visit(root)
  return found ? describeCall(found, text, position) : null
}

/** A bracket that was never closed does not reach over the next operator. */
function hasPipe(text: string): boolean {
  return text.includes('|') || text.includes(';')
}

function describeCall(call: RawNode, text: string, position: number): ServiceCall | null {
  const symbol: RawSymbol | null = call.ReferencedSymbol
  const { Expressions, TextStart } = call.ArgumentList!
  if (!symbol) return null
  // The arguments that end before the place, and what stands between the last of them and the place.
  let argument = 0
  let from = TextStart + 1
  for (let i = 0; i < Expressions.ChildCount; i++) {
    const element = Expressions.GetChild(i)!
    if (element.End > position) break
    if (element.End > from && text[element.End - 1] === ',') argument++
    from = element.End
  }
  if (text.slice(from, position).includes(',')) argument++
  return {
    name: symbol.Name ?? '',
    description: symbol.Description ?? '',
    argument,
    signatures: toArray<{ Parameters: unknown }>(symbol.Signatures).map(({ Parameters }) =>
      toArray<RawParameter>(Parameters).map(toServiceParameter),
    ),
  }
}

function toServiceParameter(parameter: RawParameter): ServiceParameter {
  const declared = toArray<RawType>(parameter.DeclaredTypes).map(({ Name }) => Name ?? '')
  const kind = namesOf(library().Language.Symbols.ParameterTypeKind)[parameter.TypeKind] ?? ''
  return {
    name: parameter.Name,
    type: declared.length > 0 ? declared.join(' or ') : (KINDS_OF_VALUES[kind] ?? ''),
    optional: parameter.IsOptional,
    repeatable: parameter.IsRepeatable,
  }
}

const KINDS_OF_VALUES: Readonly<Record<string, string>> = {
  Scalar: 'scalar',
  Tabular: 'table',
  Integer: 'long',
  RealOrDecimal: 'real',
  StringOrDynamic: 'string or dynamic',
  StringOrArray: 'string or array',
  IntegerOrArray: 'long or array',
  DynamicArray: 'array',
  DynamicBag: 'bag',
  Number: 'number',
  NumberOrBool: 'number or bool',
  Summable: 'number or timespan',
  Orderable: 'number, string, datetime or timespan',
  CommonNumber: 'number',
  CommonScalar: 'scalar',
  CommonScalarOrDynamic: 'scalar',
  CommonSummable: 'number or timespan',
  CommonOrderable: 'number, string, datetime or timespan',
}
