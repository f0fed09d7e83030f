/** The watchlists, as a command asks for them: of the folder that is open here, or of the server that has it. */
import type { Actor, NewWatchlist, Watchlist, WatchlistItem, Watchlists } from '@auspex/detect'
import type { Ask } from './ask.js'

export interface ItemPage {
  readonly items: readonly WatchlistItem[]
  readonly next?: number
}

export interface WatchlistsDesk {
  list(): Promise<readonly Watchlist[]>
  get(alias: string): Promise<Watchlist>
  items(alias: string, after: number): Promise<ItemPage>
  create(list: NewWatchlist): Promise<Watchlist>
  replace(alias: string, csv: string): Promise<Watchlist>
  remove(alias: string): Promise<void>
}

export function localWatchlists(watchlists: Watchlists, actor: Actor): WatchlistsDesk {
  return {
    list: () => watchlists.list(),
    get: (alias) => watchlists.get(alias),
    items: (alias, after) => watchlists.items(alias, { after }),
    create: (list) => watchlists.create(list, actor),
    replace: (alias, csv) => watchlists.replace(alias, csv, actor),
    remove: (alias) => watchlists.remove(alias, actor),
  }
}

export function remoteWatchlists(ask: Ask): WatchlistsDesk {
  const of = (alias: string) => `/api/watchlists/${encodeURIComponent(alias)}`
  return {
    list: async () => ((await ask('GET', '/api/watchlists')) as { items: Watchlist[] }).items,
    get: async (alias) => (await ask('GET', of(alias))) as Watchlist,
    items: async (alias, after) => (await ask('GET', `${of(alias)}/items?cursor=${after}`)) as ItemPage,
    create: async (list) => (await ask('POST', '/api/watchlists', list)) as Watchlist,
    replace: async (alias, csv) => (await ask('PUT', of(alias), { csv })) as Watchlist,
    remove: async (alias) => void (await ask('DELETE', of(alias))),
  }
}
