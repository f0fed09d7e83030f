export { catchUp, type FollowOptions, follow, rotatedFiles } from './follow.js'
export {
  type FileProblem,
  type IngestOptions,
  type IngestReport,
  ingestFile,
  ingestGrowing,
  LogIngest,
  type Sink,
} from './ingest.js'
export { hostNames } from './names.js'
