/**
 * Watchlists: lists that rules look things up in, such as administrators and jump hosts. The control state has
 * them; each change of an item is a row of the table Watchlist, out of which `_GetWatchlist` reads what is so.
 */
import { parseDatetime, ticksToIso } from '@auspex/kql'
import type { Kysely, Selectable } from 'kysely'
import type { ControlDatabase } from '../control/database.js'
import { type LogRow, toOutbox } from '../control/outbox.js'
import type { ControlTables, WatchlistItemTable, WatchlistTable } from '../control/schema.js'
import type { Actor } from '../incidents/change.js'
import { BadChangeError, NotFoundError } from '../incidents/incidents.js'
import { type CsvTable, MAX_ITEMS, readCsv } from './csv.js'
import type { KnownWatchlist } from './functions.js'

type Db = Kysely<ControlTables>
type Row = Selectable<WatchlistTable>
type ItemRow = Selectable<WatchlistItemTable>

export interface Watchlist {
  readonly alias: string
  readonly id: string
  readonly name: string
  readonly description: string
  readonly provider: string
  readonly searchKey: string
  readonly columns: readonly string[]
  readonly itemCount: number
  readonly createdBy: string
  readonly createdTime: string
  readonly updatedBy: string
  readonly updatedTime: string
}

export interface WatchlistItem {
  readonly id: string
  readonly searchKey: string
  readonly values: Readonly<Record<string, string>>
  readonly updatedBy: string
  readonly updatedTime: string
}

export interface NewWatchlist {
  readonly alias: string
  readonly name?: string
  readonly description?: string
  readonly provider?: string
  /** A column of the file; default its first. */
  readonly searchKey?: string
  readonly csv: string
}

export interface WatchlistsParts {
  readonly control: ControlDatabase
  /** ISO, seven digits. */
  readonly now: () => string
  readonly newId: () => string
  /** Told when a change is in. */
  readonly onChange?: () => void
}

const ALIAS = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/
const PAGE = 200

/** What the table Watchlist is told of one item. */
interface ItemChange {
  readonly item: {
    readonly id: string
    readonly searchKey: string
    readonly values: Readonly<Record<string, string>>
  }
  readonly status: 'Create' | 'Update' | 'Delete'
}

function logRow(list: Row, { item, status }: ItemChange, timestamp: string, actor: Actor): LogRow {
  return {
    TimeGenerated: timestamp,
    Type: 'Watchlist',
    WatchlistId: list.id,
    WatchlistAlias: list.alias,
    WatchlistName: list.name,
    WatchlistItemId: item.id,
    WatchlistItem: item.values,
    SearchKey: item.searchKey,
    CreatedBy: { name: list.created_by },
    CreatedTimeUTC: list.created_time,
    UpdatedBy: { name: actor.name },
    LastUpdatedTimeUTC: timestamp,
    Notes: list.description,
    Provider: list.provider,
    SourceSystem: 'Watchlist',
    _DTItemId: item.id,
    _DTItemStatus: status,
    _DTItemType: 'watchlist-item',
    _DTTimestamp: timestamp,
  }
}

const itemOf = (row: ItemRow): WatchlistItem => ({
  id: row.id,
  searchKey: row.search_key,
  values: JSON.parse(row.body) as Record<string, string>,
  updatedBy: row.updated_by,
  updatedTime: row.updated_time,
})

export class Watchlists {
  readonly #parts: WatchlistsParts
  #known: readonly KnownWatchlist[] = []

  private constructor(parts: WatchlistsParts) {
    this.#parts = parts
  }

  static async open(parts: WatchlistsParts): Promise<Watchlists> {
    const watchlists = new Watchlists(parts)
    await watchlists.#learn()
    return watchlists
  }

  /** Aliases and columns, for binding queries. */
  get known(): readonly KnownWatchlist[] {
    return this.#known
  }

