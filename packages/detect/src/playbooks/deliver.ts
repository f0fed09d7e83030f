/**
 * What each kind of playbook does. Everything that reaches out of the program comes in as {@link PlaybookEffects}. A
 * failure that may go away (no answer, 5xx, 429) is tried again; one that will not (4xx, a program's exit code) is not.
 */
import { createHmac } from 'node:crypto'
import type { Alert } from '../alerts/alert.js'
import { type Incident, namesOf } from '../incidents/incident.js'
import type { Playbook } from './playbook.js'

export interface Mail {
  readonly server: string
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
}

export interface PlaybookEffects {
  /** POSTs a body; resolves with the status and the first part of the answer, rejects where there is none. */
  post(
    url: string,
    body: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<{ readonly status: number; readonly text: string }>
  /** Runs a program of the folder of playbooks, with the body on its standard input. */
  runProgram(
    program: string,
    given: {
      readonly arguments: readonly string[]
      readonly input: string
      readonly timeLimitMs: number
    },
    signal: AbortSignal,
  ): Promise<{ readonly code: number | null; readonly output: string; readonly isOverTime: boolean }>
  sendMail(mail: Mail, signal: AbortSignal): Promise<void>
  /** Collects an investigation package; the name of its file. */
  collect(incident: Incident, run: string, signal: AbortSignal): Promise<{ file: string; summary: string }>
}

export interface Delivery {
  readonly ok: boolean
  readonly message: string
  readonly mayGoAway: boolean
  /** Kept as a comment of the incident. */
  readonly comment?: string
  readonly file?: string
}

export interface Occasion {
  readonly run: string
  readonly body: string
  readonly incident: Incident | undefined
  readonly alert: Alert | undefined
  /** ISO. */
  readonly time: string
}

const done = (message: string, more: Partial<Delivery> = {}): Delivery => ({
  ok: true,
  message,
  mayGoAway: false,
  ...more,
})
const failed = (message: string, mayGoAway: boolean): Delivery => ({ ok: false, message, mayGoAway })

/** `sha256=` and the HMAC of `TIME.BODY` in hex: the receiver makes it again, and refuses old times. */
export const signature = (secret: string, time: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`

async function send(
  { url, body, headers }: { url: string; body: string; headers: Record<string, string> },
  effects: PlaybookEffects,
  signal: AbortSignal,
): Promise<Delivery> {
  const { host } = new URL(url)
  try {
    const { status, text } = await effects.post(url, body, headers, signal)
    if (status >= 200 && status < 300) return done(`${host} answered ${status}`)
    const said = text.trim() === '' ? '' : `: ${text.trim().slice(0, 200)}`
    return failed(`${host} answered ${status}${said}`, status >= 500 || status === 429 || status === 408)
  } catch (error) {
    return failed(`${host} can not be reached: ${(error as Error).message}`, true)
  }
}

/** What happened, in a few lines that a person reads in a mail or a chat. */
export function summaryOf({ incident, alert }: Pick<Occasion, 'incident' | 'alert'>): {
  title: string
  facts: readonly (readonly [string, string])[]
} {
  if (incident === undefined) {
    return {
      title: alert?.displayName ?? 'Auspex',
      facts: [
        ['Severity', alert?.severity ?? ''],
        ['Rule', alert?.ruleName ?? ''],
        ['Time', alert?.startTime ?? ''],
      ],
    }
  }
  const facts: readonly (readonly [string, string])[] = [
    ['Incident', `${incident.number}`],
    ['Severity', incident.severity],
    ['Status', incident.status],
    ['Hosts', namesOf(incident, 'Host').join(', ')],
    ['Users', namesOf(incident, 'Account').join(', ')],
    ['Commands', namesOf(incident, 'Process').slice(0, 5).join(' ; ')],
    ['Techniques', incident.techniques.join(', ')],
    ['Time', `${incident.firstActivityTime.slice(0, 19)}Z`],
  ]
  return { title: incident.title, facts: facts.filter(([, value]) => value !== '') }
}

const CHAT = {
  slack: ({ title, facts }: ReturnType<typeof summaryOf>) => ({
    text: [`*${title}*`, ...facts.map(([name, value]) => `${name}: ${value}`)].join('\n'),
  }),
  teams: ({ title, facts }: ReturnType<typeof summaryOf>) => ({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            { type: 'TextBlock', size: 'Medium', weight: 'Bolder', wrap: true, text: title },
            { type: 'FactSet', facts: facts.map(([name, value]) => ({ title: name, value })) },
          ],
        },
      },
    ],
  }),
  generic: ({ title, facts }: ReturnType<typeof summaryOf>) => ({ title, ...Object.fromEntries(facts) }),
} as const

export async function deliver(
  playbook: Playbook,
  occasion: Occasion,
  effects: PlaybookEffects,
  signal: AbortSignal,
): Promise<Delivery> {
  const { body, time, run } = occasion
  switch (playbook.kind) {
    case 'webhook': {
      const { url, secret } = playbook.settings
      const headers = {
        'content-type': 'application/json',
        'x-auspex-delivery': run,
        'x-auspex-timestamp': time,
        ...(secret === undefined ? {} : { 'x-auspex-signature': signature(secret, time, body) }),
      }
      return send({ url, body, headers }, effects, signal)
    }
    case 'chat': {
      const { url, form } = playbook.settings
      const said = JSON.stringify(CHAT[form](summaryOf(occasion)))
      return send({ url, body: said, headers: { 'content-type': 'application/json' } }, effects, signal)
    }
    case 'mail': {
      const { title, facts } = summaryOf(occasion)
      const text = facts.map(([name, value]) => `${name}: ${value}`).join('\n')
      try {
        await effects.sendMail({ ...playbook.settings, subject: `[Auspex] ${title}`, text }, signal)
        return done(`sent to ${playbook.settings.to.join(', ')}`)
      } catch (error) {
        const { responseCode, message } = error as Error & { responseCode?: number }
        return failed(message, responseCode === undefined || responseCode < 500)
      }
    }
    case 'program': {
      const { program, arguments: args, timeLimitSeconds } = playbook.settings
      try {
        const { code, output, isOverTime } = await effects.runProgram(
          program,
          { arguments: args, input: body, timeLimitMs: timeLimitSeconds * 1000 },
          signal,
        )
        const comment = output.trim() === '' ? {} : { comment: `${playbook.name}:\n${output.trim()}` }
        if (isOverTime) {
          return {
            ...failed(`${program} ran longer than ${timeLimitSeconds} s and was ended`, false),
            ...comment,
          }
        }
        if (code === 0) return done(`${program} ended well`, comment)
        return { ...failed(`${program} ended with ${code ?? 'a signal'}`, false), ...comment }
      } catch (error) {
        return failed(`${program} can not be run: ${(error as Error).message}`, false)
      }
    }
    case 'package': {
      if (occasion.incident === undefined)
        return failed('a package is of an incident, and this has none', false)
      const { file, summary } = await effects.collect(occasion.incident, run, signal)
      return done(summary, { file, comment: `Investigation package ${file}: ${summary}` })
    }
  }
}
