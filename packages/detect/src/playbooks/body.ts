/**
 * What a playbook is told: the body of Sentinel's incident trigger, and of its alert trigger, so that what was written
 * for those understands it. Fields that name an Azure subscription hold this workspace instead.
 */
import type { Alert } from '../alerts/alert.js'
import { entitiesColumn, relatedEntity } from '../entities/sentinel-json.js'
import type { Incident } from '../incidents/incident.js'

export interface WorkspaceInfo {
  readonly workspaceId: string
  readonly workspaceName: string
}

const PROVIDER = 'Microsoft.SecurityInsights'
const PRODUCT = 'Auspex'

const resourceOf = ({ workspaceId, workspaceName }: WorkspaceInfo) =>
  `/subscriptions/${workspaceId}/resourceGroups/auspex/providers/Microsoft.OperationalInsights/workspaces/${workspaceName}/providers/${PROVIDER}`

function alertProperties(alert: Alert, { workspaceId }: WorkspaceInfo): object {
  return {
    systemAlertId: alert.id,
    tactics: alert.tactics,
    alertDisplayName: alert.displayName,
    description: alert.description,
    confidenceLevel: 'Unknown',
    severity: alert.severity,
    vendorName: PRODUCT,
    productName: PRODUCT,
    productComponentName: 'Scheduled Alerts',
    alertType: `${workspaceId}_${alert.ruleId}`,
    processingEndTime: alert.generatedTime,
    status: 'New',
    startTimeUtc: alert.startTime,
    endTimeUtc: alert.endTime,
    timeGenerated: alert.generatedTime,
    providerAlertId: alert.id,
    resourceIdentifiers: [{ type: 'LogAnalytics', workspaceId }],
    additionalData: {
      Query: alert.query,
      'Query Start Time UTC': alert.queryStart,
      'Query End Time UTC': alert.queryEnd,
      'Search Query Results Overall Count': String(alert.rowCount),
      'Analytic Rule Ids': JSON.stringify([alert.ruleId]),
      'Analytic Rule Name': alert.ruleName,
      'Event Grouping': alert.aggregation,
      ProcessedBySentinel: 'True',
      'Custom Details': JSON.stringify(alert.customDetails),
    },
    friendlyName: alert.displayName,
  }
}

function incidentProperties(incident: Incident, info: WorkspaceInfo): object {
  const base = resourceOf(info)
  return {
    title: incident.title,
    description: incident.description,
    severity: incident.severity,
    status: incident.status,
    ...(incident.classification === null
      ? {}
      : {
          classification: incident.classification,
          classificationReason: incident.classificationReason,
          classificationComment: incident.classificationComment,
        }),
    owner: {
      assignedTo: incident.owner?.name ?? null,
      email: incident.owner?.email ?? null,
      objectId: null,
      userPrincipalName: null,
    },
    labels: incident.labels.map(({ name, type }) => ({ labelName: name, labelType: type })),
    firstActivityTimeUtc: incident.firstActivityTime,
    lastActivityTimeUtc: incident.lastActivityTime,
    createdTimeUtc: incident.createdTime,
    lastModifiedTimeUtc: incident.lastModifiedTime,
    incidentNumber: incident.number,
    relatedAnalyticRuleIds: incident.ruleIds.map((id) => `${base}/alertRules/${id}`),
    providerName: PRODUCT,
    providerIncidentId: String(incident.number),
    additionalData: {
      alertsCount: incident.alertCount,
      bookmarksCount: 0,
      commentsCount: incident.commentCount,
      alertProductNames: [PRODUCT],
      tactics: incident.tactics,
      techniques: incident.techniques,
    },
    alerts: incident.alerts.map((alert) => ({
      id: `${base}/Entities/${alert.id}`,
      name: alert.id,
      type: `${PROVIDER}/Entities`,
      kind: 'SecurityAlert',
      properties: alertProperties(alert, info),
    })),
    bookmarks: [],
    relatedEntities: incident.entities.map((entity, i) =>
      relatedEntity(entity, base, `${incident.id}-${i + 1}`),
    ),
    comments: incident.comments.map(({ id, author, message, createdTime }) => ({
      id: `${base}/Incidents/${incident.id}/Comments/${id}`,
      name: id,
      properties: { message, createdTimeUtc: createdTime, author: { name: author } },
    })),
  }
}

/** Sentinel's incident trigger. `id` names the event: a delivery that is sent again has the same. */
export function incidentTriggerBody(
  id: string,
  incident: Incident,
  info: WorkspaceInfo,
  isUpdate: boolean,
): object {
  return {
    eventUniqueId: id,
    objectSchemaType: 'Incident',
    objectEventType: isUpdate ? 'Update' : 'Create',
    workspaceInfo: {
      SubscriptionId: info.workspaceId,
      ResourceGroupName: 'auspex',
      WorkspaceName: info.workspaceName,
    },
    workspaceId: info.workspaceId,
    object: {
      id: `${resourceOf(info)}/Incidents/${incident.id}`,
      name: incident.id,
      etag: incident.etag,
      type: `${PROVIDER}/Incidents`,
      properties: incidentProperties(incident, info),
    },
  }
}

/** Sentinel's alert trigger, which is flat. */
export function alertTriggerBody(alert: Alert, info: WorkspaceInfo): object {
  return {
    WorkspaceSubscriptionId: info.workspaceId,
    WorkspaceResourceGroup: 'auspex',
    WorkspaceId: info.workspaceId,
    SystemAlertId: alert.id,
    ProviderAlertId: alert.id,
    ProductName: PRODUCT,
    AlertDisplayName: alert.displayName,
    AlertType: `${info.workspaceId}_${alert.ruleId}`,
    Description: alert.description,
    Severity: alert.severity,
    TimeGenerated: alert.generatedTime,
    StartTimeUtc: alert.startTime,
    EndTimeUtc: alert.endTime,
    Entities: entitiesColumn(alert.entities),
    ExtendedProperties: JSON.stringify({
      Query: alert.query,
      'Analytic Rule Name': alert.ruleName,
      'Custom Details': JSON.stringify(alert.customDetails),
    }),
    ExtendedLinks: '[]',
  }
}
