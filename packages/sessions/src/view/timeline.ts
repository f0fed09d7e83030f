/**
 * A session as one story: refused logins, the login, what was typed and what that started, whom it became, what it
 * changed and where it connected to, alerts, the end.
 *
 * A typed line stands where the first command that it started does. One that started none stands behind the line
 * before it: its time is not known (`timeKnown`), and no time is made up for it.
 */
import type { Command } from '../fold/processes.js'
import { isSensitive } from '../fold/sensitive.js'
import type { SessionState } from '../fold/state.js'
import type { TypedLine, TypedSession } from '../typed/model.js'
import { iso } from './iso.js'
import type { HiddenRecord, LineRecord, TimelineItem, TimelineKind } from './records.js'

interface Placed extends Omit<TimelineItem, 'time'> {
  readonly at: number
  /** Breaks ties: a line before what it started. */
  readonly rank: number
}

const RANK: Readonly<Record<TimelineKind, number>> = {
  'refused-login': 0,
  login: 1,
  line: 2,
  hidden: 3,
  command: 4,
  change: 5,
  file: 6,
  connection: 7,
  note: 8,
  alert: 9,
  end: 10,
}

/** What the story is made of. */
interface Told {
  readonly state: SessionState
  readonly typed: TypedSession
  hidden(): readonly HiddenRecord[]
  lineRecord(line: TypedLine): LineRecord
}

export function timelineOf(view: Told): TimelineItem[] {
  const { state, typed } = view
  const items: Placed[] = []
  const add = (kind: TimelineKind, at: number, item: Partial<Placed> & Pick<Placed, 'id' | 'text'>) =>
    items.push({
      at,
      timeKnown: true,
      kind,
      user: '',
      outcome: '',
      depth: 0,
      line: null,
      rank: RANK[kind],
      ...item,
    })

  for (const { time, account, address, program, eventId } of state.failedBefore) {
    const from = address === '' ? '' : ` from ${address}`
    add('refused-login', time, {
      id: eventId,
      user: account,
      text: `${program} refused ${account}${from}`,
      outcome: 'failure',
    })
  }
  const where = [
    state.method,
    state.sourceAddress === '' ? '' : `from ${state.sourceAddress}`,
    state.terminal === '' ? '' : `on ${state.terminal}`,
  ]
  if (state.startKnown) {
    add('login', state.start, {
      id: state.uid,
      user: state.user,
      text: ['logged in by', ...where].filter((word) => word !== '').join(' '),
    })
  }

  for (const line of typed.lines) {
    const known = line.enteredAt ?? line.ranAt
    const at = typed.placeOf(line)
    const record = view.lineRecord(line)
    add('line', at, {
      id: line.id,
      timeKnown: known !== undefined,
      user: record.user,
      text: line.text,
      outcome: line.outcome,
    })
  }
  for (const input of view.hidden()) {
    if (input.keys === input.copied) continue
    const count = input.keys - input.copied
    add('hidden', Date.parse(input.writtenAt), {
      id: input.id,
      timeKnown: false,
      text: input.text ?? `${count} ${count === 1 ? 'key' : 'keys'} read by ${input.reader}`,
    })
  }
  for (const command of state.commands) {
    const origin = typed.origin(command)
    // The line that typed it stands for it.
    if (origin === 'typed' && !command.failed) continue
    add('command', command.time, {
      id: command.id,
      user: state.nameOf(command.effectiveUserId, command.effectiveUser),
      text: command.commandLine,
      outcome: command.failed ? 'failed' : origin,
      depth: origin === 'from-typed' ? depthBelow(command) : 0,
      line: typed.lineOf(command)?.id ?? null,
    })
  }
  for (const { time, how, from, to, succeeded, commandLine, eventId } of state.changes) {
    const what = commandLine === '' ? '' : ` to run ${commandLine}`
    add('change', time, {
      id: eventId,
      user: from,
      text: succeeded
        ? `became ${to} by ${how}${what}`
        : `was refused ${to || 'another user'} by ${how}${what}`,
      outcome: succeeded ? 'success' : 'failure',
    })
  }
  for (const { path, kinds, first, programs, users } of state.files.values()) {
    if (!isSensitive(path) && [...kinds].every((kind) => kind === 'owner' || kind === 'time')) continue
    add('file', first, {
      id: path,
      user: [...users].join(', '),
      text: `${[...kinds].join(', ')} ${path} (${[...programs].slice(0, 3).join(', ')})`,
      outcome: isSensitive(path) ? 'sensitive' : '',
    })
  }
  for (const { direction, address, port, first, programs, count, failed } of state.connections.values()) {
    const way = direction === 'to' ? 'connected to' : direction === 'from' ? 'connection from' : 'listened on'
    const place =
      port === undefined ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
    const often = count === 1 ? '' : `, ${count} times`
    const result = failed === count ? ', refused' : ''
    add('connection', first, {
      id: `${direction} ${place}`,
      text: `${way} ${place} (${[...programs].slice(0, 3).join(', ')}${often}${result})`,
      outcome: failed === count ? 'failure' : 'success',
    })
  }
  for (const { time, kind, text, eventId } of state.notes)
    add('note', time, { id: eventId, text, outcome: kind })
  for (const { id, title, severity, from } of state.alerts.values()) {
    add('alert', from, { id, text: title, outcome: severity })
  }
  if (state.endedAt !== undefined) {
    add('end', state.endedAt, {
      id: state.uid,
      user: state.user,
      text: state.end === 'reboot' ? 'the host was booted' : 'logged out',
    })
  }
  items.sort((a, b) => a.at - b.at || a.rank - b.rank)
  return items.map(({ at, rank: _, ...item }) => ({ time: iso(at), ...item }))
}

/** How many programs stand between a command and the one that was typed. */
function depthBelow(command: Command): number {
  let depth = 1
  for (let up = command.process.parent; up !== undefined && depth < 20; up = up.parent) {
    if (up.isShell && up.terminal !== '' && up.execs.length > 0 && up.parent?.isShell !== true) break
    depth++
  }
  return depth
}
