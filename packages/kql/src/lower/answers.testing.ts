/** For tests: what a query without stored tables answers, compiled and run on DuckDB. */
import { prepare } from '../compile.js'
import { openDuckDB } from '../duckdb.testing.js'
import { formatValue, type KqlValue } from '../values.js'

let opened: ReturnType<typeof openDuckDB> | undefined

/** Names of the columns, then the rows; values as Kusto prints them. */
export async function answer(text: string): Promise<string[][]> {
  opened ??= openDuckDB()
  const connection = await opened
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRows() as KqlValue[][]
  const ask = async (sql: string) => (await rowsOf(sql)).map(([value]) => value as string | null)
  const query = await prepare(text, { schema: { name: 'test', tables: [] }, now: 0n }, ask)
  const rows = await rowsOf(query.sql)
  const { columns } = query
  return [
    columns.map(({ name }) => name),
    ...rows.map((row) => row.map((value, i) => formatValue(columns[i]!.type, value))),
  ]
}
