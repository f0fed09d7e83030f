/** The investigation graph, as a command asks for it: of the folder that is open here, or of the server that has it. */
import { type Expanded, type Expansion, type IncidentGraph, incidentGraph } from '@auspex/detect'
import { type Exploration, explore, type Workspace } from '@auspex/server'
import type { Ask } from './ask.js'

export interface GraphDesk {
  expansions(): Promise<readonly Expansion[]>
  expand(request: Exploration): Promise<Expanded>
  ofIncident(number: number): Promise<IncidentGraph>
}

export function localGraph(workspace: Workspace, user: string, signal: AbortSignal): GraphDesk {
  return {
    expansions: async () => workspace.expansions,
    expand: (request) => explore(workspace, request, { user, client: 'cli' }, signal),
    async ofIncident(number) {
      await workspace.incidents.get(number)
      return incidentGraph(await workspace.incidents.alerts(number))
    },
  }
}

export function remoteGraph(ask: Ask): GraphDesk {
  return {
    expansions: async () => ((await ask('GET', '/api/graph/expansions')) as { items: Expansion[] }).items,
    expand: async (request) => (await ask('POST', '/api/graph/expand', request)) as Expanded,
    ofIncident: async (number) => (await ask('GET', `/api/incidents/${number}/graph`)) as IncidentGraph,
  }
}
