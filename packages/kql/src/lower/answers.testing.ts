/** For tests: what a query without stored tables answers, compiled and run on DuckDB. */
import { prepare } from '../compile.js'
import { openDuckDB } from '../duckdb.testing.js'
import { parseDatetime } from '../index.js'
import { formatValue, type KqlValue } from '../values.js'

let opened: ReturnType<typeof openDuckDB> | undefined

async function run(text: string) {
  opened ??= openDuckDB()
  const connection = await opened
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRows() as unknown[][]
  const ask = async (sql: string) => (await rowsOf(sql)).map(([value]) => value as string | null)
  const now = parseDatetime('2026-01-01')!
  const query = await prepare(text, { schema: { name: 'test', tables: [] }, now }, ask)
  return { columns: query.columns, rows: await rowsOf(query.sql) }
}

/** Decimals and GUIDs come as objects that print themselves. */
function plain(value: unknown): KqlValue {
  return (value !== null && typeof value === 'object' ? String(value) : value) as KqlValue
}

/** Names of the columns, then the rows; values as Kusto prints them. */
export async function answer(text: string): Promise<string[][]> {
  const { columns, rows } = await run(text)
  return [
    columns.map(({ name }) => name),
    ...rows.map((row) => row.map((value, i) => formatValue(columns[i]!.type, plain(value)))),
  ]
}

/** The same with `name:type` as header and `null` for a null. */
export async function tableOf(text: string): Promise<string[][]> {
  const { columns, rows } = await run(text)
  return [
    columns.map(({ name, type }) => `${name}:${type}`),
    ...rows.map((row) =>
      row.map((value, i) => (value === null ? 'null' : formatValue(columns[i]!.type, plain(value)))),
    ),
  ]
}
