/**
 * How much a session is worth a look, and why. Each factor that holds gives points, a chance in a hundred; together
 * they are the chance that at least one of them is right. The reasons are what counts: the number only sorts.
 */
import { MASK } from '@auspex/auditd'
import { isInteractiveMethod, type SessionState } from '../fold/state.js'
import type { TypedSession } from '../typed/model.js'
import type { RiskLevel, RiskReason, RiskRecord } from '../view/records.js'
import { COMMAND_PATTERNS, type CommandPattern, FILE_PATTERNS } from './patterns.js'

const EVIDENCE = 5
/** Where programs of the system are not. */
const ODD_PLACE =
  /^\/(?:tmp|var\/tmp|dev\/shm|run\/user\/[0-9]+|run\/shm)\/|\/\.[^/]+\/[^/]*$|\/\.[^/]+$|^\/memfd:|\(deleted\)$/

interface Draft {
  factor: string
  points: number
  text: string
  evidence: string[]
}

class Reasons {
  readonly #found = new Map<string, Draft>()

  add(factor: string, points: number, text: string, evidence?: string): void {
    const known = this.#found.get(factor)
    if (known === undefined) {
      this.#found.set(factor, { factor, points, text, evidence: evidence === undefined ? [] : [evidence] })
    } else if (evidence !== undefined && known.evidence.length < EVIDENCE) known.evidence.push(evidence)
  }

