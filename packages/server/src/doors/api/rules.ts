/** The analytics rules over HTTP: thin over the rule library and validation. */
import { armProperties, plainRule, type RuleEntry, readRule } from '@auspex/detect'
import { z } from 'zod'
import { type Endpoint, endpoint } from '../../http/endpoint.js'
import type { Workspace } from '../../workspace.js'

const MAX_RULE = 256 * 1024
const MAX_SIMULATED = 500

const enabledChange = z.strictObject({ enabled: z.boolean(), reason: z.string().max(500).optional() })
const ruleFiles = z.strictObject({
  files: z
    .array(z.strictObject({ file: z.string().max(4096), text: z.string().max(MAX_RULE) }))
    .min(1)
    .max(1000),
  standardTables: z.boolean().optional(),
})
const ruleText = z.strictObject({ yaml: z.string().min(1).max(MAX_RULE) })
const simulation = z.strictObject({
  yaml: z.string().min(1).max(MAX_RULE),
  runs: z.number().int().min(1).max(MAX_SIMULATED).optional(),
  until: z.iso.datetime().optional(),
})
const rulePath = z.object({ id: z.string() })

/** A rule as a list shows it; the whole model is its plain form, as in the file. */
export const ruleSummary = ({ rule, ...entry }: RuleEntry) => ({
  id: rule.id,
  name: rule.name,
  displayName: entry.displayName,
  description: rule.description,
  kind: rule.kind,
  severity: rule.severity,
  enabled: entry.isEnabled,
  autoDisabled: entry.isAutoDisabled,
  reason: entry.reason,
  changedBy: entry.changedBy,
  changedTime: entry.changedTime,
  lastError: entry.lastError,
  source: entry.origin,
  tactics: rule.tactics,
  techniques: rule.techniques,
  frequencyMinutes: rule.frequency,
  periodMinutes: rule.period,
})

export function ruleEndpoints(workspace: Workspace): Endpoint[] {
  const { rules } = workspace
  return [
    endpoint({
      method: 'get',
      path: '/rules',
      permission: 'read',
      summary: 'All rules with their state and last run, and the files that could not be read.',
      async handle() {
        await rules.refresh()
        const items = await Promise.all(
          rules.entries.map(async (entry) => {
            const [lastRun] = await rules.runs(entry.rule.id, 1)
            return { ...ruleSummary(entry), lastRun: lastRun ?? null }
          }),
        )
        return { items, broken: rules.broken }
      },
    }),
    endpoint({
      method: 'get',
      path: '/rules/:id',
      permission: 'read',
      summary: 'A rule: its whole model, its file, and its ARM form.',
      params: rulePath,
      async handle({ params }) {
        const entry = rules.get(params.id)
        return {
          ...ruleSummary(entry),
          rule: plainRule(entry.rule),
          arm: armProperties(entry.rule),
          yaml: await rules.text(entry.rule.id),
        }
      },
    }),
    endpoint({
      method: 'get',
      path: '/rules/:id/runs',
      permission: 'read',
      summary: 'The last runs of a rule.',
      params: rulePath,
      handle: async ({ params }) => ({ items: await rules.runs(params.id, 200) }),
    }),
    endpoint({
      method: 'post',
      path: '/rules',
      permission: 'contribute',
      summary: 'Save a new rule in the workspace.',
      body: ruleText,
      status: 201,
      handle: async ({ body }) => ruleSummary(await rules.saveText(body.yaml)),
    }),
    endpoint({
      method: 'put',
      path: '/rules/:id',
      permission: 'contribute',
      summary: 'Save a rule; one that is shipped is overlaid by the workspace’s own.',
      params: rulePath,
      body: ruleText,
      handle: async ({ body }) => ruleSummary(await rules.saveText(body.yaml)),
    }),
    endpoint({
      method: 'patch',
      path: '/rules/:id',
      permission: 'contribute',
      summary: 'Switch a rule on or off.',
      params: rulePath,
      body: enabledChange,
      async handle({ params, body, actor }) {
        return ruleSummary(await rules.setEnabled(params.id, body.enabled, actor, body.reason ?? null))
      },
    }),
    endpoint({
      method: 'delete',
      path: '/rules/:id',
      permission: 'contribute',
      summary: 'Remove a rule of the workspace; one that is shipped can only be switched off.',
      params: rulePath,
      handle: ({ params }) => rules.remove(params.id),
    }),
    endpoint({
      method: 'post',
      path: '/rules/validate',
      permission: 'read',
      summary: 'Check rule files against the tables that are here, down to a run over nothing.',
      body: z.union([ruleFiles, ruleText]),
      async handle({ body }) {
        if ('yaml' in body) {
          return { findings: await workspace.validate([{ file: 'rule.yaml', text: body.yaml }]) }
        }
        const { files, standardTables = false } = body
        return { findings: await workspace.validate(files, { standardTables }) }
      },
    }),
    endpoint({
      method: 'post',
      path: '/rules/simulate',
      permission: 'read',
      summary: 'What a rule would have done in its last runs, before it is saved.',
      body: simulation,
      handle({ body, signal }) {
        const { yaml, runs, until } = body
        return workspace.simulate(readRule(yaml, 'rule.yaml'), {
          ...(runs === undefined ? {} : { runs }),
          ...(until === undefined ? {} : { until: new Date(until) }),
          signal,
        })
      },
    }),
    endpoint({
      method: 'post',
      path: '/rules/:id/run',
      permission: 'respond',
      summary: 'Run a rule now, over its last period.',
      params: rulePath,
      async handle({ params, signal }) {
        const { incidents, runs } = await workspace.runOnce(rules.get(params.id).rule, signal)
        return { incidents, runs }
      },
    }),
  ]
}
