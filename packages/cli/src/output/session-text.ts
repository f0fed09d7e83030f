/**
 * One session as text: who, what is worth a look, and the story. Typed lines are never cut: they are broken where the
 * terminal ends.
 */
import type { ChangeRecord, LineRecord, SessionDetail, TimelineItem } from '@auspex/sessions'
import type { Paint } from './paint.js'
import { colourOf, lengthOf } from './sessions-table.js'
import { displayWidth, printable } from './table.js'
import { dateOf, timeOf, zoneOf } from './times.js'
import { wrap, wrapLines } from './wrap.js'

export interface SessionTextOptions {
  /** Cells of a line. */
  readonly width: number
  readonly timeZone: string
  readonly paint: Paint
  /** Every command and file, also those that typed commands started and that the login ran. */
  readonly all: boolean
  /** Whether it is recorded that secrets were shown. */
  readonly recordsReveals: boolean
}

const OUTCOMES: Readonly<Record<string, string>> = {
  ran: 'ran',
  partly: 'ran in part',
  failed: 'refused',
  builtin: 'shell',
  'not-run': 'did not run',
  aborted: 'thrown away',
  unknown: 'not known',
  input: 'input',
}
const STATUS_WIDTH = 16
const LABEL_WIDTH = 9
/** Files in a row that are shown one by one. */
const FEW = 4
const MAX_REASONS = 10

export function renderSession(detail: SessionDetail, options: SessionTextOptions): string {
  const lines = [...headOf(detail, options), '', ...storyOf(detail, options), '', ...footOf(detail, options)]
  return `${lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd()}\n`
}

function headOf(detail: SessionDetail, { width, timeZone, paint, all }: SessionTextOptions): string[] {
  const { session } = detail
  const zone = zoneOf(session.start, timeZone)
  const title = `${session.uid}  ${session.user} on ${session.computer}`
  const how = [
    session.method,
    session.sourceAddress === '' ? '' : `from ${session.sourceAddress}`,
    session.terminal === '' ? '' : `on ${session.terminal}`,
  ].filter((word) => word !== '')
  const end = session.end ?? session.lastActivity
  const sameDay = dateOf(session.start, timeZone) === dateOf(end, timeZone)
  const from = `${session.startKnown ? '' : 'before '}${dateOf(session.start, timeZone)} ${timeOf(session.start, timeZone)}`
  const to = `${sameDay ? '' : `${dateOf(end, timeZone)} `}${timeOf(end, timeZone)}`
  const ending =
    session.end === null
      ? 'still open'
      : session.endReason === 'reboot'
        ? 'until the host was booted'
        : 'logged out'
  const facts: [string, string[]][] = [
    ['', wrap(`${how.join(' ')} · ${from} – ${to} ${zone} · ${lengthOf(session)} · ${ending}`, width)],
  ]
  const { risk } = session
  if (risk.score > 0) {
    const told = all ? risk.reasons : risk.reasons.slice(0, MAX_REASONS)
    const more = risk.reasons.length - told.length
    facts.push([
      'Risk',
      [
        colourOf(risk.level, paint)(`${risk.score} ${risk.level}`),
        ...told.flatMap(({ text, points }) =>
          wrap(text, width - LABEL_WIDTH - 5).map((line, i) =>
            i === 0 ? `${paint.dim(String(Math.round(points)).padStart(3))}  ${line}` : `     ${line}`,
          ),
        ),
        ...(more > 0 ? [paint.dim(`     and ${more} more reasons (--all)`)] : []),
      ],
    ])
  }
  if (detail.changes.length > 0)
    facts.push(['Became', wrap(changesText(detail.changes, timeZone), width - LABEL_WIDTH)])
  facts.push(['Typed', wrap(typedText(detail), width - LABEL_WIDTH)])
  facts.push(['Ran', wrap(ranText(detail), width - LABEL_WIDTH)])
  const lines = [paint.bold(printable(title))]
  for (const [label, texts] of facts) {
    texts.forEach((text, i) => {
      lines.push(label === '' ? text : `${(i === 0 ? label : '').padEnd(LABEL_WIDTH)}${text}`)
    })
  }
  return lines
}

