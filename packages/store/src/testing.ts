/** What the tests of this package share. */
import type { TableBatch } from './batch.js'
import type { ColumnSchema, KqlType } from './schema.js'
import type { Store } from './store.js'

export function batch(table: string, columns: Readonly<Record<string, unknown[]>>): TableBatch {
  const rowCount = Math.max(...Object.values(columns).map((list) => list.length))
  return { table, rowCount, columns: new Map(Object.entries(columns)) }
}

export async function rows(
  store: Store,
  sql: string,
  columns: Readonly<Record<string, KqlType>>,
): Promise<unknown[][]> {
  const list: ColumnSchema[] = Object.entries(columns).map(([name, type]) => ({ name, type }))
  return (await store.query({ sql, parameters: [], columns: list })).collect()
}
