/**
 * The only module that touches Microsoft's `@kusto/language-service-next`.
 *
 * The package is C# compiled to JavaScript: two scripts that set three globals (`Bridge`, `System`, `Kusto`), numbered
 * constructor overloads that are renumbered between versions (hence the exact pin, and the test beside this file) and
 * lists that are sometimes arrays and sometimes .NET lists. None of that leaves this file: in goes text and a schema,
 * out comes the plain tree of `tree.ts` with the binder's diagnostics.
 *
 * Loading costs about 350 ms and the first parse of a process more than a second, so it happens on first use.
 */
import { createRequire } from 'node:module'
import type { DatabaseSchema } from '../schema.js'
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

// The few members of the Bridge classes that we use.
interface RawType {
  readonly Name: string | null
  readonly Columns?: unknown
  readonly IsOpen?: boolean
}
interface RawSymbol {
  readonly Name: string | null
}
interface RawElement {
  readonly Kind: number
  readonly TextStart: number
  readonly End: number
  readonly ChildCount: number
  GetChild(index: number): RawElement | null
  GetName(index: number): string | null
}
interface RawToken extends RawElement {
  readonly Text: string
  readonly ValueText: string | null
}
interface RawNode extends RawElement {
  readonly ReferencedSymbol: RawSymbol | null
  readonly ResultType?: RawType | null
  readonly IsConstant?: boolean
  readonly SimpleName?: string | null
  readonly LiteralValueInfo?: { readonly ValueText: string | null } | null
  readonly ReferencedSignature: { readonly Parameters: unknown } | null
  GetCalledFunctionBody(): RawNode | null
}
interface RawParameter {
  readonly Name: string
  readonly DefaultValue: RawNode | null
  readonly DeclaredTypes: unknown
}
interface RawDiagnosticNode {
  readonly Code: string
  readonly Severity: string
  readonly Message: string
  readonly Start: number
  readonly Length: number
}
interface RawCode {
  readonly Kind: string
  readonly HasSemantics: boolean
  readonly Syntax: RawNode
  readonly ResultType: RawType | null
  GetDiagnostics(): unknown
}
interface RawGlobals {
  WithPlugIns(plugIns: readonly unknown[]): RawGlobals
  WithCluster(cluster: unknown): RawGlobals
  WithDatabase(database: unknown): RawGlobals
  WithCache(): RawGlobals
}
type Class<A extends unknown[] = unknown[]> = new (...args: A) => unknown
interface Library {
  readonly Bridge: {
    is(value: unknown, type: unknown): boolean
    toArray<T>(list: unknown): T[]
    getTypeName(value: unknown): string
  }
  readonly Language: {
    readonly PlugIns: { readonly All: unknown }
    readonly GlobalState: { readonly Default: RawGlobals }
    readonly KustoCode: { ParseAndAnalyze(text: string, globals: RawGlobals): RawCode }
    readonly Editor: {
      readonly KustoCodeService: { readonly $ctor1: Class<[string, RawGlobals]> }
    }
    readonly Symbols: {
      readonly ScalarTypes: { GetSymbol(name: string): unknown }
      readonly ColumnSymbol: Class
      readonly TableSymbol: { readonly $ctor3: Class; readonly $ctor4: Class }
      readonly Parameter: { readonly ctor: Class; readonly $ctor3: Class }
      readonly ParameterTypeKind: Readonly<Record<string, number>>
      readonly ArgumentKind: Readonly<Record<string, number>>
      readonly Tabularity: { readonly Tabular: unknown }
      readonly TupleSymbol: unknown
      readonly ScalarSymbol: unknown
      readonly FunctionSymbol: { readonly ctor: Class; readonly $ctor16: Class }
      readonly DatabaseSymbol: { readonly ctor: Class }
      readonly ClusterSymbol: { readonly ctor: Class }
    }
    readonly Syntax: {
      readonly SyntaxKind: Readonly<Record<string, unknown>>
      readonly SyntaxToken: unknown
      readonly SyntaxList: unknown
      readonly SeparatedElement: unknown
      readonly Expression: unknown
      readonly FunctionCallExpression: unknown
    }
  }
}

let loaded: (Library & { readonly kinds: readonly string[] }) | undefined

