/** Arrays as sets: elements are equal if their JSON values are, and stay in the order in which they come first. */
import type { ScalarFunctionTable, Sql } from './function.js'
import { bind } from './sql.js'

/** The elements; what is no array has none. */
const elements = (array: Sql): string => `coalesce(kql_list(${array.bare}), [])`

/** The distinct elements of the first array that are in all others, or in none of them. */
const compared =
  (inOthers: 'all' | 'none') =>
  ([first, ...others]: readonly Sql[]): string =>
    bind({ l: `kql_list(${first!.bare})` }, (l) => {
      const tests = others.map((other) => {
        const found = `list_contains(kql_canonicals(${elements(other)}), kql_canonical("$x"))`
        return inOthers === 'all' ? found : `NOT ${found}`
      })
      return `to_json(list_filter(kql_set(${l}), lambda "$x": ${tests.join(' AND ')}))`
    })

/** Sizes of what two arrays have in common, and of what they have together. */
function overlap(a: Sql, b: Sql, body: (common: string, all: string) => string): string {
  return bind(
    {
      a: `list_distinct(kql_canonicals(kql_list(${a.bare})))`,
      b: `list_distinct(kql_canonicals(kql_list(${b.bare})))`,
    },
    (x, y) => body(`len(list_intersect(${x}, ${y}))`, `len(list_distinct(${x} || ${y}))`),
  )
}

export const setFunctions: ScalarFunctionTable = {
  set_difference: {
    doc: 'set-difference-function',
    parameters: ['...dynamic'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: compared('none'),
  },
  set_equals: {
    doc: 'set-equals-function',
    parameters: ['dynamic', 'dynamic'],
    returns: 'bool',
    nullable: 'always',
    duckdb: ([a, b]) => overlap(a!, b!, (common, all) => `${common} = ${all}`),
  },
  set_has_element: {
    doc: 'set-has-element-function',
    parameters: ['dynamic', 'any'],
    returns: 'bool',
    nullable: 'always',
    duckdb: ([array, value], { json }) =>
      `list_contains(kql_canonicals(kql_list(${array!.bare})), kql_canonical(${json(value!)}))`,
  },
  set_intersect: {
    doc: 'set-intersect-function',
    parameters: ['...dynamic'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: compared('all'),
  },
  set_union: {
    doc: 'set-union-function',
    parameters: ['...dynamic'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: (args) =>
      bind(
        { l: `list_concat(${args.map((a) => `kql_list(${a.bare})`).join(', ')})` },
        (l) => `to_json(kql_set(${l}))`,
      ),
  },
  jaccard_index: {
    doc: 'jaccard-index-function',
    parameters: ['dynamic', 'dynamic'],
    returns: 'real',
    nullable: 'always',
    // Two empty sets: 0/0.
    duckdb: ([a, b]) =>
      overlap(
        a!,
        b!,
        (common, all) =>
          `CASE WHEN ${all} > 0 THEN ${common}::DOUBLE / ${all} WHEN ${all} = 0 THEN 'NaN'::DOUBLE END`,
      ),
  },
}
