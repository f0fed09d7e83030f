/**
 * A query reads its tables through views that have all their columns over all their parts. Binding those costs more
 * than many a query's work: some 400 columns times 20 parts, for each time the table is named. So before a query runs,
 * the views it names are put before it anew, with the columns only that it can mean, over the parts only that can have
 * a row for it, and with bounds of time that the engine skips rows by.
 */

import { LINUX_AUDIT_LOG_TABLE, PACKED_FORM_TYPES } from '@auspex/auditd'
import type { Bounds, ScanNeeds } from '@auspex/kql'
import type { ColumnSchema, TableSchema } from '../schema.js'
import { TICKS_PER_MS, UNIX_EPOCH_TICKS } from '../ticks.js'
import type { RowBounds } from './packed-sql.js'
import { quote } from './types.js'

export interface Narrowed {
  readonly table: TableSchema
  readonly wanted: readonly ColumnSchema[]
  readonly bounds: RowBounds
  /** Whether rows of these record types can be wanted. */
  readonly wantsTypes: (types: readonly string[]) => boolean
}

/** Where columns are meant that are not named. */
const ALL_COLUMNS = /(?:SELECT|,|\.|\()\s*\*|COLUMNS\s*\(/i

/** The tables that a query names, and what it can want of them. */
export function narrow(sql: string, tables: Iterable<TableSchema>, needs: readonly ScanNeeds[]): Narrowed[] {
  const all = ALL_COLUMNS.test(sql.replaceAll('count(*)', ''))
  const narrowed: Narrowed[] = []
  for (const table of tables) {
    if (!sql.includes(quote(table.name))) continue
    const wanted = all ? table.columns : table.columns.filter(({ name }) => sql.includes(quote(name)))
    const need = needs.find((known) => known.table === table.name)?.bounds ?? new Map<string, Bounds>()
    const types = need.get('RecordType_s')?.oneOf
    narrowed.push({
      table,
      wanted,
      bounds: table.name === LINUX_AUDIT_LOG_TABLE ? rowBounds(need) : {},
      wantsTypes: (some) => types === undefined || some.some((type) => types.includes(type)),
    })
  }
  return narrowed
}

/** Milliseconds between which the rows lie: by their time, or by ids that begin with it. */
function rowBounds(need: ReadonlyMap<string, Bounds>): RowBounds {
  let from: bigint | undefined
  let to: bigint | undefined
  const between = (least: bigint | undefined, most: bigint | undefined) => {
    if (least !== undefined && (from === undefined || least > from)) from = least
    if (most !== undefined && (to === undefined || most < to)) to = most
  }
  for (const name of ['TimeGenerated', 'Timestamp_t']) {
    const time = need.get(name)
    between(time?.from && msAtOrBefore(time.from - 1n) + 1n, time?.to && msAtOrBefore(time.to))
  }
  const ids = need.get('AuditID_s')?.oneOf?.map(timeOfId)
  if (ids !== undefined && ids.length > 0 && ids.every((id) => id !== undefined)) {
    between(
      ids.reduce((a, b) => (a < b ? a : b)),
      ids.reduce((a, b) => (a > b ? a : b)),
    )
  }
  const serials = need.get('SerialNumber_s')?.oneOf
  const serial =
    serials !== undefined && serials.length > 0 && serials.every((text) => /^[0-9]{1,15}$/.test(text))
      ? serials.map(BigInt)
      : undefined
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(serial === undefined ? {} : { serials: serial }),
  }
}

function msAtOrBefore(ticks: bigint): bigint {
  const since = ticks - UNIX_EPOCH_TICKS
  return since >= 0n ? since / TICKS_PER_MS : -((-since + TICKS_PER_MS - 1n) / TICKS_PER_MS)
}

/** Milliseconds of `1580291194.240:77`; packed rows have no other ids. */
function timeOfId(id: string): bigint | undefined {
  const parts = /^([0-9]{10})\.([0-9]{3}):/.exec(id)
  return parts === null ? undefined : BigInt(parts[1]! + parts[2]!)
}

export const typesOfForm = (form: string): readonly string[] => PACKED_FORM_TYPES[form] ?? []

/** The query with the SELECTs in the place of the views. */
export function withNarrowed(sql: string, views: readonly { table: string; select: string }[]): string {
  if (views.length === 0) return sql
  const list = views.map(({ table, select }) => `${quote(table)} AS NOT MATERIALIZED (${select})`).join(',\n')
  const own = /^WITH (RECURSIVE )?/.exec(sql)
  if (own === null) return `WITH ${list}\n${sql}`
  return `WITH ${own[1] ?? ''}${list},\n${sql.slice(own[0].length)}`
}
