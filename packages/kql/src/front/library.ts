/**
 * Loads Microsoft's `@kusto/language-service-next`. Nothing outside of this folder touches it.
 *
 * The package is C# compiled to JavaScript: two scripts that set three globals (`Bridge`, `System`, `Kusto`), numbered
 * constructor overloads that are renumbered between versions (hence the exact pin, and the test beside this file) and
 * lists that are sometimes arrays and sometimes .NET lists. None of that leaves this folder: in go text and a schema,
 * out come plain data.
 *
 * Loading costs about 350 ms and the first parse of a process more than a second, so it happens on first use.
 */
import { createRequire } from 'node:module'

// The few members of the Bridge classes that we use.
export interface RawType {
  readonly Name: string | null
  readonly Columns?: unknown
  readonly IsOpen?: boolean
}
export interface RawSymbol {
  readonly Name: string | null
  /** Of a function. */
  readonly Description?: string | null
  readonly Signatures?: unknown
}
export interface RawElement {
  readonly Kind: number
  readonly TextStart: number
  readonly End: number
  readonly ChildCount: number
  GetChild(index: number): RawElement | null
  GetName(index: number): string | null
}
export interface RawToken extends RawElement {
  readonly Text: string
  readonly ValueText: string | null
}
export interface RawNode extends RawElement {
  readonly ReferencedSymbol: RawSymbol | null
  /** Of a function call. */
  readonly ArgumentList?: RawElement & { readonly Expressions: RawElement }
  readonly ResultType?: RawType | null
  readonly IsConstant?: boolean
  readonly SimpleName?: string | null
  readonly LiteralValueInfo?: { readonly ValueText: string | null } | null
  readonly ReferencedSignature: { readonly Parameters: unknown } | null
  GetCalledFunctionBody(): RawNode | null
}
export interface RawParameter {
  readonly Name: string
  readonly TypeKind: number
  readonly IsOptional: boolean
  readonly IsRepeatable: boolean
  readonly DefaultValue: RawNode | null
  readonly DeclaredTypes: unknown
}
export interface RawDiagnosticNode {
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
export interface RawGlobals {
  WithPlugIns(plugIns: readonly unknown[]): RawGlobals
  WithCluster(cluster: unknown): RawGlobals
  WithDatabase(database: unknown): RawGlobals
  WithCache(): RawGlobals
}
export interface RawCompletion {
  readonly Kind: number
  readonly DisplayText: string
  readonly MatchText: string
  readonly OrderText: string
  readonly BeforeText: string
  readonly AfterText: string | null
}
export interface RawCodeService {
  GetCompletionItems(position: number): {
    readonly EditStart: number
    readonly EditLength: number
    readonly Items: unknown
  }
  GetQuickInfo(position: number): { readonly Items: unknown } | null
  GetClassifications(start: number, length: number): { readonly Classifications: unknown }
  GetFormattedText(options: unknown): { readonly Text: string }
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
    readonly Functions: { readonly All: unknown }
    readonly Aggregates: { readonly All: unknown }
    readonly GlobalState: { readonly Default: RawGlobals }
    readonly KustoCode: { ParseAndAnalyze(text: string, globals: RawGlobals): RawCode }
    readonly Editor: {
      readonly KustoCodeService: {
        readonly $ctor1: new (text: string, globals: RawGlobals) => RawCodeService
      }
      readonly CompletionKind: Readonly<Record<string, unknown>>
      readonly ClassificationKind: Readonly<Record<string, unknown>>
      readonly FormattingOptions: { readonly Default: { WithPipeOperatorStyle(style: number): unknown } }
      readonly PlacementStyle: Readonly<Record<string, number>>
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

export function library(): Library & { readonly kinds: readonly string[] } {
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
  const { Language } = globals.Kusto
  loaded = { Bridge: globals.Bridge, Language, kinds: namesOf(Language.Syntax.SyntaxKind) }
  return loaded
}

/** The names of an enumeration by number. */
export function namesOf(enumeration: Readonly<Record<string, unknown>>): readonly string[] {
  const names: string[] = []
  for (const [name, number] of Object.entries(enumeration)) {
    if (typeof number === 'number') names[number] = name
  }
  return names
}

export function toArray<T>(list: unknown): T[] {
  if (list === null || list === undefined) return []
  return Array.isArray(list) ? (list as T[]) : library().Bridge.toArray<T>(list)
}
