/**
 * A session as a line of time: what was typed, what ran, files, connections and alerts each in a lane, and a mark that
 * can be drawn along. Keys have no times of their own: a typed line whose time is not known is drawn hollow.
 */
import { ActionIcon, Tooltip } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { TimelineItem } from '../api/sessions'
import { duration, fullTime, timeParts } from '../design/format'
import { Icon } from '../design/icons'
import { useZone } from '../design/zone'
import styles from './scrubber.module.css'

const LANES = [
  { id: 'typed', label: 'Typed', kinds: ['line', 'hidden'] },
  { id: 'ran', label: 'Ran', kinds: ['command'] },
  { id: 'who', label: 'Who', kinds: ['login', 'refused-login', 'change', 'end'] },
  { id: 'files', label: 'Files', kinds: ['file'] },
  { id: 'net', label: 'Network', kinds: ['connection'] },
  { id: 'alerts', label: 'Alerts', kinds: ['alert', 'note'] },
] as const

const LANE = 17
const LEFT = 66
const RIGHT = 10
const FOOT = 18
const STEP_MS = 700

interface Mark {
  readonly lane: number
  readonly x: number
  readonly root: boolean
  readonly hollow: boolean
  readonly bad: boolean
  readonly count: number
}

/** One mark for all that falls on the same two pixels of a lane. */
function marksOf(timeline: readonly TimelineItem[], place: (time: number) => number): Mark[] {
  const marks = new Map<string, Mark>()
  for (const { kind, time, timeKnown, user, outcome } of timeline) {
    const lane = LANES.findIndex(({ kinds }) => (kinds as readonly string[]).includes(kind))
    if (lane < 0) continue
    const x = Math.round(place(Date.parse(time)) / 2) * 2
    const key = `${lane} ${x}`
    const before = marks.get(key)
    const root = user === 'root' || user === '0'
    const bad =
      kind === 'alert' ||
      kind === 'refused-login' ||
      outcome === 'failure' ||
      outcome === 'sensitive' ||
      outcome === 'not-typed'
    marks.set(key, {
      lane,
      x,
      root: root || (before?.root ?? false),
      hollow: !timeKnown && (before?.hollow ?? true),
      bad: bad || (before?.bad ?? false),
      count: (before?.count ?? 0) + 1,
    })
  }
  return [...marks.values()]
}

