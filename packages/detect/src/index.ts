export type { Alert, AlertRows } from './alerts/alert.js'
export { Automation, BadAutomationError } from './automation/automation.js'
export { type AutomationRule, automationRuleBody } from './automation/rule.js'
export { type ControlDatabase, openControl } from './control/database.js'
export { ControlVersionError, type MigrationList } from './control/migrate.js'
export type { ControlTables } from './control/schema.js'
export { type Entity, entityKey, entityName, isStrong } from './entities/entity.js'
export { ENTITY_TYPES, type EntityType } from './entities/types.js'
export {
  type AskGraph,
  type Expanded,
  ExpansionError,
  expand,
  MAX_FOUND,
  windowOf,
} from './exploration/expand.js'
export { readExpansions } from './exploration/folder.js'
export { type IncidentGraph, incidentGraph } from './exploration/incident-graph.js'
export { GRAPH_KINDS, type GraphKind, type GraphNode, nodeOf } from './exploration/node.js'
export type { Expansion } from './exploration/read.js'
export { FunctionFileError, readFunctions } from './functions/read.js'
export { type HuntingFile, type HuntingQuery, isHunting, parseHunting } from './hunting/hunting-query.js'
export { type Activity, type Actor, actorText, type Change, SYSTEM } from './incidents/change.js'
export {
  CLASSIFICATION_NAMES,
  CLASSIFICATIONS,
  type Classification,
  type ClassificationReason,
  type Comment,
  type Incident,
  type IncidentStatus,
  type IncidentSummary,
  type Label,
  namesOf,
  type Owner,
  STATUSES,
  type Task,
  type TaskStatus,
} from './incidents/incident.js'
export {
  BadChangeError,
  type ChangeOptions,
  EtagError,
  type IncidentChange,
  Incidents,
  type IncidentsParts,
  type NewIncident,
  NotFoundError,
} from './incidents/incidents.js'
export {
  BadPageError,
  type IncidentFilter,
  type IncidentOrder,
  type IncidentPage,
  MAX_PAGE,
  ORDERS,
  type PageRequest,
} from './incidents/list.js'
export { DEFAULT_SLA, type SlaTarget, type SlaTargets, type SlaTimes } from './incidents/sla.js'
export { type PlaybookEffects, signature as webhookSignature } from './playbooks/deliver.js'
export { nodeEffects } from './playbooks/node-effects.js'
export { type Playbook, type PlaybookRun, playbookBody, withoutSecrets } from './playbooks/playbook.js'
export { Playbooks } from './playbooks/playbooks.js'
export { parseRuleTests, type RuleTest } from './rule-tests/read.js'
export {
  differences,
  type Found,
  findWithHunt,
  findWithRule,
  type RuleTestParts,
  type TestStore,
} from './rule-tests/run.js'
export { type ArmRules, armProperties, fromArm, toArm } from './rules/arm.js'
export { type BrokenFile, isRuleFile, type RuleEntry, RuleLibrary } from './rules/library.js'
export { parseRule, type RuleFile, RuleFileError, readRule } from './rules/read.js'
export type { AnalyticsRule } from './rules/rule.js'
export { type Finding, printFinding } from './rules/validate/finding.js'
export { type SourceFile, type ValidateParts, validateRules } from './rules/validate/validate.js'
export { SEVERITIES, type Severity, TACTICS, type Tactic } from './rules/vocabulary.js'
export { plainRule, rewriteRule, writeRule } from './rules/write.js'
export { Asker, type AskingParts } from './runs/ask.js'
export type { Compile } from './runs/compile.js'
export { Detection, type DetectionParts, type PassReport, type RunFailure } from './runs/detection.js'
export { type PastRun, pastRuns } from './runs/history.js'
export { SIMULATED_RUNS, type SimulatedRun, type Simulation, simulate } from './simulation/simulate.js'
export { CsvFileError } from './watchlists/csv.js'
export { type KnownWatchlist, watchlistFunctions } from './watchlists/functions.js'
export { type NewWatchlist, type Watchlist, type WatchlistItem, Watchlists } from './watchlists/watchlists.js'
export type { FileProblem, Position } from './yaml/reader.js'
