export { AUDIT_EVENT_COLUMNS, AUDIT_EVENT_TABLE } from './audit-event/columns.js'
export type { SerialState } from './events/serials.js'
export { fieldId } from './field-ids.js'
export type { FieldInfo, FieldKind } from './fields.js'
export { FIELDS } from './fields.js'
export type { IdNames } from './host-names.js'
export { AuditLogInterpreter, type InterpreterOptions } from './interpret/interpreter.js'
export { type Doubt, type LineEnd, type TypedLine, TypedLines, typedLines } from './keystrokes/lines.js'
export { editsLines, type Reader, readerOf } from './keystrokes/readers.js'
export { renderKeystrokes } from './keystrokes/render.js'
export type { TtyReportEntry } from './keystrokes/report.js'
export { formatTtyReportEntry, ttyReport } from './keystrokes/report.js'
export {
  asksFor,
  hiddenKeys,
  looksLikePassword,
  visibleKeystrokes,
  visibleLine,
} from './keystrokes/visible.js'
export { type LineSink, LineSplitter } from './lines.js'
export { LINUX_AUDIT_LOG_COLUMNS, LINUX_AUDIT_LOG_TABLE, UNPARSED } from './linux-audit-log/columns.js'
export {
  APPENDIX,
  ENTRY_SEPARATOR,
  PACKED_FORM_TYPES,
  PACKED_FORMS,
  type PackedForm,
  type PackedSlot,
  type RawStep,
  VALUE_SEPARATOR,
} from './linux-audit-log/packed-forms.js'
export { ABSENT, type Texts } from './plain/kernel.js'
export type { ReaderPosition, TableReaderOptions, TableReaderResult } from './reader.js'
export { LinuxAuditLogReader } from './reader.js'
export { AuditRecord, ENRICHED, INNER, QUOTED } from './record.js'
export { PlainLine, RecordReader, type RecordReaderOptions, type RecordSink } from './record-reader.js'
export { recordTypeName, recordTypeNumber } from './record-types.js'
export { MASK, maskArguments, maskCommandLine } from './secrets/mask.js'
export { parseShellLine, type Redirection, type ShellCommand, type ShellLine } from './shell/parse.js'
export { assignment, knownText, literalWord, type ShellWord, type WordPiece } from './shell/words.js'
export { decodeSocketAddress, type SocketAddress } from './socket-address.js'
export type { ColumnInfo, PackedPart, PackedRows, Problem, ProblemReason, TableBatch } from './table.js'
export { decodeText, encodeText } from './text.js'
