/** The host that is audited: whether it is set up right, setting it up, and undoing that. */

export {
  type Applied,
  applySetup,
  BACKUP_FOLDER,
  installPackages,
  type RuleNotLoaded,
  SetupError,
  type Undone,
  undoSetup,
} from './apply.js'
export { checkHost, HOST_CHECKS, type HostReport } from './check.js'
export type { CheckStatus, HostFinding } from './checks/check.js'
export { unifiedDiff } from './diff.js'
export { gatherFacts, type HostFacts, rulesHostOf } from './facts.js'
export { type NodeHostOptions, nodeHost } from './node-system.js'
export { PluginError, type PluginProgram, pluginFile } from './plugin.js'
export { type PluginBatch, type PluginInputOptions, pluginRecords } from './plugin-input.js'
export { type FileChange, planSetup, type SetupOptions, type SetupPlan } from './setup.js'
export type { CommandResult, FileState, HostSystem, WritableHost } from './system.js'
