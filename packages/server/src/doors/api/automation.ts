/** Automation rules and playbooks. */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { automationRuleBody, NotFoundError, playbookBody, withoutSecrets } from '@auspex/detect'
import { z } from 'zod'
import { type Endpoint, endpoint } from '../../http/endpoint.js'
import type { Workspace } from '../../workspace.js'

const idPath = z.object({ id: z.string().min(1).max(200) })
const incidentPath = z.object({ number: z.coerce.number().int().positive() })
const runBody = z.strictObject({ playbook: z.string().min(1).max(200) })
const NUMBER = '/incidents/:number{[0-9]+}'

export function automationEndpoints(workspace: Workspace): Endpoint[] {
  const { automation, playbooks, incidents } = workspace
  return [
    endpoint({
      method: 'get',
      path: '/automation-rules',
      permission: 'read',
      summary: 'Automation rules, in the order in which they act.',
      handle: async () => ({ items: await automation.list() }),
    }),
    endpoint({
      method: 'post',
      path: '/automation-rules',
      permission: 'contribute',
      summary: "Add an automation rule, in the form of Sentinel's `properties`.",
      body: automationRuleBody,
      status: 201,
      handle: ({ body, actor }) => automation.put(body, actor),
    }),
    endpoint({
      method: 'put',
      path: '/automation-rules/:id',
      permission: 'contribute',
      summary: 'Put an automation rule in the place of this one.',
      params: idPath,
      body: automationRuleBody,
      handle: async ({ params, body, actor }) => {
        await automation.get(params.id)
        return automation.put(body, actor, params.id)
      },
    }),
    endpoint({
      method: 'delete',
      path: '/automation-rules/:id',
      permission: 'contribute',
      summary: 'Delete an automation rule.',
      params: idPath,
      status: 204,
      handle: ({ params }) => automation.remove(params.id),
    }),
    endpoint({
      method: 'get',
      path: '/playbooks',
      permission: 'read',
      summary: 'Playbooks, without their secrets.',
      handle: async () => ({ items: (await playbooks.list()).map(withoutSecrets) }),
    }),
    endpoint({
      method: 'post',
      path: '/playbooks',
      permission: 'administer',
      summary: 'Add a playbook.',
      body: playbookBody,
      status: 201,
      handle: async ({ body, actor }) => withoutSecrets(await playbooks.put(body, actor)),
    }),
    endpoint({
      method: 'put',
      path: '/playbooks/:id',
      permission: 'administer',
      summary: 'Change a playbook; secrets that come back as they were shown stay what they are.',
      params: idPath,
      body: playbookBody,
      handle: async ({ params, body, actor }) => withoutSecrets(await playbooks.put(body, actor, params.id)),
    }),
    endpoint({
      method: 'delete',
      path: '/playbooks/:id',
      permission: 'administer',
      summary: 'Delete a playbook. Its runs stay in the log.',
      params: idPath,
      status: 204,
      handle: ({ params }) => playbooks.remove(params.id),
    }),
    endpoint({
      method: 'get',
      path: '/playbooks/:id/runs',
      permission: 'read',
      summary: 'The runs of a playbook, the youngest first, each with its log of deliveries.',
      params: idPath,
      handle: async ({ params }) => ({ items: await playbooks.runs({ playbook: params.id }) }),
    }),
    endpoint({
      method: 'get',
      path: `${NUMBER}/playbook-runs`,
      permission: 'read',
      summary: 'The playbooks that ran for an incident, the youngest first.',
      params: incidentPath,
      handle: async ({ params }) => {
        await incidents.get(params.number)
        return { items: await playbooks.runs({ incident: params.number }) }
      },
    }),
    endpoint({
      method: 'post',
      path: `${NUMBER}/playbook-runs`,
      permission: 'respond',
      summary: 'Run a playbook for an incident; it is done in the background.',
      params: incidentPath,
      body: runBody,
      status: 202,
      handle: async ({ params, body, actor }) => {
        const { number } = params
        const id = await playbooks.enqueue({ playbook: body.playbook, incident: number, alert: null, actor })
        workspace.automate()
        return { id }
      },
    }),
    endpoint({
      method: 'get',
      path: '/playbook-runs/:id/package',
      permission: 'administer',
      summary: 'The investigation package that a run made, as a zip. Its raw records are not masked.',
      params: idPath,
      handle: async ({ params, actor }) => {
        const run = (await playbooks.runs()).find(({ id }) => id === params.id)
        if (run === undefined || run.file === null) throw new NotFoundError(`package of the run ${params.id}`)
        const file = await open(join(workspace.packagesFolder, run.file))
        const { size } = await file.stat()
        if (run.incident !== null) {
          await incidents.record(run.incident, { kind: 'revealed', what: `package ${run.file}` }, actor)
        }
        return new Response(Readable.toWeb(file.createReadStream()) as ReadableStream, {
          headers: {
            'content-type': 'application/zip',
            'content-length': String(size),
            'content-disposition': `attachment; filename="${run.file}"`,
          },
        })
      },
    }),
  ]
}
