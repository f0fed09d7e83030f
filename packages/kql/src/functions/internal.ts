/**
 * Functions that no query can name: what the lowering uses to say things KQL has a syntax for. Their names start with
 * `$`, which no KQL name does.
 */
import type { ScalarFunctionTable } from './function.js'

const SIMPLE_KEY = /^[A-Za-z_][A-Za-z0-9_]*$/

export const internalFunctions: ScalarFunctionTable = {
  /** `-x` */
  $minus: { doc: 'numerical-operators', binds: 8, duckdb: '-$0' },
  /** The dynamic that holds a value of another type. */
  $json: { doc: 'scalar-data-types/dynamic', duckdb: ([value], { json }) => json(value!) },
  /** The dynamic of a number: an integer where it has no fraction. */
  $number: { doc: 'scalar-data-types/dynamic', duckdb: 'kql_number($0)' },
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
}
