/** Addresses of pages, as text, for links that are made out of data. */

export function logsHref(query: string, range = 'all'): string {
  return `/logs?${new URLSearchParams({ q: query, t: range })}`
}
