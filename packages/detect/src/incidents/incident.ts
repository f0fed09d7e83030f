/** An incident: what somebody has to look into, with everything that was done about it. */
import type { Alert } from '../alerts/alert.js'
import { type Entity, entityName } from '../entities/entity.js'
import type { EntityType } from '../entities/types.js'
import type { Severity } from '../rules/vocabulary.js'
import type { SlaTimes } from './sla.js'

export const STATUSES = ['New', 'Active', 'Closed'] as const
export type IncidentStatus = (typeof STATUSES)[number]

/** How an incident turned out, and the reasons that Sentinel knows for it. */
export const CLASSIFICATIONS = {
  TruePositive: ['SuspiciousActivity'],
  BenignPositive: ['SuspiciousButExpected'],
  FalsePositive: ['IncorrectAlertLogic', 'InaccurateData'],
  Undetermined: [],
} as const
export type Classification = keyof typeof CLASSIFICATIONS
export type ClassificationReason = (typeof CLASSIFICATIONS)[Classification][number]
export const CLASSIFICATION_NAMES = Object.keys(CLASSIFICATIONS) as Classification[]

export interface Owner {
  /** The name that the person is known by here. */
  readonly name: string
  readonly email?: string
}

export interface Label {
  readonly name: string
  /** Given by a person, or by a rule or an automation. */
  readonly type: 'User' | 'AutoAssigned'
}

export interface Comment {
  readonly id: string
  readonly author: string
  readonly message: string
  readonly createdTime: string
  readonly lastModifiedTime: string
}

export const TASK_STATUSES = ['New', 'Completed'] as const
export type TaskStatus = (typeof TASK_STATUSES)[number]

export interface Task {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly status: TaskStatus
  readonly createdBy: string
  readonly createdTime: string
  readonly lastModifiedBy: string
  readonly lastModifiedTime: string
}

/** An incident as a list shows it. Times are ISO 8601 in UTC with seven digits. */
export interface IncidentSummary {
  /** Counted from 1. */
  readonly number: number
  readonly id: string
  readonly title: string
  readonly description: string
  readonly severity: Severity
  readonly status: IncidentStatus
  readonly classification: Classification | null
  readonly classificationReason: ClassificationReason | null
  readonly classificationComment: string | null
  readonly owner: Owner | null
  readonly labels: readonly Label[]
  /** The rule that opened it, and all whose alerts are in it; '' for one that a person opened. */
  readonly ruleId: string
  readonly ruleIds: readonly string[]
  readonly createdTime: string
  readonly lastModifiedTime: string
  readonly modifiedBy: string
  readonly firstActivityTime: string
  readonly lastActivityTime: string
  readonly closedTime: string | null
  readonly sla: SlaTimes
  /** Changes with every change; who sends it back with an update overwrites nobody's. */
  readonly etag: string
  readonly alertCount: number
  /** Result rows behind the alerts: for a rule over commands, the commands that were run. */
  readonly rowCount: number
  readonly commentCount: number
  readonly openTaskCount: number
  readonly tactics: readonly string[]
  readonly techniques: readonly string[]
  /** The distinct entities of all alerts. */
  readonly entities: readonly Entity[]
}

export interface Incident extends IncidentSummary {
  /** Oldest first, without the rows behind them. */
  readonly alerts: readonly Alert[]
  readonly comments: readonly Comment[]
  readonly tasks: readonly Task[]
}

/** Names of the incident's entities of a type, for a table's cell. */
export const namesOf = (incident: IncidentSummary, type: EntityType): string[] => [
  ...new Set(incident.entities.filter((entity) => entity.type === type).map(entityName)),
]
