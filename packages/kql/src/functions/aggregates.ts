/** Aggregates. All of them skip nulls, but for count() and make_list_with_nulls(). */
import type { KqlType } from '../values.js'
import type { AggregateContext, AggregateFunction, AggregateFunctionTable, Sql } from './function.js'

/** The conditions under which none of the values is null. */
function present(...values: readonly Sql[]): string | undefined {
  const nullable = values.filter((value) => value.nullable)
  return nullable.length > 0 ? nullable.map((value) => `${value} IS NOT NULL`).join(' AND ') : undefined
}

function list(value: Sql, { filter, json, orderBy }: AggregateContext): string {
  return `list(${json(value)}${orderBy})${filter(present(value))}`
}

/** `makelist` and `makeset`, the old names, stop at 128. */
const SIZE_LIMIT = 1_048_576
const OLD_SIZE_LIMIT = 128

function limited(sql: string, limit: Sql | undefined, otherwise: number | undefined): string {
  if (limit) return `list_slice(${sql}, 1, ${limit.constant === null ? SIZE_LIMIT : limit.bare})`
  return otherwise === undefined ? sql : `list_slice(${sql}, 1, ${otherwise})`
}

function makeList(limit?: number): AggregateFunction {
  return {
    doc: 'make-list-aggregation-function',
    ordered: true,
    returns: 'dynamic',
    nullable: 'never',
    duckdb: ([value, size], context) =>
      `to_json(coalesce(${limited(items(value!, context), size, limit)}, []))`,
  }
}

/** The values in the order of arrival; an array gives its elements, as Kusto collects them. */
function items(value: Sql, context: AggregateContext): string {
  const values = list(value, context)
  return value.type === 'dynamic' ? `kql_set_items(${values})` : values
}

function makeSet(limit?: number): AggregateFunction {
  return {
    doc: 'make-set-aggregation-function',
    ordered: true,
    returns: 'dynamic',
    nullable: 'never',
    duckdb: ([value, size], context) =>
      `to_json(coalesce(${limited(`kql_distinct(${items(value!, context)})`, size, limit)}, []))`,
  }
}

function makeBag(limit?: number): AggregateFunction {
  return {
    doc: 'make-bag-aggregation-function',
    parameters: ['dynamic', 'long'],
    ordered: true,
    returns: 'dynamic',
    nullable: 'never',
    duckdb: ([bag, size], { filter, orderBy }) => {
      const bags = `list(${bag!.bare}${orderBy})${filter(`json_type(${bag!.bare}) = 'OBJECT'`)}`
      const entries = limited(`kql_bags_entries(coalesce(${bags}, []))`, size, limit)
      return `kql_bag_of(${entries})`
    },
  }
}

/** The best by the first argument. If that is null in all rows of the group, the first row. */
function best(direction: 'max' | 'min') {
  return ([by, value]: readonly Sql[], { filter }: AggregateContext): string => {
    const extreme = `${direction}(${by!.bare})${filter()}`
    if (by!.sql === value!.sql) return extreme
    // The _null variant keeps a value that is null, so that all columns come from one row.
    const best = `arg_${direction}_null(${value!.bare}, ${by!.bare})${filter()}`
    return by!.nullable
      ? `CASE WHEN ${extreme} IS NULL THEN first(${value!.bare})${filter()} ELSE ${best} END`
      : best
  }
}

/** A statistic of reals; of too few values it is 0. */
function statistic(doc: string, sql: string, conditional?: string): AggregateFunction {
  return {
    doc,
    parameters: ['real'],
    returns: 'real',
    nullable: 'never',
    ...(conditional ? { conditional } : {}),
    duckdb: ([value], { filter }) => `coalesce(${sql}(${value!.bare})${filter()}, 0e0)`,
  }
}

function covariance(doc: string, sql: string, conditional: string): AggregateFunction {
  return {
    doc,
    parameters: ['real', 'real'],
    returns: 'real',
    nullable: 'never',
    conditional,
    conditionAt: 2,
    duckdb: ([x, y], { filter }) => `coalesce(${sql}(${x!.bare}, ${y!.bare})${filter()}, 0e0)`,
  }
}

function bits(doc: string, sql: string): AggregateFunction {
  return { doc, parameters: ['long'], returns: 'long', nullable: 'always', duckdb: `${sql}($0)$filter` }
}

const PERCENTILE_TYPES: Partial<Readonly<Record<KqlType, string>>> = {
  int: 'INTEGER',
  long: 'BIGINT',
  real: 'DOUBLE',
  decimal: 'DECIMAL(38, 17)',
  datetime: 'BIGINT',
  timespan: 'BIGINT',
}

