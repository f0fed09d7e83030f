/** Counts over time as bars: small, drawn at once, one colour a series. */
import { useElementSize } from '@mantine/hooks'
import { useState } from 'react'
import { compactNumber } from './axes'
import { count, fullTime, timeParts } from './format'
import styles from './histogram.module.css'
import { useZone } from './zone'

export interface HistogramSeries {
  readonly name: string
  /** A colour of tokens.css, without the dashes. */
  readonly color: string
  /** Count by bucket, as many as there are buckets. */
  readonly values: readonly number[]
}

export interface HistogramProps {
  /** Start of the first bucket, and the width of each, in ms. */
  readonly from: number
  readonly step: number
  readonly series: readonly HistogramSeries[]
  readonly height?: number
  readonly label: string
  /** A line across: what the counts are held against. */
  readonly threshold?: { readonly value: number; readonly label: string }
  /** A bucket was chosen. */
  readonly onSelect?: (from: number, to: number) => void
}

/** The next number that is easily halved: the axis names it and its half. */
export function roundedUp(value: number): number {
  if (value <= 2) return 2
  const power = 10 ** Math.floor(Math.log10(value))
  const lead = [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10].find((each) => each * power >= value)!
  return 2 * Math.ceil((lead * power) / 2)
}

const FOOT = 20
const LEFT = 36

export function Histogram({ from, step, series, height = 150, label, threshold, onSelect }: HistogramProps) {
  const { ref, width } = useElementSize()
  const zone = useZone()
  const [hovered, setHovered] = useState<number>()
  const buckets = series[0]?.values.length ?? 0
  const totals = Array.from({ length: buckets }, (_, i) =>
    series.reduce((sum, { values }) => sum + (values[i] ?? 0), 0),
  )
  const most = roundedUp(Math.max(...totals, threshold?.value ?? 0))
  const plot = Math.max(0, width - LEFT)
  const slot = buckets === 0 ? 0 : plot / buckets
  const bar = Math.max(1, slot - (slot > 4 ? 2 : slot > 2 ? 0.5 : 0))
  const tall = height - FOOT - 6
  const labels = Math.max(2, Math.min(7, Math.floor(plot / 120)))
  const place = (i: number) => LEFT + i * slot
  const text = (i: number) => {
    const parts = timeParts(new Date(from + i * step).toISOString(), zone)
    if (!parts) return ''
    return step >= 86_400_000
      ? parts.day
      : step * buckets > 2 * 86_400_000
        ? `${parts.day} ${parts.time.slice(0, 5)}`
        : parts.time.slice(0, 5)
  }
  return (
    <div className={styles.frame} ref={ref} style={{ height }}>
      {width > 0 && (
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={`${label}: ${count(totals.reduce((a, b) => a + b, 0))} in all, at most ${count(most)} at once`}
          onMouseMove={(event) => {
            const { left } = event.currentTarget.getBoundingClientRect()
            const i = Math.floor((event.clientX - left - LEFT) / slot)
            setHovered(i >= 0 && i < buckets ? i : undefined)
          }}
          onMouseLeave={() => setHovered(undefined)}
          onClick={() => {
            if (hovered !== undefined) onSelect?.(from + hovered * step, from + (hovered + 1) * step)
          }}
          style={{ cursor: onSelect && hovered !== undefined ? 'pointer' : undefined }}
        >
          {[0.5, 1].map((share) => (
            <g key={share}>
              <line
                x1={LEFT}
                x2={width}
                y1={6 + tall * (1 - share)}
                y2={6 + tall * (1 - share)}
                className={styles.line}
              />
              <text x={LEFT - 6} y={6 + tall * (1 - share) + 4} className={styles.number}>
                {compactNumber(most * share)}
              </text>
            </g>
          ))}
          <line x1={LEFT} x2={width} y1={6 + tall} y2={6 + tall} className={styles.axis} />
          {hovered !== undefined && (
            <rect x={place(hovered)} y={6} width={slot} height={tall} className={styles.hover} />
          )}
          {totals.map((_, i) => {
            let y = 6 + tall
            return series.map(({ name, color, values }) => {
              const value = values[i] ?? 0
              if (value === 0) return null
              // Whatever happened is to be seen, however much more happened elsewhere.
              const size = Math.max(1.5, (value / most) * tall)
              y -= size
              return (
                <rect
                  key={`${name}${i}`}
                  x={place(i) + (slot - bar) / 2}
                  y={y}
                  width={bar}
                  height={size}
                  rx={bar > 4 ? 1.5 : 0}
                  fill={`var(--${color})`}
                />
              )
            })
          })}
          {threshold && (
            <g>
              <line
                x1={LEFT}
                x2={width}
                y1={6 + tall * (1 - threshold.value / most)}
                y2={6 + tall * (1 - threshold.value / most)}
                className={styles.threshold}
              />
              <text
                x={width}
                y={Math.max(16, 6 + tall * (1 - threshold.value / most) - 4)}
                textAnchor="end"
                className={styles.thresholdLabel}
              >
                {threshold.label}
              </text>
            </g>
          )}
          {Array.from({ length: labels }, (_, n) => {
            const i = Math.round((n * (buckets - 1)) / (labels - 1))
            const anchor = n === 0 ? 'start' : n === labels - 1 ? 'end' : 'middle'
            return (
              <text
                key={i}
                x={n === 0 ? LEFT : n === labels - 1 ? width : place(i) + slot / 2}
                y={height - 4}
                textAnchor={anchor}
                className={styles.time}
              >
                {text(i)}
              </text>
            )
          })}
        </svg>
      )}
      {hovered !== undefined && (
        <div
          className={styles.tip}
          style={
            place(hovered) > width / 2
              ? { right: width - place(hovered) + 6 }
              : { left: place(hovered) + slot + 6 }
          }
        >
          <div className={styles.tipTime}>
            {fullTime(new Date(from + hovered * step).toISOString(), zone).slice(0, 16)}
          </div>
          {series.map(({ name, color, values }) => (
            <div key={name} className={styles.tipLine}>
              <span className={styles.swatch} style={{ background: `var(--${color})` }} />
              {name}
              <b>{count(values[hovered] ?? 0)}</b>
            </div>
          ))}
        </div>
      )}
    </div>
  )
}

/** A few counts in a row, without axes: the last runs of a rule. */
export function Sparkline({
  values,
  label,
  marked,
}: {
  values: readonly number[]
  label: string
  marked?: readonly boolean[]
}) {
  const most = Math.max(1, ...values)
  return (
    <svg width={values.length * 5} height={18} role="img" aria-label={label} className={styles.spark}>
      {values.map((value, i) => {
        const size = value === 0 ? 1 : Math.max(3, (value / most) * 17)
        return (
          <rect
            key={i}
            x={i * 5}
            y={18 - size}
            width={4}
            height={size}
            fill={marked?.[i] ? 'var(--bad)' : value === 0 ? 'var(--line-strong)' : 'var(--accent)'}
          />
        )
      })}
    </svg>
  )
}
