/** The analytics rules over HTTP: thin over the rule library, validation and simulation. */
import { type Actor, armProperties, plainRule, type RuleEntry, readRule } from '@auspex/detect'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Workspace } from '../workspace.js'
import { readBody } from './body.js'

const MAX_RULE = 256 * 1024

const enabledChange = z.strictObject({ enabled: z.boolean(), reason: z.string().max(500).optional() })
const ruleFiles = z.strictObject({
  files: z
    .array(z.strictObject({ file: z.string().max(4096), text: z.string().max(MAX_RULE) }))
    .min(1)
    .max(1000),
  standardTables: z.boolean().optional(),
})
const MAX_SIMULATED = 500
const simulation = z.strictObject({
  yaml: z.string().min(1).max(MAX_RULE),
  runs: z.number().int().min(1).max(MAX_SIMULATED).optional(),
  until: z.iso.datetime().optional(),
})
const ruleText = z.strictObject({ yaml: z.string().min(1).max(MAX_RULE) })

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

export function ruleRoutes(workspace: Workspace, actorOf: (context: Context) => Actor): Hono {
  const { rules } = workspace
  const app = new Hono()

  app.get('/rules', async (context) => {
    await rules.refresh()
    const items = await Promise.all(
      rules.entries.map(async (entry) => {
        const [lastRun] = await rules.runs(entry.rule.id, 1)
        return { ...ruleSummary(entry), lastRun: lastRun ?? null }
      }),
    )
    return context.json({ items, broken: rules.broken })
  })

  app.get('/rules/:id', async (context) => {
    const entry = rules.get(context.req.param('id'))
    return context.json({
      ...ruleSummary(entry),
      rule: plainRule(entry.rule),
      arm: armProperties(entry.rule),
      yaml: await rules.text(entry.rule.id),
    })
  })

  app.get('/rules/:id/runs', async (context) =>
    context.json({ items: await rules.runs(context.req.param('id'), 200) }),
  )

  app.post('/rules', async (context) => {
    const body = await readBody(context, ruleText)
    if (body instanceof Response) return body
    return context.json(ruleSummary(await rules.saveText(body.yaml)), 201)
  })

  app.put('/rules/:id', async (context) => {
    const body = await readBody(context, ruleText)
    if (body instanceof Response) return body
    return context.json(ruleSummary(await rules.saveText(body.yaml)))
  })

  app.patch('/rules/:id', async (context) => {
    const body = await readBody(context, enabledChange)
    if (body instanceof Response) return body
    const { enabled, reason } = body
    const entry = await rules.setEnabled(context.req.param('id'), enabled, actorOf(context), reason ?? null)
    return context.json(ruleSummary(entry))
  })

  app.delete('/rules/:id', async (context) => {
    await rules.remove(context.req.param('id'))
    return context.json({})
  })

  app.post('/rules/validate', async (context) => {
    const body = await readBody(context, z.union([ruleFiles, ruleText]))
    if (body instanceof Response) return body
    if ('yaml' in body) {
      return context.json({ findings: await workspace.validate([{ file: 'rule.yaml', text: body.yaml }]) })
    }
    const { files, standardTables = false } = body
    return context.json({ findings: await workspace.validate(files, { standardTables }) })
  })

  app.post('/rules/simulate', async (context) => {
    const body = await readBody(context, simulation)
    if (body instanceof Response) return body
    const rule = readRule(body.yaml, 'rule.yaml')
    const { runs, until } = body
    return context.json(
      await workspace.simulate(rule, {
        ...(runs === undefined ? {} : { runs }),
        ...(until === undefined ? {} : { until: new Date(until) }),
        signal: context.req.raw.signal,
      }),
    )
  })

  app.post('/rules/:id/run', async (context) => {
    const { rule } = rules.get(context.req.param('id'))
    const { incidents, runs } = await workspace.runOnce(rule, context.req.raw.signal)
    return context.json({ incidents, runs })
  })

  return app
}
