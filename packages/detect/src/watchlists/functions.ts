/**
 * `_GetWatchlist('alias')`: the items of a watchlist, their columns beside SearchKey, as in Sentinel. A function of
 * KQL has one set of columns, and each watchlist has its own: so the function is made anew for each query, with
 * the columns of the watchlists that its text names.
 */
import type { StoredFunction } from '@auspex/kql'

export interface KnownWatchlist {
  readonly alias: string
  readonly columns: readonly string[]
}

const CALL = /_GetWatchlist\s*\(\s*(?:watchlistAlias\s*=\s*)?(?:'([^']*)'|"([^"]*)")/g

const OWN = ['_DTItemId', 'LastUpdatedTimeUTC', 'SearchKey', 'WatchlistItem']

const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`

const current = `Watchlist
| where _DTItemType == 'watchlist-item'
| summarize arg_max(_DTTimestamp, *) by WatchlistAlias, WatchlistItemId
| where _DTItemStatus != 'Delete'`

/** The watchlists that a query names; all of them where it does not name them in its text. */
function namedIn(query: string, watchlists: readonly KnownWatchlist[]): readonly KnownWatchlist[] {
  const names = new Set(
    [...query.matchAll(CALL)].map(([, single, double]) => (single ?? double)!.toLowerCase()),
  )
  const found = watchlists.filter(({ alias }) => names.has(alias.toLowerCase()))
  return names.size === 0 ? watchlists : found
}

export function watchlistFunctions(query: string, watchlists: readonly KnownWatchlist[]): StoredFunction[] {
  if (!query.includes('_GetWatchlist')) return []
  const columns = [...new Set(namedIn(query, watchlists).flatMap((list) => list.columns))].filter(
    (name) => !OWN.includes(name),
  )
  const cells = columns.map((name) => `[${quoted(name)}] = tostring(WatchlistItem[${quoted(name)}])`)
  const names = [...OWN, ...columns.map((name) => `[${quoted(name)}]`)]
  return [
    {
      name: '_GetWatchlist',
      parameters: '(watchlistAlias:string, keys:dynamic = dynamic(null))',
      docstring: 'The items of a watchlist, with a column for each of its own.',
      body: [
        current,
        '| where WatchlistAlias =~ watchlistAlias',
        '| where isnull(keys) or SearchKey in (keys)',
        ...(cells.length === 0 ? [] : [`| extend ${cells.join(', ')}`]),
        `| project ${names.join(', ')}`,
      ].join('\n'),
    },
    {
      name: '_GetWatchlistAlias',
      parameters: '()',
      docstring: 'The aliases of all watchlists.',
      body: `${current}\n| distinct WatchlistAlias`,
    },
  ]
}
