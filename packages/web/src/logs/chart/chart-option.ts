/** Series as ECharts draws them. */
import type { EChartsCoreOption } from 'echarts/core'
import {
  categoryAxis,
  cut,
  escapeHtml,
  type TooltipItem,
  timeAxis,
  tooltip,
  tooltipHtml,
  valueAxis,
} from '../../design/axes'
import { count } from '../../design/format'
import type { Palette } from '../../design/plot'
import type { Zone } from '../../design/zone'
import type { ChartData } from './chart-data'

export function chartOption(data: ChartData, palette: Palette, zone: Zone): EChartsCoreOption {
  const common = {
    aria: { enabled: true },
    animation: false,
    color: [...palette.series],
    useUTC: zone === 'UTC',
    textStyle: { fontFamily: 'Inter Variable, system-ui, sans-serif' },
    ...(data.title && {
      title: {
        text: data.title,
        left: 8,
        top: 4,
        textStyle: { fontSize: 13, fontWeight: 600, color: palette.text },
      },
    }),
    legend: {
      show: data.legend,
      type: 'scroll',
      bottom: 0,
      icon: 'roundRect',
      itemWidth: 10,
      itemHeight: 10,
      textStyle: { color: palette.text, fontSize: 11 },
      pageTextStyle: { color: palette.soft },
      pageIconColor: palette.text,
      formatter: (name: string) => cut(name),
    },
  }
  return data.kind === 'piechart'
    ? { ...common, ...pie(data, palette) }
    : { ...common, ...cartesian(data, palette, zone) }
}

function pie(data: ChartData, palette: Palette): EChartsCoreOption {
  const points = data.series[0]?.points ?? []
  return {
    tooltip: {
      ...tooltip(palette),
      trigger: 'item',
      formatter: ({ name, value, percent }: { name: string; value: number; percent: number }) =>
        `${escapeHtml(cut(name, 80))}<br><b>${count(value)}</b> (${percent}%)`,
    },
    series: [
      {
        type: 'pie',
        radius: ['42%', '70%'],
        center: ['50%', '46%'],
        itemStyle: { borderColor: palette.surface, borderWidth: 2 },
        label: {
          color: palette.text,
          fontSize: 11,
          formatter: ({ name }: { name: string }) => cut(name, 28),
        },
        data: points.map(([name, value]) => ({ name: String(name), value })),
      },
    ],
  }
}

/** Each point as its share of all at its x. */
function shares({ series }: ChartData): ChartData['series'] {
  const sums = new Map<unknown, number>()
  for (const { points } of series) for (const [x, y] of points) sums.set(x, (sums.get(x) ?? 0) + y)
  return series.map(({ name, points }) => ({
    name,
    points: points.map(([x, y]) => [x, sums.get(x) ? (100 * y) / sums.get(x)! : 0] as const),
  }))
}

function cartesian(data: ChartData, palette: Palette, zone: Zone): EChartsCoreOption {
  const { kind, stacking, xType } = data
  const horizontal = kind === 'barchart'
  const place =
    xType === 'time'
      ? timeAxis(palette)
      : xType === 'value'
        ? { ...valueAxis(palette), scale: true }
        : categoryAxis(palette, data.categories)
  const value = {
    ...valueAxis(palette),
    ...(data.logarithmic && { type: 'log' as const }),
    ...(data.yMin !== undefined && { min: data.yMin }),
    ...(data.yMax !== undefined && { max: data.yMax }),
    ...(stacking === 'percent' && { max: 100 }),
    ...(data.yTitle && { name: data.yTitle }),
  }
  const named = {
    ...place,
    ...(data.xTitle && { name: data.xTitle, nameLocation: 'middle' as const, nameGap: 26 }),
  }
  const bars = kind === 'columnchart' || kind === 'barchart'
  const area = kind === 'areachart' || kind === 'stackedareachart'
  const type = bars ? 'bar' : kind === 'scatterchart' ? 'scatter' : 'line'
  const series = stacking === 'percent' ? shares(data) : data.series
  const many = series.some(({ points }) => points.length > 60)
  return {
    grid: {
      left: 12,
      right: 20,
      top: data.title ? 36 : 20,
      bottom: data.legend ? 30 : 12,
      containLabel: true,
    },
    tooltip: {
      ...tooltip(palette),
      trigger: kind === 'scatterchart' ? 'item' : 'axis',
      axisPointer: { type: bars ? 'shadow' : 'line' },
      formatter: (items: TooltipItem | TooltipItem[]) => tooltipHtml([items].flat(), zone),
    },
    xAxis: horizontal ? value : named,
    yAxis: horizontal ? { ...named, inverse: true } : value,
    ...(xType === 'time' && { dataZoom: [{ type: 'inside', filterMode: 'none' }] }),
    series: series.map(({ name, points }) => ({
      type,
      name,
      ...(stacking !== 'none' && { stack: 'all' }),
      ...(type === 'line' && { symbol: many ? 'none' : 'circle', symbolSize: 5, lineStyle: { width: 1.75 } }),
      ...(area && { areaStyle: { opacity: stacking === 'none' ? 0.18 : 0.5 } }),
      ...(type === 'scatter' && { symbolSize: 7 }),
      ...(bars && { barMaxWidth: 36, itemStyle: { borderRadius: stacking === 'none' ? 2 : 0 } }),
      ...(type === 'line' && points.length > 5000 && { sampling: 'lttb' }),
      data: points.map(([x, y]) => (horizontal ? [y, x] : [x, y])),
    })),
  }
}
