/** Alerts and incidents as rows of the tables that Sentinel has for them (documented: security-alert-schema). */
import type { Alert } from '../alerts/alert.js'
import type { Entity } from '../alerts/entities.js'
import type { AnalyticsRule } from '../rules/rule.js'
import type { Incident } from './incident.js'

const PRODUCT = 'Auspex'

/** Entities as Sentinel's JSON has them: `$id`, `Type` in lower case, identifiers beside it. */
function entitiesJson(entities: readonly Entity[]): string {
  return JSON.stringify(
    entities.map(({ type, identifiers }, i) => ({
      $id: String(i + 1),
      ...identifiers,
      Type: type.toLowerCase(),
    })),
  )
}

export function securityAlertRow(rule: AnalyticsRule, alert: Alert): Record<string, unknown> {
  const host = alert.entities.find(({ type }) => type === 'Host')
  return {
    TimeGenerated: alert.generatedTime,
    Type: 'SecurityAlert',
    AlertName: alert.displayName,
    DisplayName: alert.displayName,
    AlertSeverity: alert.severity,
    AlertType: rule.id,
    CompromisedEntity: host === undefined ? '' : (Object.values(host.identifiers)[0] ?? ''),
    Description: alert.description,
    Entities: entitiesJson(alert.entities),
    ExtendedProperties: JSON.stringify({
      Query: alert.query,
      'Query Start Time UTC': alert.queryStart,
      'Query End Time UTC': alert.queryEnd,
      'Trigger Operator': rule.triggerOperator,
      'Trigger Threshold': String(rule.triggerThreshold),
      'Search Query Results Overall Count': String(alert.rowCount),
      'Analytic Rule Ids': JSON.stringify([rule.id]),
      'Analytic Rule Name': rule.name,
      'Event Grouping': rule.aggregation,
      'Custom Details': JSON.stringify(alert.customDetails),
    }),
    StartTime: alert.startTime,
    EndTime: alert.endTime,
    ProcessingEndTime: alert.generatedTime,
    ProductName: PRODUCT,
    ProviderName: PRODUCT,
    VendorName: PRODUCT,
    SourceSystem: 'Detection',
    Status: 'New',
    SystemAlertId: alert.id,
    Tactics: alert.tactics.join(','),
    Techniques: JSON.stringify(alert.techniques),
  }
}

/** One row a change: `summarize arg_max(LastModifiedTime, *) by IncidentNumber` gives the present state. */
export function securityIncidentRow(incident: Incident, modifiedBy: string): Record<string, unknown> {
  const tactics = new Set(incident.alerts.flatMap(({ tactics }) => tactics))
  const techniques = new Set(incident.alerts.flatMap(({ techniques }) => techniques))
  return {
    TimeGenerated: incident.lastModifiedTime,
    Type: 'SecurityIncident',
    IncidentName: incident.id,
    IncidentNumber: incident.number,
    Title: incident.title,
    Description: incident.description,
    Severity: incident.severity,
    Status: incident.status,
    CreatedTime: incident.createdTime,
    LastModifiedTime: incident.lastModifiedTime,
    FirstActivityTime: incident.firstActivityTime,
    LastActivityTime: incident.lastActivityTime,
    ModifiedBy: modifiedBy,
    AlertIds: JSON.stringify(incident.alerts.map(({ id }) => id)),
    RelatedAnalyticRuleIds: JSON.stringify([incident.ruleId]),
    AdditionalData: JSON.stringify({
      alertsCount: incident.alerts.length,
      bookmarksCount: 0,
      commentsCount: 0,
      alertProductNames: [PRODUCT],
      tactics: [...tactics],
      techniques: [...techniques],
    }),
    ProviderName: PRODUCT,
    ProviderIncidentId: String(incident.number),
    SourceSystem: PRODUCT,
  }
}
