import { parentPort } from 'node:worker_threads'
import { type CompileOptions, compile, type Diagnostic, KqlError } from '@auspex/kql'

export interface CompileRequest {
  readonly id: number
  readonly text: string
  readonly options: CompileOptions
}

export type CompileReply =
  | { readonly id: number; readonly ok: true; readonly query: ReturnType<typeof compile> }
  | { readonly id: number; readonly ok: false; readonly diagnostics: readonly Diagnostic[] }
  | { readonly id: number; readonly ok: false; readonly message: string }

function answer({ id, text, options }: CompileRequest): CompileReply {
  try {
    return { id, ok: true, query: compile(text, options) }
  } catch (error) {
    if (error instanceof KqlError) return { id, ok: false, diagnostics: error.diagnostics }
    return { id, ok: false, message: (error as Error).message }
  }
}

parentPort?.on('message', (request: CompileRequest) => {
  parentPort?.postMessage(answer(request))
})
