/**
 * From rows to series, as Kusto's `render` reads them: the first column of time (or the first column) is x, columns of
 * numbers are y, columns of text split into series; `xcolumn`, `ycolumns` and `series` say otherwise.
 */
import type { Render } from '@auspex/kql'
import type { Cell, Column } from '../../kql/answer'

export const CHART_KINDS = [
  'timechart',
  'linechart',
  'areachart',
  'stackedareachart',
  'columnchart',
  'barchart',
  'piechart',
  'scatterchart',
] as const
export type ChartKind = (typeof CHART_KINDS)[number]

export const CHART_NAMES: Readonly<Record<ChartKind, string>> = {
  timechart: 'Line over time',
  linechart: 'Line',
  areachart: 'Area',
  stackedareachart: 'Stacked area',
  columnchart: 'Columns',
  barchart: 'Bars',
  piechart: 'Pie',
  scatterchart: 'Points',
}

/** Kinds that Kusto has and that are drawn as another. */
const SAME_AS: Readonly<Record<string, ChartKind>> = {
  anomalychart: 'timechart',
  timepivot: 'timechart',
  treemap: 'piechart',
  ladderchart: 'barchart',
}

export type Stacking = 'none' | 'stacked' | 'percent'

export interface Series {
  readonly name: string
  /** x is a time in ms, a number, or a category. */
  readonly points: readonly (readonly [x: number | string, y: number])[]
}

export interface ChartData {
  readonly kind: ChartKind
  readonly xType: 'time' | 'value' | 'category'
  readonly series: readonly Series[]
  /** In the order of their first row; empty unless x is a category. */
  readonly categories: readonly string[]
  readonly stacking: Stacking
  readonly title?: string
  readonly xTitle: string
  readonly yTitle: string
  readonly legend: boolean
  readonly yMin?: number
  readonly yMax?: number
  readonly logarithmic: boolean
  /** Series and categories beyond what can be told apart. */
  readonly leftOut: number
}

export interface Unchartable {
  /** Why there is no chart, and what would make one. */
  readonly reason: string
}

const NUMERIC = new Set(['int', 'long', 'real', 'decimal'])
const MAX_SERIES = 24
const MAX_CATEGORIES = 200

export function kindOf(render: Render | undefined): ChartKind | undefined {
  if (render === undefined) return undefined
  const known = CHART_KINDS.find((kind) => kind === render.kind)
  return known ?? SAME_AS[render.kind]
}

/** Whether a render asks for no chart: `render table`, `render card`. */
export function isTable(render: Render): boolean {
  return render.kind === 'table' || render.kind === 'card'
}

/** The chart that suits an answer that asked for none; undefined where none does. */
export function suggestedKind(columns: readonly Column[]): ChartKind | undefined {
  const numbers = columns.filter(({ type }) => NUMERIC.has(type))
  if (numbers.length === 0 || columns.length < 2) return undefined
  return columns.some(({ type }) => type === 'datetime') ? 'timechart' : 'columnchart'
}

function names(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((name) => name.trim().replace(/^\['?|'?\]$/g, ''))
    .filter(Boolean)
}

