/**
 * Functions that are computed here, in TypeScript, because SQL can not say them well: decompositions of series, graphs,
 * cells on the sphere, compression. They are pure, and an engine calls them by name, value by value.
 *
 * A dialect decides how: DuckDB calls back (`dialects/duckdb/natives.ts`); an engine that can not refuses them.
 */

/** How a value is handed over. `json` is the text of a JSON value; a list holds no lists. */
export type NativeType = 'text' | 'json' | 'real' | 'long' | 'bool' | 'text[]' | 'json[]' | 'real[]'

export type NativeValue = string | number | bigint | boolean | null | readonly (string | number | null)[]

export interface NativeFunction {
  /** `kql_…`, as SQL calls it. */
  readonly name: string
  readonly parameters: readonly NativeType[]
  readonly returns: NativeType
  /** Null stands for null, in and out. What it throws ends the query with that message. */
  readonly compute: (...values: never[]) => NativeValue
}

type ValueOf<T extends NativeType> = T extends 'text' | 'json'
  ? string | null
  : T extends 'real'
    ? number | null
    : T extends 'long'
      ? bigint | null
      : T extends 'bool'
        ? boolean | null
        : T extends 'real[]'
          ? readonly (number | null)[] | null
          : readonly (string | null)[] | null

type ValuesOf<P extends readonly NativeType[]> = { [K in keyof P]: ValueOf<P[K]> }

export function native<const P extends readonly NativeType[], const R extends NativeType>(
  name: string,
  parameters: P,
  returns: R,
  compute: (...values: ValuesOf<P>) => ValueOf<R>,
): NativeFunction {
  return { name, parameters, returns, compute: compute as NativeFunction['compute'] }
}

/** The same for functions that give null as soon as one of their values is null. */
export function strict<const P extends readonly NativeType[], const R extends NativeType>(
  name: string,
  parameters: P,
  returns: R,
  compute: (...values: { [K in keyof P]: NonNullable<ValueOf<P[K]>> }) => ValueOf<R>,
): NativeFunction {
  return native(name, parameters, returns, (...values) =>
    values.some((value) => value === null)
      ? (null as ValueOf<R>)
      : compute(...(values as { [K in keyof P]: NonNullable<ValueOf<P[K]>> })),
  )
}
