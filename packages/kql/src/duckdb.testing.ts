/** For tests: a DuckDB in memory with the macros and native functions that compiled SQL calls. */
import * as duckdb from '@duckdb/node-api'
import { type DuckDBApi, registerNatives } from './dialects/duckdb/natives.js'
import { DUCKDB_PRELUDE } from './dialects/duckdb/prelude.js'

export async function openDuckDB(): Promise<duckdb.DuckDBConnection> {
  const connection = await (await duckdb.DuckDBInstance.create(':memory:')).connect()
  for (const statement of DUCKDB_PRELUDE) await connection.run(statement)
  registerNatives(connection, duckdb as unknown as DuckDBApi)
  return connection
}
