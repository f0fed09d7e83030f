export {
  type ColumnsQuestion,
  ColumnsUnknown,
  type CompiledQuery,
  type CompileLimits,
  type CompileOptions,
  compile,
  prepare,
  type Render,
  renderPlan,
  type SqlValue,
} from './compile.js'
export { type Diagnostic, formatDiagnostics, KqlError } from './diagnostics.js'
export { DUCKDB_PRELUDE } from './dialects/duckdb/prelude.js'
export {
  type Completion,
  type CompletionKind,
  type Completions,
  completions,
  diagnostics,
  format,
  type Hover,
  hover,
  type Signature,
  type SignatureParameter,
  signature,
  type Token,
  type TokenKind,
  tokens,
} from './editor.js'
export type { AheadLimit } from './lower/context.js'
export { type Footprint, footprint, type SlotOptions } from './plan/footprint.js'
export { formatPlan } from './plan/format.js'
export type { QueryPlan as Plan } from './plan/plan.js'
export type { Bounds, ScanNeeds } from './plan/scans.js'
export {
  type RefusedName,
  referencePage,
  type SupportedKql,
  type SupportedName,
  supportedKql,
} from './reference.js'
export {
  type ColumnSchema,
  columnsFromText,
  type DatabaseSchema,
  type StoredFunction,
  type TableSchema,
} from './schema.js'
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
