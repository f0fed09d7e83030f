/**
 * Where an agent sends to: the Logs Ingestion API, of an Auspex server or of Azure. Both take the same request; a
 * server of ours also reads which agent sends and the number of the message, so that one that is sent again is known.
 */
import { readFile } from 'node:fs/promises'
import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { AZURE_TABLES } from './azure-template.js'

export interface Answer {
  readonly status: number
  readonly text: string
  /** Seconds that the receiver asks to wait. */
  readonly retryAfter?: number
}

export interface Outgoing {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | string
  /** PEM of the authorities to believe; the system's where it is left out. */
  readonly ca?: string
}

/** Sends one request; rejects where no answer comes. */
export type Post = (outgoing: Outgoing, signal: AbortSignal) => Promise<Answer>

const TIMEOUT_MS = 60_000
const MAX_ANSWER = 16_384

export const nodePost: Post = ({ url, headers, body, ca }, signal) =>
  new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? secureRequest : plainRequest
    const outgoing = request(
      url,
      { method: 'POST', headers, signal, timeout: TIMEOUT_MS, ...(ca === undefined ? {} : { ca }) },
      (incoming) => {
        let text = ''
        incoming.setEncoding('utf8').on('data', (part: string) => {
          if (text.length < MAX_ANSWER) text += part
        })
        incoming.on('error', reject)
        incoming.on('end', () => {
          const after = Number(incoming.headers['retry-after'])
          resolve({
            status: incoming.statusCode ?? 0,
            text,
            ...(after > 0 ? { retryAfter: after } : {}),
          })
        })
      },
    )
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)))
    outgoing.on('error', reject)
    outgoing.end(body)
  })

export type Credential =
  /** A token of an Auspex server. */
  | { readonly kind: 'token'; readonly file: string }
  /** An application of Entra ID, as Azure's data collection rules want one. */
  | {
      readonly kind: 'client-secret'
      readonly authority: string
      readonly tenant: string
      readonly client: string
      readonly secretFile: string
    }

export interface DestinationSettings {
  /** Names it in messages and in the spool. */
  readonly name: string
  /** Of the server, or of Azure's data collection endpoint. */
  readonly url: string
  /** Immutable id of the data collection rule; a server of ours takes any. */
  readonly rule: string
  readonly credential: Credential
  readonly caFile?: string
}

const SCOPE = 'https://monitor.azure.com//.default'
/** A token is asked for anew so long before it ends. */
const RENEW_MS = 120_000

/** Thrown where no token can be had. */
export class CredentialProblem extends Error {}

export class Destination {
  readonly name: string
  readonly #settings: DestinationSettings
  readonly #post: Post
  readonly #now: () => number
  #token: { readonly value: string; readonly until: number } | undefined

  constructor(settings: DestinationSettings, post: Post, now: () => number) {
    this.name = settings.name
    this.#settings = settings
    this.#post = post
    this.#now = now
  }

  async send(
    message: {
      readonly table: string
      readonly body: Buffer
      readonly agent: string
      readonly sequence: number
    },
    signal: AbortSignal,
  ): Promise<Answer> {
    const { url, rule, credential } = this.#settings
    const { table, body, agent, sequence } = message
    const stream = credential.kind === 'token' ? table : (AZURE_TABLES[table] ?? table)
    const path = `/dataCollectionRules/${encodeURIComponent(rule)}/streams/Custom-${stream}`
    const answer = await this.#post(
      {
        url: `${url.replace(/\/$/, '')}${path}?api-version=2023-01-01`,
        headers: {
          authorization: `Bearer ${await this.#bearer(signal)}`,
          'content-type': 'application/json',
          'content-encoding': 'gzip',
          'content-length': String(body.length),
          'x-auspex-source': agent,
          'x-auspex-sequence': String(sequence),
        },
        body,
        ...(await this.#authorities()),
      },
      signal,
    )
    // It may have been taken back or be over: the next try asks for another.
    if (answer.status === 401) this.#token = undefined
    return answer
  }

  async #authorities(): Promise<{ ca?: string }> {
    const { caFile } = this.#settings
    return caFile === undefined ? {} : { ca: await readFile(caFile, 'utf8') }
  }

  async #bearer(signal: AbortSignal): Promise<string> {
    if (this.#token !== undefined && this.#token.until > this.#now()) return this.#token.value
    const { credential } = this.#settings
    if (credential.kind === 'token') {
      const value = (await readFile(credential.file, 'utf8')).trim()
      // The file is read anew from time to time, so that it can be changed while the agent runs.
      this.#token = { value, until: this.#now() + RENEW_MS }
      return value
    }
    const { authority, tenant, client, secretFile } = credential
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client,
      client_secret: (await readFile(secretFile, 'utf8')).trim(),
      scope: SCOPE,
    })
    const { status, text } = await this.#post(
      {
        url: `${authority.replace(/\/$/, '')}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: form.toString(),
        ...(await this.#authorities()),
      },
      signal,
    )
    if (status !== 200)
      throw new CredentialProblem(`no token from ${authority}: ${status} ${text.slice(0, 200)}`)
    const answer = JSON.parse(text) as { access_token: string; expires_in: number }
    this.#token = {
      value: answer.access_token,
      until: this.#now() + Math.max(0, answer.expires_in * 1000 - RENEW_MS),
    }
    return this.#token.value
  }
}
