/** Calendar and clock. A datetime is a BIGINT of ticks; `kql_timestamp` and `kql_ticks` go to and from TIMESTAMP. */
import type { ScalarFunctionTable } from './function.js'

export const datetimeFunctions: ScalarFunctionTable = {
  bin: {
    doc: 'bin-function',
    aliases: ['floor'],
    nullable: 'always',
    duckdb: ([value, size], { type }) =>
      type === 'real'
        ? `kql_bin_real(${value!.bare}, ${size!.bare})`
        : `kql_bin(${value!.bare}, ${size!.bare})`,
  },
}
