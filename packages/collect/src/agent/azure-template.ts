/**
 * The ARM template that Microsoft Sentinel needs to take what an agent sends: the custom tables, and a data collection
 * rule whose streams fill them. Deploy it, give the agent's application the role "Monitoring Metrics Publisher" on the
 * rule, and send to its endpoint.
 */
import { AUDIT_EVENT_COLUMNS, type ColumnInfo, LINUX_AUDIT_LOG_COLUMNS } from '@auspex/auditd'

/** Our table to the custom table of a workspace: a name that is not built in has to end in _CL. */
export const AZURE_TABLES: Readonly<Record<string, string>> = {
  LinuxAuditLog_CL: 'LinuxAuditLog_CL',
  AuditEvent: 'AuditEvent_CL',
  Heartbeat: 'AuspexHeartbeat_CL',
}

const HEARTBEAT: readonly ColumnInfo[] = (
  [
    ['TimeGenerated', 'datetime'],
    ['Computer', 'string'],
    ['Category', 'string'],
    ['OSType', 'string'],
    ['OSName', 'string'],
    ['Version', 'string'],
    ['SourceComputerId', 'string'],
    ['SourceSystem', 'string'],
    ['LagSeconds', 'real'],
    ['RecordsPerSecond', 'real'],
    ['SpoolBytes', 'long'],
    ['SpoolMessages', 'long'],
    ['SpoolFull', 'boolean'],
    ['MissingRecords', 'long'],
    ['UnparsedLines', 'long'],
    ['KernelEnabled', 'long'],
    ['KernelLost', 'long'],
    ['KernelBacklog', 'long'],
    ['KernelBacklogLimit', 'long'],
    ['RulesLoaded', 'long'],
    ['Findings', 'dynamic'],
  ] as const
).map(([name, type]) => ({ name, type, docstring: '' }) as unknown as ColumnInfo)

const COLUMNS: Readonly<Record<string, readonly ColumnInfo[]>> = {
  LinuxAuditLog_CL: LINUX_AUDIT_LOG_COLUMNS,
  AuditEvent: AUDIT_EVENT_COLUMNS,
  Heartbeat: HEARTBEAT,
}

/** Names that Azure keeps for itself. */
const RESERVED = new Set(['Type', '_TimeReceived', 'TenantId', 'id', 'ResourceId'])

export function azureTemplate(): object {
  const columnsOf = (table: string) =>
    COLUMNS[table]!.filter(({ name }) => !RESERVED.has(name)).map(({ name, type }) => ({ name, type }))
  const names = Object.keys(AZURE_TABLES)
  const workspace = "[resourceId('Microsoft.OperationalInsights/workspaces', parameters('workspaceName'))]"
  const tables = names.map((table) => {
    const name = AZURE_TABLES[table]!
    return {
      type: 'Microsoft.OperationalInsights/workspaces/tables',
      apiVersion: '2022-10-01',
      name: `[concat(parameters('workspaceName'), '/${name}')]`,
      properties: { plan: 'Analytics', schema: { name, columns: columnsOf(table) } },
    }
  })
  const rule = {
    type: 'Microsoft.Insights/dataCollectionRules',
    apiVersion: '2023-03-11',
    name: "[parameters('ruleName')]",
    location: "[parameters('location')]",
    kind: 'Direct',
    dependsOn: names.map(
      (table) =>
        `[resourceId('Microsoft.OperationalInsights/workspaces/tables', parameters('workspaceName'), '${AZURE_TABLES[table]}')]`,
    ),
    properties: {
      streamDeclarations: Object.fromEntries(
        names.map((table) => [`Custom-${AZURE_TABLES[table]}`, { columns: columnsOf(table) }]),
      ),
      destinations: { logAnalytics: [{ workspaceResourceId: workspace, name: 'workspace' }] },
      dataFlows: names.map((table) => ({
        streams: [`Custom-${AZURE_TABLES[table]}`],
        destinations: ['workspace'],
        transformKql: 'source',
        outputStream: `Custom-${AZURE_TABLES[table]}`,
      })),
    },
  }
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters: {
      workspaceName: { type: 'string', metadata: { description: 'Log Analytics workspace of Sentinel' } },
      location: { type: 'string', defaultValue: '[resourceGroup().location]' },
      ruleName: { type: 'string', defaultValue: 'auspex' },
    },
    resources: [...tables, rule],
    outputs: {
      ruleId: {
        type: 'string',
        value:
          "[reference(resourceId('Microsoft.Insights/dataCollectionRules', parameters('ruleName'))).immutableId]",
      },
      endpoint: {
        type: 'string',
        value:
          "[reference(resourceId('Microsoft.Insights/dataCollectionRules', parameters('ruleName'))).endpoints.logsIngestion]",
      },
    },
  }
}