  async #learn(): Promise<void> {
    const rows = await this.#parts.control.selectFrom('watchlist').select(['alias', 'columns']).execute()
    this.#known = rows.map(({ alias, columns }) => ({ alias, columns: JSON.parse(columns) as string[] }))
  }

  async list(): Promise<Watchlist[]> {
    const rows = await this.#parts.control.selectFrom('watchlist').selectAll().orderBy('alias').execute()
    const counts = await this.#parts.control
      .selectFrom('watchlist_item')
      .select(({ fn }) => ['alias', fn.countAll<number>().as('n')])
      .groupBy('alias')
      .execute()
    const byAlias = new Map(counts.map(({ alias, n }) => [alias, Number(n)]))
    return rows.map((row) => ({
      alias: row.alias,
      id: row.id,
      name: row.name,
      description: row.description,
      provider: row.provider,
      searchKey: row.search_key,
      columns: JSON.parse(row.columns) as string[],
      itemCount: byAlias.get(row.alias) ?? 0,
      createdBy: row.created_by,
      createdTime: row.created_time,
      updatedBy: row.updated_by,
      updatedTime: row.updated_time,
    }))
  }

  async get(alias: string): Promise<Watchlist> {
    const found = (await this.list()).find((list) => list.alias.toLowerCase() === alias.toLowerCase())
    if (found === undefined) throw new NotFoundError(`watchlist "${alias}"`)
    return found
  }

  /** A page of items in the order in which they came; `after` is `next` of the page before. */
  async items(
    alias: string,
    { after = 0, limit = PAGE, search }: { after?: number; limit?: number; search?: string } = {},
  ): Promise<{ items: WatchlistItem[]; next?: number }> {
    const list = await this.#row(this.#parts.control, alias)
    const rows = await this.#parts.control
      .selectFrom('watchlist_item')
      .selectAll()
      .where('alias', '=', list.alias)
      .where('seq', '>', after)
      .$if(search !== undefined, (query) => query.where('body', 'like', `%${search!.replace(/[%_]/g, '')}%`))
      .orderBy('seq')
      .limit(limit + 1)
      .execute()
    const shown = rows.slice(0, limit)
    const last = shown.at(-1)
    return {
      items: shown.map(itemOf),
      ...(rows.length > limit && last !== undefined ? { next: last.seq } : {}),
    }
  }

  /** Makes a watchlist out of a file. */
  async create(list: NewWatchlist, actor: Actor): Promise<Watchlist> {
    const { alias, csv } = list
    if (!ALIAS.test(alias)) {
      throw new BadChangeError(
        `"${alias}" can be no alias: letters, digits, _ and -, a letter first, at most 64`,
      )
    }
    const table = readCsv(csv)
    const { newId, now } = this.#parts
    const time = now()
    const row: Row = {
      alias,
      id: newId(),
      name: list.name ?? alias,
      description: list.description ?? '',
      provider: list.provider ?? 'Custom',
      search_key: this.#searchKey(list.searchKey, table),
      columns: JSON.stringify(table.columns),
      created_by: actor.name,
      created_time: time,
      updated_by: actor.name,
      updated_time: time,
      last_change: '0',
    }
    await this.#change(async (db) => {
      const others = await db.selectFrom('watchlist').select('alias').execute()
      if (others.some((other) => other.alias.toLowerCase() === alias.toLowerCase())) {
        throw new BadChangeError(`there is a watchlist ${alias} already: replace its items instead`)
      }
      await db.insertInto('watchlist').values(row).execute()
      await this.#insert(db, row, table.rows, actor)
    })
    await this.#learn()
    return this.get(alias)
  }

  /** Takes the items of a file in the place of those that are there; what is the same stays. */
  async replace(alias: string, csv: string, actor: Actor): Promise<Watchlist> {
    const table = readCsv(csv)
    await this.#change(async (db) => {
      const list = await this.#row(db, alias)
      const key = this.#searchKey(list.search_key, table)
      const before = await db
        .selectFrom('watchlist_item')
        .selectAll()
        .where('alias', '=', list.alias)
        .execute()
      const left = new Map<string, ItemRow[]>()
      for (const item of before) left.set(item.body, [...(left.get(item.body) ?? []), item])
      const fresh = table.rows.filter((values) => left.get(JSON.stringify(values))?.pop() === undefined)
      const updated = { ...list, columns: JSON.stringify(table.columns), search_key: key }
      await db
        .updateTable('watchlist')
        .set({ columns: updated.columns, search_key: key })
        .where('alias', '=', list.alias)
        .execute()
      await this.#delete(db, updated, [...left.values()].flat(), actor)
      await this.#insert(db, updated, fresh, actor)
    })
    await this.#learn()
    return this.get(alias)
  }

  async addItem(
    alias: string,
    values: Readonly<Record<string, string>>,
    actor: Actor,
  ): Promise<WatchlistItem> {
    let id = ''
    await this.#change(async (db) => {
      const list = await this.#row(db, alias)
      ;[id] = (await this.#insert(db, list, [this.#values(list, values)], actor)) as [string]
    })
    return this.#item(this.#parts.control, alias, id)
  }

  async updateItem(
    alias: string,
    id: string,
    values: Readonly<Record<string, string>>,
    actor: Actor,
  ): Promise<WatchlistItem> {
    await this.#change(async (db) => {
      const list = await this.#row(db, alias)
      const before = await this.#item(db, alias, id)
      const after = this.#values(list, { ...before.values, ...values })
      const [timestamp] = await this.#timestamps(db, list, 1, actor)
      const searchKey = after[list.search_key] ?? ''
      await db
        .updateTable('watchlist_item')
        .set({
          body: JSON.stringify(after),
          search_key: searchKey,
          updated_by: actor.name,
          updated_time: timestamp!,
        })
        .where('id', '=', id)
        .execute()
      const change: ItemChange = { item: { id, searchKey, values: after }, status: 'Update' }
      await toOutbox(db, 'Watchlist', logRow(list, change, timestamp!, actor))
    })
    return this.#item(this.#parts.control, alias, id)
  }

  async deleteItem(alias: string, id: string, actor: Actor): Promise<void> {
    await this.#change(async (db) => {
      const list = await this.#row(db, alias)
      const row = await db
        .selectFrom('watchlist_item')
        .selectAll()
        .where('alias', '=', list.alias)
        .where('id', '=', id)
        .executeTakeFirst()
      if (row === undefined) throw new NotFoundError(`item ${id} in watchlist ${alias}`)
      await this.#delete(db, list, [row], actor)
    })
  }

  async remove(alias: string, actor: Actor): Promise<void> {
    await this.#change(async (db) => {
      const list = await this.#row(db, alias)
      const rows = await db.selectFrom('watchlist_item').selectAll().where('alias', '=', list.alias).execute()
      await this.#delete(db, list, rows, actor)
      await db.deleteFrom('watchlist').where('alias', '=', list.alias).execute()
    })
    await this.#learn()
  }

  async #change(work: (db: Db) => Promise<void>): Promise<void> {
    await this.#parts.control.transaction().execute(work)
    this.#parts.onChange?.()
  }

  #searchKey(wanted: string | undefined, { columns }: CsvTable): string {
    const key = wanted ?? columns[0]!
    if (columns.includes(key)) return key
    throw new BadChangeError(`the search key ${key} is no column of the file; it has ${columns.join(', ')}`)
  }

  #values(list: Row, values: Readonly<Record<string, string>>): Record<string, string> {
    const columns = JSON.parse(list.columns) as string[]
    const unknown = Object.keys(values).find((name) => !columns.includes(name))
    if (unknown !== undefined) {
      throw new BadChangeError(`${list.alias} has no column ${unknown}; it has ${columns.join(', ')}`)
    }
    return Object.fromEntries(columns.map((name) => [name, values[name] ?? '']))
  }

  async #row(db: Db, alias: string): Promise<Row> {
    const rows = await db.selectFrom('watchlist').selectAll().execute()
    const row = rows.find((one) => one.alias.toLowerCase() === alias.toLowerCase())
    if (row === undefined) throw new NotFoundError(`watchlist "${alias}"`)
    return row
  }

  async #item(db: Db, alias: string, id: string): Promise<WatchlistItem> {
    const row = await db.selectFrom('watchlist_item').selectAll().where('id', '=', id).executeTakeFirst()
    if (row === undefined || row.alias.toLowerCase() !== alias.toLowerCase()) {
      throw new NotFoundError(`item ${id} in watchlist ${alias}`)
    }
    return itemOf(row)
  }

  /** Times of changes: each later than all before it, whatever the clock does, so that the last one is known. */
  async #timestamps(db: Db, list: Row, count: number, actor: Actor): Promise<string[]> {
    const now = this.#parts.now()
    const { last_change } = await db
      .selectFrom('watchlist')
      .select('last_change')
      .where('alias', '=', list.alias)
      .executeTakeFirstOrThrow()
    const ticks = parseDatetime(now) ?? 0n
    const first = ticks > BigInt(last_change) ? ticks : BigInt(last_change) + 1n
    const last = first + BigInt(Math.max(0, count - 1))
    await db
      .updateTable('watchlist')
      .set({ last_change: String(last), updated_by: actor.name, updated_time: now })
      .where('alias', '=', list.alias)
      .execute()
    return Array.from({ length: count }, (_, i) => ticksToIso(first + BigInt(i)))
  }

  async #insert(
    db: Db,
    list: Row,
    rows: readonly Readonly<Record<string, string>>[],
    actor: Actor,
  ): Promise<string[]> {
    const { n } = await db
      .selectFrom('watchlist_item')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('alias', '=', list.alias)
      .executeTakeFirstOrThrow()
    if (Number(n) + rows.length > MAX_ITEMS) {
      throw new BadChangeError(`a watchlist keeps at most ${MAX_ITEMS} items`)
    }
    const timestamps = await this.#timestamps(db, list, rows.length, actor)
    const ids: string[] = []
    for (const [i, values] of rows.entries()) {
      const id = this.#parts.newId()
      const searchKey = values[list.search_key] ?? ''
      const time = timestamps[i]!
      await db
        .insertInto('watchlist_item')
        .values({
          id,
          alias: list.alias,
          search_key: searchKey,
          body: JSON.stringify(values),
          created_by: actor.name,
          created_time: time,
          updated_by: actor.name,
          updated_time: time,
        })
        .execute()
      const change: ItemChange = { item: { id, searchKey, values }, status: 'Create' }
      await toOutbox(db, 'Watchlist', logRow(list, change, time, actor))
      ids.push(id)
    }
    return ids
  }

  async #delete(db: Db, list: Row, items: readonly ItemRow[], actor: Actor): Promise<void> {
    const timestamps = await this.#timestamps(db, list, items.length, actor)
    for (const [i, row] of items.entries()) {
      await db.deleteFrom('watchlist_item').where('id', '=', row.id).execute()
      const item = {
        id: row.id,
        searchKey: row.search_key,
        values: JSON.parse(row.body) as Record<string, string>,
      }
      await toOutbox(db, 'Watchlist', logRow(list, { item, status: 'Delete' }, timestamps[i]!, actor))
    }
  }
}
