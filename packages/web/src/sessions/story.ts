/**
 * The rows of a session's story, out of its timeline: a typed line stands with the commands that it started, and what
 * stands together without being typed (the forty commands of a login) is one row until it is opened.
 */
import type { CommandRecord, LineRecord, TimelineItem } from '../api/sessions'

export type StoryRow =
  | {
      readonly kind: 'line'
      readonly key: string
      readonly item: TimelineItem
      readonly line: LineRecord
      readonly commands: readonly CommandRecord[]
    }
  | {
      readonly kind: 'command'
      readonly key: string
      readonly item: TimelineItem
      readonly command: CommandRecord | undefined
    }
  | { readonly kind: 'group'; readonly key: string; readonly item: TimelineItem; readonly count: number }
  | { readonly kind: 'event'; readonly key: string; readonly item: TimelineItem }

export type StoryFilter = 'all' | 'ran' | 'not-run' | 'not-typed'

export interface StoryOptions {
  readonly filter: StoryFilter
  /** Files and connections, too. */
  readonly withFiles: boolean
  readonly withConnections: boolean
  /** Groups that are open, by their key. */
  readonly opened: ReadonlySet<string>
}

const NEVER_RAN = new Set(['not-run', 'aborted', 'failed', 'builtin', 'unknown'])
const NOISE = new Set(['login', 'shell-files'])
/** Fewer are not worth a group. */
const GROUPED = 3

const isUntyped = (command: CommandRecord | undefined) => command?.origin === 'not-typed'

export function storyOf(
  timeline: readonly TimelineItem[],
  lines: ReadonlyMap<string, LineRecord>,
  commands: ReadonlyMap<string, CommandRecord>,
  { filter, withFiles, withConnections, opened }: StoryOptions,
): StoryRow[] {
  const rows: StoryRow[] = []
  let pending: { readonly origin: string; readonly rows: (StoryRow & { kind: 'command' })[] } | undefined
  const flush = () => {
    if (!pending) return
    const [first] = pending.rows
    const key = `group ${first!.key}`
    if (pending.rows.length < GROUPED) rows.push(...pending.rows)
    else {
      rows.push({ kind: 'group', key, item: first!.item, count: pending.rows.length })
      if (opened.has(key)) rows.push(...pending.rows)
    }
    pending = undefined
  }
  for (const item of timeline) {
    const key = `${item.kind} ${item.id}`
    if (item.kind === 'command') {
      const command = commands.get(item.id)
      const row = { kind: 'command' as const, key, item, command }
      const origin = command?.origin ?? item.outcome
      if (filter === 'not-typed' ? !isUntyped(command) : filter !== 'all') continue
      if (NOISE.has(origin) && !command?.failed) {
        if (pending && pending.origin !== origin) flush()
        pending ??= { origin, rows: [] }
        pending.rows.push(row)
        continue
      }
      if (NOISE.has(origin)) {
        // What a login tries and does not find is as little news as what it finds.
        pending ??= { origin, rows: [] }
        pending.rows.push(row)
        continue
      }
      flush()
      rows.push(row)
      continue
    }
    if (item.kind === 'line') {
      const line = lines.get(item.id)
      if (!line) continue
      const isShown =
        filter === 'all' ||
        (filter === 'ran' && (line.outcome === 'ran' || line.outcome === 'partly')) ||
        (filter === 'not-run' && NEVER_RAN.has(line.outcome))
      if (!isShown) continue
      flush()
      const started = line.commands.flatMap((id) => commands.get(id) ?? [])
      rows.push({ kind: 'line', key, item, line, commands: started })
      continue
    }
    if (filter !== 'all') continue
    if (item.kind === 'file' && !withFiles) continue
    if (item.kind === 'connection' && !withConnections) continue
    flush()
    rows.push({ kind: 'event', key, item })
  }
  flush()
  return rows
}

export interface StoryCounts {
  readonly ran: number
  readonly notRun: number
  readonly notTyped: number
}

export function countsOf(lines: Iterable<LineRecord>, commands: Iterable<CommandRecord>): StoryCounts {
  let [ran, notRun, notTyped] = [0, 0, 0]
  for (const { outcome } of lines) {
    if (outcome === 'ran' || outcome === 'partly') ran++
    else if (NEVER_RAN.has(outcome)) notRun++
  }
  for (const command of commands) if (isUntyped(command)) notTyped++
  return { ran, notRun, notTyped }
}

/** The last row that had happened by a time; -1 before the first. */
export function rowAt(rows: readonly StoryRow[], at: number): number {
  let found = -1
  for (let i = 0; i < rows.length; i++) {
    if (Date.parse(rows[i]!.item.time) > at) break
    found = i
  }
  return found
}
