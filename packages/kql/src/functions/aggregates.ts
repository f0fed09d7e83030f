/** Aggregates. All of them skip nulls, but for count(). */
import type { AggregateContext, AggregateFunctionTable, Sql } from './function.js'

function list([value]: readonly Sql[], { filter, json, orderBy }: AggregateContext): string {
  return `list(${json(value!)}${orderBy})${filter(value!.nullable ? `${value} IS NOT NULL` : undefined)}`
}

const SET_LIMIT = 1_048_576

/** The best by the first argument: rows whose key is null come last. */
function best(direction: 'max' | 'min') {
  return ([by, value]: readonly Sql[], { filter, orderBy }: AggregateContext): string => {
    if (by!.sql === value!.sql) return `${direction}(${by!.bare})${filter()}`
    // first() keeps a value that is null, unlike max_by(), so that all columns come from one row.
    const order = `${by!.bare} ${direction === 'max' ? 'DESC' : 'ASC'} NULLS LAST${orderBy.replace(' ORDER BY ', ', ')}`
    return `first(${value!.bare} ORDER BY ${order})${filter()}`
  }
}

export const aggregates = {
  count: {
    doc: 'count-aggregation-function',
    conditional: 'countif',
    conditionAt: 0,
    returns: 'long',
    nullable: 'never',
    duckdb: 'count(*)$filter',
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
  avg: {
    doc: 'avg-aggregation-function',
    conditional: 'avgif',
    nullable: 'always',
    duckdb: ([value], { filter, type }) =>
      type === 'timespan' || type === 'datetime'
        ? `trunc(avg(${value!.bare})${filter()})::BIGINT`
        : type === 'decimal'
          ? `avg(${value!.bare})${filter()}::DECIMAL(38, 17)`
          : `avg(${value!.bare})${filter()}`,
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
    aliases: ['any', 'anyif'],
    conditional: 'take_anyif',
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
  /** The cells of a series as one object, for `$series`. */
  '$series-cells': {
    doc: 'make-series-operator',
    returns: 'dynamic',
    nullable: 'never',
    duckdb: ([cell, value], { json }) => `map(list(${cell!.bare}), list(${json(value!)}))`,
  },
  make_list: {
    doc: 'make-list-aggregation-function',
    aliases: ['makelist'],
    conditional: 'make_list_if',
    ordered: true,
    returns: 'dynamic',
    nullable: 'never',
    duckdb: (args, context) => `to_json(coalesce(${limited(list(args, context), args[1])}, []))`,
  },
  make_set: {
    doc: 'make-set-aggregation-function',
    aliases: ['makeset'],
    conditional: 'make_set_if',
    ordered: true,
    returns: 'dynamic',
    nullable: 'never',
    duckdb: (args, context) =>
      `to_json(coalesce(${limited(`kql_distinct(${args[0]!.type === 'dynamic' ? `kql_flat(${list(args, context)})` : list(args, context)})`, args[1])}, []))`,
  },
} satisfies AggregateFunctionTable

function limited(sql: string, limit: Sql | undefined): string {
  if (!limit) return sql
  return `list_slice(${sql}, 1, ${limit.constant === null ? SET_LIMIT : limit.bare})`
}
