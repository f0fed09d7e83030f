/** Which columns are shown, in which order and how wide. */

import { firstWidth } from './cell-text'
import type { ColumnSummary, Summary } from './result-set'

export interface Layout {
  /** Columns by number, in the order in which they are shown. */
  readonly order: readonly number[]
  readonly hidden: ReadonlySet<number>
  readonly widths: Readonly<Record<number, number>>
}

const isOwn = ({ name }: ColumnSummary) => name.startsWith('_')

/** Columns that hold nothing in any row are hidden when others do: a record has five fields of two hundred. */
export function firstLayout({ columns, rowCount }: Summary): Layout {
  const anyFilled = rowCount > 0 && columns.some(({ filled }) => filled > 0)
  return {
    // What the store itself keeps of a row is looked at last.
    order: [...columns.keys()].sort(
      (a, b) => Number(isOwn(columns[a]!)) - Number(isOwn(columns[b]!)) || a - b,
    ),
    hidden: new Set(anyFilled ? columns.flatMap(({ filled }, i) => (filled === 0 ? [i] : [])) : []),
    widths: Object.fromEntries(
      columns.map(({ name, type, widest }, i) => [i, firstWidth(name, type, widest)]),
    ),
  }
}

export const shownColumns = ({ order, hidden }: Layout): number[] =>
  order.filter((column) => !hidden.has(column))

export function toggled(layout: Layout, column: number, shown = layout.hidden.has(column)): Layout {
  const hidden = new Set(layout.hidden)
  if (shown) hidden.delete(column)
  else hidden.add(column)
  return { ...layout, hidden }
}

export const MIN_WIDTH = 48
export const MAX_WIDTH = 1600

export function resized(layout: Layout, column: number, width: number): Layout {
  return {
    ...layout,
    widths: { ...layout.widths, [column]: Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, Math.round(width))) },
  }
}

/** The column moved by so many places among the shown ones. */
export function moved(layout: Layout, column: number, by: number): Layout {
  const shown = shownColumns(layout)
  const at = shown.indexOf(column)
  const to = Math.max(0, Math.min(shown.length - 1, at + by))
  if (at < 0 || at === to) return layout
  shown.splice(to, 0, ...shown.splice(at, 1))
  return { ...layout, order: [...shown, ...layout.order.filter((each) => layout.hidden.has(each))] }
}

export const named = (columns: readonly ColumnSummary[], text: string): number[] =>
  columns.flatMap(({ name }, i) => (name.toLowerCase().includes(text.trim().toLowerCase()) ? [i] : []))
