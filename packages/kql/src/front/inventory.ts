/** All names that the language service knows, supported here or not. */
import { library, type RawSymbol, toArray } from './library.js'

export interface Inventory {
  readonly functions: readonly string[]
  readonly aggregates: readonly string[]
  readonly plugins: readonly string[]
  /** Kinds of nodes: `FilterOperator`. */
  readonly operators: readonly string[]
}

export function inventory(): Inventory {
  const { Language, kinds } = library()
  const names = (list: unknown) =>
    toArray<RawSymbol>(list)
      .map(({ Name }) => Name ?? '')
      .sort()
  return {
    functions: names(Language.Functions.All),
    aggregates: names(Language.Aggregates.All),
    plugins: names(Language.PlugIns.All),
    operators: kinds.filter((kind) => kind?.endsWith('Operator') && kind !== 'BadQueryOperator').sort(),
  }
}
