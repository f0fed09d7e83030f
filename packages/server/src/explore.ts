/** Expanding a node of the investigation graph in a workspace: asked as any query, and in QueryLog as any. */
import {
  type AskGraph,
  type Expanded,
  expand,
  type GraphNode,
  MAX_FOUND,
  NotFoundError,
  windowOf,
} from '@auspex/detect'
import { formatValue, type KqlValue } from '@auspex/kql'
import type { Requester, Workspace } from './workspace.js'

const TIMEOUT_MS = 60_000

export interface Exploration {
  readonly expansionId: string
  readonly entity: Pick<GraphNode, 'kind' | 'identifiers' | 'host'>
  /** Ticks: what is looked at, as an incident's first and last activity; without them all of the log is asked. */
  readonly startTime?: bigint
  readonly endTime?: bigint
}

export async function explore(
  workspace: Pick<Workspace, 'expansions' | 'query'>,
  { expansionId, entity, ...moments }: Exploration,
  requester: Requester,
  signal?: AbortSignal,
): Promise<Expanded> {
  const expansion = workspace.expansions.find(({ id }) => id === expansionId)
  if (expansion === undefined) throw new NotFoundError(`expansion ${expansionId}`)
  const ask: AskGraph = async (query, timeRange) => {
    const options = { maxRows: MAX_FOUND + 1, timeoutMs: TIMEOUT_MS, timeRange, ...(signal && { signal }) }
    const { columns, rows, truncated } = await workspace.query(query, options, requester)
    const cells = rows.map(
      (row) => new Map(columns.map(({ name, type }, i) => [name, formatValue(type, row[i] as KqlValue)])),
    )
    return { rows: cells, isTruncated: truncated }
  }
  return expand(expansion, entity, windowOf(expansion, moments), ask)
}
