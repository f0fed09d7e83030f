import { listHosts } from '../../hosts.js'
import { type Endpoint, endpoint } from '../../http/endpoint.js'
import type { Workspace } from '../../workspace.js'

export function hostEndpoints(workspace: Workspace): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/hosts',
      permission: 'read',
      summary: 'The hosts that records or heartbeats came from, with the state of their agents.',
      handle: async ({ who, signal }) => ({
        items: await listHosts(workspace, { user: who.name, client: 'api' }, signal),
      }),
    }),
  ]
}
