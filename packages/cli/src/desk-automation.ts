/** Automation rules and playbooks, as a command asks for them: of the folder that is open here, or of the server that has it. */
import {
  type Actor,
  type AutomationRule,
  type Playbook,
  type PlaybookRun,
  withoutSecrets,
} from '@auspex/detect'
import type { Workspace } from '@auspex/server'
import type { Ask } from './ask.js'

export interface AutomationDesk {
  rules(): Promise<readonly AutomationRule[]>
  /** Adds a rule, or puts it in the place of the one with this id. */
  putRule(body: unknown, id?: string): Promise<AutomationRule>
  removeRule(id: string): Promise<void>
  playbooks(): Promise<readonly Playbook[]>
  putPlaybook(body: unknown, id?: string): Promise<Playbook>
  removePlaybook(id: string): Promise<void>
  /** Runs it for an incident; of a server in the background. Gives the run's id. */
  run(playbook: string, incident: number): Promise<string>
  runsOf(incident: number): Promise<readonly PlaybookRun[]>
}

export function localAutomation(workspace: Workspace, actor: Actor): AutomationDesk {
  const { automation, playbooks } = workspace
  return {
    rules: () => automation.list(),
    putRule: (body, id) => automation.put(body, actor, id),
    removeRule: (id) => automation.remove(id),
    playbooks: async () => (await playbooks.list()).map(withoutSecrets),
    putPlaybook: async (body, id) => withoutSecrets(await playbooks.put(body, actor, id)),
    removePlaybook: (id) => playbooks.remove(id),
    async run(playbook, incident) {
      const id = await playbooks.enqueue({ playbook, incident, alert: null, actor })
      await workspace.automated()
      return id
    },
    runsOf: (incident) => playbooks.runs({ incident }),
  }
}

export function remoteAutomation(ask: Ask): AutomationDesk {
  const items = async <T>(path: string) => ((await ask('GET', path)) as { items: T[] }).items
  const at = (path: string, id: string | undefined) =>
    id === undefined ? path : `${path}/${encodeURIComponent(id)}`
  const put = (path: string, body: unknown, id?: string) =>
    ask(id === undefined ? 'POST' : 'PUT', at(path, id), body)
  return {
    rules: () => items('/api/automation-rules'),
    putRule: async (body, id) => (await put('/api/automation-rules', body, id)) as AutomationRule,
    removeRule: async (id) => void (await ask('DELETE', at('/api/automation-rules', id))),
    playbooks: () => items('/api/playbooks'),
    putPlaybook: async (body, id) => (await put('/api/playbooks', body, id)) as Playbook,
    removePlaybook: async (id) => void (await ask('DELETE', at('/api/playbooks', id))),
    run: async (playbook, incident) =>
      ((await ask('POST', `/api/incidents/${incident}/playbook-runs`, { playbook })) as { id: string }).id,
    runsOf: (incident) => items(`/api/incidents/${incident}/playbook-runs`),
  }
}
