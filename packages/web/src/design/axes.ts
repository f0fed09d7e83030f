/** What all charts have in common: quiet axes, one tooltip. */
import { count, fullTime } from './format'
import type { Palette } from './plot'
import type { Zone } from './zone'

const MAX_LABEL = 34

export const cut = (text: string, length = MAX_LABEL): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })
export const compactNumber = (value: number): string => compact.format(value)

export const valueAxis = (palette: Palette) => ({
  type: 'value' as const,
  axisLabel: { color: palette.soft, fontSize: 11, formatter: compactNumber },
  splitLine: { lineStyle: { color: palette.line } },
  axisLine: { show: false },
  axisTick: { show: false },
  nameTextStyle: { color: palette.soft },
})

export const timeAxis = (palette: Palette) => ({
  type: 'time' as const,
  axisLabel: { color: palette.soft, fontSize: 11, hideOverlap: true },
  axisLine: { lineStyle: { color: palette.line } },
  axisTick: { lineStyle: { color: palette.line } },
  splitLine: { show: false },
})

export const categoryAxis = (palette: Palette, data: readonly string[]) => ({
  type: 'category' as const,
  data: [...data],
  axisLabel: {
    color: palette.soft,
    fontSize: 11,
    hideOverlap: true,
    formatter: (text: string) => cut(text, 24),
  },
  axisLine: { lineStyle: { color: palette.line } },
  axisTick: { show: false },
})

export const tooltip = (palette: Palette) => ({
  backgroundColor: palette.surface,
  borderColor: palette.line,
  padding: [6, 10],
  textStyle: { color: palette.text, fontSize: 12 },
  confine: true,
})

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
/** Names in tooltips come from logs, which attackers write. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (letter) => ESCAPES[letter]!)

export interface TooltipItem {
  readonly marker?: string
  readonly seriesName?: string
  readonly name?: string
  readonly value?: unknown
}

export function tooltipHtml(items: readonly TooltipItem[], zone: Zone): string {
  const place = items[0]?.value
  const x = Array.isArray(place) ? place[0] : items[0]?.name
  const head =
    typeof x === 'number' && x > 1e11
      ? fullTime(new Date(x).toISOString(), zone).slice(0, 19)
      : escapeHtml(cut(String(x ?? ''), 80))
  const lines = items.slice(0, 14).map(({ marker, seriesName, value }) => {
    const y = Array.isArray(value) ? value[1] : value
    return `<div>${marker ?? ''}${escapeHtml(cut(seriesName ?? '', 60))} <b style="float:right;margin-left:16px">${count(Number(y))}</b></div>`
  })
  const more = items.length > 14 ? `<div>and ${items.length - 14} more</div>` : ''
  return `<div style="margin-bottom:2px">${head}</div>${lines.join('')}${more}`
}
