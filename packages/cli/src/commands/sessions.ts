/** `auspex sessions`: list them, show one, replay it. */
import type { LineRecord, SessionFilter, TimelineItem } from '@auspex/sessions'
import type { Effects, ExitCode } from '../effects.js'
import { paintFor } from '../output/paint.js'
import { renderSessionHtml } from '../output/session-html.js'
import { renderSession } from '../output/session-text.js'
import { renderSessions } from '../output/sessions-table.js'
import { printable } from '../output/table.js'
import { timeOf } from '../output/times.js'
import type { SessionSource } from '../session-source.js'

export const SESSION_FORMATS = ['text', 'json', 'html'] as const
export type SessionFormat = (typeof SESSION_FORMATS)[number]

/** What a reader of a pipe gets. */
const PIPE_WIDTH = 100

export async function listSessions(
  source: SessionSource,
  filter: SessionFilter,
  { format, limit }: { readonly format: 'table' | 'json'; readonly limit: number },
  effects: Effects,
): Promise<ExitCode> {
  const { items: sessions, total } = await source.list(filter, limit)
  const { out, timeZone } = effects
  if (format === 'json') out.write(`${JSON.stringify(sessions, undefined, 2)}\n`)
  else if (sessions.length === 0) out.write('No sessions: no login that passes is in the data.\n')
  else out.write(renderSessions(sessions, out.columns, timeZone, paintFor(effects)))
  if (total > sessions.length) {
    effects.err.write(
      `the ${sessions.length} youngest of ${total} sessions: --limit shows more, --since and --user fewer\n`,
    )
  }
  return 0
}

export interface ShowArguments {
  readonly prefix: string
  readonly format: SessionFormat
  readonly all: boolean
}

export async function showSession(
  source: SessionSource,
  args: ShowArguments,
  effects: Effects,
): Promise<ExitCode> {
  const detail = await source.detail(args.prefix)
  const { out, timeZone } = effects
  switch (args.format) {
    case 'json':
      out.write(`${JSON.stringify(detail, undefined, 2)}\n`)
      break
    case 'html':
      out.write(renderSessionHtml(detail, timeZone))
      break
    case 'text':
      out.write(
        renderSession(detail, {
          width: out.columns ?? PIPE_WIDTH,
          timeZone,
          paint: paintFor(effects),
          all: args.all,
          recordsReveals: source.recordsReveals,
        }),
      )
  }
  return 0
}

export interface ReplayArguments {
  readonly prefix: string
  /** How much faster than it was. */
  readonly speed: number
  /** Longest pause (ms). */
  readonly maxPause: number
}

/** Waits so long, or until Ctrl-C. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>

/**
 * Each typed line when the command that it started ran. Lines that started nothing come with the next one that did:
 * when they were entered is not in the log.
 */
export async function replaySession(
  source: SessionSource,
  args: ReplayArguments,
  effects: Effects,
  pause: Pause,
): Promise<ExitCode> {
  const { session, lines, timeline } = await source.detail(args.prefix)
  const { out, timeZone, signal } = effects
  const paint = paintFor(effects)
  const isTerminal = out.columns !== undefined
  const byId = new Map(lines.map((line) => [line.id, line]))
  const shown = timeline.filter(
    ({ kind }) => kind === 'line' || kind === 'change' || kind === 'login' || kind === 'end',
  )
  if (lines.length === 0) {
    out.write(`Nothing to replay: no keystrokes of session ${session.uid} are in the log.\n`)
    return 0
  }
  let before: number | undefined
  for (const item of shown) {
    if (signal.aborted) break
    const at = Date.parse(item.time)
    if (isTerminal && item.timeKnown && before !== undefined) {
      await pause(Math.min(args.maxPause, Math.max(0, at - before) / args.speed), signal)
    }
    if (item.timeKnown) before = Math.max(before ?? at, at)
    const clock = item.timeKnown ? timeOf(item.time, timeZone) : '   ~    '
    out.write(`${paint.dim(clock)}  ${replayed(item, byId, session.computer, paint)}\n`)
  }
  return 0
}

function replayed(
  item: TimelineItem,
  lines: ReadonlyMap<string, LineRecord>,
  computer: string,
  paint: ReturnType<typeof paintFor>,
): string {
  const line = lines.get(item.id)
  if (line === undefined) return paint.cyan(printable(`── ${item.user} ${item.text}`))
  const prompt =
    line.outcome === 'input'
      ? `${line.reader}> `
      : `${line.user}@${computer}${line.user === 'root' ? '#' : '$'} `
  const ending = line.end === 'end-of-file' ? '^D' : line.end === 'interrupt' ? '^C' : ''
  const verdict =
    line.outcome === 'not-run'
      ? paint.dim('   (did not run)')
      : line.outcome === 'unknown'
        ? paint.dim('   (not known)')
        : ''
  return `${paint.green(printable(prompt))}${paint.bold(printable(line.text))}${ending}${verdict}`
}
