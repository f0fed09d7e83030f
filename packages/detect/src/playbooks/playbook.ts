/**
 * A playbook: what can be done about an incident or an alert. A webhook gets the body that Sentinel's playbooks get; a
 * program of the data folder gets it on its standard input; the others are built in. Closing, tagging and assigning
 * need no playbook: automation rules do that themselves.
 */
import { z } from 'zod'

const url = z.url({ protocol: /^https?$/ }).max(2000)
const address = z.email().max(200)

export const SETTINGS = {
  webhook: z.strictObject({
    url,
    /** Signs each delivery, see webhook.ts. */
    secret: z.string().min(16).max(500).optional(),
  }),
  program: z.strictObject({
    /** A file in the data folder's `playbooks`; nothing else is ever run. */
    program: z
      .string()
      .regex(/^[A-Za-z0-9][\w.-]{0,99}$/, 'expected the name of a file in the folder playbooks'),
    arguments: z.array(z.string().max(500)).max(20).default([]),
    timeLimitSeconds: z.int().min(1).max(600).default(60),
  }),
  package: z.strictObject({}),
  mail: z.strictObject({
    /** `smtp://user:password@mail.example.org:587` or smtps. */
    server: z.url({ protocol: /^smtps?$/ }).max(500),
    from: address,
    to: z.array(address).min(1).max(50),
  }),
  chat: z.strictObject({ url, form: z.enum(['slack', 'teams', 'generic']) }),
} as const

export type PlaybookKind = keyof typeof SETTINGS
export const PLAYBOOK_KINDS = Object.keys(SETTINGS) as PlaybookKind[]
export type Settings<K extends PlaybookKind> = z.infer<(typeof SETTINGS)[K]>

const common = {
  name: z.string().trim().min(1).max(100),
  description: z.string().max(1000).default(''),
}

export const playbookBody = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('webhook'), settings: SETTINGS.webhook }),
  z.strictObject({ ...common, kind: z.literal('program'), settings: SETTINGS.program }),
  z.strictObject({ ...common, kind: z.literal('package'), settings: SETTINGS.package.default({}) }),
  z.strictObject({ ...common, kind: z.literal('mail'), settings: SETTINGS.mail }),
  z.strictObject({ ...common, kind: z.literal('chat'), settings: SETTINGS.chat }),
])
export type PlaybookBody = z.infer<typeof playbookBody>

export type Playbook = PlaybookBody & {
  readonly id: string
  readonly createdBy: string
  readonly createdTime: string
}

export type RunState = 'queued' | 'succeeded' | 'failed'

/** A run, and its log of deliveries. */
export interface PlaybookRun {
  readonly id: string
  readonly playbook: string
  readonly playbookName: string
  readonly incident: number | null
  readonly alert: string | null
  readonly requestedBy: string
  readonly state: RunState
  readonly createdTime: string
  readonly endedTime: string | null
  /** When the next try is due; null when none is. */
  readonly nextTime: string | null
  readonly attempts: readonly { readonly time: string; readonly ok: boolean; readonly message: string }[]
  /** Of a package: the name of its file. */
  readonly file: string | null
}

const HIDDEN = '********'

/** Passwords, secrets and the addresses that are secrets themselves are not given out again. */
export function withoutSecrets(playbook: Playbook): Playbook {
  const { kind, settings } = playbook
  if (kind === 'webhook' && settings.secret !== undefined) {
    return { ...playbook, kind, settings: { ...settings, secret: HIDDEN } }
  }
  if (kind === 'chat') {
    return { ...playbook, kind, settings: { ...settings, url: `${new URL(settings.url).origin}/${HIDDEN}` } }
  }
  if (kind === 'mail') {
    const server = new URL(settings.server)
    if (server.password !== '') server.password = HIDDEN
    return { ...playbook, kind, settings: { ...settings, server: server.href } }
  }
  return playbook
}

/** What was hidden and comes back as it was shown is what it was before. */
export function withSecrets(body: PlaybookBody, before: Playbook | undefined): PlaybookBody {
  if (before === undefined || before.kind !== body.kind) return body
  const shown = withoutSecrets(before).settings as Record<string, unknown>
  const kept = Object.fromEntries(
    Object.entries(body.settings).map(([name, value]) => {
      const was = (before.settings as Record<string, unknown>)[name]
      return [name, value === shown[name] && value !== was ? was : value]
    }),
  )
  return { ...body, settings: kept } as PlaybookBody
}
