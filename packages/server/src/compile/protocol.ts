/** How the server and its compiler process talk: a JSON text a line; what JSON lacks is marked: 64-bit integers, maps. */
import type { ColumnsQuestion, CompiledQuery, CompileOptions, Diagnostic } from '@auspex/kql'

export interface CompileRequest {
  readonly id: number
  readonly text: string
  readonly options: CompileOptions
}

export type CompileReply =
  | { readonly id: number; readonly query: CompiledQuery }
  | { readonly id: number; readonly diagnostics: readonly Diagnostic[]; readonly question?: ColumnsQuestion }
  | { readonly id: number; readonly message: string }

function encode(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { $long: String(value) }
  return value instanceof Map ? { $map: [...value] } : value
}

function decode(_key: string, value: unknown): unknown {
  const marked = value as { $long?: unknown; $map?: unknown } | null
  if (typeof marked?.$long === 'string') return BigInt(marked.$long)
  return Array.isArray(marked?.$map) ? new Map(marked.$map) : value
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
