/** How the server and its compiler process talk: a JSON text a line; what JSON lacks is marked: 64-bit integers, maps. */
import type {
  ColumnsQuestion,
  CompiledQuery,
  CompileOptions,
  Completions,
  DatabaseSchema,
  Diagnostic,
  Hover,
  Signature,
  Token,
} from '@auspex/kql'

export interface CompileRequest {
  readonly id: number
  readonly text: string
  readonly options: CompileOptions
}

/** What an editor asks, and what it is told. Positions are offsets in UTF-16 units. */
export interface EditorAnswers {
  readonly completions: Completions
  readonly hover: Hover | null
  readonly signature: Signature | null
  readonly tokens: readonly Token[]
  readonly format: string
  readonly diagnostics: readonly Diagnostic[]
}

export interface EditorRequest {
  readonly id: number
  readonly ask: keyof EditorAnswers
  readonly text: string
  readonly position: number
  readonly options: { readonly schema: DatabaseSchema; readonly now: bigint }
}

export type CompileReply =
  | { readonly id: number; readonly query: CompiledQuery }
  | { readonly id: number; readonly diagnostics: readonly Diagnostic[]; readonly question?: ColumnsQuestion }
  | { readonly id: number; readonly told: EditorAnswers[keyof EditorAnswers] }
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

export const toLine = (message: CompileRequest | EditorRequest | CompileReply): string =>
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
