/** What the session model says, in words. */
import type { CommandRecord, LineRecord } from '../api/sessions'

type Outcome = LineRecord['outcome']
type Origin = CommandRecord['origin']

export const OUTCOMES: Readonly<
  Record<Outcome, { readonly label: string; readonly text: string; readonly tone?: 'good' | 'warn' | 'bad' }>
> = {
  ran: { label: 'ran', text: 'Everything in it that needs a program has run.', tone: 'good' },
  partly: { label: 'ran in part', text: 'A part of it has run.', tone: 'warn' },
  failed: {
    label: 'refused',
    text: 'It was started and refused: the exec failed, or sudo said no.',
    tone: 'bad',
  },
  builtin: { label: 'in the shell', text: 'The shell did it itself; that leaves nothing in the log.' },
  'not-run': {
    label: 'never ran',
    text: 'Nothing of it ran, though what this shell runs is recorded.',
    tone: 'warn',
  },
  aborted: { label: 'thrown away', text: '^C, or the input ended before return.', tone: 'warn' },
  unknown: { label: 'unknown', text: 'Nothing of it is in the log; the audit rules may not record it.' },
  input: { label: 'input', text: 'It was typed into a program that is no shell.' },
}

export const ORIGINS: Readonly<
  Record<Origin, { readonly label: string; readonly text: string; readonly tone?: 'warn' }>
> = {
  typed: { label: 'typed', text: 'A typed line started it.' },
  'from-typed': {
    label: 'from what was typed',
    text: 'Started by a typed command, or by what that started.',
  },
  'shell-files': {
    label: 'shell start-up',
    text: 'Started by the shell before its first prompt, or after its last line.',
  },
  login: { label: 'login', text: 'Started by the login, before there was a shell.' },
  'not-typed': {
    label: 'not typed',
    text: 'A shell whose keys are in the log ran it, and nobody typed it there: a script, an alias, or injected.',
    tone: 'warn',
  },
  unknown: { label: 'unknown', text: 'The keys that may have started it are not in the log.' },
}

export const DOUBTS: Readonly<Record<LineRecord['doubts'][number], string>> = {
  completion: 'Tab was pressed: what the shell completed is not in the keys.',
  history: 'A line of the history was called up that was not typed here.',
  search: 'A line of the history was searched for with ^R or ^S.',
  'unknown-key': 'A key was pressed whose effect is not known.',
  editor: 'The line was edited in a program of its own.',
  interrupted: '^C is not in the log: that the line was thrown away is inferred.',
  encoding: 'Characters beyond ASCII: a shell whose locale is not UTF-8 takes their bytes for keys.',
}

export const KEYS: Readonly<Record<string, string>> = {
  recorded: 'keys are recorded',
  missing: 'keys are recorded for this session, and none are in the log',
  pending: 'no keys yet; they are often written at logout',
  none: 'no keys are recorded',
}

export function certainty(confidence: number): string {
  return confidence >= 1 ? 'certain' : `${Math.round(confidence * 100)} % certain`
}
