export * as auditRules from './audit-rules/index.js'
export { catchUp, type FollowOptions, follow, rotatedFiles } from './follow.js'
export * as host from './host/index.js'
export {
  type FileProblem,
  type IngestOptions,
  type IngestReport,
  ingestFile,
  type Sink,
} from './ingest.js'
export { hostNames } from './names.js'
