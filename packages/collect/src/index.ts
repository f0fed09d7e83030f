export * as agent from './agent/index.js'
export * as auditRules from './audit-rules/index.js'
export { type CatchUpOptions, catchUp, type FollowOptions, follow } from './follow.js'
export * as host from './host/index.js'
export {
  type FileProblem,
  type IngestOptions,
  type IngestReport,
  ingestFile,
  type Sink,
} from './ingest.js'
export { hostNames } from './names.js'
