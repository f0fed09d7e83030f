/**
 * Tables as Parquet files that any other program reads: datetimes are timestamps, dynamic is JSON text, and
 * the query-language types stand in the file's metadata, so that an import gives back the same table.
 */
import type { EngineQuery, TickRange } from '../engine.js'
import { StoreError } from '../errors.js'
import type { ColumnSchema, KqlType, TableSchema } from '../schema.js'
import { UNIX_EPOCH_TICKS } from '../ticks.js'
import { literal } from './settings.js'
import { quote, SQL_TYPES } from './types.js'

const METADATA_KEY = 'auspex_table'

export function exportStatement(table: TableSchema, file: string, range: TickRange): string {
  const columns = table.columns.map((column) =>
    column.type === 'datetime'
      ? `make_timestamp_ns((${quote(column.name)} - ${UNIX_EPOCH_TICKS}) * 100) AS ${quote(column.name)}`
      : quote(column.name),
  )
  const conditions = [
    range.from === undefined ? undefined : `"TimeGenerated" >= ${range.from}`,
    range.to === undefined ? undefined : `"TimeGenerated" < ${range.to}`,
  ].filter((condition) => condition !== undefined)
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''
  const metadata = literal(JSON.stringify({ name: table.name, columns: table.columns }))
  return `COPY (SELECT ${columns.join(', ')} FROM ${quote(table.name)}${where} ORDER BY "_RowId")
    TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {${METADATA_KEY}: ${metadata}})`
}

export function metadataStatement(file: string): string {
  return `SELECT decode(value) FROM parquet_kv_metadata(${literal(file)}) WHERE decode(key) = '${METADATA_KEY}'`
}

export function importQuery(file: string, metadata: unknown): { table: TableSchema; query: EngineQuery } {
  const table = tableOf(file, metadata)
  const columns = table.columns.map((column) =>
    column.type === 'datetime'
      ? `epoch_ns(${quote(column.name)}) // 100 + ${UNIX_EPOCH_TICKS} AS ${quote(column.name)}`
      : quote(column.name),
  )
  const sql = `SELECT ${columns.join(', ')} FROM read_parquet(${literal(file)})`
  return { table, query: { sql, parameters: [], columns: table.columns } }
}

function tableOf(file: string, metadata: unknown): TableSchema {
  const table = typeof metadata === 'string' ? (JSON.parse(metadata) as TableSchema) : undefined
  if (!table?.columns.every(isColumn)) {
    throw new StoreError(
      'bad-export',
      `${file} was not written by an export of this program: its metadata does not name a table.`,
    )
  }
  return table
}

function isColumn(column: ColumnSchema): boolean {
  return typeof column.name === 'string' && (column.type satisfies KqlType) in SQL_TYPES
}
