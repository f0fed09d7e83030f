/** Sessions: asking for them, page by page. */
import type {
  AlertRecord,
  ChangeRecord,
  CommandRecord,
  ConnectionRecord,
  FailedLoginRecord,
  FileRecord,
  HiddenRecord,
  LineRecord,
  NoteRecord,
  Page,
  ProcessRecord,
  SessionRecord,
  TimelineItem,
} from '@auspex/sessions'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api, search } from './client'

export type {
  ChangeRecord,
  CommandRecord,
  ConnectionRecord,
  FileRecord,
  HiddenRecord,
  LineRecord,
  ProcessRecord,
  SessionRecord,
  TimelineItem,
}

/** A session without its long lists. */
export interface SessionFacts {
  readonly session: SessionRecord
  readonly failedLogins: readonly FailedLoginRecord[]
  readonly changes: readonly ChangeRecord[]
  readonly hidden: readonly HiddenRecord[]
  readonly notes: readonly NoteRecord[]
  readonly alerts: readonly AlertRecord[]
}

export interface SessionFilter {
  readonly user?: string | undefined
  readonly host?: string | undefined
  readonly root?: boolean | undefined
  readonly method?: string | undefined
  readonly address?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

const PAGE = 500

export function useSessions(filter: SessionFilter) {
  return useInfiniteQuery({
    queryKey: ['sessions', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      api<Page<SessionRecord>>(`/api/sessions${search({ ...filter, limit: 200, cursor: pageParam })}`, {
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 30_000,
    placeholderData: (before) => before,
  })
}

export function useSession(uid: string) {
  return useQuery({
    queryKey: ['sessions', uid],
    queryFn: ({ signal }) => api<SessionFacts>(`/api/sessions/${encodeURIComponent(uid)}`, { signal }),
    refetchInterval: 30_000,
  })
}

interface Lists {
  timeline: TimelineItem
  lines: LineRecord
  commands: CommandRecord
  files: FileRecord
  connections: ConnectionRecord
}

/** Longer lists are read on when the end of what is here is near. */
const READ_AT_ONCE = 5000

export interface LoadedList<T> {
  readonly items: readonly T[]
  readonly total: number
  readonly isPending: boolean
  readonly error: Error | null
  readonly hasMore: boolean
  readonly more: () => void
}

/** A list of a session, page after page: the first thousands at once, the rest when it is asked for. */
export function useSessionList<K extends keyof Lists>(
  uid: string,
  kind: K,
  enabled = true,
): LoadedList<Lists[K]> {
  const query = useInfiniteQuery({
    queryKey: ['sessions', uid, kind],
    queryFn: ({ pageParam, signal }) =>
      api<Page<Lists[K]>>(
        `/api/sessions/${encodeURIComponent(uid)}/${kind}${search({ limit: PAGE, cursor: pageParam })}`,
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled,
    staleTime: 20_000,
  })
  const items = query.data?.pages.flatMap((page) => page.items) ?? []
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && items.length < READ_AT_ONCE) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, items.length])
  return {
    items,
    total: query.data?.pages[0]?.total ?? 0,
    isPending: query.isPending,
    error: query.error,
    hasMore: hasNextPage,
    more: () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
    },
  }
}

/** The processes below one, or those at the top. */
export async function listProcesses(
  uid: string,
  parent: number | undefined,
  signal?: AbortSignal,
): Promise<Page<ProcessRecord>> {
  return api(`/api/sessions/${encodeURIComponent(uid)}/processes${search({ parent, limit: PAGE })}`, {
    signal,
  })
}
