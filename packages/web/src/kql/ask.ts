/** A question of a page to the data, and its rows. */
import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { api } from '../api/client'
import { type QueryAnswer, type Row, rowsOf } from './answer'
import { timespanOf } from './time-range'

export interface AskOptions {
  readonly signal?: AbortSignal | undefined
  /** A range as time-range.ts writes them; all time without it. */
  readonly range?: string | undefined
}

export function askAnswer(query: string, { signal, range = 'all' }: AskOptions = {}): Promise<QueryAnswer> {
  const timespan = timespanOf(range, Date.now())
  return api<QueryAnswer>('/api/query', {
    method: 'POST',
    body: { query, ...(timespan && { timespan }) },
    signal,
  })
}

export async function askKql(query: string, options: AskOptions = {}): Promise<Row[]> {
  return rowsOf(await askAnswer(query, options))
}

/** Rows that are asked for again every half minute and whenever something arrives; the old ones stay meanwhile. */
export function useKql(query: string, range = 'all', enabled = true): UseQueryResult<Row[]> {
  return useQuery({
    queryKey: ['kql', query, range],
    queryFn: ({ signal }) => askKql(query, { signal, range }),
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
    enabled,
  })
}
