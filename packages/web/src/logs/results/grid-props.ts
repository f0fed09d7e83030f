/** What the grid is given; its column menus get the same. */
import type { Cell } from '../../kql/answer'
import type { Layout } from './layout'
import type { ColumnSummary, Summary, View } from './result-set'
import type { Results } from './results'

export interface GridProps {
  readonly results: Results
  readonly summary: Summary
  readonly count: number
  readonly view: View
  readonly onView: (view: View) => void
  readonly layout: Layout
  readonly onLayout: (layout: Layout) => void
  readonly withFilters: boolean
  readonly openRow: number | undefined
  readonly onOpenRow: (row: number | undefined) => void
  /** Adds a condition to the query. */
  readonly onCondition: (column: ColumnSummary, value: Cell, negated: boolean) => void
}
