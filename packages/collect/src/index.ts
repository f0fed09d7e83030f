export { catchUp, type FollowOptions, follow, rotatedFiles } from './follow.js'
export {
  type FileProblem,
  type IngestOptions,
  type IngestReport,
  ingestFile,
  type Sink,
} from './ingest.js'
export { hostNames } from './names.js'
