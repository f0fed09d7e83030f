/** What all ingest doors do with rows: look whether the caller may send them there, and store them once. */
import { randomUUID } from 'node:crypto'
import { PermissionError } from '../../identity/errors.js'
import { allowsTable, type Who } from '../../identity/permission.js'
import type { Workspace } from '../../workspace.js'
import { batchOf, type Fields } from './rows.js'

/** Tables that are written by the server itself: a client can not put words into its mouth. */
export const CLOSED: ReadonlySet<string> = new Set([
  'AuditSession',
  'AuditCommand',
  'AuditKeystroke',
  'SecurityAlert',
  'SecurityIncident',
  'SentinelHealth',
  'QueryLog',
  'Usage',
  'Watchlist',
])

/** What makes a batch that comes again known: a source, and the place of the batch in it. */
export interface Once {
  readonly source: string
  readonly from: bigint
  readonly to: bigint
}

export interface Received {
  readonly rows: number
  /** False when it was stored before. */
  readonly stored: boolean
}

export async function receive(
  workspace: Workspace,
  who: Who,
  table: string,
  rows: readonly Fields[],
  once?: Once,
): Promise<Received> {
  if (CLOSED.has(table)) throw new PermissionError(`${table} is written by the server only`)
  if (!allowsTable(who, table)) throw new PermissionError(`${who.name} may not send rows to ${table}`)
  if (rows.length === 0) return { rows: 0, stored: false }
  const schema = workspace.schema().tables.find((each) => each.name === table)
  const batch = batchOf(table, rows, schema)
  const { source, from, to } = once ?? { source: `request:${randomUUID()}`, from: 0n, to: 1n }
  if (once === undefined) {
    await workspace.append([batch])
    return { rows: rows.length, stored: true }
  }
  const { stored } = await workspace.ingest({ source, from, to, tables: [batch] })
  return { rows: rows.length, stored }
}
