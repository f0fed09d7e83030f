/**
 * Functions that no query can name: what the lowering uses to say things KQL has a syntax for. Their names start with
 * `$`, which no KQL name does.
 */
import type { AggregateFunctionTable, ScalarFunctionTable } from './function.js'

const SIMPLE_KEY = /^[A-Za-z_][A-Za-z0-9_]*$/

export const internalFunctions: ScalarFunctionTable = {
  /** `-x` */
  $minus: { doc: 'numerical-operators', binds: 8, duckdb: '-$0' },
  /** The dynamic that holds a value of another type. */
  $json: { doc: 'scalar-data-types/dynamic', duckdb: ([value], { json }) => json(value!) },
  /** The dynamic of a number: an integer where it has no fraction. */
  $number: { doc: 'scalar-data-types/dynamic', duckdb: 'kql_number($0)' },
  /** `$components(ids, pairs, strong)`: a bag of the number of the component that each node is in. */
  $components: {
    doc: 'graph-mark-components-operator',
    returns: 'dynamic',
    duckdb: 'kql_components($0, $1, $2)',
  },
  /** Bytes of a value, as `estimate_data_size` counts them. */
  $size: {
    doc: 'estimate-data-size-function',
    returns: 'long',
    nullable: 'never',
    duckdb: ([value]) => {
      const { type, bare } = value!
      if (type === 'string') return `strlen(${bare})`
      if (type === 'dynamic') return `coalesce(strlen(${bare}::VARCHAR), 0)`
      return { bool: '1', int: '4', guid: '16', decimal: '16' }[type as string] ?? '8'
    },
  },
  /** True if two values differ, null counting as a value. */
  $distinct: {
    doc: 'scalar-data-types/null-values',
    nullable: 'never',
    binds: 4,
    duckdb: '$0 IS DISTINCT FROM $1',
  },
  /** `bag.key`, `bag["key"]` */
  $get: {
    doc: 'scalar-data-types/dynamic',
    nullable: 'always',
    duckdb: ([bag, key], { quote }) => {
      const { constant } = key!
      if (key!.type === 'dynamic') return `kql_element(${bag!.bare}, ${key!.bare})`
      if (typeof constant !== 'string') return `kql_get(${bag!.bare}, ${key!.bare})`
      const path = SIMPLE_KEY.test(constant)
        ? `$.${constant}`
        : `/${constant.replaceAll('~', '~0').replaceAll('/', '~1')}`
      return `nullif(json_extract(${bag!.bare}, ${quote(path)}), 'null')`
    },
  },
  /** `array[0]`, `array[-1]` */
  $at: {
    doc: 'scalar-data-types/dynamic',
    nullable: 'always',
    duckdb: ([array, index], { quote }) =>
      typeof index!.constant === 'string'
        ? `nullif(json_extract(${array!.bare}, ${quote(`$[${index!.constant}]`)}), 'null')`
        : `kql_at(${array!.bare}, ${index!.bare})`,
  },
  /** Element of an mv-expand as a type: numbers only from numbers, nothing is parsed but times. */
  '$element-as': {
    doc: 'mv-expand-operator',
    nullable: 'always',
    duckdb: ([element], { type }) => {
      const { bare } = element!
      const text = `json_extract_string(${bare}, '$')`
      switch (type) {
        case 'long':
          return `kql_element_long(${bare})`
        case 'int':
          return `TRY_CAST(kql_element_long(${bare}) AS INTEGER)`
        case 'real':
          return `kql_element_real(${bare})`
        case 'decimal':
          return `TRY_CAST(${text} AS DECIMAL(38, 17))`
        case 'bool':
          return `kql_parse_bool(${text})`
        case 'datetime':
          return `kql_parse_datetime(${text})`
        case 'timespan':
          return `kql_parse_timespan(${text})`
        case 'guid':
          return `TRY_CAST(${text} AS UUID)`
        default:
          return text
      }
    },
  },
  /**
   * `$captures(text, pattern, groups)` and `$capture(captures, group)`: what the groups of a regular expression matched,
   * '' each if nothing did. The captures are a STRUCT, which is no KQL value, so they must not leave the plan.
   */
  $captures: {
    doc: 'parse-operator',
    duckdb: ([text, pattern, groups]) => {
      const names = Array.from({ length: Number(groups!.constant) }, (_, i) => `'g${i + 1}'`).join(', ')
      return `regexp_extract(${text!.bare}, ${pattern!.bare}, [${names}])`
    },
  },
  $capture: {
    doc: 'parse-operator',
    duckdb: ([captures, group]) => `struct_extract(${captures!.bare}, 'g${group!.constant}')`,
  },
  /** `$group(text, pattern)`: what the first group matched, '' if nothing did. */
  $group: { doc: 'parse-kv-operator', duckdb: 'regexp_extract($0, $1, 1)' },
  /** `$pair-value(text, pattern, key)`: the second group of the match whose first group is the key. */
  '$pair-value': {
    doc: 'parse-kv-operator',
    nullable: 'always',
    duckdb: 'kql_pair_value(regexp_extract_all($0, $1, 1), regexp_extract_all($0, $1, 2), $2)',
  },
  /** Number of the grid's cell at a distance from its start; cells that begin before the end; where they begin. */
  $cell: {
    doc: 'make-series-operator',
    duckdb: ([d, step]) => (d!.type === 'real' ? `floor(${d} / ${step})::BIGINT` : `${d} // ${step}`),
  },
  $cells: { doc: 'make-series-operator', duckdb: 'ceil($0 / $1)::BIGINT' },
  $axis: {
    doc: 'make-series-operator',
    duckdb: ([from, step, length], { jsonAs }) =>
      `to_json(list_transform(range(${length!.bare}), lambda i: ${jsonAs(`${from} + i * ${step}`, from!.type)}))`,
  },
  /** `$series(cells, length, absent)`: an array with the value of each cell. */
  $series: {
    doc: 'make-series-operator',
    duckdb: ([cells, length, absent], { json }) =>
      `to_json(list_transform(range(${length!.bare}), lambda i: coalesce(map_extract_value(${cells}, i), ${json(absent!)})))`,
  },
}

/** Aggregates that no query can name. */
export const internalAggregates: AggregateFunctionTable = {
  /** An array of arrays of two. */
  $pairs: {
    doc: 'graph-mark-components-operator',
    returns: 'dynamic',
    nullable: 'never',
    duckdb: 'to_json(coalesce(list([$0, $1])$filter, []))',
  },
  /** The cells of a series by their number, for `$series`. A MAP, which is no KQL value and must not leave the plan. */
  '$series-cells': {
    doc: 'make-series-operator',
    returns: 'dynamic',
    nullable: 'never',
    duckdb: ([cell, value], { json }) => `map(list(${cell!.bare}), list(${json(value!)}))`,
  },
}
