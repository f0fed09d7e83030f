/** What a query can name, as the language service wants it: tables, stored functions, plugins. */
import type { DatabaseSchema } from '../schema.js'
import { library, type RawGlobals, type RawSymbol, toArray } from './library.js'

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

export function globalsFor(schema: DatabaseSchema): RawGlobals {
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
