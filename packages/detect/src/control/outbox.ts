/**
 * Rows for the log tables (SecurityAlert, SecurityIncident, SentinelHealth, Watchlist) wait in an outbox of the
 * control database: they are written in the transaction of what they tell of, and moved into the store
 * afterwards. The place in the outbox is the place in the store's receipt, so that none is stored twice.
 */
import { parseDatetime } from '@auspex/kql'
import type { Store, TableBatch } from '@auspex/store'
import type { Kysely } from 'kysely'
import type { ControlDatabase } from './database.js'
import type { ControlTables } from './schema.js'

/** A row as JSON has it: times as ISO text; dynamic values as they are. */
export type LogRow = Readonly<Record<string, unknown>>

type Db = Kysely<ControlTables>
type Sink = Pick<Store, 'ingest' | 'position' | 'schema'>

const SOURCE = 'control:outbox'
const BATCH = 1000

export async function toOutbox(db: Db, table: string, row: LogRow): Promise<void> {
  await db
    .insertInto('outbox')
    .values({ log_table: table, row: JSON.stringify(row) })
    .execute()
}

/** Moves the outbox into the log tables. What a crash left here although the store has it is dropped first. */
export async function flushOutbox(control: ControlDatabase, store: Sink): Promise<void> {
  const stored = (await store.position(SOURCE))?.to ?? 0n
  await control.deleteFrom('outbox').where('seq', '<=', Number(stored)).execute()
  for (;;) {
    const entries = await control.selectFrom('outbox').selectAll().orderBy('seq').limit(BATCH).execute()
    const first = entries[0]
    const last = entries.at(-1)
    if (first === undefined || last === undefined) return
    await store.ingest({
      source: SOURCE,
      from: BigInt(first.seq) - 1n,
      to: BigInt(last.seq),
      tables: batches(entries, store.schema()),
    })
    await control.deleteFrom('outbox').where('seq', '<=', last.seq).execute()
  }
}

function batches(
  entries: readonly { log_table: string; row: string }[],
  schema: ReturnType<Store['schema']>,
): TableBatch[] {
  const byTable = new Map<string, Record<string, unknown>[]>()
  for (const { log_table, row } of entries) {
    const rows = byTable.get(log_table) ?? []
    rows.push(JSON.parse(row) as Record<string, unknown>)
    byTable.set(log_table, rows)
  }
  return [...byTable].map(([table, rows]) => {
    const types = new Map(
      schema.tables.find(({ name }) => name === table)?.columns.map(({ name, type }) => [name, type]),
    )
    const columns = new Map<string, unknown[]>()
    for (const name of new Set(rows.flatMap((row) => Object.keys(row)))) {
      const type = types.get(name)
      columns.set(
        name,
        rows.map((row) => cell(row[name], type)),
      )
    }
    return { table, rowCount: rows.length, columns }
  })
}

function cell(value: unknown, type: string | undefined): unknown {
  if (value === null || value === undefined) return undefined
  if (type === 'datetime') return parseDatetime(String(value)) ?? undefined
  if (type === 'dynamic' && typeof value !== 'string') return JSON.stringify(value)
  return value
}
