export {
  type ColumnsQuestion,
  ColumnsUnknown,
  type CompiledQuery,
  type CompileLimits,
  type CompileOptions,
  compile,
  prepare,
  type Render,
  type SqlValue,
} from './compile.js'
export { type Diagnostic, formatDiagnostics, KqlError } from './diagnostics.js'
export { DUCKDB_PRELUDE } from './dialects/duckdb/prelude.js'
export { formatPlan } from './plan/format.js'
export type { QueryPlan as Plan } from './plan/plan.js'
export { referencePage, type SupportedKql, type SupportedName, supportedKql } from './reference.js'
export type { ColumnSchema, DatabaseSchema, StoredFunction, TableSchema } from './schema.js'
export {
  dateFromTicks,
  formatReal,
  formatTimespan,
  formatValue,
  type KqlType,
  type KqlValue,
  parseDatetime,
  parseTimespan,
  ticksFromDate,
  ticksToIso,
  toJsonValue,
} from './values.js'