  list(): RiskReason[] {
    return [...this.#found.values()].sort((a, b) => b.points - a.points || a.factor.localeCompare(b.factor))
  }
}

export function riskOf(session: SessionState, typed: TypedSession): RiskRecord {
  const reasons = new Reasons()
  logins(session, reasons)
  changes(session, reasons)
  commands(session, typed, reasons)
  files(session, reasons)
  notes(session, reasons)
  keys(session, typed, reasons)
  for (const { severity, title, id } of session.alerts.values()) {
    const points = ALERT_POINTS[severity.toLowerCase()] ?? 5
    reasons.add(`alert:${title}`, points, `alert: ${title} (${severity})`, id)
  }
  const list = reasons.list()
  const none = list.reduce((chance, { points }) => chance * (1 - points / 100), 1)
  const score = Math.round(100 * (1 - none))
  return { score, level: levelOf(score), reasons: list }
}

const ALERT_POINTS: Readonly<Record<string, number>> = { high: 50, medium: 25, low: 10, informational: 3 }

function levelOf(score: number): RiskLevel {
  return score >= 80 ? 'critical' : score >= 50 ? 'high' : score >= 20 ? 'medium' : score > 0 ? 'low' : 'none'
}

const times = (n: number) => (n === 1 ? 'once' : n === 2 ? 'twice' : `${n} times`)

function logins({ failedBefore, user, sourceAddress }: SessionState, reasons: Reasons): void {
  const [own, others] = [
    failedBefore.filter(({ account }) => account === user),
    failedBefore.filter(({ account }) => account !== user),
  ]
  if (own.length > 0) {
    const points = own.length >= 10 ? 45 : own.length >= 3 ? 25 : 3
    for (const { eventId } of own) {
      const where =
        sourceAddress === ''
          ? ''
          : ` (from ${[...new Set(own.map(({ address }) => address || '?'))].join(', ')})`
      reasons.add(
        'failed-logins',
        points,
        `${user} was refused ${times(own.length)} in the hour before${where}`,
        eventId,
      )
    }
  }
  if (others.length > 0) {
    const accounts = new Set(others.map(({ account }) => account))
    const points = accounts.size >= 3 ? 40 : 10
    const text = `${sourceAddress} was refused ${times(others.length)} before, as ${[...accounts].slice(0, 5).join(', ')}`
    for (const { eventId } of others) reasons.add('spraying', points, text, eventId)
  }
}

function changes(session: SessionState, reasons: Reasons): void {
  const refused = session.changes.filter(({ succeeded }) => !succeeded)
  for (const { how, commandLine, from, to, eventId, succeeded } of session.changes) {
    if (!succeeded) {
      const ways = [...new Set(refused.map((change) => change.how))].join(', ')
      reasons.add(
        'refused-root',
        refused.length >= 3 ? 25 : 12,
        `was refused another user's rights ${times(refused.length)} (${ways})`,
        eventId,
      )
    } else if (how === 'setuid') {
      reasons.add('setuid', 45, `got the rights of ${to} by a setuid program: ${commandLine}`, eventId)
    } else if (how === 'unexplained') {
      reasons.add(
        'unexplained-root',
        60,
        `${from} became ${to} and nothing in the log says how: ${commandLine}`,
        eventId,
      )
    } else if (to === 'root') {
      reasons.add('became-root', 4, `became root by ${how}`, eventId)
    }
  }
}

function commands(session: SessionState, typed: TypedSession, reasons: Reasons): void {
  for (const line of typed.lines) {
    for (const { factor, points, text } of telling(line.text)) {
      // What did not run was tried.
      const weight = line.outcome === 'not-run' || line.outcome === 'aborted' ? points / 2 : points
      reasons.add(factor, weight, `${text}: ${short(line.text)}`, line.id)
    }
    if (line.injected)
      reasons.add('injected', 60, 'input was put into the terminal by a program (TIOCSTI)', line.id)
    if (line.text === MASK && line.outcome === 'not-run') {
      reasons.add('password-typed', 5, 'a password may have been typed as a command', line.id)
    }
  }
  for (const command of session.commands) {
    if (command.failed) continue
    for (const { factor, points, text } of telling(command.commandLine)) {
      reasons.add(factor, points, `${text}: ${short(command.commandLine)}`, command.id)
    }
    if (ODD_PLACE.test(command.executable)) {
      reasons.add('odd-place', 25, `ran a program from where none belongs: ${command.executable}`, command.id)
    }
    if (command.executable.startsWith('/memfd:'))
      reasons.add('memory-only', 50, 'ran a program that is in no file', command.id)
    const origin = typed.origin(command)
    if (origin === 'not-typed' && command.effectiveUserId === 0) {
      reasons.add(
        'root-not-typed',
        20,
        `root ran what nobody typed: ${short(command.commandLine)}`,
        command.id,
      )
    }
  }
}

/** Characters of a command line that are looked at. */
const MAX_TEXT = 4096
const MAX_REMEMBERED = 20_000
const remembered = new Map<string, readonly CommandPattern[]>()

/** The patterns that a command line fits; most command lines come many times. */
function telling(commandLine: string): readonly CommandPattern[] {
  const text = commandLine.length > MAX_TEXT ? commandLine.slice(0, MAX_TEXT) : commandLine
  let found = remembered.get(text)
  if (found === undefined) {
    found = COMMAND_PATTERNS.filter(({ pattern }) => pattern.test(text))
    if (remembered.size >= MAX_REMEMBERED) remembered.clear()
    remembered.set(text, found)
  }
  return found
}

function files(session: SessionState, reasons: Reasons): void {
  for (const { path, kinds } of session.files.values()) {
    for (const factor of FILE_PATTERNS) {
      if (!factor.pattern.test(path)) continue
      const counts =
        factor.kinds?.some((kind) => kinds.has(kind)) ?? [...kinds].some((kind) => kind !== 'read')
      if (counts) reasons.add(factor.factor, factor.points, `${factor.text}: ${path}`, path)
    }
  }
}

function notes(session: SessionState, reasons: Reasons): void {
  for (const { kind, text, eventId } of session.notes) {
    if (kind === 'ADD_USER') reasons.add('account-added', 25, 'added an account', eventId)
    else if (kind === 'USER_CHAUTHTOK' || kind === 'USER_MGMT' || kind === 'GRP_MGMT') {
      reasons.add('account-changed', 12, 'changed an account or its password', eventId)
    } else if (kind === 'CONFIG_CHANGE' && /set|remove/.test(text)) {
      reasons.add('audit-changed', 50, `changed what is audited: ${text}`, eventId)
    } else if (kind === 'ANOM_PROMISCUOUS') {
      reasons.add('promiscuous', 20, 'made a network interface take in all traffic', eventId)
    } else if (kind.startsWith('ANOM_')) {
      reasons.add('anomaly', 15, `the kernel or a service noticed: ${text}`, eventId)
    }
  }
}

function keys(session: SessionState, typed: TypedSession, reasons: Reasons): void {
  if (session.keys.length > 0 || session.isOpen || !session.keysExpected || session.terminal === '') return
  if (isInteractiveMethod(session.method) && session.commandCount > 0 && typed.lines.length === 0) {
    reasons.add('keys-missing', 20, 'its keystrokes are recorded, and none are in the log')
  }
}

function short(text: string): string {
  const line = text.replaceAll('\n', ' ')
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`
}
