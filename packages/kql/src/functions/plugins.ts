/** Functions that plugins of `evaluate` are made of; no query can name them. */
import type { ScalarFunctionTable } from './function.js'

export const pluginFunctions: ScalarFunctionTable = {
  /** The slots of a bag whose values are not null: an array of `[name, type]`; null if the value is no bag. */
  $slots: { doc: 'bag-unpack-plugin', nullable: 'always', duckdb: 'kql_slots($0)' },
}
