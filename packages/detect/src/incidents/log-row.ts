/** An incident as a row of SecurityIncident: one row a change, so that the table is the incidents' history. */
import { PRODUCT } from '../alerts/log-row.js'
import type { LogRow } from '../control/outbox.js'
import type { Comment, IncidentSummary, Label, Owner, Task } from './incident.js'

/** Owner as Sentinel's API has it. */
export const sentinelOwner = (owner: Owner | null) => ({
  objectId: null,
  email: owner?.email ?? null,
  assignedTo: owner?.name ?? null,
  userPrincipalName: owner?.email ?? owner?.name ?? null,
})

export const sentinelLabels = (labels: readonly Label[]) =>
  labels.map(({ name, type }) => ({ labelName: name, labelType: type }))

export const additionalData = (incident: IncidentSummary) => ({
  alertsCount: incident.alertCount,
  bookmarksCount: 0,
  commentsCount: incident.commentCount,
  alertProductNames: [PRODUCT],
  tactics: incident.tactics,
  techniques: incident.techniques,
})

export interface IncidentRowParts {
  readonly incident: IncidentSummary
  readonly alertIds: readonly string[]
  readonly comments: readonly Comment[]
  readonly tasks: readonly Task[]
  readonly firstModifiedTime: string | null
}

/** `summarize arg_max(LastModifiedTime, *) by IncidentNumber` over these rows gives the present state. */
export function securityIncidentRow(parts: IncidentRowParts): LogRow {
  const { incident, alertIds, comments, tasks, firstModifiedTime } = parts
  return {
    TimeGenerated: incident.lastModifiedTime,
    Type: 'SecurityIncident',
    AdditionalData: additionalData(incident),
    AlertIds: alertIds,
    BookmarkIds: [],
    Classification: incident.classification ?? '',
    ClassificationComment: incident.classificationComment ?? '',
    ClassificationReason: incident.classificationReason ?? '',
    ClosedTime: incident.closedTime,
    Comments: comments.map(({ message, author, createdTime, lastModifiedTime }) => ({
      message,
      createdTimeUtc: createdTime,
      lastModifiedTimeUtc: lastModifiedTime,
      author: { name: author },
    })),
    CreatedTime: incident.createdTime,
    Description: incident.description,
    FirstActivityTime: incident.firstActivityTime,
    FirstModifiedTime: firstModifiedTime,
    IncidentName: incident.id,
    IncidentNumber: incident.number,
    Labels: sentinelLabels(incident.labels),
    LastActivityTime: incident.lastActivityTime,
    LastModifiedTime: incident.lastModifiedTime,
    ModifiedBy: incident.modifiedBy,
    Owner: sentinelOwner(incident.owner),
    ProviderIncidentId: String(incident.number),
    ProviderName: PRODUCT,
    RelatedAnalyticRuleIds: incident.ruleIds,
    Severity: incident.severity,
    SourceSystem: PRODUCT,
    Status: incident.status,
    Tasks: tasks.map((task) => ({
      id: task.id,
      title: task.title,
      description: task.description,
      status: task.status,
      createdTimeUtc: task.createdTime,
      lastModifiedTimeUtc: task.lastModifiedTime,
    })),
    Title: incident.title,
  }
}
