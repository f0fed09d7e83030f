export type { IngestBatch, ReplacedRows, SourcePosition, TableBatch } from './batch.js'
export type { ColumnBatch, StoreSize, TableStats, TickRange } from './engine.js'
export * from './errors.js'
export type { Purged, Retention } from './maintenance.js'
export type { CompiledQuery, QueryOptions, QueryResult } from './query.js'
export {
  type ColumnSchema,
  type DatabaseSchema,
  type KqlType,
  MAX_COLUMNS,
  OVERFLOW_COLUMN,
  ROW_ID,
  type TableSchema,
} from './schema.js'
export {
  DATABASE_FILE,
  type IngestResult,
  type OpenStoreOptions,
  openStore,
  restoreStore,
  type Store,
  type StoreStats,
} from './store.js'
export { STATE_TABLES, TABLES } from './tables/index.js'
