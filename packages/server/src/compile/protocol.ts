/** How the server and its compiler process talk: a JSON text a line; 64-bit integers as `{ "$long": "…" }`. */
import type { CompiledQuery, CompileOptions, Diagnostic } from '@auspex/kql'

export interface CompileRequest {
  readonly id: number
  readonly text: string
  readonly options: CompileOptions
}

export type CompileReply =
  | { readonly id: number; readonly query: CompiledQuery }
  | { readonly id: number; readonly diagnostics: readonly Diagnostic[] }
  | { readonly id: number; readonly message: string }

const encode = (_key: string, value: unknown) =>
  typeof value === 'bigint' ? { $long: String(value) } : value

function decode(_key: string, value: unknown): unknown {
  const long = (value as { $long?: unknown } | null)?.$long
  return typeof long === 'string' ? BigInt(long) : value
}

export const toLine = (message: CompileRequest | CompileReply): string =>
  `${JSON.stringify(message, encode)}\n`

export const fromLine = (line: string): unknown => JSON.parse(line, decode)

/** Cuts a stream of text into lines; what has no end yet is kept for the next call. */
export function lineReader(onLine: (line: string) => void): (text: string) => void {
  const parts: string[] = []
  return (text) => {
    let start = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      parts.push(text.slice(start, end))
      onLine(parts.join(''))
      parts.length = 0
      start = end + 1
    }
    if (start < text.length) parts.push(text.slice(start))
  }
}
