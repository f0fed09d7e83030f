/** The line between the editor and the results: drawn with the pointer, moved with the arrows. */
import type { KeyboardEvent, PointerEvent } from 'react'
import styles from './split-handle.module.css'

const MIN = 60
const MAX = 900
const STEP = 24

export function SplitHandle({ height, onHeight }: { height: number; onHeight: (height: number) => void }) {
  const set = (next: number) => onHeight(Math.max(MIN, Math.min(MAX, Math.round(next))))
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    event.preventDefault()
    const handle = event.currentTarget
    const start = event.clientY
    handle.setPointerCapture(event.pointerId)
    const move = (now: globalThis.PointerEvent) => set(height + now.clientY - start)
    handle.addEventListener('pointermove', move)
    handle.addEventListener('pointerup', () => handle.removeEventListener('pointermove', move), {
      once: true,
    })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') set(height + STEP)
    else if (event.key === 'ArrowUp') set(height - STEP)
    else return
    event.preventDefault()
  }
  return (
    <div
      className={styles.handle}
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the editor"
      aria-valuenow={height}
      aria-valuemin={MIN}
      aria-valuemax={MAX}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  )
}
