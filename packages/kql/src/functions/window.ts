/**
 * Window functions. They depend on the order of rows, so `lower/window.ts` turns each into one or more of the plan's
 * window columns; this table says which names are such functions and where they are described.
 */
export const windowFunctions: Readonly<Record<string, { readonly doc: string }>> = {
  next: { doc: 'next-function' },
  prev: { doc: 'prev-function' },
  row_cumsum: { doc: 'row-cumsum-function' },
  row_number: { doc: 'row-number-function' },
  row_rank: { doc: 'row-rank-dense-function' },
  row_rank_dense: { doc: 'row-rank-dense-function' },
  row_rank_min: { doc: 'row-rank-min-function' },
  row_window_session: { doc: 'row-window-session-function' },
}
