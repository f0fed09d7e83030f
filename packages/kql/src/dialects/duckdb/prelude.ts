/**
 * Macros that the SQL of this dialect calls. An engine runs these statements once per database before any compiled
 * query; they may run again at any time. DuckDB expands a macro in place: it costs nothing at run time, and it keeps
 * the SQL of a query readable.
 */
import { macros } from './macros/macros.js'

export const DUCKDB_PRELUDE: readonly string[] = macros.map(
  ({ name, parameters, body }) => `CREATE OR REPLACE MACRO ${name}(${parameters.join(', ')}) AS ${body}`,
)