/** The percentiles as numbers, from literals one by one or from one literal array. */
function ranks(args: readonly Sql[], refuse: (message: string) => never): number[] {
  const numbers = args.flatMap(({ constant, type }) =>
    type === 'dynamic' && typeof constant === 'string' ? (JSON.parse(constant) as unknown[]) : [constant],
  )
  return numbers.map((constant) => {
    const rank = Number(constant ?? Number.NaN)
    return rank >= 0 && rank <= 100 ? rank : refuse('A percentile must be a literal from 0 to 100')
  })
}

/** Percentiles by nearest rank: always one of the values. */
function percentile(doc: string, shape: { weighted: boolean; array: boolean }): AggregateFunction {
  return {
    doc,
    ...(shape.array ? { returns: 'dynamic' as const } : {}),
    nullable: 'always',
    duckdb: (args, { filter, json, jsonAs, type, refuse }) => {
      const [value, weight] = args
      if (!(value!.type in PERCENTILE_TYPES))
        return refuse(`Percentiles of ${value!.type} values are not supported`)
      const wanted = ranks(args.slice(shape.weighted ? 2 : 1), refuse)
      const weighted = (item: string) =>
        `list({'v': ${item}, 'w': ${weight}::DOUBLE} ORDER BY ${value!.bare})${filter(present(value!, weight!))}`
      const discrete = (item: string, at: string) =>
        shape.weighted ? '' : `quantile_disc(${item}, ${at})${filter()}`
      if (!shape.array) {
        const [rank] = wanted
        const sql = shape.weighted
          ? `kql_percentile_of(${weighted(value!.bare)}, ${rank})`
          : discrete(value!.bare, `${rank! / 100}`)
        return type === value!.type ? sql : `(${sql})::${PERCENTILE_TYPES[type] ?? 'JSON'}`
      }
      const each = wanted.map((rank) =>
        shape.weighted
          ? `kql_percentile_of(${weighted(json(value!))}, ${rank})`
          : jsonAs(discrete(value!.bare, `${rank / 100}`), value!.type),
      )
      return `CASE WHEN count(${value!.bare})${filter()} > 0 THEN json_array(${each.join(', ')}) END`
    },
  }
}

function tdigest({ filter, json }: AggregateContext, value: Sql, weight: Sql | undefined): string {
  const entries = `list({'v': ${json(value)}, 'w': ${weight ? `${weight}::DOUBLE` : '1e0'}} ORDER BY ${value.bare})`
  return `kql_tdigest(coalesce(${entries}${filter(present(value, ...(weight ? [weight] : [])))}, []))`
}

