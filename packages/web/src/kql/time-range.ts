/** A time range as it stands in an address: `24h`, or two ISO times with two dots between. */

export interface TimeRange {
  /** Milliseconds since 1970; undefined ends are open. */
  readonly from?: number
  readonly to?: number
}

export const PRESETS = [
  { id: '30m', label: 'Last 30 minutes', short: '30 min' },
  { id: '1h', label: 'Last hour', short: '1 hour' },
  { id: '4h', label: 'Last 4 hours', short: '4 hours' },
  { id: '12h', label: 'Last 12 hours', short: '12 hours' },
  { id: '24h', label: 'Last 24 hours', short: '24 hours' },
  { id: '2d', label: 'Last 48 hours', short: '48 hours' },
  { id: '7d', label: 'Last 7 days', short: '7 days' },
  { id: '30d', label: 'Last 30 days', short: '30 days' },
  { id: '90d', label: 'Last 90 days', short: '90 days' },
  { id: 'all', label: 'All time', short: 'All time' },
] as const

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

export function parseRange(text: string, now: number): TimeRange | undefined {
  if (text === 'all') return {}
  const preset = /^(\d{1,5})([mhd])$/.exec(text)
  if (preset) return { from: now - Number(preset[1]) * UNITS[preset[2]!]!, to: now }
  const [start, end, ...rest] = text.split('..')
  if (start === undefined || end === undefined || rest.length > 0) return undefined
  const [from, to] = [Date.parse(start), Date.parse(end)]
  return Number.isNaN(from) || Number.isNaN(to) || from > to ? undefined : { from, to }
}

export function absoluteRange(from: number, to: number): string {
  return `${new Date(from).toISOString()}..${new Date(to).toISOString()}`
}

/** What the query door takes as `timespan`; undefined for all time. */
export function timespanOf(text: string, now: number): string | undefined {
  const range = parseRange(text, now)
  if (range?.from === undefined || range.to === undefined) return undefined
  return `${new Date(range.from).toISOString()}/${new Date(range.to).toISOString()}`
}

export function labelOf(text: string): string {
  const preset = PRESETS.find(({ id }) => id === text)
  if (preset) return preset.label
  const range = parseRange(text, 0)
  if (range?.from === undefined || range.to === undefined) return text
  const minute = (time: number) => new Date(time).toISOString().slice(0, 16).replace('T', ' ')
  return `${minute(range.from)} – ${minute(range.to)}`
}
