/** The incidents over HTTP: thin over the `Incidents` service, which checks, logs and tells. */
import { type Actor, type IncidentChange, MAX_PAGE, type NewIncident, ORDERS } from '@auspex/detect'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Workspace } from '../workspace.js'
import { readBody } from './body.js'

const severity = z.enum(['Informational', 'Low', 'Medium', 'High'])
const status = z.enum(['New', 'Active', 'Closed'])
const classification = z.enum(['TruePositive', 'BenignPositive', 'FalsePositive', 'Undetermined'])
const reason = z.enum([
  'SuspiciousActivity',
  'SuspiciousButExpected',
  'IncorrectAlertLogic',
  'InaccurateData',
])
const owner = z.union([
  z.string().min(1),
  z.strictObject({ name: z.string().min(1), email: z.string().optional() }),
  z.null(),
])
const labels = z.array(z.string().min(1)).max(50)

const incidentChange = z.strictObject({
  title: z.string().optional(),
  description: z.string().optional(),
  severity: severity.optional(),
  status: status.optional(),
  classification: classification.nullable().optional(),
  classificationReason: reason.nullable().optional(),
  classificationComment: z.string().nullable().optional(),
  owner: owner.optional(),
  addLabels: labels.optional(),
  removeLabels: labels.optional(),
})

const newIncident = z.strictObject({
  title: z.string().min(1),
  description: z.string().optional(),
  severity,
  status: z.enum(['New', 'Active']).optional(),
  owner: owner.optional(),
  labels: labels.optional(),
})

const message = z.strictObject({ message: z.string().min(1) })
const newTask = z.strictObject({ title: z.string().min(1), description: z.string().optional() })
const taskChange = z.strictObject({
  title: z.string().optional(),
  description: z.string().optional(),
  status: z.enum(['New', 'Completed']).optional(),
})
const bulk = z.strictObject({
  numbers: z.array(z.number().int().positive()).min(1).max(500),
  change: incidentChange,
})

/** Words of a query parameter: `status=New,Active`. */
const words = <T extends string>(word: z.ZodType<T, string>) =>
  z
    .string()
    .transform((text) => text.split(',').filter((part) => part !== ''))
    .pipe(z.array(word).min(1))

const listQuery = z.object({
  status: words(status).optional(),
  severity: words(severity).optional(),
  classification: words(classification).optional(),
  /** `none` are those that nobody has. */
  owner: z.string().optional(),
  label: z.string().optional(),
  rule: z.string().optional(),
  text: z.string().max(200).optional(),
  entity: z.string().optional(),
  entityType: z.string().optional(),
  tactic: z.string().optional(),
  technique: z.string().optional(),
  createdFrom: z.iso.datetime().optional(),
  createdTo: z.iso.datetime().optional(),
  modifiedFrom: z.iso.datetime().optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  sort: z
    .string()
    .regex(new RegExp(`^-?(${ORDERS.join('|')})$`))
    .optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).optional(),
  cursor: z.string().max(1000).optional(),
})

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** Without the keys that hold nothing. */
const present = <T extends object>(value: T): Partial<Present<T>> =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Partial<Present<T>>

const numberOf = (context: Context) => Number(context.req.param('number'))