export const aggregates = {
  count: {
    doc: 'count-aggregation-function',
    aliases: ['cnt'],
    conditional: 'countif',
    conditionAt: 0,
    returns: 'long',
    nullable: 'never',
    duckdb: ([condition], { filter }) => `count(*)${filter(condition && `${condition}`)}`,
  },
  sum: {
    doc: 'sum-aggregation-function',
    conditional: 'sumif',
    nullable: 'never',
    duckdb: ([value], { filter, type }) => {
      const total = `coalesce(sum(${value!.bare})${filter()}, 0)`
      return type === 'real'
        ? `${total}::DOUBLE`
        : type === 'decimal'
          ? `${total}::DECIMAL(38, 17)`
          : `${total}::BIGINT`
    },
  },
  min: {
    doc: 'min-aggregation-function',
    conditional: 'minif',
    nullable: 'always',
    duckdb: 'min($0)$filter',
  },
  max: {
    doc: 'max-aggregation-function',
    conditional: 'maxif',
    nullable: 'always',
    duckdb: 'max($0)$filter',
  },
  /** Of no values the average is NaN, as 0 by 0 is. */
  avg: {
    doc: 'avg-aggregation-function',
    conditional: 'avgif',
    nullable: 'always',
    duckdb: ([value], { filter, type }) => {
      const average = `avg(${value!.bare})${filter()}`
      if (type === 'timespan' || type === 'datetime') return `trunc(${average})::BIGINT`
      return type === 'decimal' ? `${average}::DECIMAL(38, 17)` : `coalesce(${average}, 'NaN'::DOUBLE)`
    },
  },
  dcount: {
    doc: 'dcount-aggregation-function',
    conditional: 'dcountif',
    returns: 'long',
    nullable: 'never',
    duckdb: 'count(DISTINCT $0)$filter',
  },
  count_distinct: {
    doc: 'count-distinct-aggregation-function',
    conditional: 'count_distinctif',
    returns: 'long',
    nullable: 'never',
    duckdb: 'count(DISTINCT $0)$filter',
  },
  arg_max: {
    doc: 'arg-max-aggregation-function',
    aliases: ['argmax'],
    nullable: 'always',
    duckdb: best('max'),
  },
  arg_min: {
    doc: 'arg-min-aggregation-function',
    aliases: ['argmin'],
    nullable: 'always',
    duckdb: best('min'),
  },
  take_any: {
    doc: 'take-any-aggregation-function',
    aliases: ['any'],
    conditional: ['take_anyif', 'anyif'],
    ordered: true,
    nullable: 'always',
    duckdb: ([value], { filter, orderBy }) =>
      `first(${value!.bare}${orderBy})${filter(value!.nullable ? `${value} IS NOT NULL` : value!.type === 'string' ? `${value} <> ''` : undefined)}`,
  },
  /** One column of one record of the group: the first. */
  '$any-record': {
    doc: 'take-any-aggregation-function',
    ordered: true,
    nullable: 'always',
    duckdb: 'first($0$order)',
  },
  /** When a group is first met, and last. */
  $first: { doc: 'summarize-operator', nullable: 'always', duckdb: 'min($0)' },
  $last: { doc: 'summarize-operator', nullable: 'always', duckdb: 'max($0)' },
  make_list: { ...makeList(), conditional: 'make_list_if' },
  makelist: makeList(OLD_SIZE_LIMIT),
  buildschema: {
    doc: 'buildschema-aggregation-function',
    parameters: ['dynamic'],
    ordered: true,
    returns: 'dynamic',
    nullable: 'never',
    duckdb: 'kql_build_schema(list($0$order)$filter)',
  },
  make_list_with_nulls: {
    doc: 'make-list-with-nulls-aggregation-function',
    ordered: true,
    returns: 'dynamic',
    nullable: 'never',
    duckdb: ([value], { filter, json, orderBy }) =>
      `to_json(coalesce(list(${json(value!)}${orderBy})${filter()}, []))`,
  },
  make_set: { ...makeSet(), conditional: 'make_set_if' },
  makeset: makeSet(OLD_SIZE_LIMIT),
  make_bag: { ...makeBag(), conditional: 'make_bag_if' },
  make_dictionary: makeBag(OLD_SIZE_LIMIT),
  stdev: statistic('stdev-aggregation-function', 'stddev_samp', 'stdevif'),
  stdevp: statistic('stdevp-aggregation-function', 'stddev_pop'),
  variance: statistic('variance-aggregation-function', 'var_samp', 'varianceif'),
  variancep: statistic('variancep-aggregation-function', 'var_pop', 'variancepif'),
  covariance: covariance('covariance-aggregation-function', 'covar_samp', 'covarianceif'),
  covariancep: covariance('covariancep-aggregation-function', 'covar_pop', 'covariancepif'),
  binary_all_and: bits('binary-all-and-aggregation-function', 'bit_and'),
  binary_all_or: bits('binary-all-or-aggregation-function', 'bit_or'),
  binary_all_xor: bits('binary-all-xor-aggregation-function', 'bit_xor'),
  /** One of `percentiles` each: summarize splits them. */
  percentile: percentile('percentiles-aggregation-function', { weighted: false, array: false }),
  percentilew: percentile('percentiles-aggregation-function', { weighted: true, array: false }),
  percentiles_array: percentile('percentiles-aggregation-function', { weighted: false, array: true }),
  percentilesw_array: percentile('percentiles-aggregation-function', { weighted: true, array: true }),
  tdigest: {
    doc: 'tdigest-aggregation-function',
    returns: 'dynamic',
    nullable: 'never',
    duckdb: ([value, weight], context) => tdigest(context, value!, weight),
  },
  tdigest_merge: {
    doc: 'tdigest-merge-aggregation-function',
    aliases: ['merge_tdigest'],
    parameters: ['dynamic'],
    returns: 'dynamic',
    nullable: 'never',
    duckdb: ([digest], { filter }) =>
      `kql_tdigest_merge(coalesce(list(${digest!.bare})${filter(present(digest!))}, []))`,
  },
  hll: {
    doc: 'hll-aggregation-function',
    conditional: 'hll_if',
    returns: 'dynamic',
    nullable: 'never',
    duckdb: ([value], { filter, json }) =>
      `to_json(coalesce(list(DISTINCT hash(${json(value!)}))${filter(present(value!))}, []))`,
  },
  hll_merge: {
    doc: 'hll-merge-aggregation-function',
    parameters: ['dynamic'],
    returns: 'dynamic',
    nullable: 'never',
    duckdb: ([state], { filter }) =>
      `kql_hll_merge(coalesce(list(${state!.bare})${filter(present(state!))}, []))`,
  },
} satisfies AggregateFunctionTable
