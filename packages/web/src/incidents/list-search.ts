/** What of the incidents is listed, as it stands in the address. */
import type { IncidentFilter } from '../api/incidents'
import { parseRange } from '../kql/time-range'

export interface ListSearch {
  /** `New,Active`; open ones without it; `all`. */
  readonly status?: string | undefined
  readonly severity?: string | undefined
  /** `none`: nobody's. */
  readonly owner?: string | undefined
  readonly text?: string | undefined
  readonly rule?: string | undefined
  readonly technique?: string | undefined
  readonly entity?: string | undefined
  readonly label?: string | undefined
  /** Of their activity, as time-range.ts writes it. */
  readonly t?: string | undefined
  readonly sort?: string | undefined
}

export const OPEN = 'New,Active'
export const DEFAULT_SORT = '-activity'

export function filterOf(
  { status = OPEN, t, sort = DEFAULT_SORT, ...rest }: ListSearch,
  now: number,
): IncidentFilter {
  const range = t === undefined ? undefined : parseRange(t, now)
  const iso = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString())
  return {
    ...rest,
    status: status === 'all' ? undefined : status,
    from: iso(range?.from),
    // A range that ends now has no end: what comes is in it.
    to: t?.includes('..') ? iso(range?.to) : undefined,
    sort,
  }
}

const KEYS = ['status', 'severity', 'owner', 'text', 'rule', 'technique', 'entity', 'label', 't'] as const

export const isSameView = (a: ListSearch, b: ListSearch): boolean =>
  KEYS.every((key) => (a[key] ?? '') === (b[key] ?? ''))

/** Views that everybody has. */
export const BUILT_IN: readonly { readonly name: string; readonly search: ListSearch }[] = [
  { name: 'Open', search: {} },
  { name: 'New, nobody has them', search: { status: 'New', owner: 'none' } },
  { name: 'High and open', search: { severity: 'High' } },
  { name: 'Closed', search: { status: 'Closed' } },
  { name: 'All', search: { status: 'all' } },
]

export const writeSearch = (search: ListSearch): string =>
  new URLSearchParams(
    [...KEYS, 'sort' as const].flatMap((key) => (search[key] ? [[key, search[key]]] : [])) as [
      string,
      string,
    ][],
  ).toString()

export function readSearch(text: string): ListSearch {
  const values = new URLSearchParams(text)
  return Object.fromEntries(
    [...KEYS, 'sort'].flatMap((key) => (values.get(key) ? [[key, values.get(key)]] : [])),
  )
}
