/** Arrays: parts, order, search, element by element. Those on numbers alone are series (`series.ts`). */
import type { ScalarFunctionTable, Sql, TemplateContext } from './function.js'
import { bind } from './sql.js'

const list = (array: Sql): string => `kql_list(${array.bare})`

/** A position or a count; what is beyond any array is beyond all, and leaves room to add to it. */
const bounded = (count: Sql): string => `kql_bounded(${count.bare})`

/** Several arrays, sorted by the first: the array itself if there is but one, else an array of the arrays. */
const sorted =
  (direction: 'asc' | 'desc') =>
  (args: readonly Sql[], { json }: TemplateContext): string => {
    const flags = args.filter((arg) => arg.type === 'bool')
    const arrays = args.filter((arg) => arg.type !== 'bool')
    const lists = Object.fromEntries(arrays.map((array, i) => [`l${i}`, `kql_list(${json(array)})`]))
    return bind({ ...lists, last: flags[0]?.bare ?? 'true' }, (...names) => {
      const columns = names.slice(0, -1)
      const order = `kql_order_${direction}(${columns[0]}, ${names.at(-1)})`
      return bind({ order }, (positions) => {
        const picked = columns.map((column) => `kql_pick(${column}, ${positions})`)
        return picked.length === 1 ? picked[0]! : `json_array(${picked.join(', ')})`
      })
    })
  }

/** Moves the elements; what moves in is the third argument. */
const shifted =
  (sign: '' | '-') =>
  ([array, count, filler]: readonly Sql[], { json }: TemplateContext): string =>
    bind(
      { l: list(array!), n: bounded(count!) },
      (l, n) =>
        `CASE WHEN ${n} IS NOT NULL THEN kql_array_shift(${l}, ${sign}${n}, ${filler ? json(filler) : `kql_shift_filler(${l})`}) END`,
    )

const rotated =
  (sign: '' | '-') =>
  ([array, count]: readonly Sql[]): string =>
    bind(
      { l: list(array!), n: count!.bare },
      (l, n) => `CASE WHEN ${n} IS NOT NULL THEN kql_array_rotate(${l}, ${sign}(${n} % len(${l}))) END`,
    )

/** A branch of array_iff: an array, or one value for all places. */
function branch(value: Sql, { json }: TemplateContext, conditions: string): string {
  const repeated = `list_transform(${conditions}, lambda "$c": ${json(value)})`
  return value.type === 'dynamic'
    ? `CASE WHEN json_type(${value.bare}) = 'ARRAY' THEN ${list(value)} ELSE ${repeated} END`
    : repeated
}

export const arrayFunctions: ScalarFunctionTable = {
  array_concat: {
    doc: 'array-concat-function',
    parameters: ['...dynamic'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: (args) => `to_json(list_concat(${args.map(list).join(', ')}))`,
  },
  array_iff: {
    doc: 'array-iff-function',
    aliases: ['array_iif'],
    parameters: ['dynamic', 'any', 'any'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: ([conditions, yes, no], context) =>
      bind(
        { c: list(conditions!) },
        (c) => `kql_array_choose(${c}, ${branch(yes!, context, c)}, ${branch(no!, context, c)})`,
      ),
  },
  array_index_of: {
    doc: 'array-index-of-function',
    parameters: ['dynamic', 'any', 'long', 'long', 'long'],
    returns: 'long',
    nullable: 'always',
    duckdb: ([array, value, start, length, occurrence], { json }) =>
      bind(
        { l: list(array!) },
        (l) =>
          `CASE WHEN ${l} IS NOT NULL THEN kql_array_index_of(${l}, ${json(value!)}, ${start ? bounded(start) : 0}, ${length ? bounded(length) : -1}, ${occurrence ? bounded(occurrence) : 1}) END`,
      ),
  },
  array_reverse: {
    doc: 'array-reverse-function',
    parameters: ['dynamic'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: ([array]) => `to_json(list_reverse(${list(array!)}))`,
  },
  array_rotate_left: {
    doc: 'array-rotate-left-function',
    parameters: ['dynamic', 'long'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: rotated(''),
  },
  array_rotate_right: {
    doc: 'array-rotate-right-function',
    parameters: ['dynamic', 'long'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: rotated('-'),
  },
  array_shift_left: {
    doc: 'array-shift-left-function',
    parameters: ['dynamic', 'long', 'any'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: shifted(''),
  },
  array_shift_right: {
    doc: 'array-shift-right-function',
    parameters: ['dynamic', 'long', 'any'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: shifted('-'),
  },
  array_slice: {
    doc: 'array-slice-function',
    parameters: ['dynamic', 'long', 'long'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: ([array, start, end]) =>
      bind(
        { l: list(array!) },
        (l) => `kql_array_slice(${l}, ${bounded(start!)}, ${end ? bounded(end) : -1})`,
      ),
  },
  array_sort_asc: {
    doc: 'array-sort-asc-function',
    parameters: ['...any'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: sorted('asc'),
  },
  array_sort_desc: {
    doc: 'array-sort-desc-function',
    parameters: ['...any'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: sorted('desc'),
  },
  array_split: {
    doc: 'array-split-function',
    parameters: ['dynamic', 'any'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: ([array, cuts]) =>
      bind({ l: list(array!) }, (l) => {
        const positions =
          cuts!.type === 'dynamic'
            ? `coalesce(TRY_CAST(${cuts!.bare} AS BIGINT[]), [TRY_CAST(${cuts!.bare} AS BIGINT)])`
            : `[CAST(${cuts!.bare} AS BIGINT)]`
        return `CASE WHEN ${l} IS NOT NULL THEN kql_array_split(${l}, ${positions}) END`
      }),
  },
  array_sum: {
    doc: 'array-sum-function',
    parameters: ['dynamic'],
    returns: 'real',
    nullable: 'always',
    duckdb: ([array]) =>
      bind(
        { l: `kql_reals(${array!.bare})` },
        (l) => `CASE WHEN list_count(${l}) = len(${l}) THEN coalesce(list_sum(${l}), 0) END`,
      ),
  },
}
