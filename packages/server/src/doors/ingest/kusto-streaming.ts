/** Kusto's streaming ingestion: `POST /v1/rest/ingest/{database}/{table}?streamFormat=…`, as its SDKs send to it. */
import { randomUUID } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { requires } from '../../http/access.js'
import { ArgumentError } from '../../http/failure.js'
import type { Workspace } from '../../workspace.js'
import { EntityNotFoundError, kustoRefusal } from '../query/kusto/failure.js'
import { columns, smallV1 } from '../query/kusto/tables.js'
import { readBytes, textOf } from './body.js'
import { delimited } from './delimited.js'
import { type IngestDoor, objectsOf } from './logs-ingestion.js'
import { receive } from './receive.js'
import type { Fields } from './rows.js'

const MAX_BODY = 10 << 20
const DATABASES = new Set(['auspex', 'netdefaultdb'])
const TABLE = /^[A-Za-z_]\w{0,127}$/
const SEPARATORS: Readonly<Record<string, string>> = {
  csv: ',',
  tsv: '\t',
  psv: '|',
  scsv: ';',
  sohsv: '\u0001',
}

/** One object a line; empty lines are none. */
function lines(text: string): Fields[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line, at) => {
      try {
        return objectsOf(line)
      } catch (error) {
        throw new ArgumentError(`line ${at + 1}: ${(error as Error).message}`)
      }
    })
}

/** By the order of the table's columns, as Kusto maps delimited text without a mapping. */
function ordinal(text: string, separator: string, table: string, workspace: Workspace): Fields[] {
  const schema = workspace.schema().tables.find(({ name }) => name === table)
  if (schema === undefined) {
    throw new EntityNotFoundError(
      `there is no table ${table}: send JSON to make one, whose names are its columns`,
    )
  }
  const names = schema.columns
    .map(({ name }) => name)
    .filter((name) => name !== '_TimeReceived' && name !== 'Type')
  return [...delimited(text, separator)].map((fields) =>
    Object.fromEntries(
      fields.slice(0, names.length).map((field, at) => [names[at]!, field === '' ? null : field]),
    ),
  )
}

function rowsOf(text: string, format: string, table: string, workspace: Workspace): Fields[] {
  if (format === 'json') return lines(text)
  if (format === 'multijson') {
    try {
      return objectsOf(text)
    } catch {
      return lines(text)
    }
  }
  const separator = SEPARATORS[format]
  if (separator !== undefined) return ordinal(text, separator, table, workspace)
  throw new ArgumentError(
    `streamFormat ${format} is not taken: json, multijson, ${Object.keys(SEPARATORS).join(', ')}`,
  )
}

export function kustoStreaming({ workspace, identify, requests }: IngestDoor): Hono {
  const app = new Hono()
  const aboutOf = (context: Context) => ({
    text: '',
    database: context.req.param('database') ?? '',
    request: context.req.header('x-ms-client-request-id')?.slice(0, 200) ?? randomUUID(),
  })
  app.onError((error, context) => kustoRefusal(error, context, aboutOf(context)))
  app.post('/v1/rest/ingest/:database/:table', async (context) => {
    const who = await requires(context, identify, 'ingest')
    requests.take(who.name)
    const { database, table } = context.req.param()
    if (!DATABASES.has(database.toLowerCase())) {
      throw new EntityNotFoundError(`there is no database '${database}'; there is 'auspex'`)
    }
    if (!TABLE.test(table)) throw new ArgumentError(`${table.slice(0, 100)} can not be a table`)
    if (context.req.query('mappingName') || context.req.query('sourceKind')) {
      throw new ArgumentError(
        'mappings and sources by address are not taken: send the rows, named as the columns',
      )
    }
    const format = (context.req.query('streamFormat') ?? 'csv').toLowerCase()
    const text = textOf(await readBytes(context, MAX_BODY))
    const rows = rowsOf(text, format, table, workspace)
    const request = context.req.header('x-ms-client-request-id')
    const once =
      request === undefined ? undefined : { source: `request:${table}:${request}`, from: 0n, to: 1n }
    await receive(workspace, who, table, rows, once)
    context.header('x-ms-client-request-id', aboutOf(context).request)
    context.header('x-ms-activity-id', randomUUID())
    const answer = {
      columns: columns(
        'ConsumedRecordsCount:long UpdatePolicyStatus UpdatePolicyFailureCode UpdatePolicyFailureReason',
      ),
      rows: [[rows.length, 'Inactive', 'Unknown', null]],
    }
    return context.json({ Tables: [smallV1(answer)] })
  })
  return app
}