function changesText(changes: readonly ChangeRecord[], timeZone: string): string {
  const groups = new Map<string, ChangeRecord[]>()
  for (const change of changes) {
    const key = `${change.succeeded ? '' : 'refused '}${change.to} by ${change.how}`
    groups.set(key, [...(groups.get(key) ?? []), change])
  }
  return [...groups]
    .map(
      ([text, list]) =>
        `${text}${list.length > 1 ? ` (${list.length} times, first` : ' ('}${list.length > 1 ? ' ' : ''}${timeOf(list[0]!.time, timeZone)})`,
    )
    .join(' · ')
}

function typedText({ session, lines }: SessionDetail): string {
  if (session.keys === 'missing') return 'its keystrokes are recorded, and none are in the log'
  if (session.keys === 'pending') return 'nothing yet: the kernel writes keystrokes out late, often at logout'
  if (session.keys === 'none') return 'no keystrokes in the log'
  const count = (outcome: LineRecord['outcome']) => lines.filter((line) => line.outcome === outcome).length
  const parts = Object.entries(OUTCOMES)
    .map(([outcome, words]) => [count(outcome as LineRecord['outcome']), words] as const)
    .filter(([n]) => n > 0)
    .map(([n, words]) => `${n} ${words}`)
  const hidden = lines.filter(({ masked }) => masked).length
  const masked = hidden === 0 ? '' : `; secrets in ${hidden} are masked`
  return `${lines.length} line${lines.length === 1 ? '' : 's'}: ${parts.join(', ')}${masked}`
}

function ranText({ session, commands }: SessionDetail): string {
  const count = (origin: string) =>
    commands.filter((command) => command.origin === origin && !command.failed).length
  const parts = [
    [count('typed'), 'typed'],
    [count('from-typed'), 'started by those'],
    [count('not-typed'), 'not typed'],
    [count('unknown'), 'of shells without keys in the log'],
    [count('login'), 'by the login'],
    [count('shell-files'), 'by the start and end of shells'],
    [session.failedCommands, 'that could not be run'],
  ] as const
  const root = session.rootCommands === 0 ? '' : ` (${session.rootCommands} as root)`
  const how = parts.filter(([n]) => n > 0).map(([n, words]) => `${n} ${words}`)
  return `${session.commands} command${session.commands === 1 ? '' : 's'}${root}${how.length === 0 ? '' : `: ${how.join(', ')}`}`
}

interface Row {
  readonly time: string
  readonly known: boolean
  readonly who: string
  readonly mark: string
  readonly text: string
  readonly status: string
  readonly colour: (text: string) => string
}

function storyOf(detail: SessionDetail, options: SessionTextOptions): string[] {
  const { width, timeZone, paint, all } = options
  const rows = rowsOf(detail, options)
  const whoWidth = Math.min(
    12,
    rows.reduce((widest, { who }) => Math.max(widest, displayWidth(who)), 3),
  )
  const textWidth = Math.max(20, width - 8 - 2 - whoWidth - 2 - 2 - 2 - STATUS_WIDTH)
  const lines: string[] = []
  let day = ''
  for (const { time, known, who, mark, text, status, colour } of rows) {
    const date = dateOf(time, timeZone)
    if (date !== day) {
      if (day !== '' || all) lines.push(paint.dim(`── ${date} ${'─'.repeat(Math.max(0, width - 14))}`))
      day = date
    }
    wrapLines(text, textWidth).forEach((part, i) => {
      const clock = i === 0 && known ? timeOf(time, timeZone) : ''
      const name = i === 0 ? who : ''
      const head = `${paint.dim(clock.padEnd(8))}  ${pad(name, whoWidth)}  ${i === 0 ? mark : ' '} `
      const tail =
        i === 0 && status !== ''
          ? `${' '.repeat(Math.max(0, textWidth - displayWidth(part)))}  ${paint.dim(status)}`
          : ''
      lines.push(`${head}${colour(part)}${tail}`)
    })
  }
  return lines
}

function pad(text: string, width: number): string {
  const shown = printable(text)
  return displayWidth(shown) <= width
    ? shown + ' '.repeat(width - displayWidth(shown))
    : `${shown.slice(0, width - 1)}…`
}

function rowsOf({ timeline, lines }: SessionDetail, options: SessionTextOptions): Row[] {
  const { paint, all } = options
  const byId = new Map(lines.map((line) => [line.id, line]))
  const started = startedBy(timeline)
  const rows: Row[] = []
  for (let i = 0; i < timeline.length; i++) {
    const item = timeline[i]!
    const plain = (text: string) => text
    const row = (mark: string, text: string, colour: (text: string) => string = plain, status = ''): Row => ({
      time: item.time,
      known: item.timeKnown,
      who: item.user,
      mark,
      text,
      status,
      colour,
    })
    switch (item.kind) {
      case 'refused-login': {
        let last = i
        while (timeline[last + 1]?.kind === 'refused-login' && timeline[last + 1]!.text === item.text) last++
        const often =
          last === i ? '' : `, ${last - i + 1} times until ${timeOf(timeline[last]!.time, options.timeZone)}`
        rows.push(row('✗', `${item.text}${often}`, paint.yellow))
        i = last
        break
      }
      case 'login':
        rows.push(row('→', item.text, paint.green))
        break
      case 'line': {
        const line = byId.get(item.id)
        if (line === undefined) break
        rows.push(row(promptOf(line), textOf(line), lineColour(line, paint), statusOf(line)))
        const more = started.get(item.id)
        if (more !== undefined && !all)
          rows.push({ ...row('', `└ ${more}`, paint.dim), time: item.time, known: false, who: '' })
        break
      }
      case 'command':
        if (item.outcome === 'from-typed' && all) {
          rows.push(row('', `${'  '.repeat(Math.max(0, item.depth - 1))}└ ${item.text}`, paint.dim))
        } else if (item.outcome === 'not-typed') rows.push(row('!', item.text, paint.yellow, 'not typed'))
        else if (item.outcome === 'unknown') rows.push(row('·', item.text))
        else if (all) rows.push(row('', item.text, paint.dim, commandStatus(item.outcome)))
        break
      case 'change':
        rows.push(
          item.outcome === 'failure'
            ? row('✗', item.text, paint.yellow)
            : { ...row('⇧', item.text, paint.cyan), who: '' },
        )
        break
      case 'file': {
        let last = i
        while (timeline[last + 1]?.kind === 'file') last++
        const group = timeline.slice(i, last + 1)
        const told = all ? group : group.filter((file) => file.outcome === 'sensitive')
        const others = group.filter((file) => !told.includes(file))
        for (const file of [...told, ...(others.length <= FEW ? others : [])]) {
          rows.push({
            ...row('±', file.text, file.outcome === 'sensitive' ? paint.yellow : paint.dim),
            who: '',
            time: file.time,
          })
        }
        if (others.length > FEW)
          rows.push({ ...row('±', `${others.length} more files (--all shows them)`, paint.dim), who: '' })
        i = last
        break
      }
      case 'connection':
        rows.push({ ...row('⇄', item.text, paint.magenta), who: '' })
        break
      case 'note': {
        let last = i
        while (isSameNote(timeline[last + 1], item) && !all) last++
        const often =
          last === i ? '' : `, ${last - i + 1} times until ${timeOf(timeline[last]!.time, options.timeZone)}`
        rows.push({ ...row('*', `${item.outcome}: ${item.text}${often}`, paint.yellow), who: '' })
        i = last
        break
      }
      case 'alert':
        rows.push({ ...row('▲', `alert (${item.outcome}): ${item.text}`, paint.red), who: '' })
        break
      case 'hidden':
        rows.push({ ...row('…', item.text, paint.dim, 'hidden'), who: '' })
        break
      case 'end':
        rows.push(row('←', item.text, paint.green))
        break
    }
  }
  return rows
}

function isSameNote(item: TimelineItem | undefined, note: TimelineItem): boolean {
  return item?.kind === 'note' && item.outcome === note.outcome && item.text === note.text
}

/** By typed line: what it started beside what was typed, in a few words. */
function startedBy(timeline: readonly TimelineItem[]): Map<string, string> {
  const names = new Map<string, Map<string, number>>()
  for (const { kind, outcome, line, text } of timeline) {
    if (kind !== 'command' || outcome !== 'from-typed' || line === null) continue
    const known = names.get(line) ?? new Map<string, number>()
    names.set(line, known.set(text, (known.get(text) ?? 0) + 1))
  }
  return new Map(
    [...names].map(([line, texts]) => {
      const list = [...texts].map(([text, n]) => (n === 1 ? text : `${text} (${n} times)`))
      const shown = list.slice(0, 3).map((text) => (text.length > 60 ? `${text.slice(0, 59)}…` : text))
      return [line, `${shown.join(', ')}${list.length > 3 ? `, and ${list.length - 3} more` : ''}`]
    }),
  )
}

function promptOf({ user, outcome }: LineRecord): string {
  if (outcome === 'input') return '>'
  return user === 'root' ? '#' : '$'
}

function textOf({ text, end, doubts }: LineRecord): string {
  const ending = end === 'end-of-file' ? '^D' : end === 'interrupt' ? ' ^C' : ''
  const unknown = text === '' && doubts.length > 0 ? '(a line of the history)' : ''
  return `${text}${unknown}${ending}`
}

function lineColour({ outcome, injected }: LineRecord, paint: Paint): (text: string) => string {
  if (injected) return paint.red
  if (outcome === 'not-run' || outcome === 'aborted') return paint.strikethrough
  return paint.bold
}

function statusOf({ outcome, confidence, doubts, injected }: LineRecord): string {
  if (injected) return 'injected'
  const words = OUTCOMES[outcome] ?? outcome
  const sure =
    outcome === 'unknown' || outcome === 'input' || confidence >= 0.9
      ? ''
      : ` ${Math.round(confidence * 100)}%`
  return `${words}${sure}${doubts.length > 0 ? '~' : ''}`
}

const commandStatus = (outcome: string): string =>
  ({ login: 'login', 'shell-files': 'shell files', failed: 'failed' })[outcome] ?? ''

function footOf(
  { session, lines, hidden }: SessionDetail,
  { width, paint, recordsReveals }: SessionTextOptions,
): string[] {
  const notes: string[] = []
  const untimed = lines.filter(({ time }) => time === null).length
  if (lines.length > 0) {
    notes.push(
      `Times are those of the commands that a line started: the kernel stamps keys when it writes them out. ${untimed} line${untimed === 1 ? '' : 's'} started nothing and stand${untimed === 1 ? 's' : ''} where ${untimed === 1 ? 'it' : 'they'} came in order.`,
    )
  }
  const copies = hidden.filter(({ copied }) => copied > 0)
  for (const { reader, pid, copied, copyOf, copyOfSession } of copies) {
    const other = copyOfSession === null ? '' : ` in session ${copyOfSession}`
    notes.push(
      `${copied} keys that ${reader} (${pid}) read are those of ${copyOf.join(', ')}${other}, and stand there.`,
    )
  }
  if (lines.some(({ doubts }) => doubts.length > 0)) {
    notes.push('~ the text is a guess: completion, history, ^C or characters beyond ASCII left it open.')
  }
  if (
    lines.some(({ masked }) => masked) ||
    hidden.some(({ text, keys, copied }) => text === null && keys > copied)
  ) {
    notes.push(`Secrets are masked; --reveal shows them${recordsReveals ? ', and that is recorded' : ''}.`)
  }
  if (!session.startKnown) notes.push('The login is not in the log: what came before is not known.')
  return notes.flatMap((note) => wrap(note, width)).map((line) => paint.dim(line))
}
