/** What the page asks of the worker that holds the rows, and what comes back. */
import type { Diagnostic } from '@auspex/kql'
import type { Cell } from '../../kql/answer'
import type { ExportFormat, Facet, Summary, View } from './result-set'

export interface RunRequest {
  readonly query: string
  readonly timespan?: string
  readonly maxRows?: number
  readonly csrf?: string
}

export interface Requests {
  run: { ask: RunRequest; answer: RunAnswer }
  arrange: { ask: View; answer: number }
  slice: { ask: { readonly from: number; readonly to: number }; answer: readonly (readonly Cell[])[] }
  facets: {
    ask: { readonly column: number; readonly limit: number }
    answer: { readonly top: readonly Facet[]; readonly others: number }
  }
  export: { ask: { readonly format: ExportFormat; readonly columns: readonly number[] }; answer: Blob }
}

export type Kind = keyof Requests

export interface RunAnswer {
  readonly summary: Summary
  readonly bytes: number
}

export type Question = {
  [K in Kind]: { readonly id: number; readonly kind: K; readonly ask: Requests[K]['ask'] }
}[Kind]

export type Reply =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failure: Failure }
  /** Bytes of the answer that have come so far. */
  | { readonly id: number; readonly bytes: number }

/** An error as plain data: a worker's errors lose their class. */
export interface Failure {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly diagnostics: readonly Diagnostic[]
}
