/** Lists of incidents: filters, order, pages that stay right while incidents change. */
import { parseDatetime, ticksToIso } from '@auspex/kql'
import { type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely'
import type { ControlTables } from '../control/schema.js'
import type { Severity } from '../rules/vocabulary.js'
import type { Classification, IncidentStatus, IncidentSummary } from './incident.js'
import { type Reading, summariesOf } from './read.js'

type Db = Kysely<ControlTables>

/** All that are given must hold; of a list, one must. */
export interface IncidentFilter {
  readonly status?: readonly IncidentStatus[]
  readonly severity?: readonly Severity[]
  readonly classification?: readonly Classification[]
  /** An owner's name; null: nobody's. */
  readonly owner?: string | null
  readonly label?: string
  readonly ruleId?: string
  /** A part of the title or the description, in any case. */
  readonly text?: string
  /** An entity's name, of one type or of any. */
  readonly entity?: { readonly name: string; readonly type?: string }
  readonly tactic?: string
  readonly technique?: string
  /** ISO times, inclusive and exclusive. */
  readonly createdFrom?: string
  readonly createdTo?: string
  readonly modifiedFrom?: string
  readonly activityFrom?: string
  readonly activityTo?: string
}

export const ORDERS = ['number', 'created', 'modified', 'activity', 'severity'] as const
export type IncidentOrder = (typeof ORDERS)[number]

export interface PageRequest {
  readonly orderBy?: IncidentOrder
  readonly ascending?: boolean
  /** 1 to {@link MAX_PAGE}; default 50. */
  readonly limit?: number
  /** `next` of the page before. */
  readonly after?: string
}

export interface IncidentPage {
  readonly incidents: readonly IncidentSummary[]
  /** How many the filter lets through in all. */
  readonly total: number
  /** Where the next page begins; nothing on the last. */
  readonly next?: string
}

export const MAX_PAGE = 1000
const DEFAULT_PAGE = 50

/** Thrown for a page mark that this list did not give. */
export class BadPageError extends Error {
  readonly code = 'BAD_PAGE'

  constructor() {
    super('the page mark is not one that a list of incidents gave: take `next` of the page before, as it is')
    this.name = 'BadPageError'
  }
}

/** Times are compared as text, so that they must all be written alike. */
const sameForm = (iso: string): string => {
  const ticks = parseDatetime(iso)
  return ticks === null || ticks === undefined ? iso : ticksToIso(ticks)
}

type Builder = ExpressionBuilder<ControlTables, 'incident'>

const SEVERITY_RANK = sql<number>`CASE severity WHEN 'High' THEN 3 WHEN 'Medium' THEN 2 WHEN 'Low' THEN 1 ELSE 0 END`

const KEYS = {
  number: sql<string | number>`number`,
  created: sql<string | number>`created_time`,
  modified: sql<string | number>`last_modified_time`,
  activity: sql<string | number>`last_activity_time`,
  severity: SEVERITY_RANK as ReturnType<typeof sql<string | number>>,
}

const escaped = (text: string) => text.replace(/[\\%_]/g, (character) => `\\${character}`)

function conditions(filter: IncidentFilter, eb: Builder) {
  const { text, entity } = filter
  const has = (column: 'tactics' | 'techniques', value: string) =>
    sql<SqlBool>`EXISTS (SELECT 1 FROM json_each(${sql.ref(column)}) WHERE json_each.value = ${value})`
  const like = text === undefined ? '' : `%${escaped(text)}%`
  return eb.and([
    ...(filter.status === undefined ? [] : [eb('status', 'in', filter.status)]),
    ...(filter.severity === undefined ? [] : [eb('severity', 'in', filter.severity)]),
    ...(filter.classification === undefined ? [] : [eb('classification', 'in', filter.classification)]),
    ...(filter.owner === undefined
      ? []
      : [
          filter.owner === null
            ? eb('owner', 'is', null)
            : sql<SqlBool>`json_extract(owner, '$.name') = ${filter.owner}`,
        ]),
    ...(filter.label === undefined
      ? []
      : [
          sql<SqlBool>`EXISTS (SELECT 1 FROM json_each(labels) WHERE json_extract(json_each.value, '$.name') = ${filter.label})`,
        ]),
    ...(filter.ruleId === undefined
      ? []
      : [sql<SqlBool>`EXISTS (SELECT 1 FROM json_each(rule_ids) WHERE json_each.value = ${filter.ruleId})`]),
    ...(text === undefined
      ? []
      : [sql<SqlBool>`(title LIKE ${like} ESCAPE '\\' OR description LIKE ${like} ESCAPE '\\')`]),
    ...(entity === undefined
      ? []
      : [
          eb.exists(
            eb
              .selectFrom('incident_entity')
              .select('incident_number')
              .whereRef('incident_number', '=', 'incident.number')
              .where('name', '=', entity.name)
              .$if(entity.type !== undefined, (query) => query.where('type', '=', entity.type!)),
          ),
        ]),
    ...(filter.tactic === undefined ? [] : [has('tactics', filter.tactic)]),
    ...(filter.technique === undefined ? [] : [has('techniques', filter.technique)]),
    ...(filter.createdFrom === undefined ? [] : [eb('created_time', '>=', sameForm(filter.createdFrom))]),
    ...(filter.createdTo === undefined ? [] : [eb('created_time', '<', sameForm(filter.createdTo))]),
    ...(filter.modifiedFrom === undefined
      ? []
      : [eb('last_modified_time', '>=', sameForm(filter.modifiedFrom))]),
    ...(filter.activityFrom === undefined
      ? []
      : [eb('last_activity_time', '>=', sameForm(filter.activityFrom))]),
    ...(filter.activityTo === undefined ? [] : [eb('first_activity_time', '<', sameForm(filter.activityTo))]),
  ])
}

type Mark = readonly [order: IncidentOrder, ascending: boolean, key: string | number, number: number]

const encode = (mark: Mark) => Buffer.from(JSON.stringify(mark)).toString('base64url')

function decode(text: string, order: IncidentOrder, ascending: boolean): Mark {
  let mark: unknown
  try {
    mark = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    throw new BadPageError()
  }
  const [ofOrder, ofAscending, key, number] = Array.isArray(mark) ? mark : []
  const isKey = typeof key === 'string' || typeof key === 'number'
  if (ofOrder !== order || ofAscending !== ascending || !isKey || !Number.isInteger(number)) {
    throw new BadPageError()
  }
  return mark as unknown as Mark
}

export async function listIncidents(
  db: Db,
  filter: IncidentFilter,
  page: PageRequest,
  reading: Reading,
): Promise<IncidentPage> {
  const { orderBy = 'number', ascending = false, after } = page
  const limit = Math.max(1, Math.min(page.limit ?? DEFAULT_PAGE, MAX_PAGE))
  const key = KEYS[orderBy]
  const direction = ascending ? 'asc' : 'desc'
  const { total } = await db
    .selectFrom('incident')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where((eb) => conditions(filter, eb))
    .executeTakeFirstOrThrow()
  let query = db
    .selectFrom('incident')
    .selectAll()
    .select(key.as('order_key'))
    .where((eb) => conditions(filter, eb))
  if (after !== undefined) {
    const [, , value, number] = decode(after, orderBy, ascending)
    const further = sql.raw(ascending ? '>' : '<')
    query = query.where(sql<SqlBool>`(${key}, number) ${further} (${value}, ${number})`)
  }
  const rows = await query
    .orderBy(key, direction)
    .orderBy('number', direction)
    .limit(limit + 1)
    .execute()
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    incidents: await summariesOf(db, shown, reading),
    total: Number(total),
    ...(rows.length > limit && last !== undefined
      ? { next: encode([orderBy, ascending, last.order_key, last.number]) }
      : {}),
  }
}
