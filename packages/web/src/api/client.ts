/** The one way to the server: JSON in, JSON out, and an error that says what happened. */
import type { Diagnostic } from '@auspex/kql'

export class ApiError extends Error {
  /** 0 when no answer came. */
  readonly status: number
  readonly code: string
  readonly diagnostics: readonly Diagnostic[]
  /** The answer's body, where it says more (the current thing, when someone else was quicker). */
  readonly body: unknown

  constructor(status: number, code: string, message: string, body?: unknown) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.body = body
    const { error } = (body ?? {}) as { error?: { diagnostics?: readonly Diagnostic[] } }
    this.diagnostics = error?.diagnostics ?? []
  }
}

export interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
  /** Of the thing as it was read; the change is refused when it is no longer so. */
  readonly etag?: string | undefined
}

type Listener = () => void
const signedOut = new Set<Listener>()

/** Called whenever the server says that nobody is signed in. */
export function onSignedOut(listener: Listener): () => void {
  signedOut.add(listener)
  return () => void signedOut.delete(listener)
}

export function signedOutNow(): void {
  for (const listener of signedOut) listener()
}

let csrf: string | undefined
/** Goes with every change: shows that it was made by a page of ours. */
export const csrfToken = (): string | undefined => csrf
export function setCsrfToken(token: string | undefined): void {
  csrf = token
}

export async function send(path: string, request: Request = {}): Promise<Response> {
  const { method = 'GET', body, signal, etag } = request
  const headers: Record<string, string> = { accept: 'application/json', 'x-auspex-client': 'web' }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (etag !== undefined) headers['if-match'] = etag
  if (method !== 'GET' && csrf !== undefined) headers['x-csrf-token'] = csrf
  let answer: Response
  try {
    answer = await fetch(path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    })
  } catch (error) {
    if (signal?.aborted || (error as Error).name === 'AbortError') throw error
    throw new ApiError(0, 'Unreachable', 'The server does not answer. Is `auspex up` still running?')
  }
  if (answer.ok) return answer
  throw await failure(answer)
}

async function failure(answer: Response): Promise<ApiError> {
  const body = await answer.json().catch(() => undefined)
  const { error } = (body ?? {}) as { error?: { code?: string; message?: string } }
  if (answer.status === 401) signedOutNow()
  const message = error?.message ?? `${answer.status} ${answer.statusText}`
  return new ApiError(answer.status, error?.code ?? String(answer.status), message, body)
}

export async function api<T>(path: string, request: Request = {}): Promise<T> {
  const answer = await send(path, request)
  if (answer.status === 204) return undefined as T
  return (await answer.json()) as T
}

/** A query string of what is there; lists go with commas between. */
export function search(parameters: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(parameters).flatMap(([name, value]) => {
    const text = Array.isArray(value) ? value.join(',') : value
    return text === undefined || text === null || text === '' ? [] : [[name, String(text)]]
  })
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries)}`
}
