/** A place where ECharts draws; it follows its size and the scheme. */
import { useMantineColorScheme } from '@mantine/core'
import type { EChartsCoreOption } from 'echarts/core'
import { useEffect, useRef } from 'react'
import { echarts } from './echarts'

export interface Palette {
  readonly series: readonly string[]
  readonly text: string
  readonly soft: string
  readonly line: string
  readonly surface: string
  readonly bad: string
  readonly accent: string
  readonly severity: Readonly<Record<string, string>>
}

export function paletteNow(): Palette {
  const style = getComputedStyle(document.documentElement)
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    series: Array.from({ length: 8 }, (_, i) => color(`chart-${i + 1}`)),
    text: color('text-2'),
    soft: color('text-3'),
    line: color('line'),
    surface: color('surface'),
    bad: color('bad'),
    accent: color('accent'),
    severity: Object.fromEntries(
      ['High', 'Medium', 'Low', 'Informational'].map((name) => [name, color(name.toLowerCase())]),
    ),
  }
}

export default function Plot({
  option,
  label,
  height,
  onSelect,
}: {
  /** Made anew when the scheme changes. */
  option: (palette: Palette) => EChartsCoreOption
  label: string
  height?: number
  /** A point that was clicked: its series and its place on the x axis. */
  onSelect?: (point: { readonly series: string; readonly x: unknown }) => void
}) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<ReturnType<typeof echarts.init>>(null)
  const select = useRef(onSelect)
  select.current = onSelect
  const { colorScheme } = useMantineColorScheme()

  useEffect(() => {
    const created = echarts.init(place.current!, null, { renderer: 'canvas' })
    chart.current = created
    created.on('click', (event) => {
      const { seriesName, value, name } = event as { seriesName?: string; value?: unknown; name?: string }
      select.current?.({ series: seriesName ?? '', x: Array.isArray(value) ? value[0] : name })
    })
    const watcher = new ResizeObserver(() => created.resize())
    watcher.observe(place.current!)
    return () => {
      watcher.disconnect()
      created.dispose()
      chart.current = null
    }
  }, [])

  useEffect(() => {
    chart.current?.setOption(option(paletteNow()), { notMerge: true })
  }, [option, colorScheme])

  return <div ref={place} role="img" aria-label={label} style={{ width: '100%', height: height ?? '100%' }} />
}
