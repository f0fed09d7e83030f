/** The investigation graph: where it begins, what a node can be expanded by, and what an expansion finds. */
import { GRAPH_KINDS, incidentGraph } from '@auspex/detect'
import { parseDatetime } from '@auspex/kql'
import { z } from 'zod'
import { type Exploration, explore } from '../../explore.js'
import { type Endpoint, endpoint } from '../../http/endpoint.js'
import type { Throttle } from '../../identity/throttle.js'
import type { Workspace } from '../../workspace.js'

const kind = z.enum(GRAPH_KINDS as [string, ...string[]])
const time = z.iso.datetime().transform((text) => parseDatetime(text)!)

const expandBody = z.strictObject({
  expansionId: z.string().max(100),
  entity: z.strictObject({
    kind,
    identifiers: z.record(z.string().max(50), z.string().max(100_000)),
    host: z.string().max(255).optional(),
  }),
  /** What is looked at, as an incident's first and last activity; without them all of the log is asked. */
  startTime: time.optional(),
  endTime: time.optional(),
})

export function graphEndpoints(workspace: Workspace, queries: Throttle): Endpoint[] {
  const { incidents, expansions } = workspace
  return [
    endpoint({
      method: 'get',
      path: '/incidents/:number{[0-9]+}/graph',
      permission: 'read',
      summary:
        'What the investigation of an incident begins with: its alerts, and the entities that they name.',
      params: z.object({ number: z.coerce.number().int().positive() }),
      handle: async ({ params }) => {
        await incidents.get(params.number)
        return incidentGraph(await incidents.alerts(params.number))
      },
    }),
    endpoint({
      method: 'get',
      path: '/graph/expansions',
      permission: 'read',
      summary: 'What entities can be expanded by, all or those of one kind.',
      query: z.object({ kind: kind.optional() }),
      handle: ({ query }) => ({
        items: expansions.filter(
          ({ inputEntityType }) => (query.kind ?? inputEntityType) === inputEntityType,
        ),
      }),
    }),
    endpoint({
      method: 'post',
      path: '/graph/expand',
      permission: 'read',
      summary: 'Expand an entity: the entities that one expansion finds, and what ties them to it.',
      body: expandBody,
      handle: ({ body, who, signal }) => {
        queries.take(who.name)
        return explore(workspace, body as Exploration, { user: who.name, client: 'graph' }, signal)
      },
    }),
  ]
}
