import type { Output } from '../effects.js'

export interface ProgressLine {
  show(done: number, size: number): void
  clear(): void
}

const MB = 1e6

/** One line that is written over, on a terminal; nothing in a pipe. */
export function progressLine(out: Output, label: string): ProgressLine {
  if (out.columns === undefined) return { show() {}, clear() {} }
  let shown = false
  return {
    show(done, size) {
      const percent = size === 0 ? 100 : Math.floor((done / size) * 100)
      out.write(`\r\u001b[K${label}: ${percent}% of ${(size / MB).toFixed(1)} MB`)
      shown = true
    },
    clear() {
      if (shown) out.write('\r\u001b[K')
      shown = false
    },
  }
}
