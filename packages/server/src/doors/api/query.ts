/** Queries in the management API's own form, and what an editor needs to write them. */
import { type KqlValue, ticksFromDate } from '@auspex/kql'
import { z } from 'zod'
import { type Endpoint, endpoint } from '../../http/endpoint.js'
import { ArgumentError } from '../../http/failure.js'
import type { Throttle } from '../../identity/throttle.js'
import type { Workspace } from '../../workspace.js'
import { encodeCell } from '../cells.js'
import { parseTimespanParameter } from '../timespan.js'

const MAX_ROWS = 500_000

const text = z
  .string()
  .min(1)
  .max(256 * 1024)
const queryBody = z.strictObject({
  query: text,
  /** Rows of every table are those of this time; as in the Log Analytics API. */
  timespan: z.string().max(100).optional(),
  maxRows: z.int().min(1).max(MAX_ROWS).optional(),
})

export function queryEndpoints(workspace: Workspace, queries: Throttle, now: () => Date): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/query',
      permission: 'read',
      summary: 'Answer a KQL query. long, datetime and timespan are text; the columns tell.',
      body: queryBody,
      async handle({ body, who, signal, context }) {
        queries.take(who.name)
        const { query, timespan, maxRows } = body
        const timeRange =
          timespan === undefined ? undefined : parseTimespanParameter(timespan, ticksFromDate(now()))
        if (timespan !== undefined && timeRange === undefined) {
          throw new ArgumentError(
            `timespan ${JSON.stringify(timespan)} is neither a duration such as PT1H nor START/END`,
          )
        }
        const answer = await workspace.ask(
          query,
          { signal, ...(timeRange && { timeRange }), ...(maxRows && { maxRows }) },
          { user: who.name, client: context.req.header('x-auspex-client')?.slice(0, 50) ?? 'api' },
        )
        const types = answer.columns.map((column) => column.type)
        const rows: unknown[][] = []
        for await (const batch of answer.batches) {
          for (let row = 0; row < batch.rowCount; row++) {
            rows.push(batch.columns.map((column, i) => encodeCell(types[i]!, column[row] as KqlValue)))
          }
        }
        return {
          columns: answer.columns,
          rows,
          truncated: answer.truncated(),
          ...(answer.render && { render: answer.render }),
          statistics: answer.statistics(),
        }
      },
    }),
    endpoint({
      method: 'post',
      path: '/explain',
      permission: 'read',
      summary: 'The plan and the SQL of a query, which is not run.',
      body: z.strictObject({ query: text }),
      async handle({ body }) {
        const { plan, sql } = await workspace.explain(body.query)
        return { plan, sql }
      },
    }),
    endpoint({
      method: 'post',
      path: '/editor',
      permission: 'read',
      summary:
        'What an editor asks of a text: completions, hover or signature at a place (an offset in UTF-16 units), diagnostics, tokens, format.',
      body: z.strictObject({
        ask: z.enum(['completions', 'hover', 'signature', 'diagnostics', 'tokens', 'format']),
        query: z.string().max(256 * 1024),
        position: z.int().min(0).optional(),
      }),
      handle: async ({ body: { ask, query, position = 0 } }) => ({
        answer: await workspace.tell(ask, query, Math.min(position, query.length)),
      }),
    }),
    endpoint({
      method: 'get',
      path: '/schema',
      permission: 'read',
      summary: 'Tables, columns and stored functions.',
      handle: () => workspace.schema(),
    }),
  ]
}
