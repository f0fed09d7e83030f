export type { Alert } from './alerts/alert.js'
export type { Entity } from './alerts/entities.js'
export { type ControlDatabase, openControl } from './control/database.js'
export { ControlVersionError, type MigrationList } from './control/migrate.js'
export type { ControlTables } from './control/schema.js'
export {
  type Incident,
  type IncidentStatus,
  namesOf,
  rowsBehind,
} from './incidents/incident.js'
export { readIncident, readIncidents } from './incidents/read.js'
export { parseRule, type RuleFile, RuleFileError, readRule } from './rules/read.js'
export type { AnalyticsRule } from './rules/rule.js'
export type { Compile } from './runs/compile.js'
export { Detection, type PassReport, type RunFailure } from './runs/detection.js'