export function Scrubber({
  timeline,
  from,
  to,
  at,
  onAt,
}: {
  timeline: readonly TimelineItem[]
  from: number
  to: number
  /** ms; undefined shows all. */
  at: number | undefined
  onAt: (at: number | undefined) => void
}) {
  const { ref, width } = useElementSize()
  const zone = useZone()
  const svg = useRef<SVGSVGElement>(null)
  const [playing, setPlaying] = useState(false)
  const span = Math.max(1, to - from)
  const plot = Math.max(1, width - LEFT - RIGHT)
  const place = (time: number) => LEFT + (Math.max(0, Math.min(span, time - from)) / span) * plot
  const marks = useMemo(() => marksOf(timeline, place), [timeline, width, from, to])
  const times = useMemo(
    () => [...new Set(timeline.map(({ time }) => Date.parse(time)))].sort((a, b) => a - b),
    [timeline],
  )
  const height = LANES.length * LANE + FOOT
  const now = at ?? to

  const step = (by: number) => {
    const next = by > 0 ? times.find((time) => time > (at ?? from - 1)) : times.findLast((time) => time < now)
    if (next === undefined) {
      setPlaying(false)
      if (by > 0) onAt(undefined)
      return
    }
    onAt(next)
  }
  const latest = useRef(step)
  latest.current = step
  // A pause between two things is as long as any other: nobody watches somebody think.
  useEffect(() => {
    if (!playing) return
    const timer = setInterval(() => latest.current(1), STEP_MS)
    return () => clearInterval(timer)
  }, [playing])

  const timeAt = (clientX: number) => {
    const { left } = svg.current!.getBoundingClientRect()
    return from + Math.max(0, Math.min(1, (clientX - left - LEFT) / plot)) * span
  }
  const pull = (event: PointerEvent<SVGSVGElement>) => {
    if (event.button !== 0) return
    setPlaying(false)
    event.currentTarget.setPointerCapture(event.pointerId)
    onAt(Math.round(timeAt(event.clientX)))
  }
  const drag = (event: PointerEvent<SVGSVGElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) onAt(Math.round(timeAt(event.clientX)))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowRight' || event.key === 'ArrowUp') step(1)
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowDown') step(-1)
    else if (event.key === 'Home') onAt(from)
    else if (event.key === 'End' || event.key === 'Escape') onAt(undefined)
    else if (event.key === ' ') setPlaying(!playing)
    else return
    event.preventDefault()
  }
  const clock = (time: number) => {
    const parts = timeParts(new Date(time).toISOString(), zone)
    return parts ? (span > 86_400_000 ? `${parts.day} ${parts.time.slice(0, 5)}` : parts.time) : ''
  }
  const ticks = Math.max(2, Math.min(8, Math.floor(plot / 130)))

  return (
    <div className={styles.frame}>
      <div className={styles.buttons}>
        <Tooltip label={playing ? 'Pause' : 'Replay what happened, step by step'}>
          <ActionIcon
            variant="default"
            aria-label={playing ? 'Pause' : 'Replay'}
            onClick={() => {
              if (!playing && at === undefined) onAt(from)
              setPlaying(!playing)
            }}
          >
            <Icon name={playing ? 'pause' : 'play'} size={14} />
          </ActionIcon>
        </Tooltip>
        {at !== undefined && (
          <Tooltip label="Show all of it">
            <ActionIcon
              aria-label="Show all of it"
              onClick={() => {
                setPlaying(false)
                onAt(undefined)
              }}
            >
              <Icon name="close" size={14} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      <div className={styles.track} ref={ref} style={{ height }}>
        {width > 0 && (
          <svg
            ref={svg}
            width={width}
            height={height}
            className={styles.svg}
            role="slider"
            tabIndex={0}
            aria-label="Time within the session"
            aria-valuemin={0}
            aria-valuemax={Math.round(span)}
            aria-valuenow={Math.round(now - from)}
            aria-valuetext={
              at === undefined ? 'all of it' : `${clock(at)}, ${duration(at - from)} after the beginning`
            }
            onPointerDown={pull}
            onPointerMove={drag}
            onKeyDown={onKeyDown}
          >
            {LANES.map(({ id, label }, i) => (
              <g key={id}>
                <text x={0} y={i * LANE + 12} className={styles.lane}>
                  {label}
                </text>
                <line
                  x1={LEFT}
                  x2={width - RIGHT}
                  y1={i * LANE + LANE / 2}
                  y2={i * LANE + LANE / 2}
                  className={styles.line}
                />
              </g>
            ))}
            {marks.map(({ lane, x, root, hollow, bad, count }) => (
              <rect
                key={`${lane}${x}`}
                x={x - 1.25}
                y={lane * LANE + (count > 1 ? 2 : 4)}
                width={2.5}
                height={count > 1 ? 13 : 9}
                rx={1}
                className={styles.mark}
                data-lane={LANES[lane]!.id}
                data-root={root || undefined}
                data-bad={bad || undefined}
                data-hollow={hollow || undefined}
                opacity={at !== undefined && x > place(at) ? 0.25 : 1}
              />
            ))}
            {at !== undefined && (
              <g className={styles.head}>
                <line x1={place(at)} x2={place(at)} y1={0} y2={LANES.length * LANE} />
                <circle cx={place(at)} cy={LANES.length * LANE} r={4.5} />
              </g>
            )}
            {Array.from({ length: ticks }, (_, i) => {
              const time = from + (span * i) / (ticks - 1)
              return (
                <text
                  key={time}
                  x={place(time)}
                  y={height - 3}
                  textAnchor={i === 0 ? 'start' : i === ticks - 1 ? 'end' : 'middle'}
                  className={styles.time}
                >
                  {clock(time)}
                </text>
              )
            })}
          </svg>
        )}
        {at !== undefined && width > 0 && (
          <span className={styles.now} style={{ left: Math.min(width - 190, Math.max(LEFT, place(at) + 8)) }}>
            {fullTime(new Date(at).toISOString(), zone).slice(11)}
          </span>
        )}
      </div>
    </div>
  )
}