/** `actorOf` says who asks. */
export function incidentRoutes(workspace: Workspace, actorOf: (context: Context) => Actor): Hono {
  const { incidents } = workspace
  const app = new Hono()

  app.get('/incidents', async (context) => {
    const parsed = listQuery.safeParse(context.req.query())
    if (!parsed.success) {
      return context.json({ error: { code: 'BadArgument', message: z.prettifyError(parsed.error) } }, 400)
    }
    const { owner, rule, entity, entityType, from, to, sort, limit, cursor, ...rest } = parsed.data
    const page = await incidents.list(
      present({
        ...rest,
        owner: owner === undefined ? undefined : owner === 'none' ? null : owner,
        ruleId: rule,
        entity: entity === undefined ? undefined : { name: entity, ...present({ type: entityType }) },
        activityFrom: from,
        activityTo: to,
      }),
      present({
        orderBy: sort?.replace('-', '') as (typeof ORDERS)[number] | undefined,
        ascending: sort === undefined ? undefined : !sort.startsWith('-'),
        limit,
        after: cursor,
      }),
    )
    const { incidents: items, ...others } = page
    return context.json({ items, ...others })
  })

  app.post('/incidents', async (context) => {
    const body = await readBody(context, newIncident)
    if (body instanceof Response) return body
    return context.json(await incidents.create(present(body) as NewIncident, actorOf(context)), 201)
  })

  app.post('/incidents/bulk', async (context) => {
    const body = await readBody(context, bulk)
    if (body instanceof Response) return body
    const results = []
    for (const number of body.numbers) {
      try {
        await incidents.update(number, present(body.change) as IncidentChange, actorOf(context))
        results.push({ number, ok: true })
      } catch (error) {
        const { code = 'Internal', message: text } = error as Error & { code?: string }
        results.push({ number, ok: false, error: { code, message: text } })
      }
    }
    return context.json({ results })
  })

  app.get('/incidents/:number{[0-9]+}', async (context) => {
    const incident = await incidents.get(numberOf(context))
    context.header('etag', incident.etag)
    return context.json(incident)
  })

  app.patch('/incidents/:number{[0-9]+}', async (context) => {
    const body = await readBody(context, incidentChange)
    if (body instanceof Response) return body
    const etag = context.req.header('if-match')
    const incident = await incidents.update(
      numberOf(context),
      present(body) as IncidentChange,
      actorOf(context),
      present({ etag }),
    )
    context.header('etag', incident.etag)
    return context.json(incident)
  })

  app.get('/incidents/:number{[0-9]+}/activity', async (context) => {
    const after = Number(context.req.query('after') ?? 0)
    const items = await incidents.activities(numberOf(context), {
      after: Number.isInteger(after) ? after : 0,
    })
    return context.json({ items })
  })

  app.post('/incidents/:number{[0-9]+}/comments', async (context) => {
    const body = await readBody(context, message)
    if (body instanceof Response) return body
    return context.json(await incidents.comment(numberOf(context), body.message, actorOf(context)), 201)
  })

  app.patch('/incidents/:number{[0-9]+}/comments/:id', async (context) => {
    const body = await readBody(context, message)
    if (body instanceof Response) return body
    await incidents.editComment(numberOf(context), context.req.param('id'), body.message, actorOf(context))
    return context.json({})
  })

  app.delete('/incidents/:number{[0-9]+}/comments/:id', async (context) => {
    await incidents.deleteComment(numberOf(context), context.req.param('id'), actorOf(context))
    return context.json({})
  })

  app.post('/incidents/:number{[0-9]+}/tasks', async (context) => {
    const body = await readBody(context, newTask)
    if (body instanceof Response) return body
    const task = { title: body.title, ...present({ description: body.description }) }
    return context.json(await incidents.addTask(numberOf(context), task, actorOf(context)), 201)
  })

  app.patch('/incidents/:number{[0-9]+}/tasks/:id', async (context) => {
    const body = await readBody(context, taskChange)
    if (body instanceof Response) return body
    await incidents.updateTask(numberOf(context), context.req.param('id'), present(body), actorOf(context))
    return context.json({})
  })

  app.delete('/incidents/:number{[0-9]+}/tasks/:id', async (context) => {
    await incidents.deleteTask(numberOf(context), context.req.param('id'), actorOf(context))
    return context.json({})
  })

  app.get('/alerts/:id', async (context) => context.json(await incidents.alert(context.req.param('id'))))

  app.get('/alerts/:id/rows', async (context) =>
    context.json(await incidents.alertRows(context.req.param('id'))),
  )

  return app
}
