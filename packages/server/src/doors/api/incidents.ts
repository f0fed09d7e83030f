/** The incidents over HTTP: thin over the `Incidents` service, which checks, logs and tells. */
import { type IncidentChange, type Incidents, MAX_PAGE, type NewIncident, ORDERS } from '@auspex/detect'
import { z } from 'zod'
import { type Endpoint, endpoint } from '../../http/endpoint.js'
import type { Live } from '../../live.js'

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

const incidentPath = z.object({ number: z.coerce.number().int().positive() })
const partPath = incidentPath.extend({ id: z.string() })
const NUMBER = '/incidents/:number{[0-9]+}'

interface Parts {
  readonly incidents: Incidents
  readonly live: Live
}

export function incidentEndpoints({ incidents, live }: Parts): Endpoint[] {
  const changed = (number: number, change: string) => live.tell({ kind: 'incident', number, change })
  return [
    endpoint({
      method: 'get',
      path: '/incidents',
      permission: 'read',
      summary: 'Incidents, a page at a time, with counts by status and severity.',
      query: listQuery,
      async handle({ query }) {
        const { owner, rule, entity, entityType, from, to, sort, limit, cursor, ...rest } = query
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
        return { items, ...others }
      },
    }),
    endpoint({
      method: 'post',
      path: '/incidents',
      permission: 'respond',
      summary: 'Open an incident by hand.',
      body: newIncident,
      status: 201,
      async handle({ body, actor }) {
        const incident = await incidents.create(present(body) as NewIncident, actor)
        changed(incident.number, 'created')
        return incident
      },
    }),
    endpoint({
      method: 'post',
      path: '/incidents/bulk',
      permission: 'respond',
      summary: 'The same change for many incidents; each says how it went.',
      body: bulk,
      async handle({ body, actor }) {
        const results = []
        for (const number of body.numbers) {
          try {
            await incidents.update(number, present(body.change) as IncidentChange, actor)
            changed(number, 'changed')
            results.push({ number, ok: true })
          } catch (error) {
            const { code = 'INTERNAL', message: text } = error as Error & { code?: string }
            results.push({ number, ok: false, error: { code, message: text } })
          }
        }
        return { results }
      },
    }),
    endpoint({
      method: 'get',
      path: NUMBER,
      permission: 'read',
      summary: 'An incident with its alerts, entities, tasks and comments.',
      params: incidentPath,
      async handle({ params, context }) {
        const incident = await incidents.get(params.number)
        context.header('etag', incident.etag)
        return incident
      },
    }),
    endpoint({
      method: 'patch',
      path: NUMBER,
      permission: 'respond',
      summary: 'Change an incident; with `If-Match`, only when nobody was quicker.',
      params: incidentPath,
      body: incidentChange,
      async handle({ params, body, actor, context }) {
        const etag = context.req.header('if-match')
        const incident = await incidents.update(
          params.number,
          present(body) as IncidentChange,
          actor,
          present({ etag }),
        )
        changed(params.number, 'changed')
        context.header('etag', incident.etag)
        return incident
      },
    }),
    endpoint({
      method: 'get',
      path: `${NUMBER}/activity`,
      permission: 'read',
      summary: 'Every change of an incident, and who made it.',
      params: incidentPath,
      query: z.object({ after: z.coerce.number().int().min(0).optional() }),
      handle: async ({ params, query }) => ({
        items: await incidents.activities(params.number, { after: query.after ?? 0 }),
      }),
    }),
    endpoint({
      method: 'post',
      path: `${NUMBER}/comments`,
      permission: 'respond',
      summary: 'Comment on an incident.',
      params: incidentPath,
      body: message,
      status: 201,
      async handle({ params, body, actor }) {
        const comment = await incidents.comment(params.number, body.message, actor)
        changed(params.number, 'comment')
        return comment
      },
    }),
    endpoint({
      method: 'patch',
      path: `${NUMBER}/comments/:id`,
      permission: 'respond',
      summary: 'Change a comment of your own.',
      params: partPath,
      body: message,
      async handle({ params, body, actor }) {
        await incidents.editComment(params.number, params.id, body.message, actor)
        changed(params.number, 'comment')
      },
    }),
    endpoint({
      method: 'delete',
      path: `${NUMBER}/comments/:id`,
      permission: 'respond',
      summary: 'Take a comment of your own back.',
      params: partPath,
      async handle({ params, actor }) {
        await incidents.deleteComment(params.number, params.id, actor)
        changed(params.number, 'comment')
      },
    }),
    endpoint({
      method: 'post',
      path: `${NUMBER}/tasks`,
      permission: 'respond',
      summary: 'Add a task.',
      params: incidentPath,
      body: newTask,
      status: 201,
      async handle({ params, body, actor }) {
        const task = { title: body.title, ...present({ description: body.description }) }
        const added = await incidents.addTask(params.number, task, actor)
        changed(params.number, 'task')
        return added
      },
    }),
    endpoint({
      method: 'patch',
      path: `${NUMBER}/tasks/:id`,
      permission: 'respond',
      summary: 'Change a task, or complete it.',
      params: partPath,
      body: taskChange,
      async handle({ params, body, actor }) {
        await incidents.updateTask(params.number, params.id, present(body), actor)
        changed(params.number, 'task')
      },
    }),
    endpoint({
      method: 'delete',
      path: `${NUMBER}/tasks/:id`,
      permission: 'respond',
      summary: 'Take a task away.',
      params: partPath,
      async handle({ params, actor }) {
        await incidents.deleteTask(params.number, params.id, actor)
        changed(params.number, 'task')
      },
    }),
    endpoint({
      method: 'get',
      path: '/alerts/:id',
      permission: 'read',
      summary: 'An alert: its query, window and entities.',
      params: z.object({ id: z.string() }),
      handle: ({ params }) => incidents.alert(params.id),
    }),
    endpoint({
      method: 'get',
      path: '/alerts/:id/rows',
      permission: 'read',
      summary: 'The rows that made an alert.',
      params: z.object({ id: z.string() }),
      handle: ({ params }) => incidents.alertRows(params.id),
    }),
  ]
}