function library(): Library & { readonly kinds: readonly string[] } {
  if (loaded) return loaded
  // A bundle brings the scripts itself, and two copies in one process would share these globals.
  if (!('Kusto' in globalThis)) {
    const require = createRequire(import.meta.url)
    require('@kusto/language-service-next/bridge.min.js')
    require('@kusto/language-service-next/Kusto.Language.Bridge.min.js')
  }
  const globals = globalThis as unknown as {
    Bridge: Library['Bridge']
    Kusto: { Language: Library['Language'] }
  }
  const kinds: string[] = []
  for (const [name, number] of Object.entries(globals.Kusto.Language.Syntax.SyntaxKind)) {
    if (typeof number === 'number') kinds[number] = name
  }
  loaded = { Bridge: globals.Bridge, Language: globals.Kusto.Language, kinds }
  return loaded
}

function toArray<T>(list: unknown): T[] {
  if (list === null || list === undefined) return []
  return Array.isArray(list) ? (list as T[]) : library().Bridge.toArray<T>(list)
}

interface RawPlugInCall {
  readonly RowScope: { readonly Columns: unknown }
  readonly Arguments: unknown
}
interface RawTable {
  WithIsOpen(open: boolean): RawTable
}

/** The plug-ins of the library, with those it does not know, or knows fewer parameters of than the reference does. */
function plugIns(): unknown[] {
  const { Symbols, PlugIns } = library().Language
  const { Parameter, ParameterTypeKind, ArgumentKind, ScalarTypes, TableSymbol } = Symbols
  const optional = (name: string, type: string, argument: string) =>
    new Parameter.$ctor3(
      name,
      ScalarTypes.GetSymbol(type),
      ArgumentKind[argument],
      null,
      null,
      false,
      null,
      0,
      1,
      null,
      null,
    )
  const plugIn = (name: string, result: (call: RawPlugInCall) => unknown, parameters: readonly unknown[]) =>
    new Symbols.FunctionSymbol.ctor(name, result, Symbols.Tabularity.Tabular, parameters)
  const table = (columns: readonly unknown[]) => new TableSymbol.$ctor3(columns) as RawTable
  const ours = [
    plugIn(
      'bag_unpack',
      ({ RowScope, Arguments }) => {
        const [bag] = toArray<{ ReferencedSymbol: unknown }>(Arguments)
        return table(toArray(RowScope.Columns).filter((c) => c !== bag?.ReferencedSymbol)).WithIsOpen(true)
      },
      [
        new Parameter.ctor('Column', ParameterTypeKind['Scalar'], ArgumentKind['Column']),
        optional('OutputColumnPrefix', 'string', 'Constant'),
        optional('columnsConflict', 'string', 'Literal'),
        optional('ignoredProperties', 'dynamic', 'Constant'),
      ],
    ),
    plugIn('schema_merge', ({ RowScope }) => table(toArray(RowScope.Columns)), [
      optional('PreserveOrder', 'bool', 'Literal'),
    ]),
  ] as RawSymbol[]
  const known = toArray<RawSymbol>(PlugIns.All)
  return [...known.filter(({ Name }) => !ours.some((own) => own.Name === Name)), ...ours]
}

const globalsOfSchema = new WeakMap<DatabaseSchema, RawGlobals>()

function globalsFor(schema: DatabaseSchema): RawGlobals {
  const known = globalsOfSchema.get(schema)
  if (known) return known
  const { Language } = library()
  const { Symbols } = Language
  const tables = schema.tables.map(
    (table) =>
      new Symbols.TableSymbol.$ctor4(
        table.name,
        table.columns.map(
          (column) =>
            new Symbols.ColumnSymbol(
              column.name,
              Symbols.ScalarTypes.GetSymbol(column.type),
              column.docstring ?? null,
              null,
              null,
              null,
            ),
        ),
      ),
  )
  const functions = (schema.functions ?? []).map(
    (f) => new Symbols.FunctionSymbol.$ctor16(f.name, f.parameters, `{${f.body}\n}`, f.docstring ?? null),
  )
  const database = new Symbols.DatabaseSymbol.ctor(schema.name, [...tables, ...functions])
  const cluster = new Symbols.ClusterSymbol.ctor('cluster', [database])
  const globals = Language.GlobalState.Default.WithPlugIns(plugIns())
    .WithCluster(cluster)
    .WithDatabase(database)
    .WithCache()
  globalsOfSchema.set(schema, globals)
  return globals
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