export function chartData(
  kind: ChartKind,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  properties: Readonly<Record<string, string>> = {},
): ChartData | Unchartable {
  const at = (name: string) => columns.findIndex((column) => column.name === name)
  const isNumber = (i: number) => NUMERIC.has(columns[i]!.type)
  const all = columns.map((_, i) => i)
  const time = all.find((i) => columns[i]!.type === 'datetime')
  const wantsTime = kind === 'timechart'
  if (wantsTime && time === undefined && properties.xcolumn === undefined) {
    return { reason: 'A chart over time needs a column of type datetime, such as bin(TimeGenerated, 1h).' }
  }
  const named = properties.xcolumn === undefined ? -1 : at(names(properties.xcolumn)[0] ?? '')
  const x =
    named >= 0
      ? named
      : wantsTime || kind === 'areachart' || kind === 'stackedareachart' || kind === 'linechart'
        ? (time ?? 0)
        : 0
  const givenY = names(properties.ycolumns)
    .map(at)
    .filter((i) => i >= 0)
  const ys = givenY.length > 0 ? givenY : all.filter((i) => i !== x && isNumber(i))
  if (ys.length === 0) {
    return { reason: 'A chart needs a column of numbers beside the first, such as count() of summarize.' }
  }
  const givenSplit = names(properties.series)
    .map(at)
    .filter((i) => i >= 0)
  const splits =
    givenSplit.length > 0
      ? givenSplit
      : kind === 'piechart'
        ? []
        : all.filter(
            (i) => i !== x && !ys.includes(i) && ['string', 'bool', 'guid'].includes(columns[i]!.type),
          )

  const type = columns[x]!.type
  const xType =
    kind === 'piechart' || kind === 'barchart' || kind === 'columnchart'
      ? type === 'datetime' && kind === 'columnchart'
        ? 'time'
        : 'category'
      : type === 'datetime'
        ? 'time'
        : NUMERIC.has(type)
          ? 'value'
          : 'category'

  const series = new Map<string, [number | string, number][]>()
  const categories = new Set<string>()
  const totals = new Map<string, number>()
  for (const row of rows) {
    const cell = row[x] ?? null
    if (cell === null && xType !== 'category') continue
    const place =
      xType === 'time'
        ? Date.parse(String(cell))
        : xType === 'value'
          ? Number(cell)
          : String(cell ?? '(empty)') || '(empty)'
    if (typeof place === 'number' && Number.isNaN(place)) continue
    if (typeof place === 'string') categories.add(place)
    const split = splits.map((i) => String(row[i] ?? '') || '(empty)').join(', ')
    for (const y of ys) {
      const value = Number(row[y])
      if (row[y] === null || row[y] === undefined || Number.isNaN(value)) continue
      const name = split === '' ? columns[y]!.name : ys.length === 1 ? split : `${split}: ${columns[y]!.name}`
      const points = series.get(name) ?? []
      points.push([place, value])
      series.set(name, points)
      totals.set(name, (totals.get(name) ?? 0) + Math.abs(value))
    }
  }
  if (series.size === 0) return { reason: 'There is nothing to draw: no row has both an x and a number.' }

  const largest = [...series.keys()].sort((a, b) => totals.get(b)! - totals.get(a)!).slice(0, MAX_SERIES)
  const kept = [...series].filter(([name]) => largest.includes(name))
  if (xType !== 'category') for (const [, points] of kept) points.sort((a, b) => Number(a[0]) - Number(b[0]))
  const shownCategories = [...categories].slice(0, MAX_CATEGORIES)
  const inView = new Set(shownCategories)
  const number = (text: string | undefined) =>
    text === undefined || Number.isNaN(Number(text)) ? undefined : Number(text)
  const [yMin, yMax] = [number(properties.ymin), number(properties.ymax)]
  return {
    kind,
    xType,
    series: kept.map(([name, points]) => ({
      name,
      points: xType === 'category' ? points.filter(([place]) => inView.has(String(place))) : points,
    })),
    categories: shownCategories,
    stacking: stackingOf(kind, properties.kind),
    ...(properties.title && { title: properties.title }),
    xTitle: properties.xtitle ?? '',
    yTitle: properties.ytitle ?? '',
    legend: properties.legend !== 'hidden' && (kept.length > 1 || kind === 'piechart'),
    ...(yMin !== undefined && { yMin }),
    ...(yMax !== undefined && { yMax }),
    logarithmic: properties.yaxis === 'log',
    leftOut: series.size - kept.length + (categories.size - shownCategories.length),
  }
}

function stackingOf(kind: ChartKind, given: string | undefined): Stacking {
  if (given === 'stacked100') return 'percent'
  if (given === 'stacked' || kind === 'stackedareachart') return 'stacked'
  if (given === 'unstacked' || given === 'default') return 'none'
  // As Kusto draws them: columns and bars of several series stand on each other.
  return kind === 'columnchart' || kind === 'barchart' ? 'stacked' : 'none'
}
