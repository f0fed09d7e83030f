/** An alert as a row of SecurityAlert (documented: security-alert-schema). */
import { entitiesColumn } from '../entities/sentinel-json.js'
import { isoDuration } from '../rules/duration.js'
import type { AnalyticsRule } from '../rules/rule.js'
import type { Alert } from './alert.js'

export const PRODUCT = 'Auspex'
/** Sentinel keeps no more of a query in an alert. */
const QUERY_LENGTH = 10 * 1024

/** What an alert says beside its columns, by the names that Sentinel gives them. */
export function extendedProperties(alert: Alert, rule?: AnalyticsRule): Record<string, string> {
  return {
    Query: alert.query.slice(0, QUERY_LENGTH),
    OriginalQuery: alert.query.slice(0, QUERY_LENGTH),
    ...(rule === undefined || rule.kind === 'NRT'
      ? {}
      : {
          'Query Period': isoDuration(rule.period),
          'Trigger Operator': { gt: 'GreaterThan', lt: 'LessThan', eq: 'Equal', ne: 'NotEqual' }[
            rule.triggerOperator
          ],
          'Trigger Threshold': String(rule.triggerThreshold),
        }),
    'Query Start Time UTC': alert.queryStart,
    'Query End Time UTC': alert.queryEnd,
    'Correlation Id': alert.id,
    'Search Query Results Overall Count': String(alert.rowCount),
    'Data Sources': '["auspex"]',
    'Analytic Rule Ids': JSON.stringify([alert.ruleId]),
    'Analytic Rule Name': alert.ruleName,
    'Event Grouping': alert.aggregation,
    ProcessedBySentinel: 'True',
    'Alert generation status': alert.isSummary
      ? 'Full alert created for all remaining results'
      : 'Full alert created',
    ...(Object.keys(alert.customDetails).length === 0
      ? {}
      : { 'Custom Details': JSON.stringify(alert.customDetails) }),
  }
}

export function compromisedEntity(alert: Alert): string {
  const host = alert.entities.find(({ type }) => type === 'Host')
  return host === undefined ? '' : (Object.values(host.identifiers)[0] ?? '')
}

export function securityAlertRow(alert: Alert, rule?: AnalyticsRule): Record<string, unknown> {
  const { properties } = alert
  const score = Number(properties.ConfidenceScore)
  return {
    TimeGenerated: alert.generatedTime,
    Type: 'SecurityAlert',
    AlertLink: properties.AlertLink ?? '',
    AlertName: alert.displayName,
    AlertSeverity: alert.severity,
    AlertType: alert.ruleId,
    CompromisedEntity: compromisedEntity(alert),
    Computer: compromisedEntity(alert),
    ConfidenceLevel: properties.ConfidenceLevel ?? '',
    ...(properties.ConfidenceScore === undefined || Number.isNaN(score) ? {} : { ConfidenceScore: score }),
    Description: alert.description,
    DisplayName: alert.displayName,
    EndTime: alert.endTime,
    Entities: entitiesColumn(alert.entities),
    ExtendedLinks: properties.ExtendedLinks ?? '',
    ExtendedProperties: JSON.stringify(extendedProperties(alert, rule)),
    IsIncident: false,
    ProcessingEndTime: alert.generatedTime,
    ProductComponentName: properties.ProductComponentName ?? 'Scheduled Alerts',
    ProductName: properties.ProductName ?? PRODUCT,
    ProviderName: properties.ProviderName ?? PRODUCT,
    RemediationSteps: properties.RemediationSteps ?? '',
    SourceSystem: 'Detection',
    StartTime: alert.startTime,
    Status: 'New',
    SystemAlertId: alert.id,
    Tactics: alert.tactics.join(','),
    Techniques: JSON.stringify(alert.techniques),
    VendorName: PRODUCT,
    VendorOriginalId: alert.id,
  }
}
