/** The graph that an investigation begins with: an incident's alerts, and the entities that they name. */
import type { Alert } from '../alerts/alert.js'
import { type GraphNode, nodeOf } from './node.js'

export interface IncidentGraph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly {
    readonly source: string
    readonly target: string
    /** Result columns that the entity came from: `AuditUser` is who logged in. */
    readonly label?: string
  }[]
  /** ISO times of the first and the last thing that the alerts tell of; null without alerts. */
  readonly startTime: string | null
  readonly endTime: string | null
}

export function incidentGraph(alerts: readonly Alert[]): IncidentGraph {
  const nodes = new Map<string, GraphNode>()
  const edges: IncidentGraph['edges'][number][] = []
  for (const alert of alerts) {
    const source = nodeOf({
      type: 'SecurityAlert',
      identifiers: {
        SystemAlertId: alert.id,
        DisplayName: alert.displayName,
        Severity: alert.severity,
      },
    })!
    nodes.set(source.id, source)
    const linked = new Set<string>()
    for (const entity of alert.entities) {
      const node = nodeOf(entity)
      if (node === undefined) continue
      nodes.set(node.id, nodes.get(node.id) ?? node)
      if (linked.has(node.id)) continue
      linked.add(node.id)
      const label = entity.columns?.join(', ')
      edges.push({ source: source.id, target: node.id, ...(label ? { label } : {}) })
    }
  }
  const times = alerts.flatMap(({ startTime, endTime }) => [startTime, endTime]).sort()
  return { nodes: [...nodes.values()], edges, startTime: times[0] ?? null, endTime: times.at(-1) ?? null }
}
