/** What the editor asks of the worker that knows KQL. */
import type { Completions, DatabaseSchema, Diagnostic, Hover, Signature, Token } from '@auspex/kql'

export interface Services {
  completions: Completions
  hover: Hover | null
  signature: Signature | null
  format: string
  diagnostics: readonly Diagnostic[]
  tokens: readonly Token[]
}

export type Service = keyof Services

export type Question =
  | { readonly schema: DatabaseSchema }
  | { readonly id: number; readonly service: Service; readonly text: string; readonly position: number }

export type Reply =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failure: string }
